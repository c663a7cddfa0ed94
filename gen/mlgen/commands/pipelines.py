"""A folder and a git host -> the pipelines and owners to write there, and what is left for a person to do."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlgen import __version__, ci, disk
from mlgen.commands import UsageError
from mlgen.platform import load
from mlgen.repo import Repository

ORIGIN = "remote.origin.url"
# host/OWNER/.../repository, however it is written: a URL, or as scp has it.
OWNER = re.compile(r"(?:\w+://[^/]+/|[^/:]+:/?)(?P<path>[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*)/[\w.-]+/?", re.ASCII)


def check_place(folder: Path) -> None:
    """Raises UsageError where no host would look for pipelines: below the top of a repository."""
    whole = folder.resolve()
    there = next(one for one in (whole, *whole.parents) if one.is_dir())
    repository = Repository.around(there)
    if repository is not None and repository.top != whole:
        below = whole.relative_to(repository.top).as_posix()
        raise UsageError(f"pipelines belong to the top of a repository, and {below} is below it")


def contents(folder: Path, host: str) -> Iterator[tuple[str, str]]:
    """Every file for ``host``, by its path, made for the platform in ``folder`` as far as that can be read."""
    files, problems = disk.read_inputs(folder)
    return ci.contents(host, load(files, tuple(problems)), _organisation(folder, host), __version__)


def shadowed(folder: Path, host: str, path: str) -> bool:
    """Whether ``path`` would take the place of the owners that the team has elsewhere: a host reads the first only."""
    owners = ci.HOSTS[host].owners
    return path == owners[0] and any((folder / other).exists() for other in owners)


def advice(host: str, kept: Sequence[str]) -> Iterator[str]:
    """What is left to do: what ``kept`` files have no word of, and what only the host's own pages can be told."""
    where = ci.HOSTS[host].folder
    if ".gitlab-ci.yml" in kept:
        yield "Then: write `include: [{local: .gitlab/mlgen.yml}]` into .gitlab-ci.yml"
    if {".gitattributes", "renovate.json"} & set(kept):
        yield "Kept: what .gitattributes and renovate.json say of overlays is yours to decide"
    pipeline = ".github/workflows/mlgen-release.yml" if host == "github" else ".gitlab/mlgen.yml"
    yield f"Then: read the head of {pipeline}: the registry's password, and who may push"
    yield f"A new version of mlgen is a line in {where}/requirements.txt"


def _organisation(folder: Path, host: str) -> str:
    """Whose repository ``folder`` is, by where it came from; empty if it came from nowhere."""
    repository = Repository.around(folder) if folder.is_dir() else None
    urls = [value for key, value in repository.configured() if key == ORIGIN] if repository is not None else []
    found = OWNER.fullmatch(urls[0] or "") if urls else None
    path = found["path"] if found is not None else ""
    return path.split("/")[0] if host == "github" else path
