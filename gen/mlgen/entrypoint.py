"""The words of a command -> the line that KubeRay takes for it, and after which the same words arrive.

The line goes through three hands: the shell of the pod that submits it; `ray job submit`, which joins the words that it
gets as Windows would (subprocess.list2cmdline: a word with a blank gets double quotes, a double quote a backslash); and
the shell of the head. So no word may hold a blank between the first and the last of them.
"""

import re
from collections.abc import Iterable

PLAIN = re.compile(r"[\w@%+=:,./-]", re.ASCII)
# What Windows' quoting would wrap in quotes in which the head's shell reads on.
UNSAYABLE = "\t"


def line(words: Iterable[str]) -> str:
    """The line for ``words``. Raises ValueError for one with a tab."""
    given = [part for word in words for part in _for_the_head(word)]
    return " ".join(map(_for_the_submitter, given))


def _for_the_head(word: str) -> list[str]:
    """A word as the head's shell reads it, parted at its blanks: the parts are joined with a blank again."""
    if UNSAYABLE in word:
        raise ValueError("a tab")
    # A blank is told by a backslash before it; a double quote gets its own from Windows' quoting.
    text = "".join(one if PLAIN.match(one) or one == '"' else "\\ " if one == " " else _quoted(one) for one in word)
    return text.split(" ") if word else ["''"]


def _for_the_submitter(word: str) -> str:
    return word if word and all(map(PLAIN.match, word)) else _quoted(word)


def _quoted(text: str) -> str:
    """In single quotes, where a shell takes everything for what it is but these."""
    return "'" + text.replace("'", "'\\''") + "'" if text != "'" else "\\'"
