"""Text -> the same without the values of secrets, and as long: what may be shown."""

import re

from mlgen.secret_forms import has_form, replaced
from mlgen.secret_text import ENCODED, decoded, named_like_a_secret, random_words

# Keys of specs, which hold the name of a secret and not its value.
KEPT_SECRET = re.compile(r"(?i)(key|pass|pwd)$")
OWN_WORDS = frozenset(("secret", "secrets", "pullSecret", "tlsSecret", "name", "key"))
PAIR = re.compile(
    r"""(?<![\w.-])(?P<name>[A-Za-z_.-][\w.-]{0,200})["']?[ \t]*(?:[:=]|,[ \t]*["']?value["']?[ \t]*:)"""
    r"""|(?<![\w-])--?(?P<flag>[a-z][\w-]*)["']?(?:[ \t]*,[ \t]*|[ \t]+)(?=[^\s-])"""
    r"""|(?<![\w-])(?:-u|--user)["']?(?:[ \t]*,)?[ \t]*["']?(?P<user>[\w.@-]+):(?=\S)"""
)
VALUE = re.compile(r"""(?:-[ ]+)?["']?value["']?[ ]*:""")
NAMED = re.compile(r"""(?:-[ ]+)?["']?name["']?[ ]*:[ ]*["']?(?P<name>[\w.-]+)["']?,?[ ]*$""")
VALUE_FIRST = re.compile(
    r"""(?P<start>[{,][ ]*["']?value["']?[ ]*:)[^{}\n]{0,500}?,[ ]*["']?name["']?[ ]*:[ ]*["']?(?P<name>[\w.-]+)"""
)
FLAG_ALONE = re.compile(r"""(?:-[ ]+)?["']?--?(?P<flag>[a-z][\w-]*)["']?,?[ ]*$""")
NEAR = 10  # lines between the keys of one small map


def without_tokens(text: str) -> str:
    """``text`` without what has the form of a token: what may be shown of values that passed their checks."""
    return replaced(text, _asterisks)


def masked(text: str) -> str:
    """``text`` with such values replaced, character for character, by asterisks: what messages may show.

    After a name that says "secret" all that follows on its line is hidden, and every deeper line below it; where the
    name is the value of a `name`, the `value` beside it.
    """
    lines = _without_words(without_tokens(text)).split("\n")
    deeper_than, named_at = -1, -1
    for number, line in enumerate(lines):
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if deeper_than >= 0 and bare and (indent > deeper_than):
            lines[number] = _hidden(line, 0)
            continue
        deeper_than = -1
        start = _start(line)
        inner = indent + (len(bare) - len(bare[1:].lstrip(" ")) if bare.startswith("- ") else 0)
        if bare and (inner < named_at or bare.startswith("- ")):
            named_at = -1
        if named_at >= 0 and inner == named_at and VALUE.match(bare):
            start = line.index(":") + 1
        if (found := NAMED.match(bare)) is not None and _keeps_a_secret(found["name"]):
            named_at = inner
            _hide_before(lines, number, inner)
        if start is None and (flag := FLAG_ALONE.match(bare)) is not None and _keeps_a_secret(flag["flag"]):
            _hide_after(lines, number, indent)
        if start is not None:
            lines[number], deeper_than = _hidden(line, start), indent
    return "\n".join(lines)


def _start(line: str) -> int | None:
    """Where on a line a value begins that is to be hidden."""
    for match in VALUE_FIRST.finditer(line) if "name" in line else ():
        if _keeps_a_secret(match["name"]):
            return match.end("start")
    for match in PAIR.finditer(line):
        if match["user"] is not None or _keeps_a_secret(match["name"] or match["flag"]):
            return match.end()
    return None


def _hide_before(lines: list[str], number: int, inner: int) -> None:
    """Hide a `value` that stands before its `name`."""
    for above in range(number - 1, max(number - NEAR, -1), -1):
        bare = lines[above].lstrip(" -")
        if len(lines[above]) - len(bare) != inner or lines[number].lstrip(" ").startswith("- "):
            return
        if VALUE.match(bare):
            lines[above] = _hidden(lines[above], lines[above].index(":") + 1)
        if lines[above].lstrip(" ").startswith("- "):
            return


def _hide_after(lines: list[str], number: int, indent: int) -> None:
    """Hide the item of a list that comes after a flag."""
    if number + 1 < len(lines) and len(lines[number + 1]) - len(lines[number + 1].lstrip(" ")) == indent:
        lines[number + 1] = _hidden(lines[number + 1], indent + 1)


def _keeps_a_secret(name: str) -> bool:
    return name not in OWN_WORDS and (named_like_a_secret(name) or KEPT_SECRET.search(name) is not None)


def _hidden(line: str, start: int) -> str:
    return line[:start] + re.sub(r"[^\s,{}\[\]'\"]", "*", line[start:])


def _asterisks(match: re.Match[str]) -> str:
    return re.sub(r"\S", "*", match[0])


def _without_words(text: str) -> str:
    """``text`` without its random words, and without what encodes a token."""
    for word in set(random_words(text)):
        text = text.replace(word, "*" * len(word))
    for found in ENCODED.findall(text):
        if any(map(has_form, decoded(found))):
            text = text.replace(found, "*" * len(found))
    return text
