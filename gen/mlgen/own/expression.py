"""A text of a kind's template -> the expressions in it, and whether it is one expression and nothing else."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlgen import template
from mlgen.node import Node
from mlgen.problem import MlgenError, Span

MAKES = re.compile(r"([\s\w.]+)\|\s*(seconds|text)\s*")  # what only values of templates of kinds have


class Part(NamedTuple):
    """One expression: ``group`` and ``name`` of what it names, where it stands, and what becomes of a text value.

    ``makes`` is what it becomes by itself: of a time, `6h`, a number of `seconds`, or whatever it is, `text`.
    ``plain`` tells that the value stays what it is, ``typed`` that it is no mere piece of text.
    """

    group: str
    name: str
    source: str
    span: Span
    expression: template.Expression
    start: int
    stop: int
    makes: str
    plain: bool

    @property
    def typed(self) -> bool:
        """Whether the value has a type of its own, where it stands alone."""
        return self.plain or bool(self.makes)

    @property
    def written(self) -> str:
        """The name as it is written."""
        return f"{self.group}.{self.name}" if self.name else self.group

    @property
    def path(self) -> tuple[str, ...]:
        """The steps of the name below the group."""
        return tuple(self.name.split(".")) if self.name else ()


class Text(NamedTuple):
    """A text and its expressions. ``alone`` tells that there is one of them, and nothing around it."""

    text: str
    parts: tuple[Part, ...]
    alone: bool


def read(node: Node) -> Text | None:
    """What a leaf says; None if there is no expression in it. Raises MlgenError for one that is none."""
    text = node.value
    if not isinstance(text, str) or "{{" not in text:
        return None
    parts = tuple(_parts(node, text))
    return Text(text, parts, len(parts) == 1 and (parts[0].start, parts[0].stop) == (0, len(text)))


def _parts(node: Node, text: str) -> Iterator[Part]:
    for start, stop, source in template.expressions(text):
        place = template.within(node.span, text, start, stop)
        try:
            if source is None:
                raise template.not_closed()
            special = MAKES.fullmatch(source)
            found = template.parsed(special[1] if special else source)
        except MlgenError as error:
            raise MlgenError(*(problem._replace(span=place) for problem in error.problems)) from None
        plain, makes = "|" not in source, special[2] if special else ""
        yield Part(found.group, found.name, source, place, found, start, stop, makes, plain)
