"""An object -> the same without the values of secrets: no message and no spec can show what it never had."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlgen.imports.note import Note
from mlgen.imports.source import Source
from mlgen.node import Key, Node, Path
from mlgen.problem import Span
from mlgen.secret_places import written

HIDDEN = "***"
DATA = ("data", "stringData")
# What `kubectl apply` writes is the whole object once more.
LAST_APPLIED: Path = ("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
ADVICE = "a secret's value: put it into the environment's store; the spec has its name under `secrets`, never the value"
ELSEWHERE = (
    "a secret's value: put it into the environment's store, name it under `secrets`, and take it from a variable"
)


def hidden(source: Source) -> tuple[Source, list[Note]]:
    """``source`` with asterisks in the place of each, and a note of each."""
    body = without(source.body, LAST_APPLIED)
    paths: list[Path] = [(data, key) for data in _data(source) for key in body[data].entries]
    paths += [found.path for found in written(body.plain()) if found.path not in paths]
    notes = []
    for path in paths:
        node = body.find(*path)
        if node is not None:
            in_env = "env" in path or source.kind == "Secret"
            notes.append(Note(node.span, path, ADVICE if in_env else ELSEWHERE, lost=True))
            body = with_value(body, path, replace(node, value=HIDDEN, text=None))
    return source._replace(body=body), notes


def _data(source: Source) -> list[str]:
    return [key for key in DATA if key in source.body] if source.kind == "Secret" else []


def with_value(node: Node, path: Path, value: Node) -> Node:
    """``node`` with ``value`` at ``path``, where something stands already."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        items = [with_value(item, rest, value) if index == key else item for index, item in enumerate(node.items)]
        return replace(node, value=items)
    return replace(node, value={**node.entries, key: with_value(node[key], rest, value)})


def without(node: Node, path: Path) -> Node:
    """``node`` without what stands at ``path``, if anything does."""
    if node.find(*path) is None:
        return node
    inner = node.find(*path[:-1])
    if inner is None:
        return node
    return with_value(node, path[:-1], replace(inner, value=_less(inner, path[-1])))


def _less(node: Node, key: Key) -> dict[str, Node] | list[Node]:
    if isinstance(key, int):
        return [item for index, item in enumerate(node.items) if index != key]
    found: Mapping[str, Node] = node.entries
    return {name: item for name, item in found.items() if name != key}


def veiled(text: str, spans: Iterable[Span]) -> str:
    """The text of a file with asterisks at ``spans``: where secrets stand, whatever else stands there."""
    lines = text.split("\n")
    for span in spans:
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(line)
            lines[number - 1] = line[:start] + "*" * (min(end, len(line)) - start) + line[end:]
    return "\n".join(lines)
