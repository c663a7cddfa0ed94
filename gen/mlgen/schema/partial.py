"""The shape of something complete -> the shape of what a stronger layer may write of it: any part, and null."""

from collections.abc import Mapping
from itertools import product
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
Named: TypeAlias = Mapping[str, Schema]

# What only a complete value can keep: a part may lack keys, and null may stand beside what replaces it.
COMPLETE_ONLY = {"required", "default", "minProperties", "maxProperties", "not"}


def partial(schema: Schema, named: Named, *, nullable: bool = True) -> Schema:
    """What an override may write of ``schema``: any part of it, and null to take a value away.

    ``named`` has what references in it mean.
    """
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return partial(named[name] | beside, named, nullable=nullable)
    if all("properties" in branch for branch in schema.get("anyOf", [{}])):
        whole = union(schema["description"], exchangeable(dict(enumerate(schema["anyOf"]))), set(), named)
        return whole | {word: schema[word] for word in ("x-short", "examples") if word in schema}
    result = {key: value for key, value in schema.items() if key not in COMPLETE_ONLY}
    if nullable and "enum" in result:
        result["enum"] = [*result["enum"], None]
    elif nullable and "type" in result:
        types = result["type"] if isinstance(result["type"], list) else [result["type"]]
        result["type"] = [*types, "null"]
    if result.get("type") in ("object", ["object", "null"]):
        required = schema.get("required", [])
        if "properties" in result:
            result["properties"] = {
                key: partial(value, named, nullable=key not in required) for key, value in result["properties"].items()
            }
        if isinstance(result.get("additionalProperties"), dict):
            result["additionalProperties"] = partial(result["additionalProperties"], named)
    return result


def union(description: str, shapes: Mapping[Any, Schema], leave_out: set[str], named: Named) -> Schema:
    """One open choice over the properties of several shapes, each partial: what an override may write."""
    properties: dict[str, list[Schema]] = {}
    for shape in shapes.values():
        for key, schema in partial(shape, named)["properties"].items():
            found = properties.setdefault(key, [])
            if key not in leave_out and schema not in found:
                found.append(schema)
    advice: dict[str, dict[str, str]] = {"x-planned": {}, "x-instead": {}}
    for word, shape in product(advice, shapes.values()):
        advice[word] |= {key: why for key, why in shape.get(word, {}).items() if key not in properties}
    merged = {key: found[0] if len(found) == 1 else either(found) for key, found in properties.items() if found}
    result = {
        "description": description,
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": merged,
    }
    return result | {word: keys for word, keys in advice.items() if keys}


def exchangeable(shapes: Mapping[Any, Schema]) -> dict[Any, Schema]:
    """Shapes that a thing may change between, such as blob and claim: what only one of them needs may be taken away."""
    common = set.intersection(*(set(shape["required"]) for shape in shapes.values()))
    return {name: shape | {"required": sorted(common & set(shape["required"]))} for name, shape in shapes.items()}


def either(shapes: list[Schema]) -> Schema:
    """What has any of ``shapes``: one choice where each is a single value."""
    first = {"description": shapes[0]["description"]}
    if all("const" in shape for shape in shapes):
        return first | {"enum": [shape["const"] for shape in shapes], "examples": shapes[0]["examples"]}
    return first | {"anyOf": shapes}
