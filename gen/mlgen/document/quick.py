"""The events of manifests -> their plain values, where nothing in them needs more than that: no places, no words.

A third of the time that the careful reader takes. What it gives is what that reader gives; whatever would be a problem
there, or is rare, ends it, and the careful reader begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from mlgen.document import kubectl
from mlgen.document.scalar import Scalar, Unread
from mlgen.node import Json

LARGEST: Final = 900_000  # bytes, so that no limit of the careful reader is met: an event takes one at least
DEEPEST: Final = 50
_ESCAPES: Final = ("\\u", "\\b", "\\f", "\\r")  # what they make may be more than text


class OddError(Exception):
    """Something for the careful reader."""


class Events(NamedTuple):
    """The parser's own classes of events."""

    scalar: type
    map: type
    list: type
    ends: tuple[type, type]
    document: type
    document_end: type
    stream_end: type


def values(text: str, next_event: Callable[[], Any], kinds: Events) -> list[Json]:
    """The documents of ``text`` that say something. Raises OddError; what the parser raises goes through."""
    documents: list[list[Any]] = []
    around: list[tuple[Any, Any]] = []
    top: Any = None
    key: Any = None  # of the value to come, where ``top`` is a map; None: a key is to come, or ``top`` is a list
    escapes = "\\" in text
    next_event()
    while (kind := type(event := next_event())) is not kinds.stream_end:
        if kind is kinds.scalar:  # two of three events: nothing is called here that can be done on the spot
            value: Any = event.value
            if not event.style:
                value = _plain(value)
            elif escapes and not value.replace("\n", "").replace("\t", "").isprintable():
                raise OddError
            if event.anchor is not None or event.tag is not None:
                raise OddError
            if key is not None:
                top[key], key = value, None
            elif type(top) is list:
                top.append(value)
            elif type(value) is not str or value in top or (value == "<<" and not event.style):
                raise OddError
            else:
                key = value
        elif kind is kinds.map or kind is kinds.list:
            around.append((top, key))
            top, key = _below(event, {} if kind is kinds.map else [], top, key, len(around)), None
        elif kind in kinds.ends:
            top, key = around.pop()[0], None
        elif kind is kinds.document:
            documents.append(top := _document(event, text))
        elif kind is not kinds.document_end or event.explicit:
            raise OddError
    return [root for (root,) in documents if root is not None]


def json_values(text: str) -> list[Json]:
    """The objects of ``text``, one after another, as kubectl takes what begins with a brace. Raises OddError."""
    found: list[Json] = []
    if any(escape in text for escape in _ESCAPES):
        raise OddError
    try:
        while text:
            value, end = _JSON.raw_decode(text)
            found.append(value)
            text = text[end:].lstrip()
    except (ValueError, RecursionError) as error:
        raise OddError from error
    return found


def _map(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise OddError
    return found


@lru_cache(maxsize=1 << 16)
def _plain(text: str) -> Scalar:
    value = kubectl.plain(text)
    if isinstance(value, Unread):
        raise OddError
    return value


def _constant(_text: str) -> Json:
    raise OddError


_JSON: Final = json.JSONDecoder(object_pairs_hook=_map, parse_float=_plain, parse_int=_plain, parse_constant=_constant)


def _below(event: Any, new: Any, top: Any, key: Any, depth: int) -> Any:
    """``new``, put where the event says it begins."""
    if event.anchor is not None or event.tag is not None or depth > DEEPEST:
        raise OddError
    if type(top) is list:
        top.append(new)
    elif key is None:
        raise OddError
    else:
        top[key] = new
    return new


def _document(event: Any, text: str) -> list[Any]:
    """What the root is put into; kubectl parts documents by lines of `---` alone."""
    end = event.end_mark.index
    if event.version or event.tags or (event.explicit and text[end : end + 1] not in ("\n", "")):
        raise OddError
    return []
