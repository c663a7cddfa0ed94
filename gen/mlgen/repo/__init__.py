"""A git repository -> the files of a revision and what is known of it: plumbing only, and nothing is switched."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from mlgen.problem import MlgenError, Problem
from mlgen.repo.command import NOWHERE, Done, run

# A name of a revision that is no option and no pathspec; git itself says whether it means a commit.
REVISION = re.compile(r"[A-Za-z0-9_@][\w./@{}^~+-]*", re.ASCII)
LONGEST = 250
FILES = ("100644", "100755")  # no links, no submodules


class Entry(NamedTuple):
    """A file of a revision: its path below the folder that was asked for, and the name of its content."""

    path: str
    blob: str


class Repository(NamedTuple):
    """A repository; ``folder`` is where commands run, ``below`` its path in there with a slash at the end.

    ``variables`` are what git is told besides, such as where a repository is that is not around ``folder``.
    """

    folder: Path
    below: str
    variables: tuple[tuple[str, str], ...] = ()

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """The repository that ``folder`` is in, or None. Raises MlgenError where there is no git."""
        done = run(folder, "rev-parse", "--show-prefix")
        return cls(folder, _text(done).removesuffix("\n")) if done.code == 0 else None

    def git(
        self,
        *arguments: str,
        given: bytes = b"",
        seconds: float | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Done:
        """How one git command ended here."""
        every = {**dict(self.variables), **(variables or {})}
        return run(self.folder, *arguments, given=given, seconds=seconds, variables=every)

    @property
    def top(self) -> Path:
        """The folder that git runs in, to which relative addresses of remotes refer; that of git where it is bare."""
        done = self.git("rev-parse", "--show-toplevel")
        return Path(_text(done).removesuffix("\n")) if done.code == 0 and done.out.strip() else self.folder

    @property
    def bare(self) -> bool:
        """Whether there is no work tree."""
        return self.git("rev-parse", "--is-bare-repository").out.strip() == b"true"

    @property
    def shallow(self) -> bool:
        """Whether the history is cut off, as it is in most clones of build machines."""
        return self.git("rev-parse", "--is-shallow-repository").out.strip() == b"true"

    @property
    def format(self) -> str:
        """How objects are named: sha1 or sha256."""
        return _text(self.git("rev-parse", "--show-object-format")).strip() or "sha1"

    def commit(self, revision: str) -> str:
        """The commit that ``revision`` names. Raises MlgenError for anything else."""
        if len(revision) <= LONGEST and REVISION.fullmatch(revision):
            done = self.git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
            if done.code == 0:
                return _text(done).strip()
        raise MlgenError(_no_revision(revision))

    def knows(self, commit: str) -> bool:
        """Whether ``commit``, a full name, is here."""
        return self.git("cat-file", "-e", f"{commit}^{{commit}}").code == 0

    def fork(self, commit: str) -> str:
        """Where the work tree's history left that of ``commit``; ``commit`` itself where they share none."""
        done = self.git("merge-base", commit, "HEAD")
        return _text(done).split("\n")[0] if done.code == 0 else commit

    def related(self, commit: str) -> bool:
        """Whether the histories of ``commit`` and of HEAD meet, as far as they are here."""
        return self.git("merge-base", commit, "HEAD").code == 0

    def precedes(self, older: str, newer: str) -> bool:
        """Whether the history of ``newer`` has ``older``, or they are one; both are here."""
        return self.git("merge-base", "--is-ancestor", older, newer).code == 0

    def ever(self, commit: str, pattern: str) -> set[str]:
        """Every path like ``pattern`` below this folder that the history of ``commit`` ever had."""
        shape = ("--full-history", "--no-renames", "--diff-filter=A", "--name-only", "--relative", "-z", "--format=")
        done = self.git("log", *shape, commit, "--", f":(glob){pattern}")
        return {path.strip("\n") for path in _text(done).split("\0")} - {""}

    def left_out(self) -> set[str]:
        """The files that a sparse checkout keeps off the disk, below this folder."""
        rows = self.git("ls-files", "-z", "-t").out.split(b"\0")
        return {row[2:].decode(errors="surrogateescape") for row in rows if row[:2] == b"S "}

    def configured(self) -> list[tuple[str, str | None]]:
        """Everything that git is configured with here, in order, whatever file it stands in; None: the key alone."""
        entries = self.git("config", "--list", "--includes", "-z").out.decode(errors="surrogateescape").split("\0")[:-1]
        return [(key, value if equals else None) for key, equals, value in (entry.partition("\n") for entry in entries)]

    def entries(self, commit: str, *below: str) -> Iterator[Entry]:
        """The regular files of ``commit`` in the folders ``below`` this one; links and submodules are left out."""
        return (entry for mode, entry in self.rows(commit, *below) if mode in FILES)

    def rows(self, commit: str, *below: str) -> Iterator[tuple[str, Entry]]:
        """Whatever is no folder in ``commit``, in the folders ``below`` this one, with its mode."""
        done = self.git("ls-tree", "-r", "-z", "--full-tree", commit, "--", *(self.below + one for one in below))
        if done.code != 0:
            raise MlgenError(_no_revision(commit))
        for row in done.out.split(b"\0")[:-1]:
            head, _, path = row.partition(b"\t")
            mode, _, blob = head.decode().split(" ")
            yield mode, Entry(path.decode(errors="surrogateescape").removeprefix(self.below), blob)

    def staged(self, *below: str) -> Iterator[tuple[str, Entry]]:
        """What git would commit in the folders ``below`` this one, with its mode: what the index has.

        Raises MlgenError where a merge left a conflict there.
        """
        for row in self._indexed("ls-files", "-z", "--stage", "--", *below).out.split(b"\0")[:-1]:
            head, _, path = row.partition(b"\t")
            mode, blob, stage = head.decode().split(" ")
            entry = Entry(path.decode(errors="surrogateescape"), blob)
            if stage != "0":
                raise MlgenError(_unmerged(entry.path))
            yield mode, entry

    def changed(self, commit: str, *own: str, staged: bool) -> set[str]:
        """The paths below this folder that differ between ``commit`` and the work tree, or what git would commit.

        In the work tree, files that git does not know count too; those that it is told to ignore only in the folders
        ``own``.
        """
        shape = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", "--ignore-submodules=none")
        paths = self._indexed("diff", *(("--cached",) if staged else ()), *shape, commit, "--").out
        if not staged:
            paths += self._indexed("ls-files", "-z", "--others", "--exclude-standard").out
            paths += self._indexed("ls-files", "-z", "--others", "--", *own).out
        return {path.decode(errors="surrogateescape") for path in paths.split(b"\0")} - {""}

    def _indexed(self, *arguments: str) -> Done:
        """One git command on the index of the commit that is being made, where this is run by a hook of it.

        `git commit --all` and `git commit FILE` make it in an index of their own, which they name to the hook.
        """
        named = os.environ.get("GIT_INDEX_FILE")
        if named is not None:
            index = self.top / named  # git names it as seen from there
            own = Path(_text(self.git("rev-parse", "--absolute-git-dir")).removesuffix("\n"))
            if index.parent == own and index.exists():  # else the hook is of another repository
                return self.git(*arguments, variables={"GIT_INDEX_FILE": str(index)})
        return self.git(*arguments)

    def contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """What blobs hold, by their names."""
        wanted = list(dict.fromkeys(blobs))
        if not wanted:
            return {}
        done = self.git("cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode())
        if done.code != 0:
            raise MlgenError(_no_revision(wanted[0]))
        found: dict[str, bytes] = {}
        start = 0
        for blob in wanted:
            end = done.out.index(b"\n", start)
            size = int(done.out[start:end].split(b" ")[2])
            found[blob] = done.out[end + 1 : end + 1 + size]
            start = end + size + 2
        return found


def _text(done: Done) -> str:
    return done.out.decode(errors="surrogateescape")


def _unmerged(path: str) -> Problem:
    message = f"git could not merge {path}, so it would commit nothing"
    return Problem("unmerged", NOWHERE, message, "resolve the conflict and `git add` it")


def _no_revision(revision: str) -> Problem:
    return Problem("no-revision", NOWHERE, f"there is no revision `{revision}` here", "fetch it, or name another one")
