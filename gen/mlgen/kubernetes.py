"""A built object and a Kubernetes minor version -> what that cluster's API would refuse or drop, each with its path."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from mlgen import bundle, custom
from mlgen.bundle import MINORS
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.refusal import Fault, Refusal, faults, wrong_type
from mlgen.suggest import closest, did_you_mean

__all__ = ["MINORS", "Fault", "check"]

LIST = "v1 List"


def check(manifest: dict[str, Json], minor: str) -> Iterator[Fault]:
    """Yield what Kubernetes ``minor`` (one of MINORS) has against ``manifest``: plain JSON, no subclasses.

    The schemas are those of kubernetes-validate, and mlgen's own for custom resources, all closed at every depth: a
    field that the API server would drop in silence is a fault. So is a kind without a schema. The items of a v1 List
    are checked one by one.
    Raises ValueError for an unknown minor version.
    """
    served = bundle.served(minor)
    unnamed = [fault for field in ("apiVersion", "kind") for fault in _unnamed(manifest, field)]
    api_version, kind = str(manifest.get("apiVersion")), str(manifest.get("kind"))
    name = f"{api_version} {kind}"
    if unnamed:
        yield from unnamed
    elif name in served:
        yield from _compared(manifest, _native(served[name], minor), minor)
        if name == LIST:
            yield from _items(manifest.get("items"), minor)
    elif custom.spelling(api_version, kind) == kind:
        yield from _compared(manifest, _custom(api_version, kind, minor), minor)
    else:
        yield _unserved(api_version, kind, minor)


def _unnamed(manifest: Mapping[str, Json], field: str) -> Iterator[Fault]:
    """Without apiVersion and kind nobody knows what an object is."""
    value = manifest.get(field)
    if value is None or value == "":
        yield Fault((), "kubernetes-missing-field", f"`{field}` is missing", f"every object needs `{field}`, as text")
    elif not isinstance(value, str):
        yield wrong_type((field,), value, "text", "write it in quotes")


def _items(items: Json, minor: str) -> Iterator[Fault]:
    for index, item in enumerate(items if isinstance(items, list) else []):
        for fault in check(item, minor) if isinstance(item, dict) else ():
            yield fault._replace(path=("items", index, *fault.path))


class Checker(NamedTuple):
    """A schema and what runs it."""

    validator: Draft202012Validator
    schema: Mapping[str, Any]


def _compared(manifest: dict[str, Json], checker: Checker, minor: str) -> Iterator[Fault]:
    for error in checker.validator.iter_errors(manifest):
        yield from faults(_refusal(error, checker.schema, manifest, minor))


@cache
def _native(definition: str, minor: str) -> Checker:
    """Built once a process: it takes a millisecond, most of it for pods."""
    return _checker(bundle.closed(definition, minor))


@cache
def _custom(api_version: str, kind: str, minor: str) -> Checker:
    return _checker(custom.closed(api_version, kind, minor))


def _checker(schema: dict[str, Any]) -> Checker:
    return Checker(Draft202012Validator(schema, validate_formats=False), schema)


def _refusal(error: ValidationError, schema: Mapping[str, Any], manifest: Mapping[str, Json], minor: str) -> Refusal:
    path, shape_path, keyword = tuple(error.instance_path), tuple(error.schema_path), error.kind.name
    named = str(manifest["apiVersion"]), str(manifest["kind"])
    refusal = Refusal(path, error.instance, keyword, shape_path, schema, *named, minor)
    match error.kind:
        case ValidationErrorKind.AdditionalProperties(unexpected):
            return refusal._replace(unexpected=tuple(unexpected))
        case ValidationErrorKind.Required(missing):
            return refusal._replace(missing=missing)
    return refusal


def _unserved(api_version: str, kind: str, minor: str) -> Fault:
    """The fault of an object that ``minor`` has no schema for."""
    group = api_version.rpartition("/")[0]
    named = f"{code(api_version)} {code(kind)}"
    # A custom resource's group has a dot, the API server sees to that: any other is Kubernetes' own, or was.
    if "." in group and group not in bundle.groups():
        return _unchecked(api_version, kind)
    elsewhere = bundle.in_words(bundle.minors_serving(f"{api_version} {kind}"))
    instead = _versions(group, kind, minor)
    if not elsewhere and not instead:
        return _unknown_kind(api_version, kind, minor)
    mend = [f"write {' or '.join(code(f'apiVersion: {version}') for version in instead)}"] if instead else []
    mend += [f"Kubernetes has {code(api_version)} in {elsewhere}"] if elsewhere else []
    message = f"Kubernetes {minor} does not serve {named}"
    return Fault(("apiVersion",), "kubernetes-api-unavailable", message, "; ".join(mend))


def _unchecked(api_version: str, kind: str) -> Fault:
    """The fault of a custom resource that no schema ships for: perhaps one does for what was meant."""
    known = custom.kinds(api_version)
    meant = closest(kind, [name for version, name in known if version == api_version])
    if meant and meant.lower() == kind.lower():
        message = f"{code(api_version)} has no kind {code(kind)}"
        return Fault(("kind",), "kubernetes-unknown-kind", message, f"did you mean {code(meant)}?")
    message = f"there is no schema for {code(api_version)} {code(kind)}, so nothing in it can be checked"
    elsewhere = [code(f"apiVersion: {version}") for version, name in known if name == kind]
    mend = f"write {' or '.join(elsewhere)}" if elsewhere else f"did you mean {code(meant)}?" if meant else ""
    foreign = f"{code(api_version.rpartition('/')[0])} is no API group of Kubernetes itself"
    return Fault(("apiVersion",), "no-schema", message, mend or foreign)


def _versions(group: str, kind: str, minor: str) -> list[str]:
    """Where ``minor`` has ``kind``: in its own group, else in any; only the stable versions if there are some."""
    found = [version for version, name in _names(minor) if name == kind]
    near = [version for version in found if version.rpartition("/")[0] == group] or found
    stable = [version for version in near if "alpha" not in version and "beta" not in version]
    return sorted(stable or near, reverse=True)


def _unknown_kind(api_version: str, kind: str, minor: str) -> Fault:
    names = _names(minor)
    near = [name for version, name in names if version == api_version]
    meant = did_you_mean(kind, near) or did_you_mean(kind, [name for _, name in names])
    message = f"Kubernetes {minor} has no kind {code(kind)} in {code(api_version)}"
    return Fault(("kind",), "kubernetes-unknown-kind", message, meant)


def _names(minor: str) -> list[tuple[str, str]]:
    """The apiVersion and kind of everything that ``minor`` serves."""
    return [(version, kind) for version, _, kind in (name.partition(" ") for name in bundle.served(minor))]
