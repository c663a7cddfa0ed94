"""A path such as serving.replicas and a JSON Schema -> what a user may write there, in words."""

from typing import Any, NamedTuple

from mlgen.faults.values import expected
from mlgen.schema.branches import options, types
from mlgen.schema.contract import Schema, Shape

COMPOSED = ("allOf", "anyOf", "oneOf")


class Field(NamedTuple):
    """What a field means. ``type`` is in words; ``default`` is None where there is none or it is nothing.

    ``children`` are its fields with the first sentence of their descriptions; ``required`` those that must be there.
    """

    name: str
    description: str
    type: str
    default: Any
    examples: tuple[Any, ...]
    allowed: tuple[Any, ...]
    form: str
    required: tuple[str, ...]
    children: tuple[tuple[str, str], ...]


def fields(schema: Schema, *path: str) -> Field | None:
    """The field at ``path``, or None if there is none.

    A path begins at the top of the file or with a kind of workload (``serving``). In a map of things that users name,
    such as ``workloads``, any word stands for a name; lists are looked through.
    """
    shapes: list[Shape] = _start(schema, path[0]) if path else [schema.root]
    for step in path[1:]:
        shapes = [found for shape in shapes for found in _below(shape, step, schema)]
    return _field(path[-1] if path else "", shapes, schema) if shapes else None


def _start(schema: Schema, word: str) -> list[Shape]:
    definitions = schema.get("definitions", {})
    kinds = [schema.full(entry) for entry in definitions.values() if _kind(entry) == word]
    named = [schema.full(definitions[word])] if word in definitions else []
    below = _below(schema.root, word, schema)
    return below or kinds or named


def _kind(shape: Shape) -> Any:
    return shape.get("properties", {}).get("kind", {}).get("const")


def _parts(shape: Shape, schema: Schema) -> list[Shape]:
    """The shape and all shapes that it is put together from."""
    near = [part for word in COMPOSED for part in shape.get(word, [])]
    near += [shape[word] for word in ("then", "else") if word in shape]
    return [shape, *(part for one in near for part in _parts(schema.full(one), schema))]


def _below(shape: Shape, step: str, schema: Schema) -> list[Shape]:
    found: list[Shape] = []
    for part in _parts(shape, schema):
        if "items" in part:
            found += _below(schema.full(part["items"]), step, schema)
        if step in part.get("properties", {}):
            found.append(schema.full(part["properties"][step]))
        elif isinstance(part.get("additionalProperties"), dict):
            found.append(schema.full(part["additionalProperties"]))
    return found


def _field(name: str, shapes: list[Shape], schema: Schema) -> Field:
    first, parts = shapes[0], [part for shape in shapes for part in _parts(shape, schema)]
    children = {key: text for shape in shapes for key, text in _children(shape, schema).items()}
    return Field(
        name=name,
        description=str(first.get("description", "")),
        type=_type(first, schema),
        default=first.get("default"),
        examples=tuple(first.get("examples", ())),
        allowed=tuple(options(first)),
        form=str(first.get("x-message", "")),
        required=tuple(dict.fromkeys(key for part in parts for key in part.get("required", ()))),
        children=tuple(children.items()),
    )


def _children(shape: Shape, schema: Schema, prefix: str = "") -> dict[str, str]:
    """Fields by name; those of maps whose keys users choose as `<name>.field`."""
    found: dict[str, str] = {}
    for part in _parts(shape, schema):
        own = {prefix + key: _sentence(schema.full(entry)) for key, entry in part.get("properties", {}).items()}
        for word, deeper in (("items", prefix), ("additionalProperties", f"{prefix}<name>.")):
            if isinstance(part.get(word), dict):
                own |= _children(schema.full(part[word]), schema, deeper)
        found |= {key: sentence for key, sentence in own.items() if key not in found}
    return found


def _type(shape: Shape, schema: Schema) -> str:
    named = types(shape)
    for word in ("anyOf", "oneOf"):
        if word in shape and "type" not in shape:
            named = {name for branch in shape[word] for name in types(schema.full(branch))}
    words = expected(named)
    if words == "a list" and isinstance(shape.get("items"), dict):
        return f"a list, each item {_type(schema.full(shape['items']), schema)}"
    if words == "a map" and isinstance(shape.get("additionalProperties"), dict):
        return f"a map by name, each value {_type(schema.full(shape['additionalProperties']), schema)}"
    return words


def _sentence(shape: Shape) -> str:
    return str(shape.get("description", "")).split(". ")[0].rstrip(".")
