"""The events of a spec -> its one document; whatever two YAML readers could read differently is refused."""

from __future__ import annotations

from typing import Any, Final

from mlgen.document import scalar
from mlgen.document.events import NO_KEYS, Builder, Odd
from mlgen.document.scalar import Scalar, Unread, shown
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem, Severity, Span

# What is taken by its source text: the values of environment variables are text, whatever they look like.
_BY_TEXT: Final = "env"


class SpecBuilder(Builder):
    """The dialect of mlgen.yaml, environments and releases."""

    depth = 32
    longest = 64 * 1024
    plain = staticmethod(scalar.spec)
    text_key = staticmethod(scalar.spec_key)
    oddity: Severity = "error"

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text, file)
        self._started = False
        self._anchored: set[str] = set()

    def start_map(self, event: Any) -> None:
        """A map; below the key `env` its values are text."""
        by_text = self.top.key == _BY_TEXT
        super().start_map(event)
        self.top.by_text = by_text

    def tagged(self, event: Any, span: Span) -> Scalar | Unread:
        """Refuse the tag; what bears it is taken as text."""
        message = f"the tag {shown(event.tag.replace(scalar.TAG_PREFIX, '!!'))} cannot stand here"
        self.complain(Problem("yaml-tag", span, message, "delete it; quote text that looks like a number"))
        return str(getattr(event, "value", ""))

    def anchor(self, name: str, span: Span) -> None:
        """Refuse the anchor; its aliases then need no words of their own."""
        self._anchored.add(name)
        cure = f"delete it, and write the value out wherever *{shown(name)} stands"
        self._refuse(span, f"the anchor &{shown(name)} cannot stand here", cure)

    def alias(self, event: Any) -> None:
        """Refuse the alias, unless its anchor or the merge key before it was refused."""
        span = self.place(event)
        if event.anchor not in self._anchored and self.top.key is not Odd.IGNORED:
            cure = "write the value out, or quote text that begins with *"
            self._refuse(span, f"the alias *{shown(event.anchor)} cannot stand here", cure)
        self.add(Node(f"*{event.anchor}", span, NO_KEYS))

    def merge_key(self, span: Span) -> Odd:
        """Refuse the merge key."""
        self._refuse(span, "the merge key << cannot stand here", "write the entries out")
        return Odd.IGNORED

    def _refuse(self, span: Span, message: str, cure: str) -> None:
        self.complain(Problem("yaml-alias", span, message, cure))

    def start_document(self, event: Any) -> None:
        """Refuse directives, and a second document."""
        span = self.place(event)
        if event.version or event.tags:
            message = "a directive (a line with % at its start) cannot stand here"
            self.complain(Problem("yaml-directive", span, message, "delete it"))
        if self._started:
            message = "a second document begins here; a file has one"
            raise MlgenError(Problem("several-documents", span, message, "give it a file of its own"))
        self._started = True
