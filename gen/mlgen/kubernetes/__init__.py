"""A built object and a Kubernetes minor version -> what that cluster's API would refuse or drop, each with its path."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from mlgen.kubernetes import bundle, custom
from mlgen.kubernetes.bundle import MINORS
from mlgen.node import Json
from mlgen.pods import pods
from mlgen.problem import Fault

if TYPE_CHECKING:
    from mlgen.kubernetes.refusal import Refusal

__all__ = ["MINORS", "Fault", "check", "in_pods"]

LIST = "v1 List"
POD_SPEC = "io.k8s.api.core.v1.PodSpec"


def check(manifest: dict[str, Json], minor: str, operators: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Yield what Kubernetes ``minor`` (one of MINORS) has against ``manifest``: plain JSON, no subclasses.

    ``operators`` are those that the cluster has ("kserve-0.16"): a custom resource is held against their versions.

    The schemas are those of kubernetes-validate, and mlgen's own for custom resources, all closed at every depth: a
    field that the API server would drop in silence is a fault. So is a kind without a schema. The API server's own
    rules are in them, and hold for pods in custom resources too. The items of a v1 List are checked one by one.
    Raises ValueError for an unknown minor version.
    """
    served = bundle.served(minor)
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    name = f"{api_version} {kind}"
    if name in served:
        yield from _compared(manifest, _native(served[name], minor), minor)
        if name == LIST:
            yield from _items(manifest.get("items"), minor, operators)
    elif isinstance(api_version, str) and isinstance(kind, str) and kind and custom.spelling(api_version, kind) == kind:
        checker = _custom(api_version, kind, minor, operators)
        yield from dict.fromkeys([*_compared(manifest, checker, minor, filled=True), *in_pods(manifest, minor)])
    else:
        from mlgen.kubernetes.unserved import unserved  # words, which a start-up that finds nothing wrong does not need

        yield from unserved(manifest, minor)
        yield from in_pods(manifest, minor)


def _items(items: Json, minor: str, operators: frozenset[str]) -> Iterator[Fault]:
    for index, item in enumerate(items if isinstance(items, list) else []):
        for fault in check(item, minor, operators) if isinstance(item, dict) else ():
            yield fault._replace(path=("items", index, *fault.path))


class Checker(NamedTuple):
    """A schema and what runs it."""

    validator: Draft202012Validator
    schema: Mapping[str, Any]


def _compared(manifest: dict[str, Json], checker: Checker, minor: str, *, filled: bool = False) -> Iterator[Fault]:
    """What ``checker`` has against an object. Of a custom resource, nobody knows what is ``filled`` in later."""
    if not checker.validator.is_valid(manifest):  # a third quicker than to look for errors where there are none
        from mlgen.kubernetes.told import told  # words, as above

        errors = checker.validator.iter_errors(manifest)
        refusals = [_refusal(error, checker.schema, manifest, minor) for error in errors]
        yield from told([one for one in refusals if not filled or not one.ours or not _open(one.value)])


def in_pods(manifest: dict[str, Json], minor: str) -> Iterator[Fault]:
    """Yield what the API server would refuse in the pods of a custom resource, whose own schema need not know it.

    Of a value with `{{` or `$` in it nobody knows what becomes of it.
    """
    for pod in pods(manifest):
        checker = _pod(minor)
        if not checker.validator.is_valid(pod.spec):
            from mlgen.kubernetes.told import told  # words, as above

            errors = (
                _refusal(error, checker.schema, manifest, minor) for error in checker.validator.iter_errors(pod.spec)
            )
            ours = [one for one in errors if one.ours and not _open(one.value)]
            yield from told([one._replace(path=(*pod.path, *one.path)) for one in ours])


def _open(value: object) -> bool:
    return isinstance(value, str) and ("{{" in value or "$" in value)


@cache
def _native(definition: str, minor: str) -> Checker:
    """Built once a process: it takes four milliseconds for pods, and one for most else."""
    return _checker(bundle.closed(definition, minor))


@cache
def _pod(minor: str) -> Checker:
    return _checker({"$ref": f"#/$defs/{POD_SPEC}", "$defs": custom.native({POD_SPEC}, minor)})


@cache
def _custom(api_version: str, kind: str, minor: str, operators: frozenset[str]) -> Checker:
    return _checker(custom.closed(api_version, kind, minor, operators))


def _checker(schema: dict[str, Any]) -> Checker:
    return Checker(Draft202012Validator(schema, validate_formats=False), schema)


def _refusal(error: ValidationError, schema: Mapping[str, Any], manifest: Mapping[str, Json], minor: str) -> "Refusal":
    from mlgen.kubernetes.refusal import Refusal

    path, shape_path, keyword = tuple(error.instance_path), tuple(error.schema_path), error.kind.name
    named = str(manifest["apiVersion"]), str(manifest["kind"])
    refusal = Refusal(path, error.instance, keyword, shape_path, schema, *named, minor)
    match error.kind:
        case ValidationErrorKind.AdditionalProperties(unexpected):
            return refusal._replace(unexpected=tuple(unexpected))
        case ValidationErrorKind.Required(missing):
            return refusal._replace(missing=missing)
        case ValidationErrorKind.PropertyNames(broken):
            return refusal._replace(value=broken.instance)
    return refusal
