"""What a branch should become, as a function of its tip -> the commit that makes it so, whoever else publishes there.

A lost race, a broken connection and an answer that never came are all the same: look again at what the branch is now.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from mlgen.problem import MlgenError, Problem
from mlgen.repo.command import NOWHERE
from mlgen.repo.store import Store

TRIES = 20
CUTS = 4  # pushes whose answer did not come, before a person should look at the connection
LONGEST_PAUSE = 2.0  # seconds; never much less, or sixteen who publish at once would all lose many races
SEARCHED = 100  # commits in which one of ours is looked for


class Draft(NamedTuple):
    """What to change on top of a tip: each path's new content, None where it goes; and the commit's message."""

    changes: Mapping[str, bytes | None]
    message: str


# A tip, and the reference that it was fetched from, to what is to change there.
Drafting = Callable[[str | None, str], Draft]


class Publication(NamedTuple):
    """What came of it: ``commit`` is None where there was nothing to publish; ``parent`` is what it was made for."""

    commit: str | None
    parent: str | None
    tries: int
    changes: Mapping[str, bytes | None]


class _Made(NamedTuple):
    parent: str | None
    commit: str
    changes: Mapping[str, bytes | None]


def publish(store: Store, branch: str, base: str | None, draft: Drafting) -> Publication:
    """Commit the draft on the tip of ``branch``; where there is none, on that of ``base``, a reference, or on nothing.

    Raises MlgenError where the remote cannot be reached or refuses, or others are always faster; and what ``draft``
    raises.
    """
    sent: list[_Made] = []
    made, last, why = None, None, ""
    blobs: Mapping[str, str | None] = {}
    for number in range(1, TRIES + 1):
        tip = _tip(store, branch, patient=bool(sent))
        if tip is not None and (arrived := _arrived(store, sent, tip)):
            return Publication(arrived.commit, arrived.parent, number, arrived.changes)
        if len(sent) >= CUTS:
            raise MlgenError(_cut(why))
        parent, reference = begun(store, branch, base, tip)
        if made is None or made.parent != parent:
            found = draft(parent, reference)
            if not found.changes:
                return Publication(None, parent, number, {})
            if found is not last:  # the blobs of a draft that is right for the new tip too are there
                last, blobs = found, store.blobs(found.changes)
            made = _Made(parent, store.commit(store.tree(parent, blobs), parent, found.message), found.changes)
        outcome, why = store.push(made.commit, branch, tip)
        if outcome == "accepted":
            return Publication(made.commit, parent, number, made.changes)
        if outcome == "unknown":
            sent.append(made)
        time.sleep(random.uniform(LONGEST_PAUSE / 2, LONGEST_PAUSE))
    message = f"others published to `{branch}` faster, {TRIES} times: {why}"
    raise MlgenError(Problem("lost-race", NOWHERE, message, "run it again; what was published meanwhile is kept"))


def begun(store: Store, branch: str, base: str | None, tip: str | None) -> tuple[str | None, str]:
    """What a commit is made on: ``tip``, else that of ``base``; and the reference that has it."""
    if tip is None and base is not None:
        return store.fetch(base), base
    return tip, f"refs/heads/{branch}"


def _tip(store: Store, branch: str, *, patient: bool) -> str | None:
    """The tip of ``branch``; after a push without an answer with some history, and not given up at once."""
    for left in reversed(range(CUTS if patient else 1)):
        try:
            return store.fetch(f"refs/heads/{branch}", SEARCHED if patient else 1)
        except MlgenError as error:
            if not left:
                raise MlgenError(_cut(error.problems[0].message), *error.problems) if patient else error from error
            time.sleep(random.uniform(0, LONGEST_PAUSE))
    raise AssertionError("unreachable")


def _arrived(store: Store, sent: list[_Made], tip: str) -> _Made | None:
    """The commit that was pushed without an answer and that the branch has."""
    return next((made for made in sent if store.repository.precedes(made.commit, tip)), None)


def _cut(why: str) -> Problem:
    message = f"the connection broke while the commit was pushed, so that nobody knows whether it arrived: {why}"
    return Problem("unknown-outcome", NOWHERE, message, "run it again: what did arrive is not published twice")
