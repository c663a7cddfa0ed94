"""Files and folders that somebody named -> every file in them that may hold manifests, with its bytes.

Of a folder those are *.yaml, *.yml and *.json, however deep; what is hidden is passed over, and so are the templates
of a Helm chart, which are no YAML until Helm has filled them in.
"""

import os
import posixpath
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mlgen import lock
from mlgen.ingredients import NAMES, is_kustomization
from mlgen.overlaid import BASE
from mlgen.problem import Problem, Span

LIMIT = 16 << 20  # bytes; one more is read, so that the reader can say that a file is too long
ENDINGS = (".yaml", ".yml", ".json")
STDIN = "<stdin>"
CHART = "Chart.yaml"
OF_CHARTS = frozenset(("templates", "charts"))


class Manifests(NamedTuple):
    """Files by their paths as seen from here. ``named`` are those that were named themselves, not with their folder.

    ``kustomizations`` are not among ``files``; ``sought`` are those that the targets mean, and not only lie beside one.
    ``rendered`` are the folders among those of the targets that mlgen rendered; what they are based on is there, too.
    """

    files: dict[str, bytes]
    named: frozenset[str]
    sought: frozenset[str]
    kustomizations: dict[str, bytes]
    problems: list[Problem]
    rendered: frozenset[str] = frozenset()


def read_manifests(targets: Sequence[Path]) -> Manifests:
    """Read what ``targets`` mean; `-` is what comes by the standard input. A target that is not there is a problem."""
    named = frozenset(_name(str(path)) for path in targets if not path.is_dir())
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in targets:
        for file, name in _below(str(path)) if path.is_dir() else [(str(path), _name(str(path)))]:
            _take(file, name, files, problems)
    sought = frozenset(filter(is_kustomization, files))
    rendered = frozenset(folder for file in sought if is_rendered(folder := posixpath.dirname(file)))
    for folder in sorted(rendered):
        base = Path(folder, BASE)
        for file, name in _below(str(base)) if is_rendered(str(base)) else []:
            _take(file, name, files, problems)
    for name in named:
        for beside in _beside(name):
            _take(beside, _name(beside), files, problems)
    kustomizations = {file: files.pop(file) for file in list(files) if is_kustomization(file)}
    return Manifests(files, named, sought, kustomizations, problems, rendered)


def is_rendered(folder: str) -> bool:
    """Whether mlgen says of a folder what it wrote there."""
    return Path(folder, lock.NAME).is_file()


def _take(path: str, name: str, files: dict[str, bytes], problems: list[Problem]) -> None:
    if name in files:
        return
    try:
        files[name] = sys.stdin.buffer.read(LIMIT + 1) if path == "-" else _read(path)
    except OSError as error:
        message = f"this cannot be read: {error.strerror or error}"
        problems.append(Problem("cannot-read", Span(name, 1, 1, 1, 1), message, "make it readable, or leave it out"))


def _name(path: str) -> str:
    """How messages call a file: from here, where that leads down to it."""
    if path == "-":
        return STDIN
    path = os.path.normpath(path)
    here = f"{Path.cwd()}{os.sep}"
    return Path(path.removeprefix(here)).as_posix() if path.startswith(here) else Path(path).as_posix()


def _below(folder: str) -> Iterator[tuple[str, str]]:
    """Every file in a folder that may hold manifests, in order, with what messages call it."""
    here = _name(folder)
    return _inside(folder, "" if here == os.curdir else f"{here.rstrip('/')}/")


def _inside(folder: str, called: str) -> Iterator[tuple[str, str]]:
    """The same, of a folder with what messages call it; links to folders are not followed."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    chart = any(entry.name == CHART for entry in entries)
    for entry in entries:
        name = entry.name
        if name.startswith(".") or (chart and name in OF_CHARTS):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _inside(entry.path, f"{called}{name}/")
        elif (name in NAMES or name.lower().endswith(ENDINGS)) and entry.is_file():
            yield entry.path, called + name


def _beside(name: str) -> Iterator[str]:
    """The kustomizations that may take a file that was named: in its own folder, and in the one above."""
    folder = Path(name).parent
    for place in (folder, folder / os.pardir):
        yield from (str(path) for kustomization in sorted(NAMES) if (path := place / kustomization).is_file())


def _read(path: str) -> bytes:
    """The bytes of a file, or of a stream to its end; of what is too long just enough to see that."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode):
            return os.read(descriptor, min(status.st_size, LIMIT) + 1)
        pieces, size = [], 0
        while size <= LIMIT and (piece := os.read(descriptor, 1 << 16)):
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)
    finally:
        os.close(descriptor)
