"""Problems and the texts they are in -> what a person, a terminal, a script or a pull request is shown."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import TypeAlias

from mlgen.problem import Problem, Span, in_order
from mlgen.secret_text import masked

_Style: TypeAlias = Callable[[str, str], str]
_Format: TypeAlias = Callable[[Sequence[Problem], Mapping[str, str], _Style], str]

LONGEST_TEXT = 1000  # a message about a value must not become the value
_WIDEST = 110  # columns of source shown, so that a line with its gutter fits in 120
_CONTEXT = 30  # columns kept left of the place where a line is cut
_TAB = "    "
_CUT = "..."
_COLOURS = {"error": "1;31", "warning": "1;33", "help": "1;36", "note": "1;32", "gutter": "1;34", "bold": "1"}


def render(
    problems: Sequence[Problem], sources: Mapping[str, str], *, format: str = "text", color: bool = False
) -> str:
    """The problems by place, in one of FORMATS; "" if there are none (but for json, which is always a document).

    ``sources`` has the texts by the spans' file names; a place in another file is named without its line.
    Raises KeyError for an unknown format.
    """
    shown = [p._replace(message=masked(p.message), help=masked(p.help)) for p in in_order(problems)]  # law 8
    return FORMATS[format](shown, sources, _ansi if color else _plain)


def safe(text: str) -> str:
    """``text`` on one line, without what can steer a terminal, hide, or reverse what is read: each such character as
    `\\u{...}`. ``##[`` too, which a CI runner takes for a command wherever it stands in a line."""
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}..."
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return text.replace("##[", "#\\u{23}[")


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return f"\\u{{{ord(character):x}}}" if hidden else character


def _ansi(style: str, text: str) -> str:
    return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if text else ""


def _plain(_style: str, text: str) -> str:
    return text


def _file(name: str) -> str:
    """A file's name at the start of a line; it must not look like a runner's command."""
    name = safe(name)
    return f"./{name}" if name.lstrip().startswith("::") else name


def _place(span: Span) -> str:
    return f"{_file(span.file)}:{span.line}:{span.column}"


def _text(problems: Sequence[Problem], sources: Mapping[str, str], style: _Style) -> str:
    if not problems:
        return ""
    lines = {file: text.split("\n") for file, text in sources.items()}
    shown = ("\n".join(_full(problem, lines, style)) for problem in problems)
    return "\n\n".join([*shown, _summary(problems)]) + "\n"


def _full(problem: Problem, lines: Mapping[str, list[str]], style: _Style) -> Iterator[str]:
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
    for span, label in problem.related:
        yield f"{style('note', 'note')}: {safe(label)}"
        yield from _excerpt(span, lines, margin, style, "note")


def _excerpt(span: Span, lines: Mapping[str, list[str]], margin: int, style: _Style, mark: str) -> Iterator[str]:
    """The place and, if its text is at hand, the line with the place underlined, below the line before it."""
    pad, bar = " " * margin, style("gutter", "|")
    yield f"{pad}{style('gutter', '-->')} {_place(span)}"
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


def _concise(problems: Sequence[Problem], _sources: Mapping[str, str], style: _Style) -> str:
    return "".join(
        f"{_place(problem.span)}: {style(problem.severity, f'{problem.severity}[{safe(problem.rule)}]')} "
        f"{safe(problem.message)}\n"
        for problem in problems
    )


def _json(problems: Sequence[Problem], _sources: Mapping[str, str], _style: _Style) -> str:
    return document(problems)


def document(problems: Iterable[Problem], **more: object) -> str:
    """The problems by place, and whatever else a command says, as JSON; in ASCII, so that no character can steer a
    terminal: what a reader decodes is the text itself."""
    entries = [
        {
            "rule": problem.rule,
            "severity": problem.severity,
            "message": problem.message,
            "help": problem.help,
            **problem.span._asdict(),
            "related": [{"message": label, **span._asdict()} for span, label in problem.related],
        }
        for problem in in_order(problems)
    ]
    text = json.dumps({"schema_version": 1, "problems": entries, **more}, indent=2)
    return text.replace("\x7f", "\\u007f").replace("##[", "#\\u0023[") + "\n"


def _github(problems: Sequence[Problem], _sources: Mapping[str, str], _style: _Style) -> str:
    """Workflow commands, errors first: GitHub shows ten of each severity a step."""
    return "".join(_command(problem) for problem in sorted(problems, key=lambda problem: problem.severity))


def _command(problem: Problem) -> str:
    """One annotation. The runner drops columns of a place that spans lines, so they are left out there."""
    span = problem.span
    one_line = span.line == span.end_line
    properties = {
        "file": safe(span.file),
        "line": span.line,
        **({"col": span.column} if one_line else {}),
        "endLine": span.end_line,
        **({"endColumn": span.end_column} if one_line else {}),
        "title": f"mlgen ({safe(problem.rule)})",
    }
    said = [safe(problem.message), *([f"help: {safe(problem.help)}"] if problem.help else [])]
    said += [f"note: {_place(span)}: {safe(label)}" for span, label in problem.related]
    written = ",".join(f"{key}={_escaped(str(value), '%:,')}" for key, value in properties.items() if value != "")
    return f"::{problem.severity} {written}::{'%0A'.join(_escaped(text, '%') for text in said)}\n"


def _escaped(text: str, characters: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in characters else character for character in text)


FORMATS: dict[str, _Format] = {"text": _text, "concise": _concise, "json": _json, "github": _github}
