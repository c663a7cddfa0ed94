"""Open folders: a link that is planted between a look and an opening leads nowhere; one process writes at a time."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mlgen.disk import turn as turns
from mlgen.disk.folder import Folder
from mlgen.disk.turn import turn
from mlgen.problem import MlgenError


def after_the_next_look(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    real, left = os.stat, [act]

    def look(*words: object, **options: object) -> os.stat_result:
        found = real(*words, **options)  # type: ignore[arg-type]
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(os, "stat", look)


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_link_planted_at_the_worst_moment_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    (tmp_path / "victim/folder").mkdir(parents=True)
    (tmp_path / "victim/file").write_text("secret")
    (tmp_path / "root/folder").mkdir(parents=True)
    (tmp_path / "root/file").write_text("text")

    def plant() -> None:
        (tmp_path / "root" / what).rename(tmp_path / "away")
        (tmp_path / "root" / what).symlink_to(tmp_path / "victim" / what)

    with Folder.at(tmp_path / "root") as root:
        after_the_next_look(monkeypatch, plant)
        with pytest.raises(OSError):  # noqa: PT011 - systems differ in what they call it
            root.open(what) if what == "folder" else root.read(what, 100)


def test_a_file_swapped_for_a_pipe_at_the_worst_moment_makes_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("text")

    def plant() -> None:
        (tmp_path / "file").unlink()
        os.mkfifo(tmp_path / "file")

    with Folder.at(tmp_path) as root:
        after_the_next_look(monkeypatch, plant)
        with pytest.raises(MlgenError):
            root.read("file", 100)


def test_a_lock_on_a_file_that_was_removed_meanwhile_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one before us removes its lock file and lets go, just when we have opened it."""
    real, left = turns._try_lock, [tmp_path / turns.NAME]

    def lock(fd: int) -> None:
        if left:
            left.pop().unlink()
        real(fd)

    monkeypatch.setattr(turns, "_try_lock", lock)
    with Folder.at(tmp_path) as root, turn(root, 1):
        assert (tmp_path / turns.NAME).read_text() == f"{os.getpid()}\n"
        with pytest.raises(MlgenError), turn(root, 0):
            pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("plant", [os.mkdir, os.mkfifo, lambda path: Path(path).symlink_to("elsewhere")])
def test_a_lock_file_that_is_none_stops_the_writer(tmp_path: Path, plant: Callable[[str], None]) -> None:
    plant(str(tmp_path / turns.NAME))
    with Folder.at(tmp_path) as root, pytest.raises((MlgenError, OSError)), turn(root, 0):
        pass
    assert not (tmp_path / "elsewhere").exists()
