"""The documents of files -> the objects in them, also those that other tools' words stand for."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from mlgen.imports import arena, score
from mlgen.imports.source import Source, sources
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem


class Language(Protocol):
    """A module that reads another tool's documents."""

    def speaks(self, document: Node) -> bool:
        """Whether ``document`` is in its words."""

    def objects(self, document: Node) -> Iterator[Source]:
        """The objects that it stands for. Raises MlgenError where it stands for none."""


LANGUAGES: tuple[Language, ...] = (arena, score)


def read(documents: Iterable[Node], problems: list[Problem]) -> Iterator[Source]:
    """Every object; adds to ``problems``."""
    for document in documents:
        language = next((one for one in LANGUAGES if one.speaks(document)), None)
        try:
            yield from sources([document], problems) if language is None else language.objects(document)
        except MlgenError as error:
            problems += error.problems
