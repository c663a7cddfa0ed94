"""Files with CustomResourceDefinitions -> the files that a platform repository keeps of them, or what is wrong."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen import document
from mlgen.crd import definition
from mlgen.crd.imported import Resource
from mlgen.node import Node, Path
from mlgen.problem import Problem, Span, errors
from mlgen.sources import Shown

LIMITS = (128 << 20, 8_000_000)  # all of a cluster's definitions are one stream


class Imports(NamedTuple):
    """By path, the texts to write; ``others`` counts objects that are no definitions and are passed over."""

    files: Mapping[str, str]
    others: int
    problems: list[Problem]
    sources: Mapping[str, str]


def read(files: Mapping[str, bytes]) -> Imports:
    """Read definitions as `kubectl get crd -o yaml` prints them: documents, and Lists of them.

    Where there are errors, nothing may be written: some of the files would be missing.
    """
    problems: list[Problem] = []
    sources: dict[str, str] = {}
    found: dict[str, tuple[Resource, Span]] = {}
    others = 0
    for file, data in files.items():
        parsed = document.parse(data, file=file, dialect="kubernetes", limits=LIMITS)
        sources[file] = parsed.text
        problems += parsed.problems
        nodes = [node for one in parsed.documents for node in objects(one)]
        definitions = [node for node in nodes if _kind(node) == definition.KIND]
        others += len(nodes) - len(definitions)
        for node in definitions:
            problems += _add(node, found)
        if not definitions and not errors(parsed.problems):
            message = f"there is no {definition.KIND} in this file"
            problems.append(Problem("bad-definition", Span(file, 1, 1, 1, 1), message, definition.GET))
    return Imports(
        {path: resource.text for path, (resource, _) in found.items()},
        others,
        problems,
        Shown(sources, sources.__getitem__),
    )


def _add(node: Node, found: dict[str, tuple[Resource, Span]]) -> Iterator[Problem]:
    """The resources of one definition join ``found``."""
    body = node.plain()
    read_ = definition.read(body if isinstance(body, dict) else {})
    for fault in read_.faults:
        yield Problem(fault.rule, _place(node, fault.path), fault.message, fault.help)
    for resource in read_.resources:
        span = _place(node, ("spec", "names", "kind"))
        other, there = found.setdefault(resource.path, (resource, span))
        if other.text != resource.text:
            message = f"{resource.api_version} {resource.kind} is defined twice, and not in the same way"
            yield Problem("bad-definition", span, message, "leave one of the two out", related=((there, "the other"),))


def objects(node: Node) -> Iterator[Node]:
    """What a document is: an object, or those of a List."""
    if _kind(node) == "List" and (items := node.get("items")) is not None:
        yield from items.items
    else:
        yield node


def _kind(node: Node) -> object:
    kind = node.get("kind")
    return kind.value if kind is not None else None


def _place(node: Node, path: Path) -> Span:
    """Where ``path`` stands: of a map or list its key."""
    found = node.find(*path)
    parent = node.nearest(path[:-1])
    if found is None or not path:
        return node.nearest(path).span if path else node.span
    key = path[-1]
    return parent.key_span(key) if isinstance(found.value, (dict, list)) and isinstance(key, str) else found.span
