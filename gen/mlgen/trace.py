"""What builders compose (a draft: plain values and Nodes, mixed) -> plain JSON, and where each leaf came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from mlgen.node import Json, Node, Path, Scalar
from mlgen.problem import Span


class Made(NamedTuple):
    """A value that a builder made, and the places that made it so."""

    value: Draft
    sources: tuple[Node, ...]


# A mapping's None values are left out, so that a builder can write an optional key in place.
Draft: TypeAlias = "Scalar | Node | Made | Mapping[str, Draft] | Sequence[Draft]"
Origins: TypeAlias = dict[Path, tuple[Node, ...]]


def made(value: Draft, *sources: Node | Made | None) -> Made:
    """``value``, which is so because of ``sources``; whatever in it has origins of its own keeps those."""
    return Made(value, tuple(node for source in sources for node in sources_of(source)))


def sources_of(source: Node | Made | None) -> tuple[Node, ...]:
    """The places behind one ingredient."""
    if source is None:
        return ()
    return source.sources if isinstance(source, Made) else (source,)


def said(value: Node | Made) -> str:
    """The text of an ingredient that is text."""
    inner = value.value
    if isinstance(inner, (Node, Made)):
        return said(inner)
    return inner if isinstance(inner, str) else str(inner)


def text(form: str, *parts: Node | Made) -> Made:
    """``form`` with its ``{}`` filled from ``parts``, which are the sources of the result."""
    return made(form.format(*(said(part) for part in parts)), *parts)


def key_of(parent: Node, key: str) -> Node:
    """The key of a map entry as a value of its own: the names of workloads, data and secrets are keys."""
    return Node(key, parent.key_span(key))


def split(draft: Draft, because: tuple[Node, ...]) -> tuple[Json, Origins]:
    """Plain JSON of ``draft`` and, by the path of each leaf, the places that put it there.

    ``because`` is where a leaf without origins of its own came from: the workload's own line.
    """
    origins: Origins = {}
    return _split(draft, because, (), origins), origins


def _split(draft: Draft, because: tuple[Node, ...], path: Path, origins: Origins) -> Json:
    if isinstance(draft, Made):
        return _split(draft.value, draft.sources or because, path, origins)
    if isinstance(draft, Node):
        if not isinstance(draft.value, (dict, list)):
            origins[path] = (draft,)
            return draft.value
        because, draft = (draft,), draft.value
    if isinstance(draft, Mapping):
        result: dict[str, Json] = {
            key: _split(value, because, (*path, key), origins) for key, value in draft.items() if value is not None
        }
        if not result:
            origins[path] = because
        return result
    if isinstance(draft, (list, tuple)):
        if not draft:
            origins[path] = because
        return [_split(value, because, (*path, index), origins) for index, value in enumerate(draft)]
    origins[path] = because
    return draft  # type: ignore[return-value]  # a scalar: every other shape was handled above


def place_of(origins: Origins, path: Path) -> tuple[Node, ...]:
    """The places behind ``path``: its own, else of the first leaf below it, else of the nearest leaf around it."""
    for end in range(len(path), -1, -1):
        head = path[:end]
        for leaf, nodes in origins.items():
            if leaf[: len(head)] == head:
                return nodes
    return ()


def span_of(origins: Origins, path: Path) -> Span:
    """Where to point when ``path`` of a built object is wrong."""
    return place_of(origins, path)[0].span
