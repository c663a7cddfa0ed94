"""Plans -> overlays/ on disk: every project is staged whole and put in place at once, so that it is always old or new.

Everything happens in overlays/.mlgen-stage: the new folders are built there; a journal says what goes where, pointers
after the folders that they point at; each is exchanged with the one it replaces; and what was replaced is removed from
there. Whatever interrupts this, the next command finds the journal and finishes, or finds none and clears up.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from mlgen import ownership
from mlgen.disk import CLUSTERS, LARGEST_RENDERED, OVERLAYS, journal
from mlgen.disk.fingerprint import ITSELF, after, alone, fingerprint
from mlgen.disk.folder import Folder
from mlgen.disk.journal import Step
from mlgen.disk.swap import mend, swap
from mlgen.disk.turn import NAME as TURN
from mlgen.disk.turn import turn
from mlgen.ownership import Plan, Pointer
from mlgen.problem import MlgenError, Problem, Span, errors

STAGE = ".mlgen-stage"
PATIENCE = 10.0
NO_FILES: Mapping[str, File] = {}
_REMEDIES = {
    errno.ENOSPC: "free some space, then run this again",
    errno.EDQUOT: "free some space, then run this again",
    errno.EACCES: "make it writable for yourself, then run this again",
    errno.EPERM: "make it writable for yourself, then run this again",
    errno.EROFS: "it is on a read-only file system: write to a copy of the repository",
}


class File(NamedTuple):
    """A file beside the projects' folders: what it held when it was read, None if there was none, and its new text."""

    before: bytes | None
    text: str


def write(
    root: Path, plans: Mapping[str, Plan], wait: float = PATIENCE, *, first: Mapping[str, File] = NO_FILES
) -> None:
    """Carry out ``plans``, by project, after the files ``first``, by their paths below ``root``.

    A project that a plan does not change is not touched. Raises MlgenError: a plan's own errors (then nothing is
    written); busy; changed-meanwhile for what is not any more what was planned for; cannot-write. Each file and each
    project is wholly old or wholly new also then.
    """
    if wrong := [problem for plan in plans.values() for problem in errors(plan.problems)]:
        raise MlgenError(*wrong)
    parted = {project: ownership.apart(plan) for project, plan in sorted(plans.items()) if plan.write or plan.delete}
    changing = {project: plan for project, (plan, _) in parted.items() if plan.write or plan.delete}
    pointers = {
        ownership.located(f"{OVERLAYS}/{project}", pointer.path): pointer
        for project, (_, found) in parted.items()
        for pointer in found
    }
    if not parted and not first:
        return
    with _reporting(OVERLAYS), Folder.at(root) as top, top.make(OVERLAYS) as overlays, turn(overlays, wait):
        _recover(top, overlays)
        try:
            with overlays.make(STAGE) as stage:
                steps = _stage_files(top, stage, first)
                steps += _stage(overlays, stage, changing, len(steps))
                steps += _stage_pointers(top, stage, pointers, len(steps))
                _declare(overlays, stage, steps)
        except BaseException:
            with suppress(OSError):  # the next command clears up what cannot be removed now
                _discard(overlays)
            raise
        if changed := _settle(top, overlays, steps):
            raise _changed_meanwhile(changed)


def recover(root: Path, wait: float = PATIENCE) -> list[str]:
    """Finish or clear away what an interrupted command left in ``root``; say in sentences what was done.

    Every command that writes calls it before it reads overlays/. Raises MlgenError: busy, cannot-write.
    """
    with _reporting(OVERLAYS), Folder.at(root) as top:
        if top.stat(OVERLAYS) is None:
            return []
        with top.open(OVERLAYS) as overlays:
            if overlays.stat(STAGE) is None and overlays.stat(TURN) is None:
                return []
            with turn(overlays, wait):
                return _recover(top, overlays)


def _recover(top: Folder, overlays: Folder) -> list[str]:
    if overlays.stat(STAGE) is None:
        return []
    with overlays.open(STAGE) as stage:
        declared = stage.stat(journal.NAME) is not None
        text = stage.read(journal.NAME, LARGEST_RENDERED).decode("utf-8", "replace") if declared else ""
    steps = journal.parse(text)
    if steps is None:
        _discard(overlays)
        return ["cleared away what an interrupted command had not put in place yet"]
    changed = _settle(top, overlays, steps)
    return [
        f"left {step.target} as it is, because it changed after a command that was writing it was interrupted"
        if step in changed
        else f"finished writing {step.target}, which was interrupted"
        for step in steps
    ]


def _stage_files(top: Folder, stage: Folder, files: Mapping[str, File]) -> list[Step]:
    """Write each new file in ``stage``."""
    steps = []
    for number, (target, file) in enumerate(sorted(files.items())):
        before = alone(file.before)
        steps.append(_stage_file(top, stage, Step(target, str(number), None, None, before), file.text))
    return steps


def _stage_pointers(top: Folder, stage: Folder, pointers: Mapping[str, Pointer], taken: int) -> list[Step]:
    """Write each new pointer in ``stage``; ``taken`` names there are others'."""
    steps = []
    for number, (target, pointer) in enumerate(pointers.items(), taken):
        before = {} if pointer.before is None else {ITSELF: pointer.before}
        new = None if pointer.text is None else pointer.text.encode()
        step = Step(target, str(number), None, None, before)
        journal.dump([step])  # a name that no project has is refused before a folder is made for it
        with _reporting(target), _parent(top, target, make=True) as (folder, name):
            faster = fingerprint(folder, name) == alone(new)
        if not faster:
            steps.append(_stage_file(top, stage, step, pointer.text))
    return steps


