"""Publishing as a team lives with it: the whole story, many at once, cut connections, odd repositories, an enemy."""

import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.commands.diff_test import committed, edit, git
from tests.commands.publish_test import alone, commits, platform, publish, published, remote, root, rules
from tests.conftest import ROOT, Build, read_built
from tests.git_server import cutting, serving
from tests.terminal import FILES, JOB, mlgen, repository

__all__ = ["alone", "remote", "root"]
HELLO = "projects/hello/mlgen.yaml"
DIGEST = f"sha256:{'4' * 64}"


def test_from_an_empty_folder_to_what_a_cluster_applies(tmp_path: Path, remote: Path, kustomize: Build) -> None:
    """Law 1 at the other end: what is cloned builds the objects that `mlgen build` prints."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with serving(remote.parent) as (url, _):
        assert mlgen(folder, "init").code == 0
        assert mlgen(folder, "new", "churn", "--example", "churn").code == 0
        git(folder, "init", "--quiet", "--initial-branch", "main")
        git(folder, "remote", "add", "origin", f"{url}/deploy.git")
        committed(folder)
        image = f"churn:1.4.2@{DIGEST}"
        assert mlgen(folder, "release", "churn", "--env", "dev", "--image", image).code == 0
        assert mlgen(folder, "promote", "churn", "--from", "dev", "--to", "staging").code == 0
        assert mlgen(folder, "promote", "churn", "--from", "staging", "--to", "prod").code == 0
        done = mlgen(folder, "publish", "--branch", "deploy")
        assert done.code == 0, done.err
        git(tmp_path, "clone", "--quiet", "--branch", "deploy", f"{url}/deploy.git", "clone")
    for environment in ("dev", "staging", "prod"):
        built = mlgen(folder, "build", "churn", "--env", environment).out
        assert DIGEST in built
        found = kustomize(tmp_path / "clone" / "overlays" / "churn" / environment)
        assert by_name(found) == by_name(read_built(built))


def by_name(objects: list[dict[str, object]]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in objects)


PUBLISHER = """
import json, sys
from pathlib import Path
from tests.commands.diff_test import committed, edit
from tests.terminal import mlgen
root, project, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    edit(root, f"projects/{project}/mlgen.yaml", f":1.{number}", f":1.{number + 1}")
    committed(root)
    done = mlgen(root, "publish", "--branch", "deploy", "--format", "json")
    assert done.code == 0, done.err
    print(json.loads(done.out)["tries"], flush=True)
