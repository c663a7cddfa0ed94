"""A built object and a Kubernetes minor version -> what that cluster's API would refuse or drop, each with its path."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from mlgen.kubernetes import bundle, custom
from mlgen.kubernetes.bundle import MINORS
from mlgen.node import Json
from mlgen.problem import Fault

if TYPE_CHECKING:
    from mlgen.kubernetes.refusal import Refusal

__all__ = ["MINORS", "Fault", "check"]

LIST = "v1 List"


def check(manifest: dict[str, Json], minor: str, operators: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Yield what Kubernetes ``minor`` (one of MINORS) has against ``manifest``: plain JSON, no subclasses.

    ``operators`` are those that the cluster has ("kserve-0.16"): a custom resource is held against their versions.

    The schemas are those of kubernetes-validate, and mlgen's own for custom resources, all closed at every depth: a
    field that the API server would drop in silence is a fault. So is a kind without a schema. The items of a v1 List
    are checked one by one.
    Raises ValueError for an unknown minor version.
    """
    served = bundle.served(minor)
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    name = f"{api_version} {kind}"
    if name in served:
        yield from _compared(manifest, _native(served[name], minor), minor)
        if name == LIST:
            yield from _items(manifest.get("items"), minor, operators)
    elif isinstance(api_version, str) and isinstance(kind, str) and custom.spelling(api_version, kind) == kind:
        yield from _compared(manifest, _custom(api_version, kind, minor, operators), minor)
    else:
        from mlgen.kubernetes.unserved import unserved  # words, which a start-up that finds nothing wrong does not need

        yield from unserved(manifest, minor)


def _items(items: Json, minor: str, operators: frozenset[str]) -> Iterator[Fault]:
    for index, item in enumerate(items if isinstance(items, list) else []):
        for fault in check(item, minor, operators) if isinstance(item, dict) else ():
            yield fault._replace(path=("items", index, *fault.path))


class Checker(NamedTuple):
    """A schema and what runs it."""

    validator: Draft202012Validator
    schema: Mapping[str, Any]


def _compared(manifest: dict[str, Json], checker: Checker, minor: str) -> Iterator[Fault]:
    errors = list(checker.validator.iter_errors(manifest))
    if errors:
        from mlgen.kubernetes.refusal import faults  # words, as above

        for error in errors:
            yield from faults(_refusal(error, checker.schema, manifest, minor))


@cache
def _native(definition: str, minor: str) -> Checker:
    """Built once a process: it takes a millisecond, most of it for pods."""
    return _checker(bundle.closed(definition, minor))


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
    return refusal
