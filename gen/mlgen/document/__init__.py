"""The bytes of a YAML file -> its documents as Nodes, and everything wrong with it: the bounded reader.

It takes the parser's events one by one, so that a limit stops it before anything can explode.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple, TypeAlias

import yaml

from mlgen.document.encoding import decode
from mlgen.document.events import Builder
from mlgen.document.strict import SpecBuilder
from mlgen.node import Json, Node
from mlgen.problem import MlgenError, Problem, Span

Dialect: TypeAlias = Literal["spec", "kubernetes"]
LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it was built in
_KINDS: Final = (
    yaml.ScalarEvent,
    yaml.MappingStartEvent,
    yaml.SequenceStartEvent,
    (yaml.MappingEndEvent, yaml.SequenceEndEvent),
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
    yaml.StreamEndEvent,
)

# What is read at most: bytes, and events of the parser.
_LIMITS: Final[dict[Dialect, tuple[int, int]]] = {
    "spec": (1024 * 1024, 50_000),
    "kubernetes": (16 * 1024 * 1024, 1_000_000),
}


class Parsed(NamedTuple):
    """What a file says. With an error among the problems, documents may be missing or have stand-ins for values.

    ``text`` is what spans count lines and columns in: decoded as far as possible, every line end a newline.
    """

    documents: tuple[Node, ...]
    problems: tuple[Problem, ...]
    text: str


def parse(data: bytes, *, file: str, dialect: Dialect = "spec", limits: tuple[int, int] | None = None) -> Parsed:
    """Read a file; ``file`` is the name that its spans bear. Never raises: all that is wrong is among the problems.

    ``spec`` is strict: one document, and only what all YAML readers read alike. ``kubernetes`` reads as kubectl does:
    several documents, aliases expanded. A document that says nothing is left out in both. ``limits`` are the bytes and
    the events of the parser that are read at most, where that is not what the dialect says.
    """
    size, events = limits or _LIMITS[dialect]
    if len(data) > size:
        return Parsed((), (_too_large(data, file, size),), "")
    new = _builder(dialect)
    decoded = decode(data, file, deceptive=new.oddity)
    if not decoded.readable:
        return Parsed((), tuple(decoded.problems), decoded.text)
    builder = new(decoded.text, file)
    stop = _feed(builder, events)
    problems = (*decoded.problems, *builder.problems, *stop)
    return Parsed(tuple(builder.documents), tuple(dict.fromkeys(problems)), decoded.text)


def values(data: bytes) -> list[Json] | None:
    """The documents of a file of manifests as plain values: what ``parse`` would give, where it has no problem.

    None where that takes a careful look: then ``parse`` says what there is. Far quicker, for it keeps no places.
    """
    from mlgen.document import quick

    try:
        text = data.decode("utf-8")
        if len(data) > quick.LARGEST or not text.replace("\n", "").replace("\t", "").isprintable():
            return None
        if text.startswith("{"):
            return quick.json_values(text)
        text = text if text.endswith("\n") else f"{text}\n"
        return quick.values(text, LOADER(text).get_event, quick.Events(*_KINDS))
    except (quick.OddError, yaml.YAMLError, UnicodeDecodeError):
        return None


def text(data: bytes, file: str) -> str:
    """The text of a file, as ``parse`` has it: what spans count lines and columns in."""
    return decode(data, file).text if len(data) <= _LIMITS["kubernetes"][0] else ""


def _builder(dialect: Dialect) -> type[Builder]:
    if dialect == "spec":
        return SpecBuilder
    from mlgen.document.expansion import ManifestBuilder  # most commands read specs only

    return ManifestBuilder


def _feed(builder: Builder, limit: int) -> tuple[Problem, ...]:
    """Give the builder all events; the problem that ended it early, if one did."""
    try:
        return _events(builder, limit)
    except MlgenError as error:
        return error.problems
    except Exception as error:  # whatever a parser raises for hostile text: never a traceback
        place = Span(builder.file, 1, 1, 1, 1) if builder.last is None else builder.place(builder.last)
        message = f"what follows this cannot be read ({type(error).__name__})"
        return (Problem("unreadable", place, message, "write it simpler"),)


def _events(builder: Builder, limit: int) -> tuple[Problem, ...]:
    handlers = {
        yaml.ScalarEvent: builder.scalar,
        yaml.MappingStartEvent: builder.start_map,
        yaml.MappingEndEvent: builder.end,
        yaml.SequenceStartEvent: builder.start_list,
        yaml.SequenceEndEvent: builder.end,
        yaml.AliasEvent: builder.alias,
        yaml.DocumentStartEvent: builder.start_document,
        yaml.DocumentEndEvent: builder.end_document,
    }
    try:
        next_event = LOADER(builder.text).get_event
        next_event()
        for _ in range(limit):
            event = next_event()
            handle = handlers.get(type(event))
            if handle is None:
                return ()
            handle(event)
    except yaml.MarkedYAMLError as error:
        return (_explained(error, builder),)
    message = f"this file has more than {limit:,} pieces: keys, values and brackets"
    return (Problem("too-complex", builder.place(event), message, "split it"),)


def _explained(error: yaml.MarkedYAMLError, builder: Builder) -> Problem:
    from mlgen.document import syntax  # its patterns cost every start 3 ms, and most files are YAML

    place, context = _mark(error.problem_mark), _mark(error.context_mark)
    complaint = syntax.Complaint(error.problem or "", place or context or (1, 1), context)
    last = builder.last
    quoted = builder.place(last) if last is not None and last.style in ("'", '"') else None
    return syntax.explain(complaint, builder.text, builder.file, quoted)


def _mark(mark: Any) -> tuple[int, int] | None:
    return None if mark is None else (mark.line + 1, mark.column + 1)


def _too_large(data: bytes, file: str, limit: int) -> Problem:
    message = f"this file has {len(data):,} bytes; {limit:,} is the most that is read"
    return Problem("too-large", Span(file, 1, 1, 1, 1), message, "split it, or keep the data elsewhere")
