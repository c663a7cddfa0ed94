"""A directory -> the platform repository's files: what the user wrote, and what lies in overlays/."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from mlgen import lock, ownership
from mlgen.components import FOLDER as COMPONENTS
from mlgen.disk import journal
from mlgen.disk.folder import Folder
from mlgen.disk.named import DEEPEST, NAMES, POLICIES, SCHEMAS, wrong_name
from mlgen.own.kind import CASES, FOLDER, SCHEMA
from mlgen.problem import MlgenError, Problem, Span
from mlgen.site import MANIFESTS, SEALED

LIMIT = 1 << 20
LARGEST_RENDERED = 32 << 20
OVERLAYS = "overlays"
CLUSTERS = "clusters"  # in there the pointers for Argo CD and Flux; no project has this name
POINTER = ".yaml"

Files = dict[str, bytes]


def find_root(start: Path) -> Path | None:
    """The platform repository that ``start`` is in: the nearest folder upwards with ``environments/``, or None."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / "environments").is_dir()), None)


def read_inputs(root: Path) -> tuple[Files, list[Problem]]:
    """Every file that users write, by its path below ``root``, and why others could not be read.

    At most ``LIMIT`` bytes and one more are read of a file, so that the reader can say that it is too long.
    """
    problems: list[Problem] = []
    return _read(root, _candidates(root, problems), problems), problems


def read_kinds(root: Path) -> tuple[Files, list[Problem]]:
    """Of those files the repository's own kinds alone."""
    problems: list[Problem] = []
    return _read(root, _kinds(root, problems), problems), problems


def _read(root: Path, paths: Iterable[str], problems: list[Problem]) -> Files:
    found: Files = {}
    for path in paths:
        with _noting(path, problems):
            inside = _inside(root, path)
            with Folder.at(root) as top, top.reach(inside.parent.parts) as folder:
                found[path] = folder.read(inside.name, LIMIT + 1)
    return found


def read_outside(folder: Path) -> tuple[Files, list[Problem]]:
    """What a project in a repository of its own says: the files of ``folder``, by paths that the user would type."""
    problems: list[Problem] = []
    found: Files = {}
    for name in [*NAMES, *_sealed(folder, "", problems), *_manifests(folder, "", problems)]:
        path = (folder / name).as_posix()
        path = f"./{path}" if path.startswith(("environments/", "projects/")) else path
        if os.path.lexists(path):
            inside = PurePosixPath(name)
            with _noting(path, problems), Folder.at(folder) as top, top.reach(inside.parent.parts) as opened:
                found[path] = opened.read(inside.name, LIMIT + 1)
    return found, problems


def read_present(root: Path, project: str) -> tuple[Files, list[Problem]]:
    """Every regular file in overlays/<project>, by its path there, and what else lies there; and its pointers."""
    problems: list[Problem] = []
    found: Files = {}
    where = f"{OVERLAYS}/{project}"
    with _noting(where, problems), Folder.at(root) as top:
        if _is_absent(top, OVERLAYS):
            return found, problems
        with top.open(OVERLAYS) as overlays:
            if not _is_absent(overlays, project):
                with overlays.open(project) as folder:
                    for file in folder.files():
                        with _noting(f"{where}/{file.path}", problems):
                            found[file.path] = _rendered(file.folder, file.name)
            for environment in _environments(root):
                path = f"{environment}/{ownership.CLUSTERS}{environment}/{project}{POINTER}"
                with (
                    _noting(ownership.located(where, path), problems),
                    overlays.reach((CLUSTERS, environment)) as clusters,
                ):
                    if not _is_absent(clusters, f"{project}{POINTER}"):
                        found[path] = _rendered(clusters, f"{project}{POINTER}")
    return found, problems


def _rendered(folder: Folder, name: str) -> bytes:
    data = folder.read(name, LARGEST_RENDERED + 1)
    if len(data) > LARGEST_RENDERED:
        raise MlgenError(too_large(folder.shown(name)))
    return data


def projects_present(root: Path) -> list[str]:
    """The projects that have been rendered: each has a folder with an mlgen.lock in it, or something points at it."""
    overlays = root / OVERLAYS
    if overlays.is_symlink() or not overlays.is_dir():
        return []
    folders = {
        folder.name
        for folder in overlays.iterdir()
        if folder.name != CLUSTERS
        and not folder.is_symlink()
        and any(os.path.lexists(inner / lock.NAME) for inner in _folders(folder))
    }
    pointers = {
        file.name.removesuffix(POINTER)
        for environment in _environments(root)
        for file in (overlays / CLUSTERS / environment).iterdir()
        if file.name.endswith(POINTER)
    }
    # A folder that somebody renamed is no project.
    return sorted(name for name in folders | pointers if journal.is_target(f"{OVERLAYS}/{name}"))


def _environments(root: Path) -> list[str]:
    """The environments that have a folder of pointers."""
    clusters = root / OVERLAYS / CLUSTERS
    return [] if clusters.is_symlink() else sorted(folder.name for folder in _folders(clusters))


