"""A remote branch, and what should change there -> a commit on it: in a repository of its own, gone when it is done.

Nothing of the user's repository is written: not its index, its HEAD, its references, nor its objects, so it does not
matter what state it is in. What of its configuration says how to reach a remote and how to sign is copied.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from mlgen.problem import MlgenError, Problem
from mlgen.repo import Repository
from mlgen.repo.address import Address, redacted
from mlgen.repo.command import NOWHERE, Done, run

PATIENCE = 300.0  # seconds for one exchange with a remote
STALE = 60.0  # seconds after which a lock that git left has nobody behind it
TIP = "refs/mlgen/tip"
# How to reach a remote, to log in there and to sign. Not: hooks, aliases, remotes, includes, what a push takes along.
CARRIED = re.compile(
    r"(user|author|committer|gpg|url|http|https|credential|ssh)\..+|protocol\.version|core\.(sshcommand|askpass)"
)
BRANCH = re.compile(r"(?!refs/)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
SOURCE = "Mlgen-Source-Commit"
TRAILER = f"--format=%(trailers:key={SOURCE},valueonly,separator=%x20)"
RACES = re.compile(r"\[rejected\]|cannot lock ref|incorrect old value|failed to update ref|fetch first|stale info")
DENIED = re.compile(
    r"error: 40[0-9]|Authentication failed|Permission denied|could not read (Username|Password)|Access denied"
    r"|does not appear to be a git repository|transport '[a-z]+' not allowed|Host key verification failed"
)
LOCK = re.compile(r"Unable to create '([^'\n]+\.lock)': File exists")

Outcome = Literal["accepted", "raced", "unknown"]


class Store(NamedTuple):
    """The repository that a publication is made in, and where it goes."""

    repository: Repository
    folder: Path
    address: Address
    sign: bool

    def fetch(self, reference: str, depth: int = 1) -> str | None:
        """The newest commit of ``reference`` over there, with its files and ``depth`` commits; None if it is absent.

        Raises MlgenError where the remote cannot be reached.
        """
        done = self._remote(
            *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--update-shallow"),
            *("--no-recurse-submodules", f"--depth={depth}", "target", f"+{reference}:{TIP}"),
        )
        if done.code == 0:
            return self.repository.commit(TIP)
        if "couldn't find remote ref" in done.err:
            return None
        raise MlgenError(self._failed("remote-unreachable", "cannot be read", done))

    def source(self, commit: str) -> str | None:
        """The source commit that ``commit`` says it was rendered from."""
        done = self.repository.git("log", "--max-count=1", TRAILER, commit, "--")
        return next(iter(COMMIT.findall(done.out.decode(errors="replace"))), None)

    def sources(self, commit: str, folders: Iterable[str]) -> list[str]:
        """The source commits of what was published to ``folders`` in the history of ``commit``, the newest first.

        The oldest commits that were fetched are left out: what they changed cannot be told.
        """
        given = "".join(f"{row}\n" for row in (commit, "--", *folders)).encode()
        edges = self.repository.git("rev-list", "--max-parents=0", commit, "--").out.decode().split()
        form = TRAILER.replace("=", "=%H ", 1)
        rows = self.repository.git("log", form, "--stdin", given=given).out.decode(errors="replace").split("\n")
        found = [row.split() for row in rows if len(row.split()) == 2]
        whole = not self.repository.shallow
        return [source for made, source in found if COMMIT.fullmatch(source) and (whole or made not in edges)]

    def tree(self, tip: str | None, changes: Mapping[str, str | None]) -> str:
        """The tree of ``tip`` in which each path of ``changes`` is this blob, or is gone."""
        self._done(self.repository.git("read-tree", tip if tip is not None else "--empty"))
        rows = [f"{f'100644 {blob}' if blob else f'0 {0:040}'}\t{path}" for path, blob in changes.items()]
        given = "".join(f"{row}\0" for row in rows).encode("utf-8", "surrogateescape")
        self._done(self.repository.git("update-index", "-z", "--index-info", given=given))
        return self._done(self.repository.git("write-tree"))

    def commit(self, tree: str, parent: str | None, message: str) -> str:
        """A commit of ``tree``, signed where git is set up for it. Raises MlgenError where that or its author fails."""
        arguments = [*(["-S"] if self.sign else []), *(["-p", parent] if parent else []), "-F", "-", tree]
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        when = {f"GIT_{who}_DATE": f"@{epoch} +0000" for who in ("AUTHOR", "COMMITTER")} if epoch.isdigit() else {}
        done = self.repository.git("commit-tree", *arguments, given=message.encode(), variables=when)
        if done.code == 0:
            return done.out.decode().strip()
        if re.search(r"tell me who you are|ident name|auto-detect|no email was given|no name was given", done.err):
            hint = "set user.name and user.email: `git config user.name NAME`, `git config user.email ADDRESS`"
            raise MlgenError(Problem("no-identity", NOWHERE, "git does not know who publishes", hint))
        if self.sign:
            message = f"the commit could not be signed: {_last(done.err)}"
            hint = "mend what commit.gpgsign asks for, or take it away; nothing was published"
            raise MlgenError(Problem("not-signed", NOWHERE, redacted(message), hint))
        raise self._broken(done)

    def push(self, commit: str, branch: str, old: str | None) -> tuple[Outcome, str]:
        """Make ``commit`` the tip of ``branch`` if that is still ``old`` (None: absent), and what git said of it.

        Raises MlgenError where the remote will never have it, as a protected branch will not.
        """
        reference = f"refs/heads/{branch}"
        done = self._remote(
            *("push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"),
            *(f"--force-with-lease={reference}:{old or ''}", "target", f"{commit}:{reference}"),
        )
        said = done.out.decode(errors="replace") + done.err
        if done.code == 0:
            return "accepted", ""
        if lock := _stale(said):
            raise MlgenError(lock)
        if RACES.search(said):
            return "raced", _last(redacted(said, *self.address.secrets))
        if "[remote rejected]" in said:
            raise MlgenError(self._failed("publish-refused", "refuses this branch", done._replace(err=said)))
        if DENIED.search(said):
            raise MlgenError(self._failed("remote-unreachable", "cannot be pushed to", done))
        return "unknown", self._failed("remote-unreachable", "cannot be pushed to", done).message

    def blobs(self, contents: Mapping[str, bytes | None]) -> dict[str, str | None]:
        """The names of ``contents``, which are written as they are: no filter, no end of line is changed."""
        written = {path: data for path, data in contents.items() if data is not None}
        names = dict(zip(written, self._named(list(written.values())), strict=True))
        return {path: names.get(path) for path in contents}

    def _named(self, contents: list[bytes]) -> list[str]:
        if not contents:
            return []
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            for number, data in enumerate(contents):
                (Path(folder) / str(number)).write_bytes(data)
            given = "".join(f"{folder}/{number}\n" for number in range(len(contents))).encode()
            done = self.repository.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given)
        return self._done(done).split("\n")

    def _remote(self, *arguments: str) -> Done:
        slow = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60")
        variables = {"GIT_ALLOW_PROTOCOL": self.address.protocols}
        return self.repository.git(*slow, *arguments, seconds=PATIENCE, variables=variables)

    def _done(self, done: Done) -> str:
        if done.code != 0:
            raise self._broken(done)
        return done.out.decode().strip()

    def _failed(self, rule: str, what: str, done: Done) -> Problem:
        why = _last(redacted(done.err, *self.address.secrets)) or "the connection broke"
        hint = "see that it is there, that git may log in without asking, and that it may be written to"
        return Problem(rule, NOWHERE, f"{self.address.shown} {what}: {why}", hint)

    def _broken(self, done: Done) -> MlgenError:
        message = f"git could not make the commit: {_last(redacted(done.err, *self.address.secrets))}"
        return MlgenError(Problem("no-commit", NOWHERE, message, "see that there is room where temporary files are"))


@contextmanager
def opened(source: Repository, address: Address) -> Iterator[Store]:
    """A store for one publication from ``source`` to ``address``; it is removed at the end."""
    configured = source.configured()
    with tempfile.TemporaryDirectory(prefix="mlgen-publish-") as name:
        folder = Path(name)
        made = run(folder, "init", "--quiet", "--bare", "--template=", f"--object-format={source.format}", "store")
        if made.code != 0:
            raise MlgenError(
                Problem("no-commit", NOWHERE, f"git init: {_last(made.err)}", "see that git is new enough")
            )
        text = _configuration([*configured, ("remote.target.url", address.url), ("user.useConfigOnly", "true")])
        with (folder / "store" / "config").open("a", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            file.write(text)
        (folder / "nothing").touch()
        nothing = dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), str(folder / "nothing"))
        places = {"GIT_DIR": str(folder / "store"), "GIT_INDEX_FILE": str(folder / "index")}
        repository = Repository(source.top, "", tuple({**places, **nothing}.items()))
        yield Store(repository, folder, address, _signs(source))


def checked(source: Repository, branch: str) -> str:
    """``branch``, if it is the name of one. Raises MlgenError for options, patterns, and what git does not allow."""
    if BRANCH.fullmatch(branch) and source.git("check-ref-format", f"refs/heads/{branch}").code == 0:
        return branch
    hint = "letters, digits, dots, dashes and slashes, such as `deploy` or `environments/prod`"
    raise MlgenError(Problem("unsafe-branch", NOWHERE, f"`{redacted(branch)}` is no name of a branch", hint))


def _signs(source: Repository) -> bool:
    return source.git("config", "--type=bool", "--get", "commit.gpgsign").out.strip() == b"true"


def _configuration(entries: list[tuple[str, str | None]]) -> str:
    """The lines of a git configuration: of ``entries`` what is carried, in order."""
    lines: list[str] = []
    for key, value in entries:
        if CARRIED.fullmatch(key) or key == "remote.target.url":
            section, _, rest = key.partition(".")
            below, _, name = rest.rpartition(".")
            lines.append(f"[{section} {_quoted(below)}]" if below else f"[{section}]")
            lines.append(f"\t{name}" if value is None else f"\t{name} = {_quoted(value)}")
    return "".join(f"{line}\n" for line in lines)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _stale(said: str) -> Problem | None:
    """The lock that keeps git from a reference, if it lies on this machine and is old; it is only named."""
    for path in map(Path, LOCK.findall(said)):
        try:
            age = time.time() - path.stat().st_mtime
        except OSError:
            continue
        if age > STALE:
            message = f"{path} has been there for {age / 60:.0f} minutes: a git that was killed left it"
            return Problem("stale-lock", NOWHERE, message, f"if no git is running there: rm {shlex.quote(str(path))}")
    return None


def _last(said: str) -> str:
    """What of git's complaint says why: its fatal and error lines, else its last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(remote: )?(fatal|error|!|remote):?\s", line)]
    return "; ".join((telling or lines[-1:])[:4])
