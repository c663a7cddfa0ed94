"""JSON values -> YAML text that kubectl, Kustomize, PyYAML and a YAML 1.2 reader all read as the same values."""

import json
import math
import re
from collections.abc import Iterable
from functools import lru_cache

from mlgen.node import Json

# Bare only what no reader can take for anything but text: it starts like a word or a path, and is none of the words
# of YAML 1.1 or 1.2. So all that starts with a digit, a sign, a dot or an indicator is quoted: 1e3, 08, 0o17, 1:30.
_PLAIN = re.compile(
    r"(?!(?i:null|true|false|yes|no|on|off|y|n)\Z)[A-Za-z_/][\w./@%+=-]*(?:[ :][\w./@%+=-]+)*", re.ASCII
)
# What some reader refuses, folds or drops when it stands raw, and bidi controls, which show a reviewer another text
# than readers get. None of them lies outside the basic plane, so no escape is a surrogate pair, which go-yaml refuses.
_ESCAPED = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
_TO_ESCAPE = re.compile(f"[{_ESCAPED}]")
# What a block scalar cannot say, or not to every reader: these characters and the other control characters, a first
# line that begins with a blank, a line of blanks only.
_NO_BLOCK = re.compile(rf"[\x00-\x08\x0b-\x1f\ud800-\udfff{_ESCAPED}]|\A\n*[ \t]|^[ \t]+$", re.MULTILINE)
_LONGEST_SIMPLE_KEY = 1000  # readers give up on "key: value" after 1024 characters; "? key" knows no limit

_in_double_quotes = json.JSONEncoder(ensure_ascii=False).encode


def dump(value: Json, *, header: str = "") -> str:
    """One document in block style, keys in their given order, below ``header`` as comment lines.

    Raises ValueError for what readers cannot agree on (NaN, infinity, lone surrogates), TypeError for what is not JSON.
    """
    lines = [f"# {line}".rstrip() for line in header.splitlines()]
    _write(value, "", "", lines)
    lines.append("")
    return "\n".join(lines)


def dump_all(values: Iterable[Json]) -> str:
    """A stream of documents, parted by ``---``. Raises what ``dump`` raises."""
    return "---\n".join(dump(value) for value in values)


def _write(value: Json, lead: str, pad: str, lines: list[str]) -> None:
    """Append the lines of ``value``; the first begins with ``lead``, the others with ``pad``."""
    deeper = pad + "  "
    if isinstance(value, dict) and value:
        for key, item in value.items():
            head = f"{lead}{_flow(key)}:"
            if len(head) > _LONGEST_SIMPLE_KEY:
                head = f"{lead}? {_flow(key)}\n{pad}:"
            lead = pad
            if type(item) is str and "\n" not in item:
                lines.append(f"{head} {_flow(item)}")
            elif isinstance(item, dict) and item:
                lines.append(head)
                _write(item, deeper, deeper, lines)
            elif isinstance(item, list) and item:  # stands under its key, as kubectl prints it
                lines.append(head)
                _write(item, pad, pad, lines)
            else:
                lines.append(f"{head} {_scalar(item, deeper)}")
    elif isinstance(value, list) and value:
        for item in value:
            if isinstance(item, str):
                lines.append(f"{lead}- {_text(item, deeper)}")
            else:
                _write(item, lead + "- ", deeper, lines)
            lead = pad
    else:
        lines.append(lead + _scalar(value, pad or deeper))


def _scalar(value: Json, pad: str) -> str:
    """A value without entries; what follows its first line begins with ``pad``."""
    if isinstance(value, str):
        return _text(value, pad)
    if isinstance(value, float):
        return _float(value)
    if value is None or isinstance(value, (int, dict, list)):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _text(text: str, pad: str) -> str:
    return _block(text, pad) if "\n" in text and not _NO_BLOCK.search(text) else _flow(text)


def _float(value: float) -> str:
    """All digits and a point, for an exponent is a number to one reader and text to the next."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written so that every reader agrees")
    from decimal import Decimal  # costs every start 2 ms, and hardly a document has a float

    digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else f"{digits}.0"


def _block(text: str, pad: str) -> str:
    """Line by line below ``|``, whose sign says how many line ends belong to the text: none, one, all."""
    sign = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") or text == "\n" else ""
    lines = [pad + line if line else "" for line in text.removesuffix("\n").split("\n")]
    return "\n".join([f"|{sign}", *lines])


@lru_cache(maxsize=4096)
def _flow(text: str) -> str:
    """On one line: bare where every reader agrees, else in double quotes."""
    if _PLAIN.fullmatch(text):
        return text
    text.encode()  # a lone surrogate is no text: UnicodeEncodeError, which is a ValueError
    return _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", _in_double_quotes(text))
