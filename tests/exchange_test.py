"""Writing overlays/ in real directories: whatever fails or is killed, every project is wholly old or wholly new."""

import errno
import json
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests import writer
from tests.writer import FILES, KILLED, Tree, plans, pointed, render, rendered

from mlgen import disk, ownership
from mlgen.disk import exchange, journal, swap
from mlgen.disk.turn import NAME as TURN
from mlgen.problem import MlgenError

both_ways = pytest.mark.parametrize("native", [swap.native, None], ids=["at-once", "three-renames"])


@pytest.fixture(autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is run both ways exchanges with the system's own call, and without."""
    callspec = getattr(request.node, "callspec", None)
    if callspec is not None and "native" in callspec.params:
        monkeypatch.setattr(swap, "native", callspec.params["native"])


def on_disk(root: Path, project: str) -> Tree:
    return {path: data.decode() for path, data in disk.read_present(root, project)[0].items()}


def leftovers(root: Path) -> list[str]:
    return [path.name for path in (root / "overlays").iterdir() if path.name.startswith(".")]


def said(error: pytest.ExceptionInfo[MlgenError]) -> list[tuple[str, str]]:
    return [(problem.rule, problem.span.file) for problem in error.value.problems]


OLD, NEW = rendered("old"), rendered("new")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not pull the plug, so they need not wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@both_ways
def test_projects_are_made_changed_and_removed(tmp_path: Path, native: object) -> None:
    render(tmp_path, {"a": OLD, "b": OLD})
    (tmp_path / "overlays/a/prod/mine").write_text("mine")
    render(tmp_path, {"a": NEW, "b": {}, "c": NEW})
    assert on_disk(tmp_path, "a") == NEW | {"prod/mine": "mine"}
    assert not (tmp_path / "overlays/b").exists()
    assert on_disk(tmp_path, "c") == NEW
    assert leftovers(tmp_path) == []
    render(tmp_path, {"a": {}, "c": NEW})
    assert on_disk(tmp_path, "a") == {"prod/mine": "mine"}


def test_what_does_not_change_is_not_touched(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD, "b": OLD})
    before = {path: path.stat() for path in (tmp_path / "overlays").rglob("*")}
    render(tmp_path, {"a": OLD, "b": OLD})
    assert {path: path.stat() for path in (tmp_path / "overlays").rglob("*")} == before
    inode = (tmp_path / "overlays/a").stat().st_ino
    render(tmp_path, {"a": OLD, "b": NEW})
    assert (tmp_path / "overlays/a").stat().st_ino == inode


def test_nothing_to_write_needs_no_right_to_write(tmp_path: Path) -> None:
    render(tmp_path, {"a": {}})
    assert list(tmp_path.iterdir()) == []


def test_modes_do_not_depend_on_the_umask_and_a_users_own_stay(tmp_path: Path) -> None:
    (tmp_path / "overlays/a/prod").mkdir(parents=True)
    (tmp_path / "overlays/a/prod/mine.sh").write_text("mine")
    (tmp_path / "overlays/a/prod/mine.sh").chmod(0o700)
    before = os.umask(0o077)
    try:
        render(tmp_path, {"a": NEW, "b": NEW})
    finally:
        os.umask(before)
    for path in (tmp_path / "overlays").rglob("*"):
        expected = 0o700 if path.name == "mine.sh" else 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_a_users_file_stays_the_same_file(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD})
    mine = tmp_path / "overlays/a/prod/mine"
    with mine.open("w") as opened:
        render(tmp_path, {"a": NEW})
        opened.write("written by an editor that had it open all the time")
    assert mine.read_text() == "written by an editor that had it open all the time"
    assert mine.stat().st_nlink == 1


def test_without_hard_links_a_users_file_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    render(tmp_path, {"a": OLD})
    (tmp_path / "overlays/a/mine").write_text("mine")
    (tmp_path / "overlays/a/mine").chmod(0o750)
    render(tmp_path, {"a": NEW})
    assert on_disk(tmp_path, "a") == NEW | {"mine": "mine"}
    assert stat.S_IMODE((tmp_path / "overlays/a/mine").stat().st_mode) == 0o750


