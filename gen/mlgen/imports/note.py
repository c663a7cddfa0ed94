"""A value that is not in a spec's own words: where it stands, and where it went instead."""

from typing import NamedTuple

from mlgen.node import Key, Node, Path
from mlgen.problem import Span


class Note(NamedTuple):
    """One value, or one map or list as a whole; ``lost`` tells whether nothing of it is kept, ``refused`` whether
    somebody has to do something first."""

    span: Span
    path: Path
    where: str
    lost: bool = False
    refused: bool = False

    @property
    def line(self) -> str:
        """As a report has it."""
        return f"{self.span.file}:{self.span.line}:{self.span.column}: {written(self.path)}: {self.where}"


def written(path: Path) -> str:
    """A path as people write it: `spec.containers[0].image`."""
    return "".join(_step(key) for key in path).removeprefix(".")


def _step(key: Key) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if key.replace("-", "").replace("_", "").isalnum() else f'."{key}"'


def place(body: Node, path: Path) -> Span:
    """Where the value at ``path`` stands: its key, where it is a map or a list."""
    found = body.nearest(path)
    if isinstance(found.value, (dict, list)) and found.value and path and isinstance(path[-1], str):
        return body.nearest(path[:-1]).key_span(path[-1])
    return found.span
