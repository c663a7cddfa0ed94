"""A plain scalar of a spec -> its value, where YAML 1.1 and YAML 1.2 readers agree, or why it is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None


class Unread(NamedTuple):
    """Why a scalar has no value, and how to mend it; becomes a Problem once its place is known."""

    rule: str
    message: str
    help: str


TAG_PREFIX: Final = "tag:yaml.org,2002:"
NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
AGREED: Final[Mapping[str, Scalar]] = {
    **dict.fromkeys(NULLS, None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WORDS: Final = {"y": "true", "yes": "true", "on": "true", "n": "false", "no": "false", "off": "false"}
_DIGITS: Final = frozenset("0123456789+-.")
_NOT_ALWAYS_TEXT: Final = frozenset("0123456789+-.~<=nNyYoOtTfF") | {""}

_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_INT64_DIGITS: Final = 20

_SOME: Final = "_*[0-9][0-9_]*"  # go-yaml drops underscores wherever they are
# What some reader takes for a number or a time. The first that matches all of a text names the trap.
_TRAPS: Final[Mapping[str, str]] = {
    "a date": r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9].*)?",
    "a number to the base of 60": r"[-+]?[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?",
    "a hexadecimal number": r"[-+]?0[xX][0-9a-fA-F_]+",
    "an octal number": r"[-+]?0[oO][0-7_]+",
    "a binary number": r"[-+]?0[bB][01_]+",
    "not a finite number": r"[-+]?\.(?:[iI][nN][fF]|[nN][aA][nN])",
    "a number with a plus sign": r"\+(?:[0-9]+(?:\.[0-9]+)?)",
    "a number with a leading zero": r"[-+]?0[0-9_]+(?:\.[0-9_]*)?",
    "a number with an exponent": rf"[-+]?(?:\.{_SOME}|{_SOME}(?:\.[0-9_]*)?)[eE][-+]?{_SOME}",
    "a number with an underscore": rf"(?=.*_)[-+]?(?:{_SOME}(?:\.[0-9_]*)?|\.{_SOME})",
    "a number that begins with a dot": r"[-+]?\.[0-9]+",
    "a number that ends with a dot": r"[-+]?[0-9]+\.",
}
_ANY_TRAP: Final = "|".join(f"({pattern})" for pattern in _TRAPS.values())
_TRAP_CHARACTERS: Final = frozenset("0123456789+-._:abcdefABCDEFxXoOiInN")
_BASES: Final = {"a hexadecimal number": 16, "an octal number": 8, "a binary number": 2}
_SHOWN: Final = 40


def spec(text: str) -> Scalar | Unread:
    """The value of the plain scalar ``text``: text, null, true, false, an integer of 64 bits or a decimal fraction.

    Whatever YAML 1.1 and 1.2 read differently is refused with the two spellings that every reader understands.
    """
    first = text[:1]
    if first not in _NOT_ALWAYS_TEXT:
        return text
    if text in AGREED:
        return AGREED[text]
    if first in _DIGITS:
        return _number(text)
    if text.lower() in _WORDS:
        return _refuse(text, f"`{text}` is a truth value to some YAML readers and text to others", _WORDS[text.lower()])
    if text in ("=", "<<"):
        return _refuse(text, f"`{text}` left bare has a meaning of its own in YAML")
    return text


def spec_key(value: Scalar | Unread, text: str) -> str | Unread:
    """The key whose plain scalar ``text`` has that value: only what every reader takes for text is one."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unread):
        return value._replace(help=f"quote the key: {_quoted(text)}")
    if not text:
        return Unread("key-not-text", "there is no key before this colon", "write the key")
    kind = "a number" if type(value) in (int, float) else "empty" if value is None else "a truth value"
    return Unread("key-not-text", f"the key `{shown(text)}` is {kind}, not text", f"quote the key: {_quoted(text)}")


def is_int64(number: int) -> bool:
    """Whether ``number`` is an integer that every reader, and Kubernetes, can hold."""
    return -(2**63) <= number < 2**63


def shown(text: str) -> str:
    """``text`` short enough for a message."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _number(text: str) -> Scalar | Unread:
    if _INT.fullmatch(text):
        if len(text) <= _INT64_DIGITS and is_int64(value := int(text)):
            return value
        return Unread("number-range", f"the number {shown(text)} does not fit into 64 bits", _quote(text))
    if _FLOAT.fullmatch(text):
        if math.isfinite(number := float(text)):
            return number
        return Unread("number-range", f"the number {shown(text)} is too large", _quote(text))
    if text[4:5] != "-" and not _TRAP_CHARACTERS.issuperset(text):
        return (
            text  # 8Gi, 70%: most of what begins with a digit, before the pattern is compiled, which costs a start 2 ms
        )
    trap = re.fullmatch(_ANY_TRAP, text)
    return _caught(text, [*_TRAPS][(trap.lastindex or 1) - 1]) if trap else text


def _caught(text: str, name: str) -> Unread:
    message = f"`{shown(text)}` is {name} to some YAML readers and something else to others"
    return _refuse(text, message, _agreed_number(text, name))


def _refuse(text: str, message: str, instead: str | None = None) -> Unread:
    otherwise = f", or write {instead} if that is meant" if instead else ""
    return Unread("ambiguous-scalar", message, _quote(text) + otherwise)


def _quote(text: str) -> str:
    return f"for text, quote it: {_quoted(text)}"


def _quoted(text: str) -> str:
    return f'"{shown(text)}"'


def _agreed_number(text: str, name: str) -> str | None:
    """The same number in the spelling that all readers agree on, if it is a short one."""
    bare = text.replace("_", "").lstrip("+")
    if len(bare) > _INT64_DIGITS:
        return None
    respell = _RESPELLINGS.get(name)
    number = respell(bare) if respell else _integer(bare, _BASES[name]) if name in _BASES else None
    return number if number is not None and isinstance(spec(number), int | float) else None


def _integer(text: str, base: int) -> str | None:
    try:
        return str(int(text, base))
    except ValueError:
        return None


def _decimal(text: str) -> str | None:
    """0.0001 for 1e-4; nothing for what would be a long row of zeros."""
    number = float(text)
    if number.is_integer() and abs(number) < 10**15:
        return str(int(number))
    written = f"{number:.15f}".rstrip("0")
    return written if float(written.rstrip(".") or "0") == number else None


def _without_zeros(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = digits.lstrip("0")
    return sign + (digits if digits[:1].isdigit() else f"0{digits}").removesuffix(".")


_RESPELLINGS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "a number with a plus sign": lambda text: text,
    "a number with a leading zero": _without_zeros,
    "a number with an exponent": _decimal,
    "a number with an underscore": lambda text: text.removesuffix("."),
    "a number that begins with a dot": lambda text: text.replace(".", "0.", 1),
    "a number that ends with a dot": lambda text: f"{text}0",
}