def test_a_write_protected_folder_of_the_old_tree_does_not_stay_behind(reachable: Path) -> None:
    render(reachable, {"a": OLD})
    (reachable / "overlays/a/prod/patches").chmod(0o555)
    with unprivileged(reachable):
        render(reachable, {"a": NEW})
        assert leftovers(reachable) == []
    assert on_disk(reachable, "a") == NEW


def test_plans_with_errors_are_not_carried_out(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD, "b": OLD})
    (tmp_path / "overlays/b/prod/0.yaml").write_text("edited")
    with pytest.raises(MlgenError) as error:
        render(tmp_path, {"a": NEW, "b": NEW})
    assert said(error) == [("hand-edited", "overlays/b/prod/0.yaml")]
    assert on_disk(tmp_path, "a") == OLD


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "/etc", "a\0b", "Con", ".git"])
def test_a_project_is_a_mere_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        exchange.write(tmp_path, {name: ownership.plan(NEW, {}, where="overlays/x")})
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("path", ["../evil", "prod/../../evil", "/evil", "prod//evil", "prod/./evil"])
def test_paths_stay_in_the_project(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        exchange.write(tmp_path, {"a": ownership.plan({path: "evil"}, {}, where="overlays/a")})
    assert not list(tmp_path.rglob("evil"))
    assert leftovers(tmp_path) == []


# --- links


@pytest.mark.parametrize("link", ["overlays", "overlays/a", "overlays/a/prod", "overlays/.mlgen-stage"])
def test_planted_links_are_refused(tmp_path: Path, link: str) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / "root").mkdir()
    render(victim, {"a": OLD})
    render(tmp_path / "root", {"a": OLD})
    planned = plans(tmp_path / "root", {"a": NEW})
    (tmp_path / "root" / link).exists() and (tmp_path / "root" / link).rename(tmp_path / "away")
    target = {"overlays": victim / "overlays", "overlays/a/prod": victim / "overlays/a/prod"}
    (tmp_path / "root" / link).symlink_to(target.get(link, victim / "overlays/a"))
    with pytest.raises(MlgenError) as error:
        exchange.write(tmp_path / "root", planned)
    expected = "changed-meanwhile" if link == "overlays/a/prod" else "not-a-file"
    assert [problem.rule for problem in error.value.problems] == [expected]
    assert on_disk(victim, "a") == OLD
    assert (tmp_path / "root" / link).is_symlink()


def test_a_folder_that_is_swapped_for_a_link_all_the_time_leads_nowhere(tmp_path: Path) -> None:
    victim, root = tmp_path / "victim", tmp_path / "root"
    victim.mkdir()
    (tmp_path / "root").mkdir()
    render(victim, {"a": OLD})
    render(root, {"a": OLD})
    stop = threading.Event()

    def swapper() -> None:
        folder, aside = root / "overlays/a/prod", root / "aside"
        while not stop.is_set():
            try:
                folder.rename(aside)
                folder.symlink_to(victim / "overlays/a/prod")
                folder.unlink()
                aside.rename(folder)
            except OSError:
                time.sleep(0.0001)

    thread = threading.Thread(target=swapper)
    thread.start()
    try:
        for number in range(60):
            try:
                exchange.write(root, plans(root, {"a": rendered(str(number))}, force=True))
            except MlgenError:
                continue
    finally:
        stop.set()
        thread.join()
    assert on_disk(victim, "a") == OLD
    assert all(path.stat().st_nlink == 1 for path in victim.rglob("*") if path.is_file())


# --- others at work at the same time


