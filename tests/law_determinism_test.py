"""Law 3: the same input makes the same bytes, wherever, whenever and by whomever it is rendered."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.platforms import Tree, files, platforms

from mlgen import disk, engine
from mlgen.commands.render import render
from mlgen.platform import load

# Each differs from the first in all that must not matter. A locale that is not installed is the C locale: no harm.
SURROUNDINGS: Mapping[str, Mapping[str, str]] = {
    "plain": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "umask": "022"},
    "another hash seed": {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "umask": "022"},
    "a random hash seed": {"PYTHONHASHSEED": "random", "TZ": "Asia/Kathmandu", "umask": "077"},
    "Turkish": {"PYTHONHASHSEED": "7", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "umask": "022"},
    "no UTF-8": {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX", "umask": "002"},
    "a terminal's wishes": {"FORCE_COLOR": "1", "COLUMNS": "20", "TERM": "xterm", "CI": "1", "umask": "022"},
}


def copied(folder: Path, *, backwards: bool) -> Path:
    """This repository's own specs, their files made in one order or the other."""
    for path in sorted(disk.read_inputs(ROOT)[0], reverse=backwards):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    return folder


def rendered(start: Path, surroundings: Mapping[str, str], *arguments: str) -> None:
    own = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON", "TZ"))}
    variables = {**own, **{key: value for key, value in surroundings.items() if key != "umask"}}
    done = subprocess.run(
        [sys.executable, "-m", "mlgen", "render", *arguments],
        cwd=start,
        env=variables,
        umask=int(surroundings["umask"], 8),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def digest(root: Path) -> str:
    """Every path below overlays/ with its bytes, as one hash."""
    whole = hashlib.sha256()
    found = sorted(path for path in (root / "overlays").rglob("*") if path.is_file())
    assert found
    for path in found:
        data = path.read_bytes()
        whole.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def test_the_same_bytes_everywhere(tmp_path: Path) -> None:
    """Determinism: same input, same bytes: whatever the working directory, locale, time zone, umask, hash seed, file
    order, number of processes, cold or warm cache."""
    found = {}
    for number, (name, surroundings) in enumerate(SURROUNDINGS.items()):
        root = copied(tmp_path / name, backwards=bool(number % 2))
        if number % 2:
            rendered(tmp_path, surroundings, "--root", str(root))
        else:
            rendered(root / "projects", surroundings)
        found[name] = digest(root)
    assert set(found.values()) == {found["plain"]}, found


def test_project_by_project_is_the_same_as_all_at_once(tmp_path: Path) -> None:
    """The same, however the work is shared, and whatever was rendered before."""

    def here(root: Path, *projects: str) -> str:
        asked = {"environment": None, "force": False, "form": "text", "strict": False, "fail_on_change": False}
        assert render(root, projects, **asked) == 0  # type: ignore[arg-type]
        return digest(root)

    together, apart = copied(tmp_path / "all", backwards=False), copied(tmp_path / "apart", backwards=True)
    once = here(together)
    assert here(together, "churn") == once
    assert [here(apart, project) for project in reversed(disk.projects_present(together))][-1] == once


@settings(max_examples=30)
@given(platforms(), st.randoms(use_true_random=False))
def test_the_order_of_files_is_nothing(tree: Tree, chance: random.Random) -> None:
    """Nor does it matter in which order the files are found, or the projects asked for."""
    given_files = list(files(tree).items())
    names = sorted({path.split("/")[1] for path in tree if path.startswith("projects/")})
    first = engine.render(load(dict(given_files)), names)
    chance.shuffle(given_files)
    chance.shuffle(names)
    second = engine.render(load(dict(given_files)), names)
    assert {name: dict(first.files[name]) for name in sorted(first.files)} == {
        name: dict(second.files[name]) for name in sorted(second.files)
    }
