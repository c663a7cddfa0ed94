"""A large shape -> the same, with whatever occurs in it more than once said once, and its text.

Custom resources with pods in them say a pod's schema up to a hundred times: shared, it is a fiftieth of the text.
"""

import json
from typing import Any

from mlgen.crd.walk import Shape

SMALLEST = 160  # characters: below that, a reference saves nothing


SHAPES = frozenset(("items", "additionalProperties", "not", "allOf", "anyOf", "oneOf"))


class _Counted:
    """How often each shape occurs, by a number that equal ones share."""

    def __init__(self, shape: Shape) -> None:
        self.known: dict[Any, int] = {}
        self.numbers: dict[int, int] = {}  # by the identity of the map
        self.counts: dict[int, int] = {}
        self._count(shape)

    def often(self, shape: Shape) -> bool:
        """Whether it occurs more than once."""
        return self.counts[self.numbers[id(shape)]] > 1

    def _count(self, value: Any) -> int:
        if isinstance(value, dict):
            key: Any = ("map", *((name, self._count(inner)) for name, inner in value.items()))
        elif isinstance(value, list):
            key = ("list", *map(self._count, value))
        else:
            key = (type(value), value)
        number = self.known.setdefault(key, len(self.known))
        self.counts[number] = self.counts.get(number, 0) + 1
        if isinstance(value, dict):
            self.numbers[id(value)] = number
        return number


class _Written:
    """The definitions so far, and the names of those that others refer to."""

    def __init__(self, counted: _Counted) -> None:
        self.counted = counted
        self.definitions: Shape = {}
        self.named: dict[int, str] = {}

    def shape(self, shape: Any, name: str) -> Any:
        """A shape as it stands where it is used; ``name`` is what its definition would be called."""
        if not isinstance(shape, dict):
            return shape
        number = self.counted.numbers[id(shape)]
        if number in self.named:
            return {"$ref": f"#/$defs/{self.named[number]}"}
        written = self.whole(shape, name)
        if not self.counted.often(shape) or len(_dumped(written)) < SMALLEST:
            return written
        self.named[number] = self._free(name)
        self.definitions[self.named[number]] = written
        return {"$ref": f"#/$defs/{self.named[number]}"}

    def whole(self, shape: Shape, name: str) -> Shape:
        """A shape with its inner ones as they are used."""
        return {key: self._entry(key, inner, name) for key, inner in shape.items()}

    def _entry(self, key: str, inner: Any, name: str) -> Any:
        if key == "properties":
            return {field: self.shape(one, field) for field, one in inner.items()}
        if key in SHAPES:
            return [self.shape(one, name) for one in inner] if isinstance(inner, list) else self.shape(inner, name)
        return inner

    def _free(self, name: str) -> str:
        wanted = "".join(one if one.isalnum() else "-" for one in name)
        free, number = wanted, 2
        while free in self.definitions:
            free, number = f"{wanted}-{number}", number + 1
        return free


def shared(shape: Shape, kind: str) -> Shape:
    """``shape`` as the definition ``kind``, with others beside it that it refers to."""
    written = _Written(_Counted(shape))
    written.definitions[kind] = {}
    written.definitions[kind] = written.whole(shape, kind)
    return {"$ref": f"#/$defs/{kind}", "$defs": written.definitions}


def text(schema: Shape) -> str:
    """The file: a line for each definition, so that a difference between two versions can be read."""
    definitions = [f"  {_dumped(name)}: {_dumped(shape)}" for name, shape in sorted(schema["$defs"].items())]
    head = [f" {_dumped(key)}: {_dumped(value)}," for key, value in schema.items() if key != "$defs"]
    return "\n".join(["{", *head, ' "$defs": {', ",\n".join(definitions), " }", "}", ""])


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