"""


def many(tmp_path: Path, remote: Path, publishers: int, count: int) -> None:
    """Each publisher has a platform of its own; all publish to one branch, at the same time."""
    running = []
    for number in range(publishers):
        name = f"p{number}"
        spec = JOB.replace("name: hello", f"name: {name}")
        files = {"environments/dev.yaml": FILES["environments/dev.yaml"], f"projects/{name}/mlgen.yaml": spec}
        folder = platform(tmp_path / name, remote, files)
        command = [sys.executable, "-c", PUBLISHER, str(folder), name, str(count)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    ended = [(*process.communicate(), process.returncode) for process in running]
    print("tries:", sorted(int(word) for out, _, _ in ended for word in out.split()))
    assert [said for _, said, code in ended if code] == []
    form = "--format=%(trailers:key=Mlgen-Source-Commit,valueonly,separator=)"
    sources = git(remote, "log", form, "deploy").split()
    assert len(sources) == len(set(sources)) == publishers * count
    files = published(remote)
    for number in range(publishers):
        jobs = [text for path, text in files.items() if path.startswith(f"overlays/p{number}/dev/job-")]
        assert len(jobs) == 1
        assert f"greet:1.{count}" in jobs[0]
    git(remote, "fsck", "--strict", "--full")


def test_many_publish_at_once_and_every_commit_arrives(tmp_path: Path, remote: Path) -> None:
    many(tmp_path, remote, 4, 3)


@pytest.mark.proof(count=320)
def test_sixteen_publish_twenty_times_at_once(tmp_path: Path, remote: Path) -> None:
    many(tmp_path, remote, 16, 20)


@pytest.mark.parametrize("count", [2, pytest.param(20, marks=pytest.mark.proof(count=160))])
def test_the_newest_by_ancestry_stays(root: Path, remote: Path, tmp_path: Path, count: int) -> None:
    """Builds of one history that end in any order: an older one never takes back what a newer one published."""
    clones = []
    for number in range(8 if count > 2 else 4):
        edit(root, HELLO, f":1.{number}", f":1.{number + 1}")
        committed(root)
        git(tmp_path, "clone", "--quiet", str(root), f"clone{number}")
        git(tmp_path / f"clone{number}", "remote", "set-url", "origin", str(remote))
        clones.append(tmp_path / f"clone{number}")
    for _ in range(count):
        git(remote, "update-ref", "-d", "refs/heads/deploy")
        command = [sys.executable, "-m", "mlgen", "publish", "--branch", "deploy"]
        running = [subprocess.Popen(command, cwd=clone, stderr=subprocess.PIPE) for clone in reversed(clones)]
        ended = [(process.communicate()[1].decode(), process.returncode) for process in running]
        assert ended[0][1] == 0
        assert all(code == 0 or (code == 1 and "error[unknown-source]" in said) for said, code in ended)
        assert any(f"greet:1.{len(clones)}" in text for text in published(remote).values())
        form = "--format=%(trailers:key=Mlgen-Source-Commit,valueonly,separator=)"
        sources = git(remote, "log", "--reverse", form, "deploy").split()
        for older, newer in pairwise(sources):
            git(root, "merge-base", "--is-ancestor", older, newer)


def cuts(root: Path, remote: Path, count: int) -> None:
    """Publish while the answer to every push is lost: each commit arrives, and once."""
    left = [0]

    def cut(data: bytes) -> bool:
        if data.startswith(b"POST") and b"/git-receive-pack HTTP" in data and left[0]:
            left[0] -= 1
            return True
        return False

    with serving(remote.parent) as (url, _), cutting(int(url.rpartition(":")[2]), cut) as proxy:
        git(root, "remote", "set-url", "origin", f"{proxy}/deploy.git")
        for number in range(count):
            edit(root, HELLO, f":1.{number}", f":1.{number + 1}")
            committed(root)
            left[0] = 1
            done = publish(root)
            assert (done.code, left[0]) == (0, 0), done.err
            assert len(commits(remote)) == number + 1
            assert commits(remote)[0][:10] in done.out
    assert any(f"greet:1.{count}" in text for text in published(remote).values())
    git(remote, "fsck", "--strict")


def test_a_connection_that_breaks_after_the_push(root: Path, remote: Path) -> None:
    cuts(root, remote, 5)


@pytest.mark.proof(count=200)
def test_two_hundred_connections_that_break_after_the_push(root: Path, remote: Path) -> None:
    cuts(root, remote, 200)


HOOKS = (
    "pre-commit prepare-commit-msg commit-msg post-commit pre-push reference-transaction post-index-change "
    "fsmonitor-watchman"
).split()


def test_no_hook_runs(root: Path, remote: Path, tmp_path: Path) -> None:
    """Not from the repository, not from a folder that is configured, nor from a template."""
    canary = tmp_path / "ran"
    for place in (root / ".git/hooks", tmp_path / "shared-hooks", tmp_path / "template/hooks"):
        place.mkdir(parents=True, exist_ok=True)
        for hook in HOOKS:
            (place / hook).write_text(f"#!/bin/sh\necho {hook} >> '{canary}'\n", "utf-8")
            (place / hook).chmod(0o755)
    git(root, "config", "core.fsmonitor", str(root / ".git/hooks/fsmonitor-watchman"))
    with (tmp_path / "gitconfig").open("a", encoding="utf-8") as file:
        file.write(
            f"[core]\n\thooksPath = {tmp_path / 'shared-hooks'}\n[init]\n\ttemplateDir = {tmp_path / 'template'}\n"
        )
        file.write(f'[hook "mine"]\n\tevent = pre-push\n\tcommand = touch {canary}\n[push]\n\tfollowTags = true\n')
    canary.unlink(missing_ok=True)
    assert publish(root).code == 0
    with serving(remote.parent) as (url, _):
        assert publish(root, "--repository", f"{url}/deploy.git", "--layout", "hydrated").code == 0
    assert not canary.exists()
    git(root, "-c", "core.hooksPath=.git/hooks", "commit", "--quiet", "--allow-empty", "-m", "x")
    assert canary.exists(), "the hooks are armed"


class State(NamedTuple):
    """An odd repository: where publishing is done from, how it ends, and whether the branch has a new commit."""

    code: int = 0
    new: bool = True
    rule: str = ""
    where: str = "platform"


STATES: dict[str, tuple[Callable[[Path, Path], None], State]] = {}


def state(
    code: int = 0, new: bool = True, rule: str = "", where: str = "platform"
) -> Callable[[Callable[[Path, Path], None]], None]:
    """Register what makes a state; it is given the platform, and the remote."""

    def register(make: Callable[[Path, Path], None]) -> None:
        STATES[make.__name__] = make, State(code, new, rule, where)

    return register


def conflict(root: Path) -> None:
    """Two branches of which git cannot merge the notes; what mlgen reads is in order."""
    (root / "notes").write_text("one\n", "utf-8")
    committed(root)
    git(root, "checkout", "--quiet", "-b", "side", "HEAD~")
    (root / "notes").write_text("two\n", "utf-8")
    committed(root)


def failing(root: Path, *arguments: str) -> None:
    """A git command that stops in the middle."""
    with contextlib.suppress(subprocess.CalledProcessError):
        git(root, *arguments)


@state()
def clean(root: Path, remote: Path) -> None:
    pass


@state()
def dirty(root: Path, remote: Path) -> None:
    edit(root, HELLO, ":1.1", ":1.2")
    (root / "untracked").write_text("x", "utf-8")
    (root / "staged").write_text("x", "utf-8")
    git(root, "add", "staged")


@state()
def detached(root: Path, remote: Path) -> None:
    git(root, "checkout", "--quiet", "--detach")


@state(2, new=False, rule="no-revision")
def unborn(root: Path, remote: Path) -> None:
    git(root, "checkout", "--quiet", "--orphan", "new")


@state(1, new=False, rule="unknown-source", where="clone")
def shallow(root: Path, remote: Path) -> None:
    git(root.parent, "clone", "--quiet", "--depth=1", f"file://{root}", "clone")


@state(where="clone.git")
def bare(root: Path, remote: Path) -> None:
    git(root.parent, "clone", "--quiet", "--bare", str(root), "clone.git")


@state(where="linked")
def worktree(root: Path, remote: Path) -> None:
    git(root, "worktree", "add", "--quiet", "../linked")


@state(where="super/platform")
def submodule(root: Path, remote: Path) -> None:
    above = root.parent / "super"
    above.mkdir()
    git(above, "init", "--quiet")
    git(above, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(root), "platform")


@state()
def inside_a_hook(root: Path, remote: Path) -> None:
    """The test exports what git exports there."""


@state()
def mid_merge(root: Path, remote: Path) -> None:
    conflict(root)
    git(root, "checkout", "--quiet", "main")
    failing(root, "merge", "side")
    assert (root / ".git/MERGE_HEAD").exists()


@state()
def mid_rebase(root: Path, remote: Path) -> None:
    conflict(root)
    failing(root, "rebase", "main")
    assert (root / ".git/rebase-merge").exists()


@state()
def mid_cherry_pick(root: Path, remote: Path) -> None:
    conflict(root)
    failing(root, "cherry-pick", "main")
    assert (root / ".git/CHERRY_PICK_HEAD").exists()


@state(1, new=False, rule="older-source")
def bisect(root: Path, remote: Path) -> None:
    assert publish(root).code == 0
    git(root, "bisect", "start", "HEAD", "HEAD~2")


@state()
def locked_index(root: Path, remote: Path) -> None:
    (root / ".git/index.lock").touch()


@state()
def locked_reference(root: Path, remote: Path) -> None:
    (root / ".git/refs/heads/main.lock").touch()
    (root / ".git/HEAD.lock").touch()
    (root / ".git/config.lock").touch()
    (root / ".git/packed-refs.lock").touch()


@state(2, new=False, rule="stale-lock")
def locked_remote(root: Path, remote: Path) -> None:
    lock = remote / "refs/heads/deploy.lock"
    lock.touch()
    os.utime(lock, (time.time() - 600, time.time() - 600))


@state()
def packed(root: Path, remote: Path) -> None:
    git(root, "pack-refs", "--all", "--prune")
    git(root, "gc", "--quiet")
    git(remote, "gc", "--quiet")


@state(where="clone")
def alternates(root: Path, remote: Path) -> None:
    git(root.parent, "clone", "--quiet", "--shared", str(root), "clone")


@state()
def sparse(root: Path, remote: Path) -> None:
    git(root, "sparse-checkout", "set", "--no-cone", "/environments/", "/projects/hello/")
    assert not (root / "projects/web").exists()


@state()
def read_only(root: Path, remote: Path) -> None:
    for folder in sorted((root / ".git").rglob("*"), reverse=True):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    (root / ".git").chmod(0o555)


@state()
def end_of_lines(root: Path, remote: Path) -> None:
    git(root, "config", "core.autocrlf", "true")
    shutil.rmtree(root / "projects")
    git(root, "checkout", "--quiet", "--force", "HEAD", "--", ".")
    assert b"\r\n" in (root / HELLO).read_bytes()


@state(2, new=False, rule="not-signed")
def broken_signer(root: Path, remote: Path) -> None:
    git(root, "config", "commit.gpgsign", "true")
    git(root, "config", "gpg.program", "false")


@state()
def moved_tip(root: Path, remote: Path) -> None:
    tree = git(remote, "rev-parse", "deploy^{tree}").strip()
    theirs = git(remote, "commit-tree", tree, "-p", "deploy", "-m", "theirs").strip()
    git(remote, "update-ref", "refs/heads/deploy", theirs)


@state()
def missing_branch(root: Path, remote: Path) -> None:
    git(remote, "update-ref", "-d", "refs/heads/deploy")


@state()
def broken_index(root: Path, remote: Path) -> None:
    (root / ".git/index").write_bytes(b"broken")


@state()
def mid_revert(root: Path, remote: Path) -> None:
    conflict(root)
    (root / "notes").write_text("three\n", "utf-8")
    committed(root)
    failing(root, "revert", "HEAD~")
    assert (root / ".git/REVERT_HEAD").exists()


def photograph(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below ``folder``, byte by byte."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("name", STATES)
def test_an_odd_repository(root: Path, remote: Path, tmp_path: Path, name: str) -> None:
    """The right outcome, and nothing is touched that is not the branch."""
    assert publish(root).code == 0
    for _ in range(2):
        (root / "log").write_text(f"{(root / 'log').exists()}", "utf-8")
        committed(root, "more")
    edit(root, HELLO, ":1.0", ":1.1")
    committed(root)
    make, expected = STATES[name]
    make(root, remote)
    before = commits(remote) if name != "missing_branch" else []
    where = tmp_path / expected.where
    mine, theirs, others = photograph(where), photograph(root), git_of(remote)
    with pytest.MonkeyPatch.context() as patch:
        if name == "inside_a_hook":
            for variable, value in {"DIR": "other/.git", "INDEX_FILE": "other/index", "PREFIX": ""}.items():
                patch.setenv(f"GIT_{variable}", str(tmp_path / value))
        arguments = ["--root", str(where)] if name == "bare" else []
        done = mlgen(where, "publish", "--branch", "deploy", "--repository", str(remote), *arguments)
    assert photograph(where) == mine
    assert photograph(root) == theirs
    assert (done.code, rules(done)) == (expected.code, [expected.rule] if expected.rule else []), done.err
    after = commits(remote)
    assert len(after) == len(before) + expected.new
    assert after[expected.new :] == before
    if expected.new:
        version = {"dirty": ":1.2"}.get(name, ":1.1")
        files = published(remote)
        assert any(f"greet{version}" in text for text in files.values())
        assert {path.split("/")[1] for path in files} == {"hello", "web"}
    assert ("not committed" in done.err) == (name == "dirty")
    assert git_of(remote) == others
    git(remote, "fsck", "--strict")


def git_of(remote: Path) -> list[str]:
    """Every reference of the remote but the branch, and every lock."""
    locks = [str(path) for path in remote.rglob("*.lock")]
    return [line for line in git(remote, "for-each-ref").split("\n") if not line.endswith("/deploy")] + locks


CANARY = "{canary}"
SECRET = "hunter2hunter2"
HOSTILE = [
    "--upload-pack=touch {canary}",
    "--receive-pack=touch {canary}",
    "--exec=touch {canary}",
    "-c core.sshCommand=touch {canary}",
    "-oProxyCommand=touch {canary}",
    "--force",
    "--mirror",
    "--delete",
    "--config-env=core.sshCommand=PATH",
    "--output={canary}",
    "-h",
    "--",
    "ext::sh -c touch% {canary}",
    "ext::touch {canary}",
    "fd::17",
    "testgit::/x",
    "ssh://-oProxyCommand=touch%20{canary}/x",
    "ssh://-oProxyCommand=touch {canary}@127.0.0.1:1/x",
    "-oProxyCommand=x@127.0.0.1:x",
    "user@-oProxyCommand=touch:x",
    "git@127.0.0.1:--upload-pack=touch",
    "file:///x;touch {canary}",
    "file://host/x",
    "ftp://127.0.0.1:1/x",
    "git://127.0.0.1:1/x",
    "http://git.example.invalid/x",
    "https://anna:" + SECRET + "@127.0.0.1:1/x",
    "https://127.0.0.1:1/x?token=" + SECRET,
    "https://127.0.0.1:1/x#" + SECRET,
    "https://" + SECRET + "@127.0.0.1:1/x",
    "https://anna:" + SECRET + "@127.0.0.1:1/x?a=b&private_token=" + SECRET,
    "https://x%0ahost=y:" + SECRET + "@127.0.0.1:1/x",
    "https://127.0.0.1:1/%0d%0aHost: y",
    "https://127.0.0.1:99999/x",
    "https://[::1/x",
    "javascript:touch",
    "$(touch {canary})",
    "`touch {canary}`",
    "; touch {canary}",
    "| touch {canary}",
    "&& touch {canary}",
    "> {canary}",
    "${IFS}touch",
    "a\nMlgen-Source-Commit: " + "0" * 40,
    "a\n\n-----BEGIN PGP SIGNATURE-----",
    "a\r\nb",
    "\x1b]0;owned\x07",
    "\u202eevil",
    "\u0000",
    "##[set-env name=x]y",
    "::set-output name=x::y",
    "../../../etc/passwd",
    "..",
    "/dev/stdin",
    "refs/heads/main",
    "HEAD",
    "+main:main",
    "main^{commit}",
    "@{-1}",
    "x" * 5000,
]
PLACES = ("branch", "repository", "message", "author", "path")


def attack(root: Path, remote: Path, tmp_path: Path, text: str, place: str) -> None:
    """One text in one place: nothing runs, nothing is written outside, no secret is said or committed."""
    canary = tmp_path / "canaries" / "ran"
    canary.parent.mkdir(exist_ok=True)
    text = text.replace(CANARY, str(canary))
    arguments = {"branch": "deploy", "repository": str(remote), "message": "x"}
    environ = dict(os.environ)
    if place in arguments:
        arguments[place] = text
    elif place == "author":
        environ |= {f"GIT_{who}_NAME": text.replace("\0", "") for who in ("AUTHOR", "COMMITTER")}
        environ |= {f"GIT_{who}_EMAIL": text.replace("\0", "") for who in ("AUTHOR", "COMMITTER")}
    else:
        name = text.replace("\0", "").replace("/", "\u2215").strip(".")[:80] or "x"
        shutil.copytree(root, tmp_path / "elsewhere" / name)
        root = tmp_path / "elsewhere" / name
        arguments["repository"] = str(shutil.copytree(remote, tmp_path / "elsewhere" / f"{name}.git"))
    before = photograph(root)
    with pytest.MonkeyPatch.context() as patch:
        for key, value in environ.items():
            patch.setenv(key, value)
        done = mlgen(root, "publish", *(f"--{key}={value}" for key, value in arguments.items()))
    assert photograph(root) == before
    assert list(canary.parent.iterdir()) == []
    assert done.code in (0, 2), done.err
    assert "Traceback" not in done.err
    said = done.out + done.err
    assert place == "path" or SECRET not in said, "a folder's name is no secret"
    assert not any(sign in said for sign in ("\x1b", "\x07", "\u202e", "\r"))
    assert not any(line.startswith(("::", "##[")) for line in said.split("\n"))
    if place != "author":
        made = git(remote, "log", "--all", "--format=%an %ae %B")
        assert SECRET not in made
    named = git(remote, "log", "--all", "--format=%(trailers:key=Mlgen-Source-Commit,valueonly)").split()
    assert set(named) <= {git(root, "rev-parse", "HEAD").strip()}
    git(remote, "fsck", "--strict")
    heads = git(remote, "for-each-ref", "--format=%(refname)").split()
    assert all(head.startswith("refs/heads/") for head in heads)


@pytest.mark.parametrize("number", range(0, len(HOSTILE), 4))
def test_an_enemy_gets_nothing(root: Path, remote: Path, tmp_path: Path, number: int) -> None:
    attack(root, remote, tmp_path, HOSTILE[number], PLACES[(number // 4) % len(PLACES)])


@pytest.mark.proof
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_an_enemy_gets_nothing_anywhere(root: Path, remote: Path, tmp_path: Path, number: int, place: str) -> None:
    attack(root, remote, tmp_path, HOSTILE[number], place)


def test_there_are_as_many_as_promised() -> None:
    assert len(set(HOSTILE)) == 60
    assert len(STATES) >= 21
    assert len(HOOKS) == 8


def test_an_environment_that_leads_astray(
    root: Path, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git reads of its environment and would write, run or print."""
    canary = tmp_path / "ran"
    program = repository(tmp_path / "bin", {"x": f"#!/bin/sh\ntouch '{canary}'\n"}) / "x"
    program.chmod(0o755)
    for name in ("EXTERNAL_DIFF", "EDITOR", "SEQUENCE_EDITOR", "PAGER", "PROXY_COMMAND"):
        monkeypatch.setenv(f"GIT_{name}", str(program))
    for name in ("TRACE", "TRACE_CURL", "TRACE_PACKET", "TRACE2", "TRACE2_EVENT", "TRACE_SETUP"):
        monkeypatch.setenv(f"GIT_{name}", str(tmp_path / "trace"))
    monkeypatch.setenv("GIT_EXEC_PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "bin"))
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.sshCommand={program}'")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(program))
    assert publish(root).code == 0
    assert not canary.exists()
    assert not (tmp_path / "trace").exists()
