"""What a project should be, and what lies there -> what to write, delete and keep, and what only the user can decide.

Law 4: mlgen overwrites and deletes only what it wrote and nobody touched. The proof is the folder's mlgen.lock: a file
is mlgen's own where its sha256 is the one in there; a pointer's is in itself. Everything else is reported by name and
stays.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

from mlgen import lock
from mlgen.problem import Problem, Severity, Span, in_order

HEADER = f"# {lock.SIGNATURE}"
# Written by Argo CD Image Updater beside what it updates; it must neither be deleted nor nagged about.
SILENT = ".argocd-source-*.yaml"
# From a folder of a project in an environment to where its pointers are: a file a project, each in its environment's
# folder. It has a stamp of its own, and no lock lists it: what lies apart may come apart, in a merge or by a fault.
CLUSTERS = "../../clusters/"
UNNEEDED = "move it out of overlays/, or delete it if nothing needs it"


class Change(NamedTuple):
    """One file that writing changes. ``path`` is relative to the project's folder."""

    path: str
    what: Literal["added", "changed", "removed", "restored"]


class Plan(NamedTuple):
    """What writing one project means. Paths are relative to the project's folder.

    ``write`` has the files that differ, ``keep`` every file that stays as it is, whoever owns it. ``before`` is what
    lay there, as exact sha256: the writer makes sure that it still does. A plan with an error must not be written.
    """

    write: Mapping[str, str]
    delete: tuple[str, ...]
    keep: tuple[str, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    before: Mapping[str, str]


class Pointer(NamedTuple):
    """What writing a project means for one of its pointers: its new text, None where it goes; what lay there."""

    path: str
    text: str | None
    before: str | None


class _Verdict(NamedTuple):
    change: Literal["added", "changed", "removed", "restored"] | None = None
    problem: Problem | None = None
    unlisted: bool = False  # says that mlgen wrote it, and no readable lock does


def plan(
    desired: Mapping[str, str],
    present: Mapping[str, bytes],
    only: Collection[str] | None = None,
    *,
    force: bool = False,
    where: str,
) -> Plan:
    """Plan to make ``present`` into ``desired`` in the folders ``only`` (default: all) of the project at ``where``.

    ``desired`` and ``present`` map paths such as ``prod/kustomization.yaml`` to texts; a project that is gone desires
    nothing. ``force`` gives up edits that were made by hand in mlgen's own files, never a foreign file.
    """
    wanted = {path: text for path, text in desired.items() if only is None or _folder(path) in only}
    found = {path: data for path, data in present.items() if only is None or _folder(path) in only}
    verdicts: dict[str, _Verdict] = {}
    problems: list[Problem] = []
    for name in sorted({_folder(path) for path in (*wanted, *found)}):
        folder = _Folder(name, wanted, found, where)
        judged = {path: folder.judge(path, force=force) for path in folder.paths}
        problems += [verdict.problem for verdict in judged.values() if verdict.problem]
        problems += folder.unlisted([path for path, verdict in judged.items() if verdict.unlisted])
        verdicts |= judged
    changes = tuple(Change(path, verdict.change) for path, verdict in sorted(verdicts.items()) if verdict.change)
    delete = tuple(change.path for change in changes if change.what == "removed")
    write = {change.path: wanted[change.path] for change in changes if change.what != "removed"}
    return Plan(
        write,
        delete,
        keep=tuple(sorted(present.keys() - write.keys() - set(delete))),
        changes=changes,
        problems=tuple(in_order(problems)),
        before={path: hashlib.sha256(data).hexdigest() for path, data in sorted(present.items())},
    )


def apart(plan: Plan) -> tuple[Plan, tuple[Pointer, ...]]:
    """``plan`` without the pointers, which lie outside of the project's folder; and those that it changes."""
    changed = sorted(path for path in (*plan.write, *plan.delete) if _points(path))
    inner = plan._replace(
        write={path: text for path, text in plan.write.items() if not _points(path)},
        delete=tuple(path for path in plan.delete if not _points(path)),
        keep=tuple(path for path in plan.keep if not _points(path)),
        before={path: sha for path, sha in plan.before.items() if not _points(path)},
    )
    return inner, tuple(Pointer(path, plan.write.get(path), plan.before.get(path)) for path in changed)


def stale(plan: Plan, where: str) -> tuple[Problem, ...]:
    """The changes of ``plan`` as problems, for a command that compares and writes nothing.

    One for each folder, with how many files; one for a project that is wholly new or gone. A lock is named only where
    it alone is out of date: else it merely repeats what the other files say.
    """
    changed = {_folder(change.path) for change in plan.changes if not _is_lock(change.path)}
    told = [one for one in plan.changes if not (_is_lock(one.path) and _folder(one.path) in changed)]
    folders: dict[str, list[Change]] = {}
    for change in told:
        folders.setdefault(_folder(change.path), []).append(change)
    if not plan.keep and len(folders) > 1 and len({change.what for change in told}) == 1:
        return (_stale_project(where, told, len(folders)),)
    return tuple(_stale_folder(where, folder, found) for folder, found in folders.items())


SAID = {
    "changed": "this file is not what the specs say now",
    "added": "this file is not rendered yet",
    "restored": "this file is missing, and the specs still make it",
    "removed": "the specs no longer make this file",
}
COUNTED = {
    "changed": ("is not what it should be", "are not what they should be"),
    "added": ("is not rendered yet", "are not rendered yet"),
    "restored": ("is missing", "are missing"),
    "removed": ("is no longer made", "are no longer made"),
}
MEND = "run `mlgen render` and commit what it writes"


def _stale_project(where: str, changes: Sequence[Change], folders: int) -> Problem:
    """All that there is of a project, or all that should be there, as one."""
    first = changes[0]
    said = {
        "added": f"`{where}` is not rendered yet",
        "removed": f"the specs no longer make `{where}`",
        "changed": f"nothing in `{where}` is what the specs say now",
        "restored": f"everything in `{where}` is missing, and the specs still make it",
    }
    message = f"{said[first.what]}: {len(changes)} files in {folders} folders"
    return Problem("stale-overlay", _span(where, first.path), message, MEND)


def _stale_folder(where: str, folder: str, changes: Sequence[Change]) -> Problem:
    """What is stale in one folder, at the file that says most: one that is there."""
    ranked = sorted(changes, key=lambda change: list(SAID).index(change.what))
    first, *others = ranked
    message = SAID[first.what]
    if others:
        counts = Counter(change.what for change in ranked)
        parts = (f"{count} file{'s' * (count > 1)} {COUNTED[what][count > 1]}" for what, count in counts.items())
        message = f"`{where}{f'/{folder}' * bool(folder)}` is not what the specs say now: {', '.join(parts)}"
    related = tuple((_span(where, change.path), SAID[change.what]) for change in others)
    return Problem("stale-overlay", _span(where, first.path), message, MEND, related=related)


class _Folder:
    """One folder of a project, such as ``prod``, with what its lock proves."""

    def __init__(self, name: str, wanted: Mapping[str, str], found: Mapping[str, bytes], where: str) -> None:
        self.where = where
        self.wanted = {path: text for path, text in wanted.items() if _folder(path) == name}
        self.found = {path: data for path, data in found.items() if _folder(path) == name}
        self.paths = sorted({*self.wanted, *self.found})
        self.lock = f"{name}/{lock.NAME}"
        data = self.found.get(self.lock)
        proofs = {} if data is None else _proofs(data, f"{name}/")
        self.proofs = {**(proofs or {}), **_stamps(self.found)}
        self.damaged = proofs is None

    def judge(self, path: str, *, force: bool) -> _Verdict:
        """What happens to one file."""
        text, data = self.wanted.get(path), self.found.get(path)
        listed = path in self.proofs
        if data is None:
            return _Verdict("restored" if listed else "added")
        if text is not None and lock.digest(data) == lock.digest(text.encode()):
            return _Verdict()
        change: Literal["changed", "removed"] = "removed" if text is None else "changed"
        if listed and self._is_own(path, data):
            return _Verdict(change)
        if listed:
            return _Verdict(change) if force else self._edited(path)
        if path == self.lock:  # it tells mlgen's files from others and holds nothing of a user's
            return _Verdict(change)
        if _text(data).startswith(HEADER) and (text is not None or self.damaged):
            return _Verdict(change) if force else _Verdict(unlisted=True)
        return self._foreign(path)

    def unlisted(self, paths: list[str]) -> Iterator[Problem]:
        """The problem that mlgen cannot prove that it wrote ``paths``, which say that it did."""
        if not paths:
            return
        state = "cannot be read" if self.damaged else "does not list it" if self.lock in self.found else "is missing"
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield self._problem(
            "broken-lock",
            self.lock,
            f"mlgen cannot tell whether it wrote {paths[0]}{more}, because {lock.NAME} {state}",
            f"get the lock back with `git restore {self.where}/{self.lock}`, "
            f"or run `mlgen render --force` to replace every file that begins with `{HEADER}`",
        )

    def _is_own(self, path: str, data: bytes) -> bool:
        proofs = self.proofs[path]
        # Where git could not merge, both sides are commits: nothing is lost by rendering over its attempt.
        return lock.digest(data) in proofs or len(proofs) > 1 or lock.conflicted(_text(data))

    def _edited(self, path: str) -> _Verdict:
        if self.wanted:
            message = "this file was edited by hand after mlgen wrote it, and rendering would lose the edit"
            where = "under `gitops` in the environment's file" if _points(path) else "in the project's mlgen.yaml"
            remedy = f"say it {where} instead, or run `mlgen render --force` to drop the edit"
            return _Verdict(problem=self._problem("hand-edited", path, message, remedy))
        message = "this file stays because it was edited by hand, though the specs no longer make its folder"
        return _Verdict(problem=self._problem("hand-edited", path, message, UNNEEDED, "warning"))

    def _foreign(self, path: str) -> _Verdict:
        if any(f"{wanted}/".startswith(f"{path}/") or path.startswith(f"{wanted}/") for wanted in self.wanted):
            message = "mlgen has to write here, but did not write what lies here"
            remedy = "move it out of overlays/ or delete it, then render again"
            return _Verdict(problem=self._problem("foreign-file", path, message, remedy))
        if fnmatchcase(path.rpartition("/")[2], SILENT):
            return _Verdict()
        message = "mlgen did not write this file and leaves it alone"
        return _Verdict(problem=self._problem("foreign-file", path, message, UNNEEDED, "warning"))

    def _problem(self, rule: str, path: str, message: str, remedy: str, severity: Severity = "error") -> Problem:
        return Problem(rule, _span(self.where, path), message, remedy, severity)


def _proofs(data: bytes, prefix: str) -> dict[str, set[str | None]] | None:
    """The sha256 that proves each file mlgen's; two where git could not merge the lock, None for a side without it."""
    locks = [found for side in lock.sides(_text(data)) if (found := lock.parse(side)) is not None]
    if not locks:
        return None
    paths = {path for found in locks for path in found.files}
    return {prefix + path: {found.files.get(path) for found in locks} for path in paths}


def located(where: str, path: str) -> str:
    """Where a file of the project at ``where`` lies: pointers beside the projects, all else below it."""
    _, points, pointer = path.partition(f"/{CLUSTERS}")
    above = where.rpartition("/")[0]
    return f"{above}/clusters/{pointer}".removeprefix("/") if points else f"{where}/{path}"


def _stamps(found: Mapping[str, bytes]) -> dict[str, set[str | None]]:
    """The same of pointers, which prove it themselves; of one that was edited, a proof that is not its own."""
    stamps = {path: lock.proof(data) for path, data in found.items() if _points(path)}
    return {
        path: {lock.digest(found[path]) if own else None}
        for path, own in stamps.items()
        if own is not None or _text(found[path]).startswith(HEADER)
    }


def _span(where: str, path: str) -> Span:
    return Span(located(where, path), 1, 1, 1, 1)


def _points(path: str) -> bool:
    return f"/{CLUSTERS}" in path


def _folder(path: str) -> str:
    head, slash, _ = path.partition("/")
    return head if slash else ""


def _is_lock(path: str) -> bool:
    return path.partition("/")[2] == lock.NAME


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
