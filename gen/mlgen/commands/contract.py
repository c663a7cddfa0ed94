"""A root folder -> the schemas of the files in it: what ships with mlgen, and the repository's own kinds in it."""

from collections.abc import Mapping
from pathlib import Path

from mlgen import disk
from mlgen.own.kind import FOLDER
from mlgen.schema import Schema

SHIPPED: Mapping[str, Schema] = {}


def schemas(root: Path | None) -> Mapping[str, Schema]:
    """The schemas that a platform repository has instead of those that ship; none where it adds no kinds.

    Without ``root`` that of the folder around. A kind that has errors is left out: `mlgen validate` says why.
    """
    top = root or disk.find_root(Path.cwd())
    if top is None or not (top / FOLDER).is_dir():
        return SHIPPED
    from mlgen.own import reading  # what most platforms do without

    files, _ = disk.read_kinds(top)
    return reading.read(files).kinds.schemas if files else SHIPPED
