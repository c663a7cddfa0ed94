"""Values beside their shapes: what stands where, as the steps behind the schema need it."""

from collections.abc import Iterator
from typing import Any

from mlgen.node import Key, Path

Shape = dict[str, Any]
EMPTY: Shape = {}


def full(shape: Shape, definitions: Shape) -> Shape:
    """A shape itself, where it is only referred to; an empty one for one of Kubernetes' own."""
    reference = shape.get("$ref")
    return shape if reference is None else definitions.get(reference.removeprefix("#/$defs/"), EMPTY)


def inner(value: Any, shape: Shape, definitions: Shape) -> Iterator[tuple[Key, Any, Shape]]:
    """What is directly in ``value``, each with its key and its shape; what no shape describes is left out."""
    if isinstance(value, dict):
        fields, others = shape.get("properties", EMPTY), shape.get("additionalProperties")
        for key, one in value.items():
            found = fields.get(key, others)
            if isinstance(found, dict):
                yield key, one, full(found, definitions)
    elif isinstance(value, list) and isinstance(items := shape.get("items"), dict):
        found = full(items, definitions)
        for index, one in enumerate(value):
            yield index, one, found


def defaulted(value: Any, shape: Shape, definitions: Shape) -> Any:
    """A copy of ``value`` as the API server has it before it validates: nulls that may not be are as if unsaid, and
    what is unsaid has its default.

    Source: apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go and prunenulls.go.
    """
    if isinstance(value, list):
        items = shape.get("items")
        known = full(items, definitions) if isinstance(items, dict) else EMPTY
        return [defaulted(known.get("default") if one is None else one, known, definitions) for one in value]
    if not isinstance(value, dict):
        return value
    fields, others = shape.get("properties", EMPTY), shape.get("additionalProperties")
    found = {}
    for key, one in value.items():
        known = full(known, definitions) if isinstance(known := fields.get(key, others), dict) else EMPTY
        if one is not None or _nullable(known):
            found[key] = defaulted(one, known, definitions)
        elif known.get("default") is not None:
            found[key] = defaulted(known["default"], known, definitions)
    for key, field in fields.items():
        if key not in found and (default := full(field, definitions).get("default")) is not None:
            found[key] = defaulted(default, full(field, definitions), definitions)
    return found


def _nullable(shape: Shape) -> bool:
    """Whether null stays. Where nothing is said of a type, anything may be."""
    types = shape.get("type")
    return types is None or "null" in types


def duplicates(value: Any, shape: Shape, definitions: Shape, path: Path = ()) -> Iterator[tuple[Path, Path]]:
    """Items that a list may have once only, each with the path of the first: equal ones of a set, or equal keys.

    Source: apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go.
    """
    sort = shape.get("x-list")
    if sort and isinstance(value, list):
        seen: dict[object, int] = {}
        for index, one in enumerate(value):
            first = seen.setdefault(_identity(one, sort, shape, definitions), index)
            if first != index:
                yield (*path, index), (*path, first)
    for key, one, known in inner(value, shape, definitions):
        if isinstance(one, (dict, list)):
            yield from duplicates(one, known, definitions, (*path, key))


def keys_missing(value: Any, shape: Shape, definitions: Shape, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Items of a map-like list that lack a key which has no default; the schema requires most of them already."""
    sort = shape.get("x-list")
    if isinstance(sort, list) and isinstance(value, list):
        required = full(shape.get("items", EMPTY), definitions).get("required", ())
        for index, one in enumerate(value):
            if isinstance(one, dict):
                yield from (((*path, index), key) for key in sort if key not in one and key not in required)
    for key, one, known in inner(value, shape, definitions):
        if isinstance(one, (dict, list)):
            yield from keys_missing(one, known, definitions, (*path, key))


def _identity(item: Any, sort: Any, shape: Shape, definitions: Shape) -> object:
    if sort == "set" or not isinstance(item, dict):
        return frozen(item)
    return tuple(frozen(item.get(key)) for key in sort)


def frozen(value: Any) -> object:
    """What equal values have in common, and no others: 1 and true are two."""
    if isinstance(value, dict):
        return frozenset((key, frozen(one)) for key, one in value.items())
    if isinstance(value, list):
        return tuple(map(frozen, value))
    return isinstance(value, bool), value
