"""The files below policies/ -> policies, bindings and parameters, each with the lines that say it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mlgen.body import Body, text_at
from mlgen.node import Node, Path
from mlgen.problem import Span

GROUP = "admissionregistration.k8s.io/"
Files = Mapping[str, tuple[Node, ...] | None]
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"


@dataclass(frozen=True)
class Document:
    """One object of a file: its lines, and the same as plain JSON."""

    node: Node

    @cached_property
    def body(self) -> Body:
        """Plain JSON; empty if it is no map."""
        plain = self.node.plain()
        return plain if isinstance(plain, dict) else {}

    @property
    def kind(self) -> str:
        """Its kind, of whatever group."""
        return text_at(self.body, "kind")

    @property
    def name(self) -> str:
        """Its name."""
        return text_at(self.body, "metadata", "name")

    def span(self, path: Path) -> Span:
        """Where ``path`` stands, or as much of it as there is."""
        return self.node.nearest(path).span


@dataclass(frozen=True)
class Policies:
    """What one environment's cluster enforces."""

    documents: tuple[Document, ...] = ()

    @cached_property
    def policies(self) -> Mapping[str, Document]:
        """By name."""
        return {one.name: one for one in self._of(POLICY)}

    @cached_property
    def bindings(self) -> tuple[Document, ...]:
        """What puts policies into force."""
        return tuple(self._of(BINDING))

    @cached_property
    def parameters(self) -> tuple[Document, ...]:
        """Everything else: what bindings may refer to."""
        return tuple(one for one in self.documents if not text_at(one.body, "apiVersion").startswith(GROUP))

    def bound(self, policy: str) -> list[Document]:
        """The bindings of ``policy``."""
        return [one for one in self.bindings if text_at(one.body, "spec", "policyName") == policy]

    def _of(self, kind: str) -> Iterator[Document]:
        return (one for one in self.documents if one.kind == kind and text_at(one.body, "apiVersion").startswith(GROUP))


def read(nodes: Iterable[Node]) -> Policies:
    """The objects of documents. Items of a List are objects too."""
    return Policies(tuple(Document(one) for node in nodes for one in _objects(node)))


def offered(environment: Node, files: Files) -> Policies:
    """The policies that ``environment`` lists."""
    listed = environment.get("policies")
    wanted = [str(one.value) for one in listed.items] if listed is not None else []
    return read(node for file, nodes in sorted(files.items()) if is_listed(file, wanted) for node in nodes or ())


def is_listed(file: str, wanted: list[str]) -> bool:
    """Whether ``wanted`` has the file, or a folder that it is in."""
    return any(file == one or file.startswith(one.rstrip("/") + "/") for one in wanted)


def _objects(node: Node) -> Iterator[Node]:
    kind = node.get("kind")
    if kind is not None and isinstance(kind.value, str) and kind.value.endswith("List") and "items" in node:
        yield from node["items"].items
    else:
        yield node