def test_a_second_writer_waits_and_then_says_who_is_writing(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD})
    hold = (
        "import sys, pathlib\nfrom mlgen.disk.folder import Folder\nfrom mlgen.disk.turn import turn\n"
        "with Folder.at(pathlib.Path(sys.argv[1])) as top, top.open('overlays') as folder, turn(folder, 0):\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(MlgenError) as error:
            exchange.write(tmp_path, plans(tmp_path, {"a": NEW}), wait=0.1)
        assert said(error) == [("busy", f"overlays/{TURN}")]
        assert error.value.problems[0].message == f"another mlgen (process {holder.pid}) is writing in overlays/"
        assert on_disk(tmp_path, "a") == OLD
        later = threading.Timer(0.2, holder.stdin.close)
        later.start()
        exchange.write(tmp_path, plans(tmp_path, {"a": NEW}))
        later.join()
    assert on_disk(tmp_path, "a") == NEW
    assert leftovers(tmp_path) == []


def test_a_lock_file_of_a_dead_process_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "overlays").mkdir()
    (tmp_path / "overlays" / TURN).write_text("4711\n")
    exchange.write(tmp_path, plans(tmp_path, {"a": NEW}), wait=0)
    assert leftovers(tmp_path) == []


def test_many_writers_at_once_each_write_or_say_why_not(tmp_path: Path) -> None:
    wanted = [{"same": rendered("same"), f"own-{number}": rendered(str(number))} for number in range(6)]
    failures: list[BaseException] = []

    def work(tree: Mapping[str, Tree]) -> None:
        try:
            render(tmp_path, tree)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(tree,)) for tree in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for tree in wanted:
        assert {project: on_disk(tmp_path, project) for project in tree} == tree
    assert leftovers(tmp_path) == []


def test_a_plan_for_what_lies_there_no_more_is_not_carried_out(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD})
    planned = plans(tmp_path, {"a": NEW})
    (tmp_path / "overlays/a/prod/0.yaml").write_text("edited")
    with pytest.raises(MlgenError) as error:
        exchange.write(tmp_path, planned)
    assert said(error) == [("changed-meanwhile", "overlays/a")]
    assert on_disk(tmp_path, "a") == OLD | {"prod/0.yaml": "edited"}
    assert leftovers(tmp_path) == []


def test_a_plan_that_counts_on_a_file_that_is_gone_is_not_carried_out(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD})
    planned = plans(tmp_path, {"a": NEW | {"prod/0.yaml": OLD["prod/0.yaml"]}})
    (tmp_path / "overlays/a/prod/0.yaml").unlink()
    with pytest.raises(MlgenError) as error:
        exchange.write(tmp_path, planned)
    assert said(error) == [("changed-meanwhile", "overlays/a")]
    assert leftovers(tmp_path) == []


def test_a_plan_that_somebody_else_has_carried_out_is_done(tmp_path: Path) -> None:
    render(tmp_path, {"a": OLD})
    planned = plans(tmp_path, {"a": NEW})
    exchange.write(tmp_path, planned)
    inode = (tmp_path / "overlays/a").stat().st_ino
    exchange.write(tmp_path, planned)
    assert (tmp_path / "overlays/a").stat().st_ino == inode
    assert leftovers(tmp_path) == []


@both_ways
@pytest.mark.parametrize("edit", ["edited", "added", "replaced", "deleted"])
def test_an_edit_at_the_very_last_moment_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object, edit: str
) -> None:
    render(tmp_path, {"a": OLD, "b": OLD})
    folder = tmp_path / "overlays/a/prod"
    (folder / "mine").write_text("mine")
    real = exchange._declare

    def declare(*words: Any) -> None:
        real(*words)
        if edit == "replaced":
            (folder / "other").write_text("edited")
            (folder / "other").rename(folder / "mine")
        elif edit == "deleted":
            (folder / "mine").unlink()
        else:
            (folder / {"edited": "0.yaml", "added": "new"}[edit]).write_text("edited")

    monkeypatch.setattr(exchange, "_declare", declare)
    with pytest.raises(MlgenError) as error:
        render(tmp_path, {"a": NEW, "b": NEW})
    assert said(error) == [("changed-meanwhile", "overlays/a")]
    found = on_disk(tmp_path, "a")
    name = {"edited": "0.yaml", "added": "new", "replaced": "mine"}.get(edit)
    assert found.keys() >= OLD.keys()
    assert name is None or found[f"prod/{name}"] == "edited"
    assert edit != "deleted" or "prod/mine" not in found
    assert on_disk(tmp_path, "b") == NEW
    assert leftovers(tmp_path) == []


