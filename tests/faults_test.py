"""Whole commands whose n-th system call fails, or kills them, for every n: all is old or new, and the next mends it.

The kernel's answers are forged by strace, so that nothing of mlgen, of Python or of git knows that it is being tested.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.commands.diff_test import GIT, committed, git
from tests.crd.crds import crd
from tests.terminal import FILES, JOB, mlgen, repository

STRACE = shutil.which("strace")
needs_strace = pytest.mark.skipif(STRACE is None, reason="strace is not here: no system call can be made to fail")
CALLS: Mapping[str, tuple[str, str]] = {
    "write": ("write,pwrite64", "ENOSPC"),
    "fsync": ("fsync,fdatasync", "EIO"),
    "rename": ("rename,renameat,renameat2,link,linkat", "EIO"),
    "mkdir": ("mkdir,mkdirat", "EACCES"),
    "unlink": ("unlink,unlinkat,rmdir", "EACCES"),
}
CHANGED = JOB.replace(":1.0", ":1.1")
SMALL = {path: text for path, text in FILES.items() if "prod" not in path and "web" not in path}
DIGEST = "sha256:" + "a" * 64


class Command(NamedTuple):
    """What is run, and what makes the repository in which it has something to do."""

    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]


def _platform(root: Path) -> None:
    repository(root, SMALL)
    assert mlgen(root, "render").code == 0
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "config", "user.name", "Anna")
    git(root, "config", "user.email", "anna@example.com")
    committed(root)


def _changed(root: Path) -> None:
    _platform(root)
    repository(root, {"projects/hello/mlgen.yaml": CHANGED, "projects/more/mlgen.yaml": JOB.replace("hello", "more")})


def _released(root: Path) -> None:
    _platform(root)
    stages = {"environments/stage.yaml": SMALL["environments/dev.yaml"].replace("name: dev", "name: stage")}
    repository(root, {**stages, "projects/hello/mlgen.yaml": JOB.replace("{dev: {}}", "{dev: {}, stage: {}}")})
    assert mlgen(root, "release", "hello", "--env", "dev", "--image", f"ghcr.io/acme/greet@{DIGEST}").code == 0


def _remote(root: Path) -> None:
    _platform(root)
    git(root, "init", "--quiet", "--bare", str(root.parent / "remote.git"))
    git(root, "remote", "add", "origin", "../remote.git")


def _definition(root: Path) -> None:
    _platform(root)
    (root / "crd.yaml").write_bytes(crd("type: object"))


COMMANDS: Mapping[str, Command] = {
    "render": Command(("render",), _changed),
    "release": Command(("release", "hello", "--env", "dev", "--image", f"ghcr.io/acme/greet@{DIGEST}"), _platform),
    "promote": Command(("promote", "hello", "--from", "dev", "--to", "stage"), _released),
    "publish": Command(("publish", "--branch", "deploy"), _remote),
    "init": Command(("init", "fresh"), _platform),
    "new": Command(("new", "fresh"), _platform),
    "schema import": Command(("schema", "import", "crd.yaml"), _definition),
}


def run(root: Path, command: Command, *forged: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run it as a process of its own, the kernel's answers forged; what strace saw."""
    log = root.parent / "strace.log"
    log.unlink(missing_ok=True)
    tracing = [str(STRACE), "--seccomp-bpf", "-f", "-qq", "-o", str(log), *forged] if forged else []
    done = subprocess.run(
        [*tracing, sys.executable, "-P", "-m", "mlgen", *command.arguments],
        cwd=root,
        env={**os.environ, **GIT, "PYTHONDONTWRITEBYTECODE": "1", "GIT_AUTHOR_DATE": "1700000000 +0000"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, log.read_text("utf-8", "replace") if log.exists() else ""


def units(root: Path) -> dict[str, str]:
    """What must be old or new as a whole, and what of it is there: each project's overlays, every other file, and what
    was published."""
    found: dict[str, list[Path]] = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts):
        inside = path.relative_to(root)
        whole = "/".join(inside.parts[:2]) if inside.parts[0] == "overlays" else inside.as_posix()
        found.setdefault(whole, []).append(path)
    digests = {
        name: hashlib.sha256(
            b"".join(f"{path.relative_to(root)}\0".encode() + path.read_bytes() for path in paths)
        ).hexdigest()
        for name, paths in found.items()
    }
    remote = root.parent / "remote.git"
    if remote.exists():
        git(remote, "fsck", "--strict")
        branches = git(remote, "for-each-ref", "--format=%(refname)").split()
        digests |= {branch: git(remote, "rev-parse", f"{branch}^{{tree}}").strip() for branch in branches}
    return digests


def points(step: int, first: int) -> Iterator[int]:
    """1, 2, 3 ..., or every so many of them."""
    number = first
    while True:
        yield number
        number += step


def tried(tmp_path: Path, name: str, call: str, *, kill: bool, step: int) -> int:
    """Let each call fail in its turn; how many there were."""
    command, (calls, error) = COMMANDS[name], CALLS[call]
    template = tmp_path / "template" / "root"
    template.mkdir(parents=True)
    command.prepare(template)
    old = units(template)
    after = tmp_path / "after"
    shutil.copytree(template.parent, after, symlinks=True)
    assert run(after / "root", command)[0].returncode == 0
    new = units(after / "root")
    count = 0
    for number in points(step, 1 + (len(name) + len(call)) % step):
        folder = tmp_path / str(number)
        shutil.copytree(template.parent, folder, symlinks=True)
        root = folder / "root"
        how = "signal=KILL" if kill else f"error={error}"
        done, log = run(root, command, "-e", f"trace={calls}", "-e", f"inject={calls}:{how}:when={number}")
        hit = "(INJECTED)" in log or "killed by SIGKILL" in log
        assert "Traceback" not in done.stderr, done.stderr
        told = f"{name}: {call} number {number}: {done.stdout}{done.stderr}"
        found = units(root)
        torn = [unit for unit in {*found, *old, *new} if found.get(unit) not in (old.get(unit), new.get(unit))]
        torn = [unit for unit in torn if unit != "overlays/.mlgen-stage"]  # where the next run finds what it has to do
        assert not torn, f"{told}\nneither old nor new: {torn}"
        again = run(root, command)[0]
        assert again.returncode == 0 or found == new, f"{told}\n--- the next run: {again.stdout}{again.stderr}"
        assert units(root) == new, told
        assert not [path for path in root.rglob(".mlgen-*") if path.name != ".mlgen-lock"], told
        shutil.rmtree(folder)
        if not hit:
            break
        count += 1
    return count


ways = pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
every_call = pytest.mark.parametrize("call", CALLS)
every_command = pytest.mark.parametrize("name", COMMANDS)


@needs_strace
@every_command
def test_some_calls_fail(tmp_path: Path, name: str) -> None:
    """Of each command another call, and of those one in several."""
    number = [*COMMANDS].index(name)
    call = [*CALLS][number % len(CALLS)]
    assert tried(tmp_path, name, call, kill=bool(number % 2), step=11) >= 0


@needs_strace
@pytest.mark.proof
@ways
@every_call
@every_command
def test_whatever_call_fails_in_whatever_command(tmp_path: Path, name: str, call: str, kill: bool) -> None:
    assert tried(tmp_path, name, call, kill=kill, step=1) >= 0
