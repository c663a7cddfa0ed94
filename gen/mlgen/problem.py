"""What is wrong, where it stands, and how to mend it: the values that every check yields."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Span(NamedTuple):
    """A place in a file the user wrote: 1-based, in characters; the end is exclusive.

    ``file`` is a POSIX path relative to the root, as messages print it.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Problem(NamedTuple):
    """One thing wrong. ``rule`` is a key of ``mlgen.catalog.RULES``.

    ``message`` says what is wrong in one sentence without a final period; ``help`` how to mend it;
    ``related`` names further places that matter ("the environment says so here").
    """

    rule: str
    span: Span
    message: str
    help: str = ""
    severity: Severity = "error"
    related: tuple[tuple[Span, str], ...] = ()


class Fault(NamedTuple):
    """What is wrong in a built object: a problem whose place is still a path in that object.

    A key that is not known has its own path, one that is missing the map's. The other attributes are the Problem's.
    """

    path: tuple[str | int, ...]
    rule: str
    message: str
    help: str = ""
    severity: Severity = "error"


OFFER = -1


class Finding(NamedTuple):
    """A fault of one among several objects: ``subject`` is the object's number, and that of each related place.

    A related place of the number OFFER is one of the environment's document.
    ``alone``: the message says by itself what it is about, and need not be told the object's name.
    ``beside`` are related places in other files than those of the objects.
    """

    subject: int
    fault: Fault
    related: tuple[tuple[int, tuple[str | int, ...], str], ...] = ()
    alone: bool = False
    beside: tuple[tuple[Span, str], ...] = ()


class MlgenError(Exception):
    """The next stage cannot have its input; carries the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems sorted by place, each said once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.span, problem.rule, problem.message))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stop a command."""
    return [problem for problem in problems if problem.severity == "error"]
