"""Problems -> GitHub's workflow commands, which it shows as annotations, and lines of the log for the rest.

GitHub shows ten annotations of each severity a step and drops the others without a word. So the tenth says how many
more there are, and those stand in the log.
"""

from collections.abc import Iterator, Mapping, Sequence

from mlgen.problem import Problem
from mlgen.report import concise
from mlgen.report.line import NOTES, Style, place, safe

MOST = 10  # https://github.com/actions/toolkit, docs/problem-matchers.md


def render(problems: Sequence[Problem], _sources: Mapping[str, str], _style: Style) -> str:
    """Errors first, then warnings; after those, what is only in the log."""
    lines: list[str] = []
    rest: list[Problem] = []
    for severity in ("error", "warning"):
        found = [problem for problem in problems if problem.severity == severity]
        shown = found if len(found) <= MOST else found[: MOST - 1]
        lines += map(_command, shown)
        if beyond := found[len(shown) :]:
            lines.append(_summary(beyond))
            rest += beyond
    return "".join(f"{line}\n" for line in [*lines, *map(concise.said, rest)])


def _summary(problems: Sequence[Problem]) -> str:
    severity, files = problems[0].severity, len({problem.span.file for problem in problems})
    where = "one file" if files == 1 else f"{files:,} files"
    said = f"{len(problems):,} more {severity}s in {where}: they stand in the log of this step"
    return f"::{severity} title=mlgen::{said}"


def _command(problem: Problem) -> str:
    """One annotation. The runner drops columns of a place that spans lines, so they are left out there."""
    written = ",".join(f"{key}={_escaped(str(value), '%:,')}" for key, value in _properties(problem) if value != "")
    said = [safe(problem.message), *([f"help: {safe(problem.help)}"] if problem.help else [])]
    said += [f"note: {place(span)}: {safe(label)}" for span, label in problem.related[:NOTES]]
    said += [f"note: and {len(problem.related) - NOTES} more"] if len(problem.related) > NOTES else []
    return f"::{problem.severity} {written}::{'%0A'.join(_escaped(text, '%') for text in said)}"


def _properties(problem: Problem) -> Iterator[tuple[str, object]]:
    span = problem.span
    one_line = span.line == span.end_line
    yield "file", safe(span.file)
    yield "line", span.line
    if one_line:
        yield "col", span.column
    yield "endLine", span.end_line
    if one_line:
        yield "endColumn", span.end_column
    yield "title", f"mlgen ({safe(problem.rule)})"


def _escaped(text: str, characters: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in characters else character for character in text)
