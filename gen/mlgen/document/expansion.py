"""The events of manifests -> their documents as kubectl reads them, aliases and merge keys expanded within a bound."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

from mlgen.document import kubectl
from mlgen.document.events import Builder, Odd
from mlgen.document.scalar import Scalar, Unread, shown
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem, Severity, Span

_LARGEST_EXPANSION: Final = 100_000


class _Anchored(NamedTuple):
    """What an alias stands for: how many values, how many levels."""

    node: Node
    size: int
    height: int


class ManifestBuilder(Builder):
    """The dialect of Kubernetes manifests. What kubectl would refuse is a problem, what it reads oddly a warning."""

    depth = 100
    longest = 16 * 1024 * 1024
    plain = staticmethod(kubectl.plain)
    text_key = staticmethod(kubectl.key)
    oddity: Severity = "warning"

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text if text.endswith("\n") else f"{text}\n", file)  # kubectl reads whole lines
        self._anchors: dict[str, _Anchored | None] = {}  # None: the value is not complete
        self._expanded = 0
        self._ended = False

    def tagged(self, event: Any, span: Span) -> Scalar | Unread:
        """See ``kubectl.tagged``; the tag of a map or list means nothing to kubectl."""
        return kubectl.tagged(event.value, event.tag) if hasattr(event, "value") else None

    def node_key(self, node: Node) -> None:
        """An alias may be a key; a map or list was refused where it began, unless it is an alias too."""
        if isinstance(node.value, dict | list):
            super().node_key(node)
            return
        key = kubectl.key(node.value, node.text or "")
        if isinstance(key, Unread):
            self.complain(Problem(key.rule, node.span, key.message, key.help))
            key = node.text or ""
        self.name(key, node.span)

    def duplicate(self, key: str, span: Span) -> None:
        """A key that a merge brought in may be written again."""
        if key in self.top.merged:
            self.top.merged.remove(key)
        else:
            super().duplicate(key, span)

    def merge_key(self, span: Span) -> Odd:
        """The next value is merged in."""
        return Odd.MERGE

    def merge(self, node: Node) -> None:
        """Like go-yaml v2: over what stands before the merge key, the first of several maps over the next."""
        for source in reversed(node.items) if isinstance(node.value, list) else [node]:
            if isinstance(source.value, dict):
                self._take(source)
            else:
                message = "only a map, or a list of maps, can be merged"
                self.complain(Problem("yaml-alias", source.span, message, "write a map after <<"))

    def _take(self, source: Node) -> None:
        entries = self.top.entries
        assert entries is not None
        for key, value in source.entries.items():
            entries[key] = value
            self.top.keys[key] = source.key_span(key)
            self.top.merged.add(key)

    def anchor(self, name: str, span: Span) -> None:
        """The name means this value from here on, though it is not complete."""
        self._anchors[name] = None

    def anchored(self, name: str, node: Node, size: int, height: int) -> None:
        """Keep what the name means."""
        self._anchors[name] = _Anchored(node, size, height)

    def alias(self, event: Any) -> None:
        """The value once more, unless it would be endless or too much."""
        span, name = self.place(event), shown(event.anchor)
        known = self._anchors.get(event.anchor)
        if known is None:
            fault = "stands within its own value" if event.anchor in self._anchors else "has no anchor before it"
            raise MlgenError(Problem("yaml-alias", span, f"the alias *{name} {fault}", "write the value out"))
        self._expanded += known.size
        self.count += known.size - 1
        if self._expanded > _LARGEST_EXPANSION:
            message = f"the aliases of this file stand for more than {_LARGEST_EXPANSION:,} values"
            raise MlgenError(Problem("too-complex", span, message, "write fewer aliases of aliases"))
        if isinstance(known.node.value, dict | list):
            if self.top.entries is not None and self.top.key is None:
                self.complain(Problem("key-not-text", span, f"*{name}, a map or list, stands as a key", "write text"))
            self.grow(known.height, span)
        self.add(replace(known.node, span=span))

    def start_document(self, event: Any) -> None:
        """Anchors end with their document; kubectl parts documents by lines of `---` alone, before it reads YAML."""
        span = self.place(event)
        self._anchors = {}
        if event.version or event.tags:
            self.complain(
                Problem("yaml-directive", span, "kubectl refuses directives (lines with % at the start)", "delete it")
            )
        if event.explicit:
            self._check_separator(event)
        elif self._ended:
            message = "kubectl ignores what follows a line of `...` up to the next line of `---`"
            self.complain(Problem("several-documents", span, message, "begin the document with a line of `---`"))

    def end_document(self, event: Any) -> None:
        """Remember how it ended: see ``start_document``."""
        super().end_document(event)
        self._ended = event.explicit

    def _check_separator(self, event: Any) -> None:
        end = event.end_mark.index
        rest = self.text[end : self.text.find("\n", end)].strip()
        if rest and not rest.startswith("#"):
            message = "kubectl refuses anything but a comment after `---`"
            self.complain(Problem("yaml-syntax", self.place(event), message, "begin the document on the next line"))