def test_an_edit_is_not_lost_where_it_could_not_even_be_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render(tmp_path, {"a": OLD})
    real = exchange._declare

    def declare(*words: Any) -> None:
        real(*words)
        (tmp_path / "overlays/a/prod/0.yaml").write_text("edited")
        patch.setattr(exchange, "fingerprint", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_declare", declare)
        with pytest.raises(MlgenError) as error:
            render(tmp_path, {"a": NEW})
        assert said(error) == [("cannot-write", "overlays")]
    exchange.recover(tmp_path)
    assert on_disk(tmp_path, "a") == OLD | {"prod/0.yaml": "edited"}
    assert leftovers(tmp_path) == []


# --- what an interrupted command left


class Died(BaseException):
    """Stands for SIGKILL: from here on, nothing that is tried has any effect."""


class Faults:
    """Lets the n-th system call fail: once, from then on, or as if the process had died there."""

    EVERY = ("open", "write", "fsync", "mkdir", "rename", "unlink", "rmdir", "link", "fchmod", "listdir", "ftruncate")

    def __init__(self, at: int, mode: str, code: int, names: tuple[str, ...] = EVERY) -> None:
        self.at, self.mode, self.code, self.names, self.calls = at, mode, code, names, 0

    @contextmanager
    def __call__(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with monkeypatch.context() as patch:
            for name in self.names:
                patch.setattr(os, name, self.failing(getattr(os, name)))
            if swap.native is not None:
                patch.setattr(swap, "native", self.failing(swap.native))
            yield

    def failing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls == self.at or (self.calls > self.at and self.mode != "once"):
                raise Died if self.mode == "dead" else OSError(self.code, os.strerror(self.code))
            return real(*words, **options)

        return call


class Case(NamedTuple):
    before: Tree
    after: Tree


SMALL = {version: {path: text for path, text in rendered(version, 0).items() if "prod" in path} for version in "AB"}
CASES = {
    "changed": Case(SMALL["A"] | {"prod/mine": "mine"}, SMALL["B"] | {"prod/mine": "mine"}),
    "made": Case({}, SMALL["B"]),
    "gone": Case(SMALL["A"], {}),
    "left": Case(SMALL["A"] | {"mine": "mine"}, {"mine": "mine"}),
}


def lay_out(root: Path) -> None:
    for project, case in CASES.items():
        for path, text in case.before.items():
            file = root / "overlays" / project / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


def wanted() -> dict[str, Tree]:
    return {
        project: {path: text for path, text in case.after.items() if "mine" not in path}
        for project, case in CASES.items()
    }


def each_is_old_or_new(root: Path) -> bool:
    """Whether all are new; fails if one is neither."""
    states = []
    for project, case in CASES.items():
        found = on_disk(root, project)
        assert found in case, f"{project} is neither old nor new: {sorted(found)}"
        states.append(found == case.after)
    return all(states)


def fail_at(root: Path, monkeypatch: pytest.MonkeyPatch, faults: Faults) -> bool:
    """Write with a fault; whether it came to that."""
    lay_out(root)
    planned = plans(root, wanted())
    rules, finished = {"cannot-write"}, False
    with faults(monkeypatch):
        try:
            exchange.write(root, planned)
            finished = True
        except MlgenError as error:
            rules = {problem.rule for problem in error.problems}
        except Died:
            pass
    assert rules == {"cannot-write"}
    if faults.mode != "dead" and swap.native:
        assert each_is_old_or_new(root) or not finished
    exchange.recover(root)
    assert leftovers(root) == []
    assert each_is_old_or_new(root) or not finished
    render(root, wanted())
    assert each_is_old_or_new(root)
    assert leftovers(root) == []
    return faults.calls >= faults.at


def fail_at_every(step: int, root: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    codes = (errno.ENOSPC, errno.EIO, errno.EACCES)
    at = 1 + len(mode) % step
    while fail_at(root / str(at), monkeypatch, Faults(at, mode, codes[at % 3])):
        at += step
    assert at > 150


every_mode = pytest.mark.parametrize("mode", ["once", "ever", "dead"])


@both_ways
@every_mode
def test_whatever_rename_fails_each_project_is_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object, mode: str
) -> None:
    at = 1
    while fail_at(tmp_path / str(at), monkeypatch, Faults(at, mode, errno.EIO, ("rename",))):
        at += 1
    assert at > 4


@both_ways
@every_mode
def test_whatever_call_fails_each_project_is_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object, mode: str
) -> None:
    fail_at_every(5, tmp_path, monkeypatch, mode)


@pytest.mark.proof
@both_ways
@every_mode
def test_really_whatever_call_fails_each_project_is_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object, mode: str
) -> None:
    fail_at_every(1, tmp_path, monkeypatch, mode)


