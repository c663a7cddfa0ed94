"""A path of a built object -> the places that made its value so, and what each of them overrode."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mlgen import origin, schema
from mlgen.manifest import Manifest
from mlgen.node import Node, Path
from mlgen.platform import COMPLETE
from mlgen.problem import Span
from mlgen.site import Resolved
from mlgen.trace import place_of

LONGEST = 80


class Link(NamedTuple):
    """One place: the layer it belongs to, where it is and what it says there."""

    layer: str
    span: Span
    text: str


class Cause(NamedTuple):
    """A place that a value came from, and those that it overrode, the strongest first."""

    link: Link
    overrode: tuple[Link, ...]


def causes(manifest: Manifest, path: Path, resolved: Resolved) -> list[Cause]:
    """Every place behind ``path`` of an object that ``resolved`` was built into; at least one."""
    found = []
    for node in dict.fromkeys(place_of(manifest.origins, path)):
        beneath = [*_overrode(node)]
        last = beneath[-1] if beneath else node
        default = _default(node, resolved) if origin.is_written(last.span) else None
        links = [_link(one, resolved) for one in (*beneath, *([default] if default is not None else []))]
        found.append(Cause(_link(node, resolved), tuple(links)))
    return found


def _overrode(node: Node) -> Iterator[Node]:
    while node.overrode is not None:
        node = node.overrode
        yield node


def _link(node: Node, resolved: Resolved) -> Link:
    environment = str(resolved.site.offer["name"].scalar)
    return Link(origin.layer(node.span, resolved.site.project, environment), node.span, _text(node))


def _text(node: Node) -> str:
    """What was written: the text of a scalar, as much as fits of a map or list."""
    if node.text is not None:
        return node.text
    if isinstance(node.value, str):
        return node.value
    text = json.dumps(node.plain(), ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _default(node: Node, resolved: Resolved) -> Node | None:
    """What the schema would have said, had nobody written ``node``: the defaults of its document without it."""
    documents = [
        *((workload.spec, "project", f"#/definitions/kind-{workload.kind}") for workload in resolved.workloads),
        *((data, "project", "#/definitions/data") for one in resolved.workloads[:1] for data in one.data.values()),
        (resolved.site.offer, "environment", COMPLETE),
    ]
    for document, name, pointer in documents:
        for path, leaf in document.leaves():
            if leaf.span == node.span and all(isinstance(key, str) for key in path):
                whole = schema.load(name, resolved.site.kinds.schemas)
                return schema.defaults(_without(document, path), whole, pointer=pointer).find(*path)
    return None


def _without(node: Node, path: Path) -> Node:
    key, *rest = path
    entries = {name: entry for name, entry in node.entries.items() if name != key}
    if rest:
        entries = {**node.entries, str(key): _without(node[str(key)], tuple(rest))}
    return replace(node, value=entries)
