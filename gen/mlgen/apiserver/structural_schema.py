"""A schema of a CustomResourceDefinition that is not structural."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="structural-schema",
    title="A schema of a CustomResourceDefinition that is not structural",
    why="The API server refuses the definition: it has to know each field's type without trying alternatives, and the "
    "keys of each list of maps.",
    bad="properties: {env: {type: array, x-kubernetes-list-type: map, items: {type: object}}}",
    good="properties: {env: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name],\n"
    "  items: {type: object, required: [name], properties: {name: {type: string}}}}}",
    source="apiextensions-apiserver/pkg/apiserver/schema: ValidateStructural; apiextensions/validation: "
    "ValidateCustomResourceDefinitionOpenAPISchema",
)
OR_STRING, UNKNOWN, LIST_TYPE, KEYS = (
    f"x-kubernetes-{name}" for name in ("int-or-string", "preserve-unknown-fields", "list-type", "list-map-keys")
)
TYPES = ("array", "boolean", "integer", "number", "object", "string")
LOGIC = ("allOf", "anyOf", "oneOf", "not")
NOT_IN_LOGIC = (
    "description",
    "type",
    "default",
    "additionalProperties",
    "nullable",
    UNKNOWN,
    "x-kubernetes-embedded-resource",
)
FORBIDDEN = ("$ref", "definitions", "dependencies", "id", "patternProperties", "uniqueItems")
DEEPEST = 60


def check(body: Body) -> Iterator[Fault]:
    """The schema of every version."""
    for where, version in maps_at(body, "spec", "versions"):
        root = map_at(version, "schema", "openAPIV3Schema")
        path = (*where, "schema", "openAPIV3Schema")
        if root.get("type") not in (None, "object"):
            yield Fault((*path, "type"), RULE.id, "an object is of type `object`", "write `object`")
        elif root:
            yield from _schema(path, root, 0)


def _schema(path: Path, schema: Body, depth: int) -> Iterator[Fault]:
    if depth > DEEPEST:
        return
    sort = schema.get("type")
    for field in FORBIDDEN:
        if field in schema and schema[field] not in (None, False):
            yield Fault((*path, field), RULE.id, f"a structural schema has no {code(field)}", "take it away")
    if not sort and schema.get(OR_STRING) is not True and schema.get(UNKNOWN) is not True:
        yield Fault(path, RULE.id, "each field needs a `type`", f"add it, or `{UNKNOWN}: true` for anything")
    elif isinstance(sort, str) and sort and sort not in TYPES:
        yield Fault((*path, "type"), RULE.id, f"there is no type {code(sort)}", f"use one of {', '.join(TYPES)}")
    if sort and schema.get(OR_STRING) is True:
        yield Fault((*path, "type"), RULE.id, f"`{OR_STRING}` says the type", "take `type` away")
    if map_at(schema, "properties") and schema.get("additionalProperties") not in (None, False):
        message = "a map has known keys or any keys"
        yield Fault((*path, "additionalProperties"), RULE.id, message, "take it or `properties` away")
    if sort == "array":
        yield from _array(path, schema)
    for field in LOGIC:
        yield from _logic((*path, field), schema.get(field))
    for where, below in _below(schema):
        yield from _schema((*path, *where), below, depth + 1)


def _below(schema: Body) -> Iterator[tuple[Path, Body]]:
    for name, below in map_at(schema, "properties").items():
        if isinstance(below, dict):
            yield ("properties", name), below
    for field in ("items", "additionalProperties"):
        below = schema.get(field)
        if isinstance(below, dict):
            yield (field,), below


def _array(path: Path, schema: Body) -> Iterator[Fault]:
    items, keys = schema.get("items"), list_at(schema, KEYS)
    if not isinstance(items, dict):
        yield Fault(path, RULE.id, "a list needs `items`", "say what is in the list")
        return
    kind = schema.get(LIST_TYPE)
    if kind != "map":
        if keys:
            yield Fault((*path, KEYS), RULE.id, f"keys need `{LIST_TYPE}: map`", "add it, or take the keys away")
        return
    if not keys:
        yield Fault((*path, LIST_TYPE), RULE.id, f"a list of maps needs `{KEYS}`", "name the keys that are unique")
    for index, key in enumerate(keys):
        where = (*path, KEYS, index)
        entry = map_at(items, "properties").get(key) if isinstance(key, str) else None
        if not isinstance(entry, dict):
            yield Fault(where, RULE.id, f"the items have no {code(key)}", "name one of their properties")
        elif key not in list_at(items, "required") and "default" not in entry:
            message = f"{code(key)} is a key, and items may lack it"
            yield Fault(where, RULE.id, message, "add it to the items' `required`, or give it a default")
        if key in keys[:index]:
            yield Fault(where, RULE.id, f"{code(key)} is in the list already", "take it away")


def _logic(path: Path, value: Json) -> Iterator[Fault]:
    """What alternatives may not say, because it would depend on which of them applies."""
    for where, one in [*maps_at(value), *([((), value)] if isinstance(value, dict) else [])]:
        exempt = one.get(OR_STRING) is True or set(one) == {"type"}  # the alternatives of int-or-string
        for field in () if exempt else NOT_IN_LOGIC:
            if field in one and one[field] not in (None, False):
                message = f"an alternative cannot say {code(field)}"
                yield Fault((*path, *where, field), RULE.id, message, "say it outside of the alternatives")
