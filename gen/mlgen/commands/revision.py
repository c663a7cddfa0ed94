"""A revision -> the platform's files in it; the work tree -> the same, and what of it is not committed."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from mlgen import disk
from mlgen.commands import UsageError
from mlgen.commands.workspace import find_root
from mlgen.disk.named import INPUTS, is_input
from mlgen.problem import Problem
from mlgen.repo import Repository

Files = Mapping[str, bytes]


class Source(NamedTuple):
    """What is rendered and where it comes from: ``modified`` are the files that ``commit`` does not have like this."""

    root: Path
    repository: Repository
    commit: str
    files: dict[str, bytes]
    problems: list[Problem]
    modified: list[str]


def files(repository: Repository, commit: str, now: Files) -> dict[str, bytes]:
    """The files of a revision; those that are the same in ``now`` are not read again."""
    here = {_blob(content): content for content in now.values()}
    entries = [entry for entry in repository.entries(commit, *INPUTS) if is_input(entry.path)]
    read = repository.contents(entry.blob for entry in entries if entry.blob not in here)
    return {entry.path: here[entry.blob] if entry.blob in here else read[entry.blob] for entry in entries}


def of_projects(every: Files, projects: Collection[str]) -> dict[str, bytes]:
    """What ``projects`` need of ``every`` file: their own and what all share."""
    return {
        file: content
        for file, content in every.items()
        if not file.startswith("projects/") or file.split("/")[1] in projects
    }


def source(root: Path | None) -> Source:
    """The work tree, and the commit it is of; in a bare repository that commit's own files.

    Raises UsageError where there is no platform or no repository, MlgenError where nothing is committed yet.
    """
    top = root.resolve() if root is not None and root.is_dir() else find_root(root)
    repository = Repository.around(top)
    if repository is None:
        top = find_root(root)
        raise UsageError(f"{top} is in no git repository, so there is no commit that it could be published from")
    if not repository.bare and not (top / "environments").is_dir() and not repository.left_out():
        top = find_root(root)
    commit = repository.commit("HEAD")
    if repository.bare:
        found = files(repository, commit, {})
        if not found:
            raise UsageError(f"{top} is no platform repository: its HEAD has no environments/")
        return Source(top, repository, commit, found, [], [])
    present, problems = disk.read_inputs(top)
    committed = files(repository, commit, present)
    absent = committed.keys() - present.keys()
    present |= {path: committed[path] for path in absent & (repository.left_out() if absent else set())}
    return Source(top, repository, commit, present, problems, _modified(present, committed))


def _modified(present: Files, committed: Files) -> list[str]:
    """Git may have checked files out with CRLF, which is no change."""
    plain = {path: data.replace(b"\r\n", b"\n") for path, data in committed.items()}
    paths = {*present, *committed}
    return sorted(
        path for path in paths if path not in present or present[path].replace(b"\r\n", b"\n") != plain.get(path)
    )


def _blob(content: bytes) -> str:
    """The name that git has for a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