def _candidates(root: Path, problems: list[Problem]) -> Iterator[str]:
    """The paths that should be files of the user's, as far as their names say."""
    for name in _listing(root, "environments", problems):
        path = PurePosixPath("environments", name)
        if path.suffix == ".yaml":
            yield str(path)
        elif path.suffix.lower() in (".yaml", ".yml"):
            problems.append(wrong_name(path, path.with_suffix(".yaml").name))
    for project in _listing(root, "projects", problems):
        if project.startswith(".") or (root / "projects" / project).is_file():
            continue
        for name in _listing(root, f"projects/{project}", problems):
            path = PurePosixPath("projects", project, name)
            right = path.with_suffix(".yaml").name.lower()
            if name in NAMES:
                yield str(path)
            elif right in NAMES and path.suffix.lower() in (".yaml", ".yml"):
                problems.append(wrong_name(path, right))
        yield from _sealed(root, f"projects/{project}", problems)
        yield from _manifests(root, f"projects/{project}", problems)
    yield from _kinds(root, problems)
    yield from _schemas(root, problems)
    yield from _deep(root, PurePosixPath(POLICIES), problems)
    # What no environment names may be anybody's: how files are called there is not our business.
    yield from _deep(root, PurePosixPath(COMPONENTS), [])


def _kinds(root: Path, problems: list[Problem]) -> Iterator[str]:
    """The repository's own kinds: kinds/<name>/ with schema.json, a template for each back-end, and cases/."""
    for name in _listing(root, FOLDER, problems):
        folder = PurePosixPath(FOLDER, name)
        if not name.startswith(".") and (root / folder).is_dir():
            if SCHEMA in _listing(root, str(folder), problems):
                yield str(folder / SCHEMA)
            yield from _documents(root, folder, problems)
            yield from _documents(root, folder / CASES, problems)


def _schemas(root: Path, problems: list[Problem]) -> Iterator[str]:
    """What `mlgen schema import` wrote: schemas/<group>/<file>.json. Every group has a dot, and nothing else there."""
    for group in _listing(root, SCHEMAS, problems):
        if "." in group and (root / SCHEMAS / group).is_dir():
            names = _listing(root, f"{SCHEMAS}/{group}", problems)
            yield from (f"{SCHEMAS}/{group}/{name}" for name in names if name.endswith(".json") and name[0] != ".")


def _deep(root: Path, folder: PurePosixPath, problems: list[Problem]) -> Iterator[str]:
    """Every YAML file below a folder, however deep."""
    if len(folder.parts) <= DEEPEST and (root / folder).is_dir():
        yield from _documents(root, folder, problems)
        for name in _listing(root, str(folder), problems):
            if not name.startswith(".") and not (root / folder / name).is_symlink():
                yield from _deep(root, folder / name, problems)


def _sealed(root: Path, project: str, problems: list[Problem]) -> Iterator[str]:
    """The sealed secrets of ``project``, a folder below ``root``: secrets/<environment>/<secret>.yaml."""
    top = PurePosixPath(project, SEALED)
    if not (root / top).is_dir():
        return
    for environment in _listing(root, str(top), problems):
        yield from _documents(root, top / environment, problems)


def _manifests(root: Path, project: str, problems: list[Problem]) -> Iterator[str]:
    """The further objects of ``project``: manifests/<any name>.yaml."""
    yield from _documents(root, PurePosixPath(project, MANIFESTS), problems)


def _documents(root: Path, folder: PurePosixPath, problems: list[Problem]) -> Iterator[str]:
    if not (root / folder).is_dir():
        return
    for name in _listing(root, str(folder), problems):
        path = folder / name
        if path.suffix == ".yaml":
            yield str(path)
        elif path.suffix.lower() in (".yaml", ".yml"):
            problems.append(wrong_name(path, path.with_suffix(".yaml").name))


def _listing(root: Path, path: str, problems: list[Problem]) -> list[str]:
    with _noting(path, problems):
        if os.path.lexists(root / path):
            return sorted(entry.name for entry in (root / _inside(root, path)).iterdir())
    return []


def _inside(root: Path, path: str) -> PurePosixPath:
    """``path`` with links followed. Raises MlgenError if they lead out of the repository."""
    top, real = Path(os.path.realpath(root)), Path(os.path.realpath(root / path))
    if not real.is_relative_to(top):
        message = "this is a link that leads out of the repository, and mlgen does not follow it"
        raise MlgenError(Problem("not-a-file", _span(path), message, "put the file itself in its place"))
    return PurePosixPath(real.relative_to(top).as_posix())


@contextmanager
def _noting(path: str, problems: list[Problem]) -> Iterator[None]:
    """Note as a problem at ``path`` that something cannot be read, and go on."""
    try:
        yield
    except MlgenError as error:
        problems += error.problems
    except OSError as error:
        message = f"this cannot be read: {error.strerror or error}"
        problems.append(Problem("cannot-read", _span(path), message, "make it readable, or take it away"))


def _is_absent(folder: Folder, name: str) -> bool:
    return folder.stat(name) is None


def _folders(folder: Path) -> list[Path]:
    return [inner for inner in folder.iterdir() if inner.is_dir() and not inner.is_symlink()] if folder.is_dir() else []


def too_large(path: str) -> Problem:
    """The problem that a file in overlays/ is larger than any that mlgen wrote."""
    message = f"this file is larger than {LARGEST_RENDERED >> 20} MiB, which mlgen never wrote"
    return Problem("cannot-read", _span(path), message, f"move it out of {OVERLAYS}/")


def _span(path: str) -> Span:
    return Span(path, 1, 1, 1, 1)
