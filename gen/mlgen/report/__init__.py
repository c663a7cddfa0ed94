"""Problems and the texts they are in -> what a person, a terminal, a script or a pull request is shown.

A format is a module with `render`, and its name in FORMATS; it is loaded when it is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Protocol

from mlgen.problem import Problem, in_order
from mlgen.report.line import LONGEST_TEXT, Style, ansi, plain, safe

__all__ = ["DOCUMENTS", "FORMATS", "LONGEST_TEXT", "document", "render", "safe"]

FORMATS = ("text", "concise", "json", "github", "gitlab", "sarif", "junit")
# Those that are one document for a program to read, also where nothing is wrong: nothing else may stand beside it.
DOCUMENTS = frozenset(("json", "gitlab", "sarif", "junit"))


class Format(Protocol):
    """The module of a format."""

    def render(self, problems: Sequence[Problem], sources: Mapping[str, str], style: Style, /) -> str:
        """All of ``problems``, which are in order and show no secret."""


def render(
    problems: Sequence[Problem], sources: Mapping[str, str], *, format: str = "text", color: bool = False
) -> str:
    """The problems by place, in one of FORMATS; "" if there are none, but for DOCUMENTS.

    ``sources`` has the texts by the spans' file names; a place in another file is named without its line.
    Raises KeyError for an unknown format.
    """
    if format not in FORMATS:
        raise KeyError(format)
    module: Format = import_module(f"mlgen.report.{format}")
    return module.render([_masked(problem) for problem in in_order(problems)], sources, ansi if color else plain)


def _masked(problem: Problem) -> Problem:
    """Without the value of a secret (law 8)."""
    from mlgen.masking import masked  # patterns, which a command that finds nothing wrong does not need

    return problem._replace(message=masked(problem.message), help=masked(problem.help))


def document(problems: Iterable[Problem], **more: object) -> str:
    """The problems by place, and whatever else a command says, as JSON."""
    from mlgen.report import json

    return json.document(problems, **more)
