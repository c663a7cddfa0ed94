"""Differences -> a comment for a pull request: what may go wrong first, each environment folded, never too long."""

import html
import re
from collections.abc import Iterator, Sequence

from mlgen.changes import shown
from mlgen.changes.between import Difference, Section, sections
from mlgen.changes.compare import Change
from mlgen.changes.look import LEVELS
from mlgen.changes.picture import SIGNS, picture
from mlgen.changes.text import counts, guarded, named, worst
from mlgen.report import safe

# What GitHub takes for a comment, in characters (facts of its API); some are left for what a poster adds.
LONGEST = 65_536
ROOM = 500
MOST, FEW = 60, 5  # lines of a summary, places of a line
SUMMARY = 12_000  # characters of each of the two
MARKER = "<!-- mlgen diff -->"  # by which the one comment is found again
TICKS = re.compile(r"`+")


def markdown(differences: Sequence[Difference]) -> str:
    """The comment, at most LONGEST characters: an object is shown whole or only counted."""
    if not differences:
        return f"{MARKER}\n**mlgen**: nothing that is rendered changes.\n"
    parts = [
        MARKER,
        "**mlgen**: what this changes",
        "",
        *_some(_places(differences)),
        "",
        *_some(_risks(differences)),
        "",
    ]
    parts += ["```mermaid", f"{picture(differences)}```"]  # no back-quote stands in it as itself
    left = LONGEST - ROOM - sum(len(part) + 1 for part in parts)
    every = list(sections(differences))
    for number, section in enumerate(every):
        folded = _folded(section, left)
        if len(folded) > left:
            parts.append(f"\n{len(every) - number} more parts are not shown here: `mlgen diff` shows them.")
            break
        parts.append(folded)
        left -= len(folded) + 1
    return "\n".join(parts) + "\n"


def _some(lines: Sequence[str]) -> Iterator[str]:
    """Those that there is room for, and how many there was none for."""
    left = SUMMARY
    for number, line in enumerate(lines):
        left -= len(line) + 1
        if number == MOST or left < 0:
            yield f"* and {len(lines) - number} more"
            return
        yield line


def code(text: str) -> str:
    """Text as a code span, in which nothing is mark-up, HTML or a mention; on one line."""
    shown_text = safe(text)
    fence = "`" * (1 + max((len(run) for run in TICKS.findall(shown_text)), default=0))
    pad = " " if shown_text.startswith("`") or shown_text.endswith("`") else ""
    return f"{fence}{pad}{shown_text}{pad}{fence}"


def _places(differences: Sequence[Difference]) -> list[str]:
    return [f"* {code(one.project)} in {code(one.environment)}{guarded(one)}: {counts(one)}" for one in differences]


def _risks(differences: Sequence[Difference]) -> list[str]:
    found = sorted(worst(differences), key=lambda pair: LEVELS.index(pair[0].level))
    lines = []
    for risk, places in found:
        where = ", ".join(map(code, places[:FEW])) + (f" and {len(places) - FEW} more" if len(places) > FEW else "")
        help_ = f"\n  {code(risk.help)}" if risk.help else ""
        lines.append(f"* {SIGNS[risk.level]} {code(risk.text)}: {where}{help_}")
    return lines


def _folded(section: Section, room: int) -> str:
    """The objects of a section that there is room for, each whole, and how many there was none for."""
    title = html.escape(safe(f"{section.project}, {named(section.environments)}"))
    open_, close = f"\n<details><summary>{title}: {_counted(section.changes)}</summary>\n", "\n</details>"
    blocks: list[str] = []
    left = room - len(open_) - len(close) - ROOM
    for change in section.changes:
        block = _block(change)
        if len(block) < left:
            blocks.append(block)
            left -= len(block) + 1
    gone = len(section.changes) - len(blocks)
    more = [f"\n{gone} more are not shown here: `mlgen diff` shows them."] if gone else []
    return "\n".join([open_, *blocks, *more, close])


def _block(change: Change) -> str:
    """An object as a fenced diff, whose fence no line of it can close."""
    lines = [f"{sign} {line}".rstrip() for sign, line in shown.lines(change)]
    body = "\n".join([f"@@ {shown.head(change)} @@", *lines])
    fence = "`" * max(3, 1 + max((len(run) for run in TICKS.findall(body)), default=0))
    return f"{fence}diff\n{body}\n{fence}"


def _counted(changes: Sequence[Change]) -> str:
    return f"{len(changes)} object{'' if len(changes) == 1 else 's'}"
