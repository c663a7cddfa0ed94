"""The text of a JSON Schema -> Schema: its shapes by pointer, and the line on which each default stands."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

from mlgen.problem import Span

Shape: TypeAlias = Mapping[str, Any]
DEFAULT_KEY = re.compile(r'"default"\s*:\s*')
NOTHING: Shape = MappingProxyType({})


class Schema(Mapping[str, Any]):
    """One schema file. ``file`` is its name as messages print it. Equal to itself only, so it can key a cache."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.root: dict[str, Any] = json.loads(text)
        self.validators: dict[str, Any] = {}  # by pointer; those who check fill it in
        self._full: dict[int, Shape] = {}
        self._spans: dict[int, Span] = {}

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __getitem__(self, key: str) -> Any:
        return self.root[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.root)

    def __len__(self) -> int:
        return len(self.root)

    def at(self, steps: Sequence[str | int]) -> Any:
        """What stands at a path such as a validator reports it. Raises LookupError if nothing does."""
        found: Any = self.root
        for step in steps:
            found = found[int(step)] if isinstance(found, list) else found[str(step)]
        return found

    def shape(self, pointer: str) -> Shape:
        """The shape that a pointer such as ``#/definitions/job`` names; all of the schema for ``""``."""
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("#").split("/")[1:]]
        return self.full(self.at(steps))

    def full(self, shape: object) -> Shape:
        """``shape`` with its ``$ref`` followed; what stands beside the reference is nearer and wins."""
        near = shape if isinstance(shape, Mapping) else NOTHING
        if "$ref" not in near:
            return near
        if id(near) not in self._full:  # only parts of the root refer, and the root keeps them alive: an id is a name
            beside = {key: value for key, value in near.items() if key != "$ref"}
            self._full[id(near)] = {**self.shape(near["$ref"]), **beside}
        return self._full[id(near)]

    def default_span(self, shape: Shape) -> Span:
        """Where the value of ``shape``'s own ``default`` stands. ``shape`` must be part of this schema as read."""
        if id(shape) not in self._spans:
            start = self._default_offsets[id(shape)]
            _, end = json.JSONDecoder().raw_decode(self.text, start)
            self._spans[id(shape)] = Span(self.file, *self._line_and_column(start), *self._line_and_column(end))
        return self._spans[id(shape)]

    @cached_property
    def _default_offsets(self) -> dict[int, int]:
        """JSON keeps the order of its text, so the n-th map with a default owns the n-th ``"default":`` of the text."""
        offsets = (match.end() for match in DEFAULT_KEY.finditer(self.text))
        return {id(owner): offset for owner, offset in zip(_with_default(self.root), offsets, strict=True)}

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)


class Composed(Schema):
    """``base`` with more shapes in it: ``root`` has both. ``spans`` are the places of the defaults that are not base's,
    by the ids of the shapes that say them."""

    def __init__(self, root: dict[str, Any], base: Schema, spans: Mapping[int, Span]) -> None:
        self.text, self.file, self.root = base.text, base.file, root
        self.validators = {}
        self._full, self._spans, self._base = {}, dict(spans), base

    def default_span(self, shape: Shape) -> Span:
        return self._spans.get(id(shape)) or self._base.default_span(shape)


def _with_default(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if key == "default":
                yield value
            yield from _with_default(entry)
    elif isinstance(value, list):
        for item in value:
            yield from _with_default(item)
