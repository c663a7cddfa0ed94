"""The documents of manifests -> the objects in them, each with its places; what is no object is a problem."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlgen.imports.note import Note
from mlgen.node import Json, Node
from mlgen.problem import Problem, Span

DEEPEST = 4  # a List in a List is odd enough


class Source(NamedTuple):
    """One object as somebody wrote it; ``own`` is its name there, where something else gave it another.

    ``notes`` are of what another tool said of it that no object can say.
    """

    body: Node
    own: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def kind(self) -> str:
        """Its kind."""
        return text(self.body, "kind")

    @property
    def group(self) -> str:
        """Its API group; empty for the core's."""
        group, slash, _ = text(self.body, "apiVersion").partition("/")
        return group if slash else ""

    @property
    def name(self) -> str:
        """Its name; what is named by the API server has one all the same, to be called by."""
        return text(self.body, "metadata", "name") or text(self.body, "metadata", "generateName").rstrip("-")

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is its name, or was."""
        return bool(name) and name in (self.name, self.own)

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.kind}/{self.name}"

    @property
    def span(self) -> Span:
        """Where it says what it is."""
        return self.body["kind"].span


def text(node: Node, *path: str | int) -> str:
    """The text at ``path``; an empty one where there is something else, or nothing."""
    found = node.find(*path)
    return found.value if found is not None and isinstance(found.value, str) else ""


def whole(node: Node, *path: str | int) -> int | None:
    """The whole number at ``path``; None where there is something else, or nothing."""
    found = node.find(*path)
    value: Json = found.plain() if found is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def sources(documents: Iterable[Node], problems: list[Problem], depth: int = 0) -> Iterator[Source]:
    """Every object in ``documents``, the items of a List one by one; adds to ``problems``."""
    for document in documents:
        if text(document, "kind").endswith("List") and "items" in document and depth < DEEPEST:
            yield from sources(document["items"].items, problems, depth + 1)
        elif text(document, "kind") and text(document, "apiVersion") and Source(document).name:
            yield Source(document)
        else:
            lacks = [key for key in ("apiVersion", "kind") if not text(document, key)] or ["metadata.name"]
            message = f"this is no Kubernetes object: it has no {' and no '.join(f'`{key}`' for key in lacks)}"
            hint = "leave it out, or give it what `kubectl get -o yaml` prints"
            problems.append(Problem("not-importable", document.span, message, hint))
