"""A path in an object -> the place in its file that a person should look at."""

from mlgen.node import Node, Path
from mlgen.problem import Span

BY_KEY = frozenset(("kubernetes-unknown-field",))  # rules about a key and not about its value


def place(node: Node, path: Path, rule: str = "") -> Span:
    """Where ``path`` stands: the value; the key of a whole map or list; for what is not there, the map that lacks it.

    The place of a whole object is what it says its kind is.
    """
    found = node.find(*path)
    if found is None:
        return place(node, _existing(node, path))
    if not path:
        kind = node.get("kind")
        return _head(node) if kind is None else kind.span
    key = path[-1]
    if isinstance(key, str) and (isinstance(found.value, (dict, list)) or rule in BY_KEY):
        return node.nearest(path[:-1]).key_span(key)
    return _head(found)


def _existing(node: Node, path: Path) -> Path:
    """The longest beginning of ``path`` that is there."""
    end = next(end for end in range(1, len(path) + 1) if node.find(*path[:end]) is None)
    return path[: end - 1]


def _head(node: Node) -> Span:
    """The place of a value; of what takes several lines, as much of its first entry as stands on the first of them."""
    span = node.span
    if span.line == span.end_line or not isinstance(node.value, (dict, list)):
        return span
    first = node.items[0] if node.items else next(iter(node.entries.values()))
    end = _head(first)
    if end.end_line == span.line:
        return span._replace(end_line=end.end_line, end_column=end.end_column)
    return next(iter(node.keys.values())) if node.keys else span
