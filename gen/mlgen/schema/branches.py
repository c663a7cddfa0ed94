"""What was written and the shapes it may have -> the shapes it was most likely meant to have."""

from collections.abc import Iterable, Sequence
from typing import Any

from mlgen.node import Node
from mlgen.schema.contract import Shape
from mlgen.suggest import closest

TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")


def types(shape: Shape) -> set[str]:
    """The JSON types that ``shape`` takes. A shape that does not say takes all."""
    if "type" in shape:
        named = shape["type"]
        return set([named] if isinstance(named, str) else named)
    if "const" in shape or "enum" in shape:
        return {type_of(value) for value in options(shape)}
    if "properties" in shape or "required" in shape:
        return {"object"}
    return set(TYPES)


def type_of(value: object) -> str:
    """The JSON type of a plain value or of a Node's value."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, (int, float)):
        return "integer" if float(value).is_integer() else "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict) else "array"


def takes(shape: Shape, value: object) -> bool:
    """Whether ``value`` has a type that ``shape`` takes."""
    name = type_of(value)
    return name in types(shape) or (name == "integer" and "number" in types(shape))


def options(shape: Shape) -> list[Any]:
    """The values that ``const`` or ``enum`` allow; nothing if any value is."""
    return [shape["const"]] if "const" in shape else list(shape.get("enum", []))


def naming_key(branches: Sequence[Shape], index: int) -> str | None:
    """The required key that only this branch knows, such as `blob`: it says what the map is."""
    others = [branch for number, branch in enumerate(branches) if number != index]
    for key in branches[index].get("required", []):
        if not any(key in other.get("properties", {}) or key in other.get("required", []) for other in others):
            return str(key)
    return None


def naming_keys(branches: Sequence[Shape], indexes: Iterable[int] | None = None) -> list[str]:
    """The naming keys of all branches, or of those with these indexes."""
    chosen = range(len(branches)) if indexes is None else indexes
    return [key for index in chosen if (key := naming_key(branches, index)) is not None]


def meant(node: Node, branches: Sequence[Shape]) -> list[int]:
    """The indexes of the branches that ``node`` fits best: one if it can be told, none if its type is wrong for all."""
    fitting = [index for index, branch in enumerate(branches) if takes(branch, node.value)]
    if len(fitting) < 2 or not node.entries:
        return fitting
    evidence = {index: _evidence(node, branches, index) for index in fitting}
    best = max(evidence.values())
    return [index for index in fitting if evidence[index] == best]


def _evidence(node: Node, branches: Sequence[Shape], index: int) -> tuple[int, ...]:
    """Strongest first: tags such as `kind`, the naming key, a naming key mistyped, keys that the branch knows."""
    properties = branches[index].get("properties", {})
    tags = [key for key, shape in properties.items() if isinstance(shape, dict) and "const" in shape and key in node]
    agreeing = sum(node[key].value == properties[key]["const"] for key in tags)
    name = naming_key(branches, index)
    known = {key for branch in branches for key in branch.get("properties", {})}
    intended = [key if key in known else closest(key, known) for key in node.entries]
    familiar = sum(key in properties for key in intended)
    return (agreeing - len(tags), agreeing, name in node.entries, name in intended, familiar)