@both_ways
def test_recovery_may_be_interrupted_as_often_as_it_likes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object
) -> None:
    """A writer dies, then each recovery dies one call later than the one before."""
    counted = Faults(10**9, "once", 0)
    lay_out(tmp_path / "counted")
    planned = plans(tmp_path / "counted", wanted())
    with counted(monkeypatch):
        exchange.write(tmp_path / "counted", planned)
    for at in range(1, counted.calls, 5):
        root = tmp_path / str(at)
        lay_out(root)
        with Faults(at, "dead", 0)(monkeypatch), pytest.raises(Died):
            exchange.write(root, plans(root, wanted()))
        for later in range(1, 1000, 3):
            with Faults(later, "dead", 0)(monkeypatch):
                try:
                    exchange.recover(root)
                    break
                except Died:
                    continue
        each_is_old_or_new(root)
        assert leftovers(root) == []


def interrupted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a complete journal, with nothing put in place yet."""
    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_settle", lambda *_: (_ for _ in ()).throw(Died()))
        with pytest.raises(Died):
            render(root, {"a": NEW, "b": NEW})


def test_recovery_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render(tmp_path, {"a": OLD})
    assert exchange.recover(tmp_path) == []
    interrupted(tmp_path, monkeypatch)
    assert exchange.recover(tmp_path) == [
        "finished writing overlays/a, which was interrupted",
        "finished writing overlays/b, which was interrupted",
    ]
    assert (on_disk(tmp_path, "a"), on_disk(tmp_path, "b")) == (NEW, NEW)
    (tmp_path / "overlays/.mlgen-stage/0/prod").mkdir(parents=True)
    assert exchange.recover(tmp_path) == ["cleared away what an interrupted command had not put in place yet"]
    assert leftovers(tmp_path) == []


@both_ways
def test_recovery_only_clears_up_after_what_was_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object
) -> None:
    render(tmp_path, {"a": OLD, "c": OLD})
    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_discard", lambda *_: (_ for _ in ()).throw(Died()))
        with pytest.raises(Died):
            render(tmp_path, {"a": NEW, "b": NEW, "c": {}})
    for _ in range(2):
        assert (on_disk(tmp_path, "a"), on_disk(tmp_path, "b"), on_disk(tmp_path, "c")) == (NEW, NEW, {})
        exchange.recover(tmp_path)
    assert leftovers(tmp_path) == []


@both_ways
def test_recovery_leaves_alone_what_changed_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: object
) -> None:
    render(tmp_path, {"a": OLD})
    interrupted(tmp_path, monkeypatch)
    (tmp_path / "overlays/a/prod/0.yaml").write_text("edited since")
    (tmp_path / "overlays/b").mkdir()
    (tmp_path / "overlays/b/mine").write_text("made since")
    assert exchange.recover(tmp_path) == [
        f"left overlays/{project} as it is, because it changed after a command that was writing it was interrupted"
        for project in ("a", "b")
    ]
    assert on_disk(tmp_path, "a") == OLD | {"prod/0.yaml": "edited since"}
    assert on_disk(tmp_path, "b") == {"mine": "made since"}
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "change",
    [
        {"target": "../victim"},
        {"target": "overlays/../../victim"},
        {"target": "projects/a"},
        {"target": "overlays/.git"},
        {"target": 1},
        {"staged": "../0"},
        {"old": "1"},
        {"before": []},
        {"more": 1},
    ],
)
def test_a_journal_that_came_with_somebodys_branch_has_no_say(tmp_path: Path, change: dict[str, Any]) -> None:
    entry: dict[str, Any] = {"target": "overlays/a", "staged": "0", "old": None, "new": None, "before": {}}
    assert journal.parse(json.dumps([entry])) is not None
    text = json.dumps([entry | change])
    assert journal.parse(text) is None
    stage = tmp_path / "overlays/.mlgen-stage"
    (stage / "0").mkdir(parents=True)
    (stage / journal.NAME).write_text(text)
    exchange.recover(tmp_path)
    assert list(tmp_path.rglob("*")) == [tmp_path / "overlays"]


@pytest.mark.parametrize("text", ["", "null", "{", "[1]", "[[]]", "[" * 100_000])
def test_what_is_no_journal_is_none(text: str) -> None:
    assert journal.parse(text) is None


# --- what may not be written


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that everybody may reach: those above tmp_path are closed to others, and all workers share them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def unprivileged(root: Path) -> Iterator[None]:
    """Run as somebody who may not do everything: tests often run as root."""
    if os.geteuid() != 0:
        yield
        return
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("folder", "named"), [(".", "overlays"), ("overlays", "overlays"), ("overlays/a", "overlays/a")]
)
def test_a_read_only_folder_is_named_and_all_stays_as_it_is(reachable: Path, folder: str, named: str) -> None:
    if folder != ".":
        render(reachable, {"a": OLD})
    before = on_disk(reachable, "a")
    with unprivileged(reachable):
        (reachable / folder).chmod(0o555)
        with pytest.raises(MlgenError) as error:
            render(reachable, {"a": NEW})
        assert said(error) == [("cannot-write", named)]
        assert error.value.problems[0].message == "this cannot be written: Permission denied"
        assert "make it writable" in error.value.problems[0].help
        (reachable / folder).chmod(0o755)
        assert on_disk(reachable, "a") == before
        assert folder == "." or leftovers(reachable) == []
        render(reachable, {"a": NEW})
    assert on_disk(reachable, "a") == NEW


# --- killed for real


def kill_writers(root: Path, times: int, way: str) -> None:
    versions = {project: [pointed(project, version) for version in "AB"] for project in KILLED}
    folders = [rendered(version, FILES) for version in "AB"]
    chance = random.Random(times)
    interrupted = 0
    for _ in range(times):
        with subprocess.Popen([sys.executable, writer.__file__, str(root), way], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(chance.uniform(0, 0.2))
            process.send_signal(signal.SIGKILL)
        interrupted += bool(leftovers(root))
        if way == "at-once":
            found = [
                {path: text for path, text in on_disk(root, project).items() if ".." not in path} for project in KILLED
            ]
            assert all(folder in folders for folder in found)
        exchange.recover(root)
        assert leftovers(root) == []
        assert all(on_disk(root, project) in versions[project] for project in KILLED), "and what points at it"
        render(root, {project: versions[project][0] for project in KILLED})
        assert all(on_disk(root, project) == versions[project][0] for project in KILLED)
    assert interrupted >= times / 4, "on a busy machine a writer may begin late"


def test_killed_writers_leave_each_project_old_or_new(tmp_path: Path) -> None:
    kill_writers(tmp_path, 11, "at-once")
    kill_writers(tmp_path, 4, "three-renames")


@pytest.mark.proof
def test_300_killed_writers_leave_each_project_old_or_new(tmp_path: Path) -> None:
    kill_writers(tmp_path, 200, "at-once")
    kill_writers(tmp_path, 100, "three-renames")
