"""The text of a YAML file, and a value for one of its fields -> the text with that value; all else stays as it stands.

It changes the least it can, a scalar or a line, and comments, order and spelling survive. That the result says what it
should is proved by reading it again.
"""

from mlgen import document, emit
from mlgen.node import Json, Node
from mlgen.problem import MlgenError, Problem, Span

INDENT = "  "


def put(text: str, path: tuple[str, ...], value: str | int, *, file: str) -> str:
    """``text``, a spec's, in which ``path`` is ``value``; maps on the way that are missing are added.

    Raises MlgenError where the text cannot be read, or its form does not allow the change: then a person edits it.
    """
    before = _read(text, file)
    lines = text.split("\n")
    node, depth = before, 0
    while depth < len(path) and (found := node.get(path[depth])) is not None and not _empty(found):
        node, depth = found, depth + 1
    if depth == len(path):
        lines = _replaced(lines, node.span, _scalar(value))
    elif path[depth] in node:
        lines = _filled(lines, node, path[depth:], value)
    else:
        lines = _added(lines, node, path[depth:], value)
    result = "\n".join(lines)
    if _read(result, file).plain() != _wanted(before.plain(), path, value):
        raise MlgenError(_by_hand(node, file, path, value))
    return result


def _read(text: str, file: str) -> Node:
    parsed = document.parse(text.encode(), file=file)
    if parsed.problems or len(parsed.documents) != 1:
        raise MlgenError(*parsed.problems, *([] if parsed.problems else [_unreadable(file)]))
    return parsed.documents[0]


def _wanted(before: Json, path: tuple[str, ...], value: Json) -> Json:
    if not path:
        return value
    entries = before if isinstance(before, dict) else {}
    return {**entries, path[0]: _wanted(entries.get(path[0]), path[1:], value)}


def _empty(node: Node) -> bool:
    """Whether nothing stands there yet: `prod:`, or `prod: {}`."""
    return node.value is None or (isinstance(node.value, dict) and not node.value)


def _replaced(lines: list[str], span: Span, new: str) -> list[str]:
    """``new`` in the place of what ``span`` says."""
    head, tail = lines[span.line - 1][: span.column - 1], lines[span.end_line - 1][span.end_column - 1 :]
    return [*lines[: span.line - 1], head + new + tail, *lines[span.end_line :]]


def _filled(lines: list[str], parent: Node, missing: tuple[str, ...], value: str | int) -> list[str]:
    """``missing`` below ``parent``, where the first of it stands already and is empty: `prod:` or `prod: {}`."""
    hollow, key = parent[missing[0]], parent.key_span(missing[0])
    if _in_flow(lines, parent):
        return _replaced(lines, hollow.span, _flow(missing[1:], value))
    row = lines[key.line - 1]
    rest = row[hollow.span.end_column - 1 :].strip() if hollow.span.line == key.line else ""
    comment = f"  {rest}" if rest.startswith("#") else ""
    head = row[: key.end_column - 1].rstrip().removesuffix(":")
    below = _block(missing[1:], value, " " * (key.column - 1) + INDENT)
    return [*lines[: key.line - 1], f"{head}:{comment}", *below, *lines[key.line :]]


def _added(lines: list[str], parent: Node, missing: tuple[str, ...], value: str | int) -> list[str]:
    """``missing`` as a further entry of ``parent``, a map, at its end."""
    if _in_flow(lines, parent):
        row, end = parent.span.end_line - 1, parent.span.end_column - 2
        head = lines[row][:end].rstrip() + (", " if parent.entries else "")
        return [*lines[:row], head + _flow(missing, value)[1:-1] + lines[row][end:], *lines[row + 1 :]]
    last = max((_last_line(child) for child in parent.entries.values()), default=parent.span.end_line)
    indent = " " * (min(span.column for span in parent.keys.values()) - 1) if parent.keys else ""
    return [*lines[:last], *_block(missing, value, indent), *lines[last:]]


def _in_flow(lines: list[str], node: Node) -> bool:
    """Whether a map is written in braces."""
    return lines[node.span.line - 1][node.span.column - 1 : node.span.column] == "{"


def _last_line(node: Node) -> int:
    """The last line on which something of ``node`` stands; a block's span may reach over what follows."""
    children = [*node.entries.values(), *node.items]
    written = bool(node.keys) or bool(node.items)
    own = node.span.end_line if not written or node.span.line == node.span.end_line else node.span.line
    return max([own, *(_last_line(child) for child in children), *(span.line for span in node.keys.values())])


def _block(missing: tuple[str, ...], value: str | int, indent: str) -> list[str]:
    """Nested maps, a line each."""
    rows = [f"{indent}{INDENT * depth}{_key(key)}:" for depth, key in enumerate(missing)]
    return [*rows[:-1], f"{rows[-1]} {_scalar(value)}"]


def _flow(missing: tuple[str, ...], value: str | int) -> str:
    text = _scalar(value)
    for key in reversed(missing):
        text = f"{{{_key(key)}: {text}}}"
    return text


def _scalar(value: str | int) -> str:
    return emit.dump(value).strip() if isinstance(value, int) or "\n" not in value else emit.dump(value)


def _key(key: str) -> str:
    return emit.dump(key).strip()


def _unreadable(file: str) -> Problem:
    return Problem("unreadable", Span(file, 1, 1, 1, 1), "this file says nothing", "delete it, and run this again")


def _by_hand(node: Node, file: str, path: tuple[str, ...], value: str | int) -> Problem:
    message = f"`{'.'.join(path)}` cannot be set without changing the form of this file"
    return Problem("edit-by-hand", node.span, message, f"write `{path[-1]}: {value}` there yourself")
