"""Files of Kubernetes manifests -> everything wrong with them, at its place in those files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import document, gate
from mlgen.body import Body
from mlgen.gathered import Setting
from mlgen.node import Node, Path
from mlgen.problem import Fault, Finding, Problem, Span, errors
from mlgen.secret_text import masked

LIST = ("v1", "List")
NOT_A_MAP = "an object is a map with `apiVersion`, `kind` and `metadata`"


class Linted(NamedTuple):
    """What was found, and the texts of the files as messages may show them."""

    problems: list[Problem]
    sources: Mapping[str, str]
    objects: int


def lint(files: Mapping[str, bytes], setting: Setting) -> Linted:
    """Read ``files`` as kubectl does and judge all their objects together. Items of a v1 List are objects too."""
    problems: list[Problem] = []
    sources: dict[str, str] = {}
    nodes: list[Node] = []
    for file, data in files.items():
        parsed = document.parse(data, file=file, dialect="kubernetes")
        sources[file] = masked(parsed.text)
        problems += parsed.problems
        if not errors(parsed.problems):
            nodes += [node for one in parsed.documents for node in _objects(one, problems)]
    problems += judged(nodes, setting)
    return Linted(problems, sources, len(nodes))


def judged(nodes: Sequence[Node], setting: Setting) -> Iterator[Problem]:
    """Everything the gate has against the objects that ``nodes`` say, which are maps."""
    bodies = [_body(node) for node in nodes]
    for finding in gate.check(bodies, setting):
        yield _problem(finding, nodes)


def _objects(node: Node, problems: list[Problem]) -> Iterator[Node]:
    if not isinstance(node.value, dict):
        problems.append(Problem("not-an-object", node.span, "this document is no object", NOT_A_MAP))
        return
    yield node
    if _is_list(node) and (items := node.get("items")) is not None:
        yield from (item for item in items.items if isinstance(item.value, dict))


def _body(node: Node) -> Body:
    """The object as plain JSON; of a List without its items, which are objects of their own."""
    plain = node.plain()
    if not isinstance(plain, dict):
        raise TypeError(f"{node.span}: not a map")
    if _is_list(node) and isinstance(items := plain.get("items"), list):
        plain["items"] = [item for item in items if not isinstance(item, dict)]
    return plain


def _is_list(node: Node) -> bool:
    said = [node.get(key) for key in ("apiVersion", "kind")]
    return tuple(one.value if one is not None else None for one in said) == LIST


def _problem(finding: Finding, nodes: Sequence[Node]) -> Problem:
    fault = finding.fault
    span = _place(nodes[finding.subject], fault.path, fault)
    related = tuple((_place(nodes[number], path), label) for number, path, label in finding.related)
    return Problem(fault.rule, span, fault.message, fault.help, fault.severity, (*related, *finding.beside))


def _place(node: Node, path: Path, fault: Fault | None = None) -> Span:
    """Where ``path`` stands: the value, or the key of what has none of its own or is a whole map or list."""
    if not path:
        kind = node.get("kind")
        return kind.span if kind is not None else node.span
    parent, key = node.nearest(path[:-1]), path[-1]
    found = node.find(*path)
    if found is None:
        depth = next(end for end in range(len(path) + 1) if node.find(*path[: end + 1]) is None)
        return _place(node, path[:depth])
    whole = isinstance(found.value, (dict, list)) or (fault is not None and fault.rule == "kubernetes-unknown-field")
    return parent.key_span(key) if whole and isinstance(key, str) else found.span
