"""A value together with the place that says it: what the reader yields and every later stage keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from mlgen.problem import Span

Scalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "Scalar | list[Json] | dict[str, Json]"
Key: TypeAlias = str | int
Path: TypeAlias = tuple[Key, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value of a document. Maps and lists hold Nodes; scalars are plain JSON scalars.

    ``keys`` has, for a map, the place of every key. ``text`` is the source text of a scalar whose value differs
    from it (a number, a template that was filled in). ``overrode`` is what a stronger layer replaced here.
    """

    value: Scalar | dict[str, Node] | list[Node]
    span: Span
    keys: Mapping[str, Span] = field(default_factory=dict)
    text: str | None = None
    overrode: Node | None = None

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a map; of anything else none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; of anything else none."""
        return self.value if isinstance(self.value, list) else []

    @property
    def scalar(self) -> Scalar:
        """The value of a scalar. Raises TypeError on a map or list: the schema promised otherwise."""
        if isinstance(self.value, (dict, list)):
            raise TypeError(f"{self.span}: not a scalar")
        return self.value

    def __getitem__(self, key: str) -> Node:
        return self.entries[key]

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def get(self, key: str) -> Node | None:
        """The entry ``key`` of a map, or None."""
        return self.entries.get(key)

    def find(self, *path: Key) -> Node | None:
        """The node at ``path`` below this one, or None."""
        node: Node | None = self
        for key in path:
            if node is None:
                return None
            node = node.get(key) if isinstance(key, str) else next(iter(node.items[key : key + 1]), None)
        return node

    def nearest(self, path: Path) -> Node:
        """The deepest node that exists on the way to ``path``."""
        node = self
        for end in range(1, len(path) + 1):
            found = self.find(*path[:end])
            if found is None:
                break
            node = found
        return node

    def key_span(self, key: str) -> Span:
        """Where ``key`` of this map stands; the map's own place if the key was not written."""
        return self.keys.get(key, self.span)

    def plain(self) -> Json:
        """The value as plain JSON, as validators want it."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def leaves(self, path: Path = ()) -> Iterator[tuple[Path, Node]]:
        """Every scalar and every empty map or list below, with its path."""
        if isinstance(self.value, dict) and self.value:
            for key, node in self.value.items():
                yield from node.leaves((*path, key))
        elif isinstance(self.value, list) and self.value:
            for index, node in enumerate(self.value):
                yield from node.leaves((*path, index))
        else:
            yield path, self

    def over(self, weaker: Node) -> Node:
        """This node, remembering that it replaced ``weaker``."""
        return replace(self, overrode=weaker)
