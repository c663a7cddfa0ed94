"""One thing a validator refused -> the node, the shape and the words that a message about it needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mlgen.node import Node, Path
from mlgen.problem import Span

if TYPE_CHECKING:
    from mlgen.schema.contract import Schema, Shape

LONGEST = 60
LONGEST_LINE = 100  # of what messages offer to write


class Fault(NamedTuple):
    """What a validator says: ``keyword`` at ``shape_path`` of the schema refuses what is at ``path``.

    ``detail`` is what the keyword found or allows; ``branches`` are the faults of each alternative.
    """

    keyword: str
    path: Path
    shape_path: Path
    detail: Any = None
    branches: tuple[tuple[Fault, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A fault in its surroundings."""

    root: Node
    schema: Schema
    fault: Fault

    @property
    def node(self) -> Node:
        """What was refused."""
        return self.root.nearest(self.fault.path)

    @property
    def shape(self) -> Shape:
        """The shape whose keyword refused it."""
        shape = self.schema.at(self.fault.shape_path[:-1])
        return self.schema.full(shape) if isinstance(shape, dict) else MappingProxyType({})

    @property
    def nothing(self) -> bool:
        """Whether a key stands there, and nothing after it."""
        written = isinstance(self.fault.path[-1], str) if self.fault.path else False
        return written and self.node.value is None and self.node.text in (None, "")

    @property
    def label(self) -> str:
        """What messages call it: `workers`, item 2 of `steps`, the file."""
        return label(self.fault.path)

    @property
    def name_span(self) -> Span:
        """The key under which it stands, or the first thing in it: one line at any rate."""
        path = self.fault.path
        if path and isinstance(path[-1], str):
            return self.root.nearest(path[:-1]).key_span(path[-1])
        return first_line(self.node)

    def key_span(self, key: str) -> Span:
        """Where a key of what was refused stands. (The validator leaves empty keys out of its paths.)"""
        return self.node.keys.get(key, self.name_span)

    @property
    def value_span(self) -> Span:
        """The value, if it is on one line and there is something to see; else its name."""
        span = self.node.span
        written = span.line == span.end_line and span.column < span.end_column
        return span if written else self.name_span


def label(path: Path) -> str:
    """What messages call the value at ``path``."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {label(path[:-1])}" if len(path) > 1 else f"item {path[-1] + 1}"
    return code(path[-1])


def code(value: object, longest: int = LONGEST) -> str:
    """A value as messages show it: on one line, cut, between backticks."""
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(character if character.isprintable() else _escape(character) for character in text)
    return f"`{text if len(text) <= longest else text[: longest - 1] + '…'}`"


def _escape(character: str) -> str:
    """As YAML, and JSON as far as it can, writes it."""
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def source(node: Node) -> str:
    """A scalar as it was written."""
    if node.text is not None:
        return node.text
    return node.value if isinstance(node.value, str) else json.dumps(node.plain())


def first_line(node: Node) -> Span:
    """A place on one line: the first key of a map, the first item of a list, or the value itself."""
    span = node.span
    if span.line == span.end_line:
        return span
    if node.entries:
        return node.key_span(next(iter(node.entries)))
    if node.items:
        return first_line(node.items[0])
    return span._replace(end_line=span.line, end_column=span.column + 1)
