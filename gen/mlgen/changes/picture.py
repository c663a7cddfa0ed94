"""Differences -> a picture for a pull request: projects, where they run, what changes there, coloured by its risk."""

from collections.abc import Sequence

from mlgen.changes.between import Difference, sections
from mlgen.changes.compare import Change, label
from mlgen.changes.look import LEVELS
from mlgen.changes.risk import risks
from mlgen.changes.text import named
from mlgen.mermaid import Box, flowchart
from mlgen.report import safe

# What can be read at a glance. Mermaid itself draws nothing beyond 50,000 characters or 500 arrows.
SECTIONS, OBJECTS = 16, 48
SIGNS = {"danger": "🔴", "warning": "🟡", "note": "⚪"}


def picture(differences: Sequence[Difference]) -> str:
    """A mermaid flowchart: of each section the objects with the worst risks, and how many there are besides."""
    guarded = {(one.project, one.environment) for one in differences if one.protected}
    every = list(sections(differences))
    most = max(2, OBJECTS // max(1, len(every)))
    boxes: list[Box] = []
    arrows: list[tuple[int, int]] = []
    projects: dict[str, int] = {}
    for section in every[:SECTIONS]:
        if section.project not in projects:
            projects[section.project] = _add(boxes, Box(safe(section.project)))
        protected = any((section.project, where) in guarded for where in section.environments)
        where = Box(named(section.environments), "strong" if protected else "")
        arrows.append((projects[section.project], _add(boxes, where)))
        start = len(boxes) - 1
        shown = sorted(section.changes, key=_rank)[:most]
        arrows += [(start, _add(boxes, _object(change))) for change in shown]
        if more := len(section.changes) - len(shown):
            arrows.append((start, _add(boxes, Box(f"and {more} more"))))
    if len(every) > SECTIONS:
        boxes.append(Box(f"and {len(every) - SECTIONS} more places"))
    return flowchart(boxes, arrows)


def _add(boxes: list[Box], box: Box) -> int:
    boxes.append(box)
    return len(boxes) - 1


def _object(change: Change) -> Box:
    what = "new" if change.before is None else "gone" if change.after is None else "changed"
    level = _level(change)
    sign = f"{SIGNS[level]} " if level else ""
    return Box(f"{sign}{safe(label(change.ref))}: {'replaced' if change.renamed else what}", level)


def _rank(change: Change) -> int:
    """The place of what may go wrong before the place of what may not."""
    level = _level(change)
    return LEVELS.index(level) if level else len(LEVELS)


def _level(change: Change) -> str:
    found = risks([change])
    return found[0].level if found else ""
