"""Writing pointers with the folders that they point at: never one that points at what is not there yet."""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.exchange_test import Died, Faults, both_ways, every_mode, leftovers, said
from tests.writer import HEAD, Tree, plans, render

from mlgen import disk, lock
from mlgen.disk import exchange, journal, swap
from mlgen.problem import MlgenError


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in the tests of the folders: no waiting for the disk, and both ways of exchanging."""
    before = swap.native
    monkeypatch.setattr(os, "fsync", lambda _: None)
    yield
    swap.native = before


def version(project: str, name: str, *environments: str) -> Tree:
    """A project in one version, with a pointer in each environment."""
    tree: Tree = {}
    for environment in environments or ("prod",):
        files = {"0.yaml": f"{HEAD}{name}\n"}
        files |= {f"../../clusters/{environment}/{project}.yaml": lock.stamped(f"{HEAD}points at {name}\n")}
        tree |= {f"{environment}/{path}": text for path, text in {**files, lock.NAME: lock.dump(files, [])}.items()}
    return tree


def on_disk(root: Path, project: str) -> Tree:
    return {path: data.decode() for path, data in disk.read_present(root, project)[0].items()}


def pointer(root: Path, project: str, environment: str = "prod") -> Path:
    return root / "overlays/clusters" / environment / f"{project}.yaml"


def test_pointers_are_made_changed_and_removed_with_their_projects(tmp_path: Path) -> None:
    render(tmp_path, {"a": version("a", "old", "dev", "prod"), "b": version("b", "old")})
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("clusters/*/*")) == [
        "overlays/clusters/dev/a.yaml",
        "overlays/clusters/prod/a.yaml",
        "overlays/clusters/prod/b.yaml",
    ]
    render(tmp_path, {"a": version("a", "new"), "b": version("b", "old")})
    assert on_disk(tmp_path, "a") == version("a", "new")
    assert not pointer(tmp_path, "a", "dev").parent.exists(), "git knows no empty folder"
    render(tmp_path, {"a": {}, "b": {}})
    assert list((tmp_path / "overlays").iterdir()) == []


def test_where_only_the_pointer_changes_the_folder_is_not_touched(tmp_path: Path) -> None:
    old = version("a", "old")
    path = "prod/../../clusters/prod/a.yaml"
    render(tmp_path, {"a": old})
    inode = (tmp_path / "overlays/a").stat().st_ino
    other = pointer(tmp_path, "a").stat()
    render(tmp_path, {"a": old})
    assert pointer(tmp_path, "a").stat() == other
    render(tmp_path, {"a": {**old, path: lock.stamped(f"{HEAD}elsewhere\n")}})
    assert "elsewhere" in pointer(tmp_path, "a").read_text()
    assert (tmp_path / "overlays/a").stat().st_ino == inode


def test_another_projects_pointer_is_nobodys_business(tmp_path: Path) -> None:
    render(tmp_path, {"a": version("a", "old"), "b": version("b", "old")})
    before = pointer(tmp_path, "b").stat()
    pointer(tmp_path, "b").with_name("root.yaml").write_text("mine")
    render(tmp_path, {"a": {}})
    assert pointer(tmp_path, "b").stat() == before
    assert pointer(tmp_path, "b").with_name("root.yaml").read_text() == "mine"


@pytest.mark.parametrize("link", ["clusters", "clusters/prod", "clusters/prod/a.yaml"])
def test_a_planted_link_leads_nowhere(tmp_path: Path, link: str) -> None:
    victim, root = tmp_path / "victim", tmp_path / "root"
    for folder in (victim, root):
        folder.mkdir()
        render(folder, {"a": version("a", "old")})
    planned = plans(root, {"a": version("a", "new")})
    (root / "overlays" / link).rename(tmp_path / "away")
    (root / "overlays" / link).symlink_to(victim / "overlays" / link)
    with pytest.raises(MlgenError) as error:
        exchange.write(root, planned)
    assert [problem.rule for problem in error.value.problems] == ["not-a-file"]
    assert on_disk(victim, "a") == version("a", "old")
    assert leftovers(root) == []


@pytest.mark.parametrize("path", ["prod/../../clusters/../../evil.yaml", "prod/../../clusters/prod/.git.yaml"])
def test_a_pointer_is_where_pointers_are(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        render(tmp_path, {"a": {path: lock.stamped(f"{HEAD}evil\n")}})
    assert not [found for found in tmp_path.rglob("*") if found.is_file()]


def test_a_journal_says_what_goes_first() -> None:
    assert journal.project("projects/a/releases.yaml") == "a"
    assert journal.project("overlays/a") == "a"
    assert journal.project("overlays/clusters/prod/a.yaml") == "a"


@both_ways
def test_an_edit_at_the_very_last_moment_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object
) -> None:
    swap.native = native  # type: ignore[assignment]
    render(tmp_path, {"a": version("a", "old"), "b": version("b", "old")})
    real = exchange._declare

    def declare(*words: object) -> None:
        real(*words)  # type: ignore[arg-type]
        pointer(tmp_path, "a").write_text("edited")

    monkeypatch.setattr(exchange, "_declare", declare)
    with pytest.raises(MlgenError) as error:
        render(tmp_path, {"a": version("a", "new"), "b": version("b", "new")})
    assert said(error) == [("changed-meanwhile", "overlays/clusters/prod/a.yaml")]
    assert pointer(tmp_path, "a").read_text() == "edited"
    assert on_disk(tmp_path, "b") == version("b", "new")
    assert leftovers(tmp_path) == []


def test_nothing_new_points_at_a_folder_that_stays_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render(tmp_path, {"a": version("a", "old")})
    real = exchange._declare

    def declare(*words: object) -> None:
        real(*words)  # type: ignore[arg-type]
        (tmp_path / "overlays/a/prod/0.yaml").write_text("edited")

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_declare", declare)
        with pytest.raises(MlgenError) as error:
            render(tmp_path, {"a": version("a", "new")})
    assert said(error) == [("changed-meanwhile", "overlays/a")]
    assert on_disk(tmp_path, "a") == {**version("a", "old"), "prod/0.yaml": "edited"}


CASES = {
    "changed": (version("changed", "A"), version("changed", "B")),
    "made": ({}, version("made", "B")),
    "gone": (version("gone", "A"), {}),
    "moved": (version("moved", "A", "dev"), version("moved", "B", "prod")),
}


def fail_at(root: Path, monkeypatch: pytest.MonkeyPatch, faults: Faults) -> bool:
    """Write with a fault; whether it came to that."""
    root.mkdir()
    render(root, {project: before for project, (before, _) in CASES.items()})
    planned = plans(root, {project: after for project, (_, after) in CASES.items()})
    with faults(monkeypatch), suppress(MlgenError, Died):
        exchange.write(root, planned)
    exchange.recover(root)
    assert leftovers(root) == []
    for project, (before, after) in CASES.items():
        found = on_disk(root, project)
        if faults.mode == "dead":
            assert found in (before, after), f"{project} is neither old nor new"
        points = {path: text for path, text in found.items() if "clusters" in path}
        folder = {path: text for path, text in found.items() if "clusters" not in path}
        assert folder in [
            {path: text for path, text in tree.items() if "clusters" not in path} for tree in CASES[project]
        ]
        if folder and folder.items() <= before.items():
            assert points.items() <= before.items(), "what points at a folder comes after it"
    render(root, {project: after for project, (_, after) in CASES.items()})
    assert {project: on_disk(root, project) for project in CASES} == {name: after for name, (_, after) in CASES.items()}
    return faults.calls >= faults.at


def fail_at_every(step: int, root: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> int:
    codes = (errno.ENOSPC, errno.EIO, errno.EACCES)
    at = 1 + len(mode) % step
    while fail_at(root / str(at), monkeypatch, Faults(at, mode, codes[at % 3])):
        at += step
    return at


@both_ways
@every_mode
def test_whatever_call_fails_the_next_rendering_needs_no_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object, mode: str
) -> None:
    swap.native = native  # type: ignore[assignment]
    assert fail_at_every(5, tmp_path, monkeypatch, mode) > 150


@pytest.mark.proof
@both_ways
@every_mode
def test_really_whatever_call_fails_the_next_rendering_needs_no_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object, mode: str
) -> None:
    swap.native = native  # type: ignore[assignment]
    assert fail_at_every(1, tmp_path, monkeypatch, mode) > 150
