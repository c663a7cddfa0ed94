"""A git repository -> the files of a revision: plumbing commands only, by lists of arguments, and nothing is switched.

The only importer of GitPython, and of that only the runner of commands: its higher calls read configuration, run hooks
and expand variables (its advisories of 2026).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mlgen.problem import MlgenError, Problem, Span

# A name of a revision that is no option and no pathspec; git itself says whether it means a commit.
REVISION = re.compile(r"[A-Za-z0-9_@][\w./@{}^~+-]*", re.ASCII)
LONGEST = 250
# Whatever the process was started with must not lead git elsewhere: hooks and `git commit -a` export these.
LOCAL = (
    "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR "
    "GIT_NAMESPACE GIT_PREFIX GIT_CONFIG GIT_CONFIG_PARAMETERS GIT_CONFIG_COUNT GIT_GRAFT_FILE GIT_REPLACE_REF_BASE "
    "GIT_SHALLOW_FILE GIT_SUPER_PREFIX GIT_IMPLICIT_WORK_TREE GIT_EXTERNAL_DIFF GIT_NO_REPLACE_OBJECTS"
).split()
SAFE = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never")
FILES = ("100644", "100755")  # no links, no submodules
NOWHERE = Span("git", 1, 1, 1, 1)


class Entry(NamedTuple):
    """A file of a revision: its path below the folder that was asked for, and the name of its content."""

    path: str
    blob: str


class Repository(NamedTuple):
    """A repository; ``folder`` is where commands run, ``below`` its path in there with a slash at the end."""

    folder: Path
    below: str

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """The repository that ``folder`` is in, or None. Raises MlgenError where there is no git."""
        code, out = _run(folder, "rev-parse", "--show-prefix")
        return cls(folder, out.decode(errors="surrogateescape").removesuffix("\n")) if code == 0 else None

    def commit(self, revision: str) -> str:
        """The commit that ``revision`` names. Raises MlgenError for anything else."""
        if len(revision) <= LONGEST and REVISION.fullmatch(revision):
            code, out = _run(self.folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
            if code == 0:
                return out.decode().strip()
        raise MlgenError(_no_revision(revision))

    def fork(self, commit: str) -> str:
        """Where the work tree's history left that of ``commit``; ``commit`` itself where they share none."""
        code, out = _run(self.folder, "merge-base", commit, "HEAD")
        return out.decode().split("\n")[0] if code == 0 else commit

    def entries(self, commit: str, *below: str) -> Iterator[Entry]:
        """The regular files of ``commit`` in the folders ``below`` this one; links and submodules are left out."""
        code, out = _run(
            self.folder, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *(self.below + one for one in below)
        )
        if code != 0:
            raise MlgenError(_no_revision(commit))
        for row in out.split(b"\0")[:-1]:
            head, _, path = row.partition(b"\t")
            mode, _, blob = head.decode().split(" ")
            if mode in FILES:
                yield Entry(path.decode(errors="surrogateescape").removeprefix(self.below), blob)

    def contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """What blobs hold, by their names."""
        wanted = list(dict.fromkeys(blobs))
        if not wanted:
            return {}
        code, out = _run(self.folder, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode())
        if code != 0:
            raise MlgenError(_no_revision(wanted[0]))
        found: dict[str, bytes] = {}
        start = 0
        for blob in wanted:
            end = out.index(b"\n", start)
            size = int(out[start:end].split(b" ")[2])
            found[blob] = out[end + 1 : end + 1 + size]
            start = end + size + 2
        return found


def _run(folder: Path, *arguments: str, given: bytes = b"") -> tuple[int, bytes]:
    """One git command: its exit code and what it printed. No shell sees ``arguments``."""
    from git.cmd import Git  # 90 ms, which only commands that need git should pay
    from git.exc import GitCommandNotFound

    with tempfile.TemporaryFile() as stdin, _own_environment():
        stdin.write(given)
        stdin.seek(0)
        try:
            code, out, _ = Git(str(folder)).execute(
                ["git", *SAFE, *arguments],
                istream=stdin,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env={"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"},
            )
        except GitCommandNotFound as error:
            raise MlgenError(Problem("no-git", NOWHERE, "there is no git on this machine", "install git")) from error
    return int(code), bytes(out)


@contextmanager
def _own_environment() -> Iterator[None]:
    """Without what the process was started with and what would lead git to another repository: GitPython only adds."""
    taken = {name: os.environ.pop(name) for name in LOCAL if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(taken)


def _no_revision(revision: str) -> Problem:
    return Problem("no-revision", NOWHERE, f"there is no revision `{revision}` here", "fetch it, or name another one")
