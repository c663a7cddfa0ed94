"""What is about to be put in place -> the text of the journal that the next command reads after a crash, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

NAME = "journal.json"

_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
# What a journal may name: it might have come with somebody's branch. In this order: what is released, the folder of
# the project, and what points an engine at it.
_TARGET = re.compile(rf"projects/{_LABEL}/releases\.yaml|overlays/{_LABEL}|overlays/clusters/{_LABEL}/{_LABEL}\.yaml")
_STAGED = re.compile(r"[0-9]+")


class Step(NamedTuple):
    """One thing to put in place, in the order of the journal.

    ``target`` is a path below the root, ``staged`` the name in the staging folder under which the new one waits and
    then the old one. ``old`` and ``new`` are their inodes, None where there is none; ``before`` maps each file of the
    old one to its sha256.
    """

    target: str
    staged: str
    old: int | None
    new: int | None
    before: Mapping[str, str]


def dump(steps: Iterable[Step]) -> str:
    """The journal's text. Raises ValueError for a target that `parse` would not follow: no project has such a name."""
    steps = list(steps)
    if strange := [step.target for step in steps if not _is_sound(step)]:
        raise ValueError(f"not a file name that a project may have: {strange[0]!r}")
    return json.dumps([{**step._asdict(), "before": dict(step.before)} for step in steps], indent=1) + "\n"


def parse(text: str) -> list[Step] | None:
    """The steps of a journal, or None where mlgen did not write it."""
    try:
        steps = [Step(**entry) for entry in json.loads(text)]
    except (ValueError, TypeError, RecursionError):
        return None
    return steps if all(map(_is_sound, steps)) else None


def is_target(path: str) -> bool:
    """Whether a journal may name ``path``."""
    return _TARGET.fullmatch(path) is not None


def project(target: str) -> str:
    """The project that a target is of."""
    parts = target.split("/")
    return parts[1] if len(parts) < 4 else parts[3].removesuffix(".yaml")


def _is_sound(step: Step) -> bool:
    return (
        all(isinstance(name, str) for name in (step.target, step.staged))
        and is_target(step.target)
        and _STAGED.fullmatch(step.staged) is not None
        and all(inode is None or isinstance(inode, int) for inode in (step.old, step.new))
        and isinstance(step.before, dict)
    )
