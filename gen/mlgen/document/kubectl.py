"""A scalar of a manifest -> the JSON value that kubectl reads: YAML 1.1 as go-yaml v2 knows it, then JSON."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from typing import Final

from mlgen.document.scalar import AGREED, TAG_PREFIX, Scalar, Unread, is_int64, shown

_SPELLINGS: Final = (str.lower, str.capitalize, str.upper)
_WORDS: Final[Mapping[str, Scalar]] = {
    **AGREED,
    **{spell(word): True for word in ("y", "yes", "on") for spell in _SPELLINGS},
    **{spell(word): False for word in ("n", "no", "off") for spell in _SPELLINGS},
}
_NO_NUMBERS: Final = frozenset(
    (".nan", ".NaN", ".NAN", *(sign + inf for sign in ("", "+", "-") for inf in (".inf", ".Inf", ".INF")))
)
_NOT_ALWAYS_TEXT: Final = frozenset("0123456789+-.~nNyYoOtTfF") | {""}

_SIGN_OR_DIGIT: Final = frozenset("0123456789+-")

_INT: Final = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_OLD_OCTAL: Final = re.compile(r"[-+]?0[0-7]+")
# After a leading dot underscores count as Go has them: between two digits only.
_DOTTED: Final = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.]+(?:Z|[-+][0-9:]+)?)?")
_UINT64_END: Final = 2**64
# Longer than any number below 2**64 is ever written; a longer decimal is a float or text all the same.
_LONGEST: Final = 400


def plain(text: str) -> Scalar | Unread:
    """The value of a plain scalar without a tag. Dates stay text; a whole fraction becomes an integer, as in JSON."""
    first = text[:1]
    if first not in _NOT_ALWAYS_TEXT:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text in _NO_NUMBERS:
        return Unread("number-range", f"JSON, and so Kubernetes, has no {text}", "write a finite number, or quote it")
    number: int | float | None = None
    if first == ".":
        number = _float(text.replace("_", "")) if _DOTTED.fullmatch(text) else None
    elif first in _SIGN_OR_DIGIT:
        number = _number(text.replace("_", ""))
    return text if number is None else number


def tagged(text: str, tag: str) -> Scalar | Unread:
    """The value of a scalar with an explicit tag; a tag that kubectl does not know leaves text."""
    name = tag.removeprefix(TAG_PREFIX) if tag.startswith(TAG_PREFIX) else ""
    if name == "binary":
        return _binary(text)
    if name not in _TAGGED:
        return text
    value = plain(text)
    if isinstance(value, Unread):
        return value
    if type(value) in _TAGGED[name] and (name != "timestamp" or _DATE.fullmatch(text)):
        return value
    return Unread("yaml-tag", f"`{shown(text)}` is not what its tag !!{name} says", "take the tag away")


_TAGGED: Final[Mapping[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
    "timestamp": (str,),
}


def key(value: Scalar | Unread, text: str) -> str | Unread:
    """The text that kubectl makes of a key: `017` is "15", `yes` is "true"; ``text`` is how it was written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return Unread("key-not-text", "a key of a map is empty", "write the key, or quote it")
    if isinstance(value, Unread):
        return text.lstrip("+").lower() if text in _NO_NUMBERS else value
    digits = text.replace("_", "")
    whole = _integer(digits)
    if whole is None or not _is_uint64(digits, whole):
        return _float_key(float(digits)) if whole is None or not is_int64(whole) else str(whole)
    return Unread("key-not-text", f"the number {shown(text)} is too large for a key", f'quote it: "{shown(text)}"')


def _number(digits: str) -> int | float | None:
    whole = _integer(digits)
    if whole is not None and is_int64(whole):
        return whole
    if whole is not None and _is_uint64(digits, whole):
        return float(whole)
    return _float(digits) if _FLOAT.fullmatch(digits) else None


def _integer(digits: str) -> int | None:
    if len(digits) > _LONGEST or not _INT.fullmatch(digits):
        return None
    return int(digits, 8 if _OLD_OCTAL.fullmatch(digits) else 0)


def _is_uint64(digits: str, whole: int) -> bool:
    return not is_int64(whole) and 0 <= whole < _UINT64_END and digits[0] != "+"


def _float(text: str) -> int | float | None:
    """A number as JSON has it, whole ones as integers; nothing if it is beyond a double: that is text to go-yaml."""
    number = float(text)
    if math.isinf(number):
        return None
    if not number.is_integer() or abs(number) >= _UINT64_END:
        return number
    mantissa, _, exponent = repr(number).partition("e")
    digits, _, fraction = mantissa.partition(".")
    # JSON has the shortest digits that mean this double, then zeros: beyond 2**53 not its exact value.
    whole = int(digits + fraction.ljust(int(exponent), "0") if exponent else digits)
    return whole if is_int64(whole) else number


def _float_key(number: float) -> str:
    """Go's shortest spelling of a 32-bit float, exponent from six digits on."""
    wanted = struct.pack("f", number)
    near: float = struct.unpack("f", wanted)[0]
    if math.isinf(near):
        return "-.inf" if near < 0 else ".inf"
    short = next(text for digits in range(17) if struct.pack("f", float(text := f"{near:.{digits}e}")) == wanted)
    mantissa, _, exponent = short.partition("e")
    if -5 < int(exponent) < 6:
        places = max(0, len(mantissa.lstrip("-").replace(".", "")) - 1 - int(exponent))
        return f"{float(short):.{places}f}"
    return f"{mantissa}e{exponent}"


def _binary(text: str) -> str | Unread:
    import base64  # rare, and costs every start

    try:
        return base64.b64decode("".join(text.split("\n")), validate=True).decode("utf-8", "replace")
    except ValueError:
        return Unread("yaml-tag", "a !!binary value is not base64", "encode it as base64, or take the tag away")
