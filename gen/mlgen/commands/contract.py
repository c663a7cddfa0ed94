"""A root folder -> the repository's own kinds, and the schemas of its files with these in them."""

from collections.abc import Mapping
from pathlib import Path

from mlgen import disk
from mlgen.own.kind import FOLDER, NONE, Kinds
from mlgen.schema import Schema


def kinds(root: Path | None) -> Kinds:
    """The kinds that a platform repository adds; without ``root`` that of the folder around.

    One that has errors is left out: `mlgen validate` says why.
    """
    top = root or disk.find_root(Path.cwd())
    if top is None or not (top / FOLDER).is_dir():
        return NONE
    from mlgen.own import reading  # what most platforms do without

    files, _ = disk.read_kinds(top)
    return reading.read(files).kinds if files else NONE


def schemas(root: Path | None) -> Mapping[str, Schema]:
    """The schemas that the repository has instead of those that ship; none where it adds no kinds."""
    return kinds(root).schemas
