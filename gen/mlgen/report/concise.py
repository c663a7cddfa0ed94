"""Problems -> a line each, which editors and terminals can follow."""

from collections.abc import Mapping, Sequence

from mlgen.problem import Problem
from mlgen.report.line import Style, place, plain, safe


def render(problems: Sequence[Problem], _sources: Mapping[str, str], style: Style) -> str:
    """Where, how bad, by which rule, and what."""
    return "".join(f"{said(problem, style)}\n" for problem in problems)


def said(problem: Problem, style: Style = plain) -> str:
    """The line of one problem."""
    head = style(problem.severity, f"{problem.severity}[{safe(problem.rule)}]")
    return f"{place(problem.span)}: {head} {safe(problem.message)}"
