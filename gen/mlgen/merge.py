"""Layers of one value, weakest first -> the value they make together."""

from dataclasses import replace

from mlgen.node import Node


def merge(weaker: Node | None, stronger: Node) -> Node | None:
    """``stronger`` laid over ``weaker``: maps merge by key, a list replaces a list, null takes away.

    Returns None where nothing is left. What was replaced is remembered in ``Node.overrode``.
    """
    if stronger.value is None:
        return None
    if not isinstance(stronger.value, dict):
        return stronger.over(weaker) if weaker is not None else stronger
    entries: dict[str, Node] = dict(weaker.entries) if weaker is not None else {}
    for key, node in stronger.entries.items():
        merged = merge(entries.get(key), node)
        if merged is None:
            entries.pop(key, None)
        else:
            entries[key] = merged
    if weaker is None:
        return replace(stronger, value=entries)
    if not isinstance(weaker.value, dict):
        return replace(stronger, value=entries, overrode=weaker)
    return replace(weaker, value=entries, keys={**weaker.keys, **stronger.keys})


def layered(*layers: Node | None) -> Node:
    """All ``layers`` merged, weakest first; None is a layer that says nothing. At least one says something."""
    result: Node | None = None
    for layer in layers:
        if layer is not None:
            result = merge(result, layer)
    if result is None:
        raise ValueError("no layer says anything")
    return result
