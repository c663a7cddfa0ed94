"""A root folder and what the user named on the command line -> the Platform, and which of its projects are meant."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from mlgen import disk
from mlgen.commands import UsageError, console, counted
from mlgen.commands.ground import Ground, WorkTree
from mlgen.platform import BASE, Platform, load
from mlgen.problem import Problem, Span
from mlgen.sources import Shown
from mlgen.suggest import did_you_mean

SPEC = "mlgen.yaml"
MEANT = ("components", "environments", "kinds", "projects")  # in the others nothing is checked by itself
OWN = ("components/", "environments/", "kinds/", "projects/", "overlays/", "policies/", "schemas/")


class Workspace(NamedTuple):
    """A platform repository as a command sees it. ``projects`` are those meant; ``whole`` tells whether that is all.

    Where only what changed is meant, ``touched`` has its projects, those that are gone too, and ``others`` the rest,
    which matters only to what is wrong between projects.
    """

    root: Path
    platform: Platform
    projects: list[str]
    whole: bool
    ground: Ground
    touched: frozenset[str] | None = None
    others: tuple[str, ...] = ()

    @property
    def environments(self) -> list[str]:
        """The names of the environments that a project can run in."""
        return [name for name in self.platform.environments if name != BASE]

    def counted(self, since: str | None) -> str:
        """How many projects were looked at, and of how many if those are what changed since a revision."""
        number = counted(len(self.projects), "project")
        every = len(self.projects) + len(self.others)
        return number if since is None else f"{number} of {every}, which a change since {since} can touch,"

    def show(self, problems: Sequence[Problem], form: str, stream: TextIO | None = None) -> None:
        """Print ``problems``; their places can be followed from where the user is, if the root is there or below."""
        below = os.path.relpath(self.root)
        prefix = "" if below == os.curdir or below.startswith(os.pardir) else f"{Path(below).as_posix()}/"
        sources = self.platform.sources
        files = {_below(prefix, file): file for file in sources}
        texts = Shown(files, lambda file: sources[files[file]])
        console.show([_moved(problem, prefix) for problem in problems], texts, form, stream)


def find_root(root: Path | None) -> Path:
    """``root``, or the nearest folder with `environments/`. Raises UsageError where there is none."""
    if root is not None:
        if not root.is_dir():
            raise UsageError(f"there is no folder {root}")
        if not (root / "environments").is_dir():
            raise UsageError(
                f"{root} is no platform repository, for it has no environments/", f"`mlgen init {root}` makes one"
            )
        return root.resolve()
    found = disk.find_root(Path.cwd())
    if found is None:
        raise UsageError(
            "there is no environments/ here or in any folder above",
            "`mlgen init` makes a platform repository, and --root names one",
        )
    return found


def open_workspace(
    root: Path | None, targets: Sequence[str] = (), *, staged: bool = False, since: str | None = None
) -> Workspace:
    """Read what ``targets`` (projects, or files of projects and environments) need; without any, everything.

    ``staged``: as git would commit it. ``since``: of the projects meant those that a change since that revision can
    touch. Raises UsageError for a target that is nothing of the kind.
    """
    top = find_root(root)
    found = ground(top, staged=staged)
    files, problems = found.inputs()
    known = {file.split("/")[1] for file in [*files, *(problem.span.file for problem in problems)] if _project(file)}
    meant, outside = _meant(top, targets, known)
    if meant is not None:
        files = {file: data for file, data in files.items() if not _project(file) or file.split("/")[1] in meant}
        problems = [problem for problem in problems if _concerns(problem, meant)]
    for folder in outside:
        theirs, wrong = disk.read_outside(folder)
        files |= theirs
        problems += wrong
    platform = load(files, tuple(problems))
    _refuse_twins(platform, known)
    workspace = Workspace(top, platform, sorted(platform.projects), meant is None, found)
    return workspace if since is None else _since(workspace, since, staged=staged)


def _since(workspace: Workspace, revision: str, *, staged: bool) -> Workspace:
    """``workspace`` with those projects only that a change can touch."""
    from mlgen.changes.touched import projects_in  # with git, what most commands do without
    from mlgen.commands.since import touched_since

    files = [*workspace.platform.sources, *(problem.span.file for problem in workspace.platform.problems)]
    every = {*projects_in(files), *workspace.ground.projects()}
    touched = touched_since(workspace.root, revision, every, staged=staged)
    meant = [name for name in workspace.projects if name in touched]
    others = tuple(name for name in workspace.projects if name not in touched) if workspace.whole else ()
    kept = [one for one in workspace.platform.problems if not _project(one.span.file) or _concerns(one, touched)]
    platform = workspace.platform._replace(problems=tuple(kept))
    return workspace._replace(platform=platform, projects=meant, touched=frozenset(touched), others=others)


def ground(top: Path, *, staged: bool) -> Ground:
    """The work tree, or what git would commit. Raises UsageError where there is no git."""
    if not staged:
        return WorkTree(top)
    from mlgen.commands.staged import Staged  # git, which most commands do without

    return Staged(top)


def _meant(root: Path, targets: Sequence[str], known: Collection[str]) -> tuple[set[str] | None, list[Path]]:
    """The names of the projects meant (None: all), and the folders of projects outside the root."""
    names: set[str] = set()
    outside: list[Path] = []
    whole = not targets
    for target in targets:
        path = Path(target)
        spec = path / SPEC if path.is_dir() else path
        if target in known:
            names.add(target)
        elif not path.exists():
            raise _absent(target, known)
        elif (inside := _inside(root, path)) is None and spec.name == SPEC and spec.exists():
            outside.append(spec.parent)
        elif inside is None or (inside and inside[0] not in MEANT):
            raise UsageError(
                f"{target} is neither a project's {SPEC} nor a file under environments/, kinds/ or components/"
            )
        elif len(inside) > 1 and inside[0] == "projects":
            names.add(inside[1])
        else:
            whole = True
    return (None if whole else names), outside


def _absent(target: str, known: Collection[str]) -> UsageError:
    if "/" in target or target.endswith((".yaml", ".yml")):
        return UsageError(f"there is no file {target}")
    hint = did_you_mean(target, sorted(known))
    return UsageError(f"there is no project `{target}`", hint or "`mlgen new NAME` makes one")


def _refuse_twins(platform: Platform, known: Collection[str]) -> None:
    """Raises UsageError where a project of another repository is named as one of the platform's own."""
    for name, project in platform.projects.items():
        if not _project(project.span.file) and name in known:
            raise UsageError(f"{project.span.file} is named `{name}`, and so is projects/{name}/{SPEC}", "rename one")


def _project(file: str) -> bool:
    return file.startswith("projects/")


def _inside(root: Path, path: Path) -> tuple[str, ...] | None:
    whole = path.resolve()
    return whole.relative_to(root).parts if whole.is_relative_to(root) else None


def _concerns(problem: Problem, projects: set[str]) -> bool:
    parts = problem.span.file.split("/")
    return parts[0] != "projects" or (len(parts) > 1 and parts[1] in projects)


def _moved(problem: Problem, prefix: str) -> Problem:
    related = tuple((_span_below(prefix, span), label) for span, label in problem.related)
    return problem._replace(span=_span_below(prefix, problem.span), related=related)


def _span_below(prefix: str, span: Span) -> Span:
    return span._replace(file=_below(prefix, span.file))


def _below(prefix: str, file: str) -> str:
    return prefix + file if file.startswith(OWN) else file
