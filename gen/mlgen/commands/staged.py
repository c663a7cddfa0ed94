"""The index of git -> the files of a platform as the next commit has them, whatever lies in the work tree."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from mlgen import disk, layout, lock, ownership
from mlgen.commands import UsageError
from mlgen.commands.ground import Ground, Read
from mlgen.disk.named import INPUTS, is_input, misnamed
from mlgen.problem import Problem, Span
from mlgen.repo import FILES, Entry, Repository

Row = tuple[str, Entry]  # with its mode


class Staged:
    """What git would commit of the platform at ``root``. Raises UsageError where that is in no repository."""

    def __init__(self, root: Path) -> None:
        found = Repository.around(root)
        if found is None:
            raise UsageError(f"{root} is in no git repository, so nothing is staged there")
        self.repository = found

    def inputs(self) -> Read:
        """Every file that users write."""
        rows = [row for row in self._rows if not row[1].path.startswith(f"{disk.OVERLAYS}/")]
        wrong = [problem for _, entry in rows if (problem := misnamed(entry.path))]
        files, problems = self._read(filter(_is_meant, rows), disk.LIMIT + 1)
        return files, [*wrong, *problems]

    def present(self, project: str) -> Read:
        """Every file in overlays/<project>, by its path there, and its pointers."""
        where = f"{disk.OVERLAYS}/{project}/"
        names = {entry.path: name for _, entry in self._rows if (name := _within(where, entry.path)) is not None}
        files, problems = self._read([row for row in self._rows if row[1].path in names])
        large = {path for path, data in files.items() if len(data) > disk.LARGEST_RENDERED}
        problems += [disk.too_large(path) for path in sorted(large)]
        return {names[path]: data for path, data in files.items() if path not in large}, problems

    def projects(self) -> Collection[str]:
        """The projects that have been rendered, or that something points at."""
        paths = [entry.path for _, entry in self._rows]
        pointed = [found[0].split("/")[1] for path in paths if (found := layout.pointed(path, "overlays"))]
        return {*pointed, *layout.owned(paths, "overlays").values()} - {disk.CLUSTERS}

    @cached_property
    def _rows(self) -> list[Row]:
        return list(self.repository.staged(*INPUTS, disk.OVERLAYS))

    def _read(self, rows: Iterable[Row], limit: int | None = None) -> Read:
        """Plain files; of links and submodules, that they are none: what they lead to is not in this commit."""
        rows = list(rows)
        plain = [entry for mode, entry in rows if mode in FILES]
        contents = self.repository.contents(entry.blob for entry in plain)
        return {entry.path: contents[entry.blob][:limit] for entry in plain}, [
            _no_file(entry.path) for mode, entry in rows if mode not in FILES
        ]


def left(index: Ground, tree: Ground, rendered: Mapping[str, Mapping[str, str]], *, whole: bool) -> list[str]:
    """The paths below overlays/ of which git would commit something else than what is ``rendered`` now.

    Folders of projects, and pointers beside those. Only of projects that git would commit: what nobody added yet is
    nobody's business. ``whole``: also of those gone.
    """
    known = {path.split("/")[1] for path in index.inputs()[0] if path.startswith("projects/")}
    meant = {*rendered, *(index.projects() if whole else ())}
    found: set[str] = set()
    for project in meant & {*known, *index.projects()}:
        where = f"{disk.OVERLAYS}/{project}"
        made, there = rendered.get(project, {}), index.present(project)[0]
        differing = there.keys() - tree.present(project)[0].keys()
        differing |= {
            path for path, text in made.items() if lock.digest(there.get(path, b"")) != lock.digest(text.encode())
        }
        files = {ownership.located(where, path) for path in differing}
        found |= {where if file.startswith(f"{where}/") else file for file in files}
    return sorted(found)


def _within(where: str, path: str) -> str | None:
    """The path of a project's file, or of what points at it, from the project's folder; None of others' files."""
    folder, inner = layout.pointed(path, "overlays") or ("", "")
    if f"{folder}/".startswith(where):
        return f"{folder.removeprefix(where)}/{inner}"
    return path.removeprefix(where) if path.startswith(where) else None


def _is_meant(row: Row) -> bool:
    """Whether it is an input, or may lead to one: a link, or a submodule, that is called like a folder."""
    mode, entry = row
    return is_input(entry.path) or (mode not in FILES and "." not in entry.path.rpartition("/")[2])


def _no_file(path: str) -> Problem:
    message = "this is a link or a submodule, and git commits nothing of what it leads to"
    return Problem("not-a-file", Span(path, 1, 1, 1, 1), message, "put a plain file in its place")
