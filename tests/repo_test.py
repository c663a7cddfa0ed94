"""A git repository -> the files of a revision; real repositories, real git."""

from pathlib import Path

import pytest
from tests.commands.diff_test import committed, git

from mlgen.problem import MlgenError
from mlgen.repo import Repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "re po"
    (folder / "sub" / "a").mkdir(parents=True)
    (folder / "sub" / "a" / "one").write_bytes(b"1\n\0\xff")
    (folder / "sub" / "empty").write_bytes(b"")
    (folder / "sub" / "\u00fc b").write_bytes(b"x")
    (folder / "sub" / "link").symlink_to("/etc/passwd")
    (folder / "other").write_bytes(b"o")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    committed(folder)
    return folder


def around(folder: Path) -> Repository:
    found = Repository.around(folder)
    assert found is not None
    return found


def test_files_are_read_from_git_below_the_folder_and_no_link(root: Path) -> None:
    repository = around(root / "sub")
    commit = repository.commit("main")
    entries = list(repository.entries(commit, ""))
    contents = repository.contents(entry.blob for entry in entries)
    assert {entry.path: contents[entry.blob] for entry in entries} == {
        "a/one": b"1\n\0\xff",
        "empty": b"",
        "\u00fc b": b"x",
    }
    assert list(repository.entries(commit, "a")) == [entry for entry in entries if entry.path == "a/one"]
    assert repository.contents([]) == {}


def test_no_hook_and_no_configured_program_runs(root: Path) -> None:
    canary = root / "ran"
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        path = root / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch '{canary}'\n", "utf-8")
        path.chmod(0o755)
    git(root, "config", "core.fsmonitor", f"touch '{canary}'")
    git(root, "config", "core.pager", f"touch '{canary}'")
    canary.unlink(missing_ok=True)
    repository = around(root)
    list(repository.entries(repository.commit("HEAD"), "sub"))
    assert not canary.exists()


@pytest.mark.parametrize("name", ["nope", "--help", "-h", "HEAD --", "HEAD:other", "$(id)", "a\nb", "~", ""])
def test_what_is_no_revision(root: Path, name: str) -> None:
    with pytest.raises(MlgenError) as caught:
        around(root).commit(name)
    assert [problem.rule for problem in caught.value.problems] == ["no-revision"]


def test_a_folder_outside_of_git_is_in_no_repository(tmp_path: Path) -> None:
    assert Repository.around(tmp_path) is None


def test_histories_that_share_nothing_have_no_fork(root: Path) -> None:
    repository = around(root)
    first = repository.commit("HEAD")
    git(root, "checkout", "--quiet", "--orphan", "apart")
    committed(root, "apart")
    assert repository.fork(first) == first


def test_a_bare_and_an_unborn_repository_are_no_surprise(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(MlgenError):
        around(tmp_path).commit("HEAD")


def test_without_git_one_line_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import git.cmd  # it looks for git when it is imported

    assert git.cmd
    monkeypatch.setenv("PATH", str(root / "sub"))
    with pytest.raises(MlgenError) as caught:
        Repository.around(root)
    assert [problem.rule for problem in caught.value.problems] == ["no-git"]
