"""A document and its JSON Schema -> the document with every default filled in, each with its place in the schema."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mlgen.node import Node
from mlgen.problem import Span
from mlgen.schema.branches import meant
from mlgen.schema.contract import Schema, Shape


def defaults(node: Node, schema: Schema, *, pointer: str = "") -> Node:
    """``node``, which the schema has accepted, with every absent property that has a default.

    A default is filled in only where its map is there, or is itself a default. What needs none stays the same object.
    """
    return _filled(node, schema.shape(pointer), schema)


def _filled(node: Node, shape: Shape, schema: Schema) -> Node:
    if isinstance(node.value, list):
        return _items(node, schema.full(shape.get("items")), schema)
    if not isinstance(node.value, dict):
        return node
    node = _properties(node, shape, schema)
    for part in _parts(node, shape, schema):
        node = _filled(node, part, schema)
    return node


def _items(node: Node, shape: Shape, schema: Schema) -> Node:
    items = [_filled(item, shape, schema) for item in node.items]
    return node if all(map(_same, items, node.items)) else replace(node, value=items)


def _properties(node: Node, shape: Shape, schema: Schema) -> Node:
    properties, rest = shape.get("properties", {}), schema.full(shape.get("additionalProperties"))
    entries = {
        key: _filled(entry, schema.full(properties[key]) if key in properties else rest, schema)
        for key, entry in node.entries.items()
    }
    for key, near in properties.items():
        if key not in entries and (owner := _owner(near, schema)) is not None:
            default = _node(owner["default"], schema.default_span(owner))
            entries[key] = _filled(default, schema.full(near), schema)
    unchanged = len(entries) == len(node.entries) and all(map(_same, entries.values(), node.entries.values()))
    return node if unchanged else replace(node, value=entries)


def _parts(node: Node, shape: Shape, schema: Schema) -> Iterable[Shape]:
    """The shapes that ``shape`` adds for this very node."""
    yield from (schema.full(part) for part in shape.get("allOf", []))
    if "if" in shape:
        yield schema.full(shape.get("then" if _holds(node, schema.full(shape["if"]), schema) else "else"))
    for word in ("anyOf", "oneOf"):
        branches = [schema.full(branch) for branch in shape.get(word, ())]
        told = meant(node, branches) if branches else []
        yield from (branches[index] for index in told if len(told) == 1)


def _holds(node: Node, condition: Shape, schema: Schema) -> bool:
    """Whether an ``if`` holds. Raises NotImplementedError for a keyword that no schema of ours asks with."""
    if not condition.keys() <= {"properties", "required", "const", "enum", "description"}:
        raise NotImplementedError(f"{schema.file}: an `if` asks with {sorted(condition)}")
    tests = [
        *(key in node for key in condition.get("required", [])),
        *(_holds(node[key], part, schema) for key, part in condition.get("properties", {}).items() if key in node),
    ]
    allowed = [condition["const"]] if "const" in condition else condition.get("enum")
    return all(tests) and (allowed is None or node.value in allowed)


def _owner(near: Any, schema: Schema) -> Any:
    """The shape, nearest first along its references, that says the default."""
    while isinstance(near, dict) and "default" not in near and "$ref" in near:
        near = schema.at(near["$ref"].removeprefix("#/").split("/"))
    return near if isinstance(near, dict) and "default" in near else None


def _node(value: Any, span: Span) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(entry, span) for key, entry in value.items()}, span, dict.fromkeys(value, span))
    if isinstance(value, list):
        return Node([_node(item, span) for item in value], span)
    return Node(value, span)


def _same(one: Node, other: Node) -> bool:
    return one is other