def _stage_file(top: Folder, stage: Folder, step: Step, text: str | None) -> Step:
    with _reporting(step.target), _parent(top, step.target) as (folder, name):
        if fingerprint(folder, name) != step.before:
            raise _changed_meanwhile([step])
        if text is not None:
            stage.write(step.staged, text.encode())
        return step._replace(old=folder.inode(name), new=stage.inode(step.staged))


def _stage(overlays: Folder, stage: Folder, plans: Mapping[str, Plan], taken: int) -> list[Step]:
    """Build the new folder of every project in ``stage``; ``taken`` names there are others'."""
    steps = []
    for number, (project, plan) in enumerate(plans.items(), taken):
        target = f"{OVERLAYS}/{project}"
        now = fingerprint(overlays, project)
        if now == after(plan):  # another mlgen was faster
            continue
        step = Step(target, str(number), overlays.inode(project), None, plan.before)
        if now != plan.before:
            raise _changed_meanwhile([step])
        if plan.write or plan.keep:
            with _reporting(target):
                _build(overlays, project, plan, stage, step.staged)
            step = step._replace(new=stage.inode(step.staged))
        steps.append(step)
    return steps


def _build(overlays: Folder, project: str, plan: Plan, stage: Folder, staged: str) -> None:
    with stage.make(staged) as new:
        for path in plan.keep:
            with _parent(overlays, f"{project}/{path}") as (old, name), _parent(new, path, make=True) as (folder, _):
                old.link(name, folder, LARGEST_RENDERED)
        for path, text in plan.write.items():
            with _parent(new, path, make=True) as (folder, name):
                folder.write(name, text.encode())


def _declare(overlays: Folder, stage: Folder, steps: list[Step]) -> None:
    """Write the journal. From the moment it has its name, an interrupted command is finished instead of undone."""
    stage.write("journal", journal.dump(steps).encode())
    stage.sync_all()
    overlays.sync()
    stage.rename("journal", stage, journal.NAME)
    stage.sync()


def _settle(top: Folder, overlays: Folder, steps: list[Step]) -> list[Step]:
    """Put everything staged in place and remove the staging folder. The steps that came too late are returned."""
    changed: list[Step] = []
    failures: list[MlgenError] = []
    old: set[str] = set()  # projects whose folder stays as it is: nothing new may point there
    with overlays.open(STAGE) as stage:
        for step in steps:
            if journal.project(step.target) in old:
                continue
            with _parent(top, step.target) as (folder, name):
                try:
                    if not _is_put(folder, name, stage, step):
                        changed.append(step)
                        old.add(journal.project(step.target))
                except OSError as error:
                    # One project that cannot be moved must not stop every later command: it is given up if it is
                    # still old. Else the old one may be in the staging folder, which stays then, with its journal.
                    mend(folder, name, stage, step.staged)
                    if stage.inode(step.staged) != step.new:
                        raise
                    old.add(journal.project(step.target))
                    failures.append(_cannot_write(step.target, error))
                folder.sync()
        stage.sync()
    _discard(overlays)
    _tidy(overlays, steps)
    if failures:
        raise MlgenError(*(problem for failure in failures for problem in failure.problems))
    return changed


def _is_put(folder: Folder, name: str, stage: Folder, step: Step) -> bool:
    """Exchange what is staged with its target, unless that was done. False, and nothing changed, for a late step."""
    mend(folder, name, stage, step.staged)
    if folder.inode(name) == step.old:
        swap(folder, name, stage, step.staged)
    if folder.inode(name) != step.new:
        return False
    # Looked at only now, when nobody can reach the old one any more: an edit made while we were staging is not lost.
    if fingerprint(stage, step.staged) == step.before:
        return True
    swap(folder, name, stage, step.staged)
    return False


def _discard(overlays: Folder) -> None:
    """Remove the staging folder: its journal first, for without its files it must not be followed."""
    with overlays.open(STAGE) as stage:
        stage.remove(journal.NAME)
        stage.sync()
    overlays.remove(STAGE)


def _tidy(overlays: Folder, steps: list[Step]) -> None:
    """Remove folders of pointers that none is left in; git knows no empty folder."""
    above = f"{OVERLAYS}/{CLUSTERS}/"
    gone = {step.target.split("/")[2] for step in steps if step.new is None and step.target.startswith(above)}
    for environment in sorted(gone):
        with suppress(OSError, MlgenError):
            with overlays.open(CLUSTERS) as clusters:
                clusters.remove_empty(environment)
            overlays.remove_empty(CLUSTERS)


@contextmanager
def _parent(folder: Folder, path: str, *, make: bool = False) -> Iterator[tuple[Folder, str]]:
    """The folder that holds ``path``, and its name there."""
    *folders, name = path.split("/")
    with folder.reach(folders, make=make) as parent:
        yield parent, name


@contextmanager
def _reporting(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: str, error: OSError) -> MlgenError:
    remedy = _REMEDIES.get(error.errno or 0, "every project is as it was or as it should be; run this again")
    message = f"this cannot be written: {error.strerror or error}"
    return MlgenError(Problem("cannot-write", Span(path, 1, 1, 1, 1), message, remedy))


def _changed_meanwhile(steps: list[Step]) -> MlgenError:
    message = "this changed while mlgen was about to write it, so it was left as it is"
    return MlgenError(
        *(Problem("changed-meanwhile", Span(step.target, 1, 1, 1, 1), message, "run this again") for step in steps)
    )
