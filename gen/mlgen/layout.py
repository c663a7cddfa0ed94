"""Rendered projects -> the files of a branch, by folder; these and what lies there -> what to write and remove.

overlays    overlays/<project>/<environment>/    what `mlgen render` writes
hydrated    <environment>/<project>/             the finished objects, one file each, which `mlgen build` prints

What points at a folder is one of its files, by its path from there: overlays/clusters/<environment>/<project>.yaml,
of what is hydrated clusters/<environment>/<project>.yaml.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from mlgen import kustomize, lock, ownership, pointers
from mlgen.engine import Rendered
from mlgen.ownership import Change, located
from mlgen.problem import Problem, Span, in_order

Folders = Mapping[str, Mapping[str, str]]  # "overlays/churn/prod" -> a path below it -> its text
LAYOUTS = ("overlays", "hydrated")
_LOCKED = {
    "overlays": re.compile(rf"(?P<folder>overlays/(?P<project>[^/]+)/[^/]+)/{re.escape(lock.NAME)}"),
    "hydrated": re.compile(rf"(?P<folder>(?!overlays/)[^/]+/(?P<project>[^/]+))/{re.escape(lock.NAME)}"),
}
_POINTER = {
    "overlays": re.compile(r"overlays/clusters/(?P<environment>[^/]+)/(?P<project>[^/]+)\.yaml"),
    "hydrated": re.compile(r"clusters/(?P<environment>[^/]+)/(?P<project>[^/]+)\.yaml"),
}
BY_HAND = "say it in the project's mlgen.yaml instead, and take the edit back on the branch"
UNPROVED = "get mlgen.lock back on the branch, or remove the folder there"
IN_THE_WAY = "move it elsewhere on the branch, or delete it there"
_HELP = {"hand-edited": BY_HAND, "broken-lock": UNPROVED, "foreign-file": IN_THE_WAY}


class Step(NamedTuple):
    """From what a branch has to what it should: each path's new text, None where it goes; and what is against it."""

    changes: Mapping[str, bytes | None]
    kinds: tuple[Change, ...]
    problems: tuple[Problem, ...]


def folders(rendered: Rendered, layout: str) -> Folders:
    """Every file, by its folder; each folder has its mlgen.lock."""
    return _hydrated(rendered) if layout == "hydrated" else _overlays(rendered)


def digest(wanted: Folders) -> str:
    """The sha256 of the lines that `sha256sum` prints for all files, sorted by path."""
    files = sorted((_located(folder, path), text) for folder, below in wanted.items() for path, text in below.items())
    lines = [f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n" for path, text in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def owned(paths: Iterable[str], layout: str) -> dict[str, str]:
    """The folders that mlgen wrote in this layout, each with its project: by its lock, or by what points there."""
    every = list(paths)
    locked = [match["folder"] for path in every if (match := _LOCKED[layout].fullmatch(path))]
    aimed = [found[0] for path in every if (found := pointed(path, layout))]
    return {folder: folder.split("/")[1] for folder in (*locked, *aimed)}


def pointed(path: str, layout: str) -> tuple[str, str] | None:
    """The folder that the pointers in ``path`` are of, and its path from there; None for all other files."""
    found = _POINTER[layout].fullmatch(path)
    if found is None:
        return None
    project, environment = found["project"], found["environment"]
    folder = f"{environment}/{project}" if layout == "hydrated" else f"overlays/{project}/{environment}"
    return folder, f"{ownership.CLUSTERS}{environment}/{project}.yaml"


def blocked(wanted: Folders, paths: Collection[str]) -> Iterator[Problem]:
    """Files, links and submodules that lie where a folder has to be."""
    folders = [*wanted]
    for folder, below in wanted.items():
        folders += [_located(folder, path).rpartition("/")[0] for path in below if path.startswith(ownership.CLUSTERS)]
    above = {
        "/".join(parts[:end]) for parts in (name.split("/") for name in folders) for end in range(1, len(parts) + 1)
    }
    for path in sorted(above & set(paths)):
        message = "mlgen has to make a folder here, but did not write what lies here"
        yield Problem("foreign-file", Span(path, 1, 1, 1, 1), message, IN_THE_WAY)


def step(wanted: Folders, present: Mapping[str, Mapping[str, bytes]]) -> Step:
    """Plan each folder by itself. One that is ``present`` and not wanted is gone: what is mlgen's own in it goes."""
    changes: dict[str, bytes | None] = {}
    kinds: list[Change] = []
    problems: list[Problem] = []
    for folder in sorted({*wanted, *present}):
        where, _, name = folder.rpartition("/")
        desired = {f"{name}/{path}": text for path, text in wanted.get(folder, {}).items()}
        there = {f"{name}/{path}": data for path, data in present.get(folder, {}).items()}
        plan = ownership.plan(desired, there, where=where)
        changes |= {located(where, path): text.encode() for path, text in plan.write.items()}
        changes |= {located(where, path): None for path in plan.delete}
        kinds += [change._replace(path=located(where, change.path)) for change in plan.changes]
        problems += [problem._replace(help=_HELP[problem.rule]) for problem in plan.problems]
    return Step(changes, tuple(kinds), tuple(in_order(problems)))


def _overlays(rendered: Rendered) -> Folders:
    found: dict[str, dict[str, str]] = {}
    for project, files in rendered.files.items():
        for path, text in files.items():
            folder, _, below = path.partition("/")
            found.setdefault(f"overlays/{project}/{folder}", {})[below] = text
    return found


def _hydrated(rendered: Rendered) -> Folders:
    found: dict[str, dict[str, str]] = {}
    for project, environments in rendered.objects.items():
        for environment, manifests in environments.items():
            source, folder = f"projects/{project}/mlgen.yaml", f"{environment}/{project}"
            pointing = pointers.objects(rendered.sites[project][environment], manifests, folder, folder)
            files = kustomize.objects(manifests, source) | kustomize.pointing(pointing, project, environment, source)
            runs = [f"{run.kind}/{run.name}" for run in rendered.runs[project][environment]]
            found[folder] = {**files, lock.NAME: lock.dump(files, runs)}
    return found


def _located(folder: str, path: str) -> str:
    where, _, name = folder.rpartition("/")
    return located(where, f"{name}/{path}")
