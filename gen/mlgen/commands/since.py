"""A revision -> which projects can be touched by what differs from it: rather too many than too few."""

from collections.abc import Collection
from pathlib import Path

from mlgen import disk
from mlgen.changes.touched import touched
from mlgen.commands import UsageError
from mlgen.disk.named import INPUTS
from mlgen.problem import MlgenError
from mlgen.repo import Repository

WHOLE = "get the whole history: `git fetch --unshallow`, or `fetch-depth: 0` where a build machine checks out"


def touched_since(top: Path, revision: str, projects: Collection[str], *, staged: bool) -> set[str]:
    """Of ``projects`` and of those gone, the ones that what was changed since ``revision`` can touch.

    That is what HEAD changed since their histories parted, and what the work tree changes (or, ``staged``, the next
    commit). Raises UsageError where that cannot be told.
    """
    repository = Repository.around(top)
    if repository is None:
        raise UsageError(f"{top} is in no git repository, so nothing tells what changed since `{revision}`")
    try:
        commit = repository.commit(revision)
    except MlgenError as error:
        hint = WHOLE if repository.shallow else "fetch it, or name another one (on a build machine: `fetch-depth: 0`)"
        raise UsageError(f"there is no revision `{revision}` here", hint) from error
    if repository.shallow and not repository.related(commit):
        raise UsageError(f"this clone's history is cut off before HEAD and `{revision}` meet", WHOLE)
    base = repository.fork(commit)
    return touched(repository.changed(base, *INPUTS, disk.OVERLAYS, staged=staged), projects)
