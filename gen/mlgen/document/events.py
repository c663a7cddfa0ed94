"""The events of a YAML parser -> Nodes with their places, and every problem on the way, within fixed limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from mlgen.document.encoding import escaped
from mlgen.document.scalar import NULLS, Scalar, Unread, shown
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem, Severity, Span

_MOST_PROBLEMS: Final = 1_000
_BLOCK_STYLES: Final = ("|", ">")
_new: Final = tuple.__new__  # Span(...) itself takes twice as long, and every value and key has one
NO_KEYS: Final[Mapping[str, Span]] = MappingProxyType({})


class Odd(Enum):
    """What stands in the place of a key that is none."""

    MERGE = "<<"
    IGNORED = ""


# Strict decoding refuses a key that stands twice, as Kustomize does; but kubectl takes the last, and upstream's own
# examples have such metadata.
FORGIVEN = ("metadata",)


class Opened:
    """A map or list whose end is still to come.

    ``key`` is the one whose value comes next. ``by_text``: plain scalars in it are text. ``count`` is the number of
    values before it, ``height`` the levels in it; they say what an alias to it would cost.
    """

    __slots__ = (
        "anchor",
        "by_text",
        "count",
        "entries",
        "flow",
        "height",
        "items",
        "key",
        "keys",
        "last",
        "merged",
        "span",
    )

    def __init__(self, span: Span, *, is_map: bool, flow: bool, anchor: str | None, count: int) -> None:
        self.span, self.flow, self.anchor, self.count = span, flow, anchor, count
        self.entries: dict[str, Node] | None = {} if is_map else None
        self.items: list[Node] = []
        self.keys: dict[str, Span] = {}
        self.key: str | Odd | None = None
        self.merged: set[str] = set()
        self.last = span
        self.by_text = False
        self.height = 1


class Builder:
    """Takes the events one by one; has the documents complete so far, and the problems, at any time.

    The events are PyYAML's, whichever of its parsers made them. What a scalar means, and what is refused, is for the
    two dialects to say. Every method raises MlgenError where reading on would cost too much or make no sense.
    """

    depth: int
    longest: int
    oddity: Severity  # of what a spec must not have and kubectl does not mind
    plain: Callable[[str], Scalar | Unread]  # the value of a plain scalar
    text_key: Callable[[Scalar | Unread, str], str | Unread]  # the key that is meant by a scalar of that value

    def __init__(self, text: str, file: str) -> None:
        self.documents: list[Node] = []
        self.problems: list[Problem] = []
        self.last: Any = None  # the latest scalar: often what a syntax error is about
        self.text, self.file = text, file
        self.top = Opened(Span(file, 1, 1, 1, 1), is_map=False, flow=False, anchor=None, count=0)
        self.around: list[Opened] = []
        self.count = 0

    def tagged(self, event: Any, span: Span) -> Scalar | Unread:
        """The value of a scalar with a tag."""
        raise NotImplementedError

    def merge_key(self, span: Span) -> Odd:
        """What to make of the key `<<`."""
        raise NotImplementedError

    def merge(self, node: Node) -> None:
        """Take in the value of a merge key."""
        raise NotImplementedError

    def anchor(self, name: str, span: Span) -> None:
        """An anchor stands before a value that is still to come."""
        raise NotImplementedError

    def anchored(self, name: str, node: Node, size: int, height: int) -> None:
        """The value of an anchor is complete: so many values, so many levels."""

    def alias(self, event: Any) -> None:
        """`*name`."""
        raise NotImplementedError

    def start_document(self, event: Any) -> None:
        """`---`, or the first value of a file without it."""
        raise NotImplementedError

    def complain(self, problem: Problem) -> None:
        """Keep ``problem``; stop when there are more than anybody will read."""
        if len(self.problems) >= _MOST_PROBLEMS:
            message = f"this file has more than {_MOST_PROBLEMS:,} problems; it was not read further"
            raise MlgenError(Problem("too-complex", problem.span, message, "mend the first ones"))
        self.problems.append(problem)

    def scalar(self, event: Any) -> None:
        """A value or a key that is neither map nor list."""
        start, end = event.start_mark, event.end_mark
        span = _new(Span, (self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1))
        self.last = event
        top, text = self.top, event.value
        if event.tag is not None or event.anchor is not None:
            value = self._dressed(event, span)
        elif event.style or (top.by_text and (text not in NULLS or top.key is None)):
            value = text
        else:
            value = self.plain(text)
        if event.style or len(text) > self.longest:
            span = self._long(event, span)
        if top.entries is not None and top.key is None:
            self._key(event, value, span)
            return
        if isinstance(value, Unread):
            self.complain(Problem(value.rule, span, value.message, value.help))
            value = text
        node = Node(value, span, NO_KEYS, None if type(value) is str else text)
        if event.anchor is not None:
            self.anchored(event.anchor, node, 1, 0)
        self.add(node)

    def _dressed(self, event: Any, span: Span) -> Scalar | Unread:
        if event.anchor is not None:
            self.anchor(event.anchor, span)
        if event.tag is not None:
            return self.tagged(event, span)
        text: str = event.value
        return text if event.style or self.top.by_text else self.plain(text)

    def _escape(self, event: Any, span: Span) -> Problem | None:
        """What an escape sequence has brought in; what stands there itself was found when the file was decoded."""
        written = self.text[event.start_mark.index : event.end_mark.index]
        return escaped(event.value, span, severity=self.oddity) if "\\" in written else None

    def _long(self, event: Any, span: Span) -> Span:
        """Check what only quoted, block and long scalars can have; the place of a block ends with its last line."""
        text = event.value
        if len(text) > self.longest:
            message = f"this text is {len(text):,} characters long; {self.longest:,} is the most"
            self.complain(Problem("value-too-long", span, message, "keep long text in a file of its own"))
        if event.style == '"' and (problem := self._escape(event, span)):
            self.complain(problem)
        if event.style in _BLOCK_STYLES:
            lines = self.text[event.start_mark.index : event.end_mark.index].rstrip().split("\n")
            column = len(lines[-1]) + (span.column if len(lines) == 1 else 1)
            return span._replace(end_line=span.line + len(lines) - 1, end_column=column)
        return span

    def _key(self, event: Any, value: Scalar | Unread, span: Span) -> None:
        top = self.top
        if event.value == "<<" and not event.style and event.tag is None:
            top.key = self.merge_key(span)
            return
        key = value if type(value) is str else self.text_key(value, event.value)
        if isinstance(key, Unread):
            self.complain(Problem(key.rule, span, key.message, key.help))
            key = str(event.value)
        if event.anchor is not None:
            self.anchored(event.anchor, Node(key, span, NO_KEYS), 1, 0)
        self.name(key, span)

    def name(self, key: str, span: Span) -> None:
        """The next value belongs to ``key``."""
        top = self.top
        if key in top.keys:
            self.duplicate(key, span)
        top.keys[key] = span
        top.key = key

    def duplicate(self, key: str, span: Span) -> None:
        """``key`` stands at ``span`` and before."""
        message = f"the key `{shown(key)}` stands twice in this map"
        first = ((self.top.keys[key], "it stands here first"),)
        outside = self.around[-1].key if self.around else None
        severity = self.oddity if outside in FORGIVEN else "error"
        self.complain(Problem("duplicate-key", span, message, "keep one of the two", severity, first))

    def add(self, node: Node) -> None:
        """Put a finished value where it belongs."""
        top = self.top
        self.count += 1
        top.last = node.span
        if top.entries is None:
            top.items.append(node)
            return
        key, top.key = top.key, None
        if type(key) is str:
            top.entries[key] = node
        elif key is None:
            self.node_key(node)
        elif key is Odd.MERGE:
            self.merge(node)

    def node_key(self, _node: Node) -> None:
        """What stands where a key is wanted, and was found to be none."""
        self.top.key = Odd.IGNORED

    def start_map(self, event: Any) -> None:
        """`{`, or the first key of a block."""
        self._enter(event, is_map=True)

    def start_list(self, event: Any) -> None:
        """`[`, or the first dash of a block."""
        self._enter(event, is_map=False)

    def _enter(self, event: Any, *, is_map: bool) -> None:
        span = self.place(event)
        if event.anchor is not None:
            self.anchor(event.anchor, span)
        if event.tag is not None:
            self.tagged(event, span)
        if self.top.entries is not None and self.top.key is None:
            self.complain(self._no_key(event, span))
        self.around.append(self.top)
        self.top = Opened(span, is_map=is_map, flow=event.flow_style, anchor=event.anchor, count=self.count)
        self.grow(0, span)

    def _no_key(self, event: Any, span: Span) -> Problem:
        """The problem of a map or list where a key is wanted; most often braces were meant as a template."""
        from mlgen.document.syntax import bare_template  # its patterns cost every start 3 ms, and are for what is wrong

        index = event.start_mark.index
        if self.text.startswith("{{", index - 1):
            return bare_template(span._replace(column=span.column - 1))
        return Problem("key-not-text", span, "a map or list stands here as the key of a map", "make the key a text")

    def grow(self, height: int, span: Span) -> None:
        """Refuse to nest ``height`` more levels where that is deeper than anything a person writes."""
        if len(self.around) + height > self.depth:
            message = f"this is nested more than {self.depth} levels deep"
            raise MlgenError(Problem("too-deep", span, message, "write it flatter"))
        self.top.height = max(self.top.height, height + 1)

    def end(self, event: Any) -> None:
        """`]`, `}`, or the end of a block; a block's place ends with its last value, whatever comes after it."""
        closed, self.top = self.top, self.around.pop()
        start, last = closed.span, closed.last
        line, column = last.end_line, last.end_column
        if closed.flow:
            line, column = event.end_mark.line + 1, event.end_mark.column + 1
        span = _new(Span, (self.file, start.line, start.column, line, column))
        node = Node(closed.items if closed.entries is None else closed.entries, span, closed.keys)
        self.top.height = max(self.top.height, closed.height + 1)
        if closed.anchor is not None:
            self.anchored(closed.anchor, node, self.count - closed.count + 1, closed.height)
        self.add(node)

    def end_document(self, _event: Any) -> None:
        """The end of a document; one that says nothing is none."""
        root = self.top.items.pop()
        if root.value is not None:
            self.documents.append(root)

    def place(self, event: Any) -> Span:
        """Where an event stands."""
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
