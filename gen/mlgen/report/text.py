"""Problems -> what a person reads: the lines they stand on, the place underlined, and how to mend it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, takewhile

from mlgen.problem import Problem, Span
from mlgen.report.line import NOTES, Style, place, safe

_WIDEST = 110  # columns of source shown, so that a line with its gutter fits in 120
_CONTEXT = 30  # columns kept left of the place where a line is cut
_TAB = "    "
_CUT = "..."


def render(problems: Sequence[Problem], sources: Mapping[str, str], style: Style) -> str:
    """Each problem with its lines, and how many there are."""
    if not problems:
        return ""
    lines = {file: sources[file].split("\n") for file in _files(problems) if file in sources}
    shown = ("\n".join(_full(problem, lines, style)) for problem in problems)
    return "\n\n".join([*shown, _summary(problems)]) + "\n"


def _files(problems: Sequence[Problem]) -> set[str]:
    return {span.file for problem in problems for span in (problem.span, *(span for span, _ in problem.related))}


def _full(problem: Problem, lines: Mapping[str, list[str]], style: Style) -> Iterator[str]:
    """One problem: what, where with the place underlined, how to mend it, and the further places."""
    spans = [problem.span, *(span for span, _ in problem.related)]
    margin = len(str(max(span.line for span in spans)))
    head = style(problem.severity, f"{problem.severity}[{safe(problem.rule)}]")
    yield head + style("bold", f": {safe(problem.message)}")
    excerpt = list(_excerpt(problem.span, lines, margin, style, problem.severity))
    yield from excerpt
    if problem.help:
        yield from excerpt[1:2]  # an empty line of the margin
        yield f"{' ' * margin} {style('gutter', '=')} {style('help', 'help')}: {safe(problem.help)}"
    for span, label in problem.related[:NOTES]:
        yield f"{style('note', 'note')}: {safe(label)}"
        yield from _excerpt(span, lines, margin, style, "note")
    if len(problem.related) > NOTES:
        yield f"{style('note', 'note')}: and {len(problem.related) - NOTES} more"


def _excerpt(span: Span, lines: Mapping[str, list[str]], margin: int, style: Style, mark: str) -> Iterator[str]:
    """The place and, if its text is at hand, the line with the place underlined, below the line before it."""
    pad, bar = " " * margin, style("gutter", "|")
    yield f"{pad}{style('gutter', '-->')} {place(span)}"
    text = lines.get(span.file, [])
    if not 0 < span.line <= len(text):
        return
    yield f"{pad} {bar}"
    line, offset, length = _cut(text[span.line - 1], span)
    before = text[span.line - 2].rstrip() if span.line > 1 else ""
    if before and not line.startswith(_CUT):
        above, _, _ = _cut(before, span._replace(column=1))
        yield f"{style('gutter', str(span.line - 1).rjust(margin))} {bar} {above}"
    yield f"{style('gutter', str(span.line).rjust(margin))} {bar} {line}".rstrip()
    yield f"{pad} {bar} {' ' * offset}{style(mark, '^' * length)}"


def _cut(line: str, span: Span) -> tuple[str, int, int]:
    """The line as shown, cut around the place if it is long; and in columns, where to underline and how far."""
    cells = _cells(line)
    widths = [_width(cell) for cell in cells]
    start = min(span.column - 1, len(cells))
    end = min(span.end_column - 1, len(cells)) if span.end_line == span.line else len(line.rstrip())
    first = 0
    if sum(widths) > _WIDEST and sum(widths[:start]) > _WIDEST - _CONTEXT:
        first = start - _fitting(reversed(widths[:start]), _CONTEXT)
    last = first + _fitting(widths[first:], _WIDEST)
    shown = f"{_CUT if first else ''}{''.join(cells[first:last])}{_CUT if last < len(cells) else ''}"
    offset = (len(_CUT) if first else 0) + sum(widths[first:start])
    return shown, offset, max(1, sum(widths[start : min(end, last)]))


def _cells(line: str) -> list[str]:
    """What is shown for each character."""
    cells = [_TAB if character == "\t" else safe(character) for character in line.removesuffix("\r")]
    for command in re.finditer(r"##\[", line):
        cells[command.start() + 1] = "\\u{23}"
    return cells


def _width(cell: str) -> int:
    """The columns that a terminal gives it: none to an accent that combines, two to an ideograph."""
    return sum(
        0 if unicodedata.category(character) in ("Mn", "Me") else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in cell
    )


def _fitting(widths: Iterable[int], columns: int) -> int:
    """How many of ``widths`` fit in ``columns``."""
    return sum(1 for _ in takewhile(lambda total: total <= columns, accumulate(widths)))


def _summary(problems: Sequence[Problem]) -> str:
    counts = Counter(problem.severity for problem in problems)
    found = [f"{count} {severity}{'s' * (count > 1)}" for severity, count in sorted(counts.items())]
    return f"Found {' and '.join(found)}.\nExplain a rule with: mlgen rule RULE"
