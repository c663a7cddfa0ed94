"""A regular expression as Go reads it (RE2) -> the same as Rust reads it, in which JSON Schemas are checked.

The two are siblings. What differs: POSIX classes, white space beyond ASCII, literal braces and quoted text, and
characters in a class that mean something to Rust only. Source: https://github.com/google/re2/wiki/Syntax.
"""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)|\\[pP]\{\^?\w*\}|\\x\{[0-9a-fA-F]+\}|\\.|(?P<repeat>\{[0-9]+(?:,[0-9]*)?\})"
    r"|(?P<group>\(\?P?<\w+>|\(\?[a-zA-Z-]*:?)|\[\^?\]?(?P<class>(?:\[:\^?\w+:\]|\\.|[^\]\\])*)\]|.",
    re.DOTALL,
)
INSIDE = re.compile(r"\[:(?P<not>\^?)(?P<posix>\w+):\]|\\[pP]\{\^?\w*\}|\\x\{[0-9a-fA-F]+\}|\\.|.", re.DOTALL)
SPACE = r"\t\n\f\r "
POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
CLASSES = frozenset((r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"))


def in_rust(pattern: str) -> str:
    """``pattern`` as Rust has it; what is no expression stays none."""
    return "".join(_outside(found) for found in TOKEN.finditer(pattern))


def _outside(found: re.Match[str]) -> str:
    token = found[0]
    if found["quoted"] is not None:
        return re.sub(r"[][\\^$.|?*+(){}]", r"\\\g<0>", found["quoted"])
    if found["class"] is not None:
        start = len(token) - len(found["class"]) - 1
        head = token[:start].replace("[]", r"[\]").replace("[^]", r"[^\]")
        return f"{head}{''.join(_inside(found['class']))}]"
    if token in ("{", "}"):
        return f"\\{token}"
    return {r"\s": f"[{SPACE}]", r"\S": f"[^{SPACE}]"}.get(token, token)


def _inside(text: str) -> Iterator[str]:
    """The members of a class. A dash that follows a class of its own is a dash."""
    before = ""
    for found in INSIDE.finditer(text):
        token = found[0]
        if found["posix"]:
            yield POSIX.get(found["posix"], token) if not found["not"] else rf"\P{{{found['posix']}}}"
        elif token == r"\s":
            yield SPACE
        elif token in "[&~" or (token == "-" and (before in CLASSES or before.startswith("[:") or not before)):
            yield f"\\{token}"
        else:
            yield token
        before = token
