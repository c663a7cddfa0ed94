"""Any text -> one line of it that cannot be more than text, to a terminal, a CI runner or a reader's eye."""

import unicodedata
from collections.abc import Callable
from typing import Final, TypeAlias

from mlgen.problem import Span

Style: TypeAlias = Callable[[str, str], str]

NOTES: Final = 5  # further places of a problem that a person is shown; programs get them all
LONGEST_TEXT: Final = 1000  # a message about a value must not become the value
_COLOURS: Final = {"error": "1;31", "warning": "1;33", "help": "1;36", "note": "1;32", "gutter": "1;34", "bold": "1"}


def safe(text: str) -> str:
    """``text`` on one line, without what can steer a terminal, hide, or reverse what is read: each such character as
    `\\u{...}`. ``##[`` too, which a CI runner takes for a command wherever it stands in a line."""
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}..."
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return text.replace("##[", "#\\u{23}[")


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return f"\\u{{{ord(character):x}}}" if hidden else character


def file(name: str) -> str:
    """A file's name at the start of a line; it must not look like a runner's command."""
    name = safe(name)
    return f"./{name}" if name.lstrip().startswith("::") else name


def place(span: Span) -> str:
    """Where something begins, as terminals and editors follow it."""
    return f"{file(span.file)}:{span.line}:{span.column}"


def ansi(style: str, text: str) -> str:
    """``text`` in the colour of ``style``."""
    return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if text else ""


def plain(_style: str, text: str) -> str:
    """``text`` as it is."""
    return text
