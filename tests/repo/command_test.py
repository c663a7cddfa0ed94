"""The one place where git is started: how it ends, and that there is no other."""

import ast
import os
import time
from pathlib import Path

import pytest
from tests.architecture_test import TREES, imports, own

from mlgen.repo.command import TIMED_OUT, run

NETWORK = {"fetch", "push", "pull", "clone", "ls-remote", "remote", "submodule"}
everywhere = pytest.mark.parametrize("name", sorted(TREES))


def test_what_waits_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    marker = f"sleep 61.{os.getpid()}"
    start = time.monotonic()
    done = run(tmp_path, "-c", f"alias.wait=!{marker}", "wait", seconds=0.5)
    assert done.code == TIMED_OUT
    assert time.monotonic() - start < 20
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [line for line in running if marker.encode().replace(b" ", b"\0") in line]


def test_what_is_exported_comes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Anna")
    done = run(tmp_path, "-c", "alias.said=!env", "said")
    assert b"GIT_AUTHOR_NAME=Anna\n" in done.out
    assert b"GIT_DIR=" not in done.out
    assert os.environ["GIT_DIR"] == "/nowhere"


@everywhere
def test_there_is_no_shell_and_no_other_process(name: str) -> None:
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False, name
        if isinstance(node, ast.Attribute):
            starters = ("system", "popen", "Popen", "check_output", "check_call", "execv", "posix_spawn")
            assert node.attr not in starters, name
    foreign = {target for target, _ in imports(TREES[name]) if target.split(".")[0] in ("subprocess", "git", "gitdb")}
    assert not foreign or name == "repo.command"


@everywhere
def test_only_publishing_speaks_to_a_network(name: str) -> None:
    """Law 9, in the source: the words of git that open a connection stand in one module, and one command has that."""
    words = {
        node.args[0].value
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.args
        and isinstance(node.args[0], ast.Constant)
    } | {
        node.elts[0].value
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant)
    }
    assert not words & NETWORK or name == "repo.store"
    inner = {own(target) for target, _ in imports(TREES[name])}
    ours = {"repo.publication", "commands.publishing", "commands.publish"}
    assert not inner & {"repo.store", "repo.publication"} or name in ours


@everywhere
def test_what_git_is_given_is_no_text_that_was_put_together(name: str) -> None:
    """A revision, a path or an address stands alone, or behind its option's sign: never at the beginning of one."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("git", "_remote"):
            for argument in node.args:
                first = argument.values[0] if isinstance(argument, ast.JoinedStr) else None
                assert first is None or isinstance(first, ast.Constant) or "^{{commit}}" in ast.unparse(argument), (
                    f"{name}: {ast.unparse(argument)}"
                )
