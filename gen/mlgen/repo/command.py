"""Arguments -> what git did with them: no shell, no hook, no prompt, and nothing of an environment that leads astray.

The only importer of GitPython, and of that only the runner of commands: its higher calls read configuration, run hooks
and expand variables (its advisories of 2026).
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, TimeoutExpired
from typing import Any, NamedTuple

from mlgen.problem import MlgenError, Problem, Span

# Who commits, how to log in, and where the user's own configuration is. Every other GIT_* variable is left out: hooks
# and `git commit -a` export a repository and an index, tracing writes files and prints headers.
KEPT = re.compile(
    r"GIT_(ASKPASS|(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|SSH(_COMMAND|_VARIANT)?"
    r"|SSL_\w+|PROXY_SSL_\w+|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)"
)
SAFE = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never")
NOWHERE = Span("git", 1, 1, 1, 1)
TIMED_OUT = 124


class Done(NamedTuple):
    """How a command ended: its exit code (TIMED_OUT where it was ended), what it printed and what it complained of."""

    code: int
    out: bytes
    err: str


def run(
    folder: Path,
    *arguments: str,
    given: bytes = b"",
    variables: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Done:
    """One git command in ``folder``, which reads ``given``. What may wait for a network has ``seconds`` to end.

    Raises MlgenError where there is no git.
    """
    from git.cmd import Git  # 90 ms, which only commands that need git should pay
    from git.exc import GitCommandNotFound

    with _own_environment():
        try:
            process: Any = Git(str(folder)).execute(
                ["git", *SAFE, *arguments],
                istream=PIPE,  # handed on to Popen
                as_process=True,
                shell=False,
                env={"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", **(variables or {})},
                start_new_session=seconds is not None,  # so that what git starts (ssh, curl) can be ended with it
            )
        except GitCommandNotFound as error:
            raise MlgenError(Problem("no-git", NOWHERE, "there is no git on this machine", "install git")) from error
    return _ended(process, given, seconds)


def _ended(process: Any, given: bytes, seconds: float | None) -> Done:
    try:
        out, err = process.communicate(given, timeout=seconds)
    except TimeoutExpired:
        return Done(TIMED_OUT, b"", f"it did not end within {seconds:g} seconds")
    finally:
        if process.poll() is None:
            _kill(process.pid, group=seconds is not None)
            process.proc.communicate()
    return Done(process.returncode, out, err.decode(errors="replace"))


def _kill(number: int, *, group: bool) -> None:
    with suppress(ProcessLookupError):
        if group:
            os.killpg(number, signal.SIGKILL)
        else:
            os.kill(number, signal.SIGTERM)


@contextmanager
def _own_environment() -> Iterator[None]:
    """Without what would lead git to another repository, index or configuration: GitPython only adds variables."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name[:4] == "GIT_" and not KEPT.fullmatch(name)}
    try:
        yield
    finally:
        os.environ.update(taken)
