"""The bytes of a file -> its text, and every byte or character in it that must not be there."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from mlgen.problem import Problem, Severity, Span

_STAND_IN: Final = "\ufffd"
_LISTED: Final = 20
# Characters that str.isprintable() denies, so hardly a file needs these patterns; `re` compiles them when one does.
# What YAML has no place for, and what some readers take for the end of a line. A tab and a newline are fine.
_UNREADABLE: Final = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
# What makes a line look like something else than it is, to whoever reviews it.
_DECEPTIVE: Final = r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
# What Kustomize cannot even print from an escape sequence, so that no manifest may have it.
_NOWHERE: Final = r"[\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
_FORBIDDEN: Final = f"{_UNREADABLE}|{_DECEPTIVE}|{_NOWHERE}"
_OTHER_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class Decoded(NamedTuple):
    """``text`` has newlines as line ends and a stand-in for each character that cannot be read."""

    text: str
    problems: list[Problem]
    readable: bool


def decode(data: bytes, file: str, *, deceptive: Severity = "error") -> Decoded:
    """The text of ``data``. A byte order mark at its start is dropped; whether a bidi control stops is the caller's."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        encoding = next((name for mark, name in _OTHER_ENCODINGS if data.startswith(mark)), "utf-8")
        return Decoded(data.decode(encoding, "replace"), [_not_utf8(data, error, file)], readable=False)
    problems = list(_characters(text, file, deceptive))
    return Decoded(re.sub(_UNREADABLE, _STAND_IN, text) if problems else text, problems, readable=True)


def escaped(value: str, span: Span, *, severity: Severity = "error") -> Problem | None:
    """The problem of a quoted value whose escapes make a character that must not be there, if one does."""
    found = None if value.isprintable() else re.search(_NOWHERE, value) or re.search(_FORBIDDEN, value)
    if found is None:
        return None
    message = f"this text has the {_name(found[0])} in it"
    worst: Severity = "error" if re.match(_NOWHERE, found[0]) else severity
    return Problem("control-character", span, message, "take its escape sequence out", worst)


def _characters(text: str, file: str, deceptive: Severity) -> Iterator[Problem]:
    if text.replace("\n", "").replace("\t", "").isprintable():
        return
    for count, found in enumerate(re.finditer(_FORBIDDEN, text)):
        if count == _LISTED:
            yield Problem(
                "control-character", _at(text, found.start(), file), "more such characters follow", "is this a text?"
            )
            return
        severity = deceptive if re.match(_DECEPTIVE, found[0]) else "error"
        span = _at(text, found.start(), file)
        yield Problem("control-character", span, f"the {_name(found[0])} cannot stand here", _cure(found[0]), severity)


def _at(text: str, index: int, file: str) -> Span:
    line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
    return Span(file, line, column, line, column + 1)


def _name(character: str) -> str:
    kind = "invisible character" if re.match(_DECEPTIVE, character) else "control character"
    return f"{kind} U+{ord(character):04X}"


def _cure(character: str) -> str:
    if character == "\r":
        return "end lines with a newline, with or without a carriage return before it"
    if character == "\ufeff":
        return "delete it: a byte order mark may stand at the very start only"
    return "delete it; an editor that shows invisible characters finds it"


def _not_utf8(data: bytes, error: UnicodeDecodeError, file: str) -> Problem:
    cure = "save the file as UTF-8"
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            return Problem("not-utf8", Span(file, 1, 1, 1, 1), f"this file is {name}", cure)
    before = data[: error.start].decode("utf-8")
    message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
    return Problem("not-utf8", _at(before, len(before), file), message, cure)
