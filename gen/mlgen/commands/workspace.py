"""A root folder and what the user named on the command line -> the Platform, and which of its projects are meant."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mlgen import disk
from mlgen.platform import Platform, load
from mlgen.problem import Problem
from mlgen.suggest import did_you_mean

SPEC = "mlgen.yaml"


class UsageError(Exception):
    """The command cannot run as it was called; the text says why and what to do."""


class Workspace(NamedTuple):
    """A platform repository as a command sees it. ``projects`` are those meant; ``whole`` tells whether that is all."""

    root: Path
    platform: Platform
    projects: list[str]
    whole: bool


def find_root(root: Path | None) -> Path:
    """``root``, or the nearest folder with `environments/`. Raises UsageError where there is none."""
    if root is not None:
        if not (root / "environments").is_dir():
            raise UsageError(
                f"{root} is no platform repository: it has no `environments/` folder. `mlgen init {root}` makes one"
            )
        return root.resolve()
    found = disk.find_root(Path.cwd())
    if found is None:
        raise UsageError(
            "no `environments/` folder here or in any folder above: `mlgen init` makes a platform repository"
        )
    return found


def open_workspace(root: Path | None, targets: Sequence[str] = ()) -> Workspace:
    """Read what ``targets`` (projects, or files of projects and environments) need; without any, everything."""
    top = find_root(root)
    files, problems = disk.read_inputs(top)
    meant, outside = _meant(top, targets, files)
    if meant is not None:
        files = {
            file: data
            for file, data in files.items()
            if not file.startswith("projects/") or file.split("/")[1] in meant
        }
        problems = [problem for problem in problems if _concerns(problem, meant)]
    for file in outside:
        files[file.as_posix()] = file.read_bytes()
    platform = load(files, tuple(problems))
    return Workspace(top, platform, sorted(platform.projects), meant is None)


def _meant(root: Path, targets: Sequence[str], files: dict[str, bytes]) -> tuple[set[str] | None, list[Path]]:
    """The names of the projects meant (None: all), and project files outside the root."""
    known = {file.split("/")[1] for file in files if file.startswith("projects/")}
    names: set[str] = set()
    outside: list[Path] = []
    for target in targets:
        path = Path(target)
        if target in known:
            names.add(target)
        elif path.exists():
            inside = _inside(root, path)
            if inside is None and path.name == SPEC:
                outside.append(path)
            elif inside is None or inside[0] not in ("environments", "projects"):
                raise UsageError(f"{target} is neither a project's {SPEC} nor a file under environments/")
            elif inside[0] == "environments" or len(inside) < 2:
                return None, outside
            else:
                names.add(inside[1])
        else:
            raise UsageError(f"there is no project `{target}`: {did_you_mean(target, known) or 'projects/ is empty'}")
    return (names if targets else None), outside


def _inside(root: Path, path: Path) -> tuple[str, ...] | None:
    whole = path.resolve()
    return whole.relative_to(root).parts or ("",) if whole.is_relative_to(root) else None


def _concerns(problem: Problem, projects: set[str]) -> bool:
    parts = problem.span.file.split("/")
    return parts[0] != "projects" or (len(parts) > 1 and parts[1] in projects)
