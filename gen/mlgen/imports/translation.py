"""A document in another tool's words -> what is read of it, with its places; and notes of what nobody read."""

from mlgen.imports.note import Note, place
from mlgen.node import Node, Path
from mlgen.problem import Span


class Reading:
    """A document, and which of its places were read."""

    def __init__(self, document: Node, tool: str) -> None:
        self.document, self.tool = document, tool
        self.read: list[Path] = []

    def get(self, *path: str | int) -> Node | None:
        """What stands at ``path``; all of it is taken as read."""
        self.read.append(path)
        return self.document.find(*path)

    def text(self, *path: str | int) -> str:
        """The text there; an empty one where there is something else, or nothing."""
        found = self.get(*path)
        return found.value if found is not None and isinstance(found.value, str) else ""

    def items(self, *path: str) -> list[tuple[Path, Node]]:
        """The items of the list there, each with its path; what is in them is still to be read."""
        found = self.document.find(*path)
        return [((*path, index), item) for index, item in enumerate(found.items)] if found is not None else []

    def entries(self, *path: str | int) -> dict[str, Node]:
        """The entries of the map there; what is in them is still to be read."""
        found = self.document.find(*path)
        return found.entries if found is not None else {}

    def unread(self) -> tuple[Note, ...]:
        """A note of each place that was not read."""
        left = [
            path for path, node in self.document.leaves() if node.value not in ({}, [], None) and not self._known(path)
        ]
        where = f"`mlgen import` makes nothing of this word of {self.tool}'s"
        return tuple(Note(place(self.document, path), path, where, lost=True) for path in left)

    def _known(self, path: Path) -> bool:
        return any(path[: len(read)] == read for read in self.read)


def drafted(value: object, span: Span) -> Node:
    """Plain values and Nodes among them as one Node: what has no place of its own stands at ``span``; no nulls."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        found = {key: drafted(item, span) for key, item in value.items() if item is not None}
        return Node(dict(found), span, {key: node.span for key, node in found.items()})
    if isinstance(value, list):
        return Node([drafted(item, span) for item in value if item is not None], span)
    if value is None or isinstance(value, (str, int, float, bool)):
        return Node(value, span)
    raise TypeError(f"{type(value).__name__} is no value of a document")
