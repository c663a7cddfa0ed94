"""The files and runs that mlgen owns in one folder -> the text of its mlgen.lock, and back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

NAME = "mlgen.lock"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MARKER = re.compile(r"([<|=>])\1{6}(?: .*)?\r?")
_NEXT_PART = {
    ("both", "<"): "ours",
    ("ours", "|"): "ancestor",  # only merge.conflictStyle diff3 and zdiff3 show it
    ("ours", "="): "theirs",
    ("ancestor", "="): "theirs",
    ("theirs", ">"): "both",
}


class Lock(NamedTuple):
    """What mlgen owns in one folder: the sha256 of every file by its path there, and the names of its run objects."""

    files: Mapping[str, str]
    runs: tuple[str, ...]


def digest(data: bytes) -> str:
    """The sha256 of a file's text, in hexadecimal.

    CRLF counts as LF: git on Windows may check files out with CRLF (core.autocrlf), and then every file would look
    edited by hand.
    """
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def dump(files: Mapping[str, str], runs: Iterable[str]) -> str:
    """The text of a folder's mlgen.lock. ``files`` maps each path below the folder to its text."""
    hashes = {path: digest(text.encode()) for path, text in files.items() if path != NAME}
    return json.dumps({"files": hashes, "runs": sorted(runs)}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def parse(text: str) -> Lock | None:
    """The lock that ``text`` is, or None where it is none: damaged, or left unmerged by git."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.keys() != {"files", "runs"}:
        return None
    files, runs = value["files"], value["runs"]
    if not isinstance(files, dict) or not all(_is_sha256(sha) for sha in files.values()):
        return None
    if not isinstance(runs, list) or not all(isinstance(run, str) for run in runs):
        return None
    return Lock(files, tuple(runs))


def sides(text: str) -> tuple[str, ...]:
    """The two texts between which git could not decide; ``text`` alone where git left no conflict markers in it."""
    ours, theirs, part, hunks = [], [], "both", 0
    for line in text.split("\n"):
        marker = _MARKER.fullmatch(line)
        following = _NEXT_PART.get((part, marker[1])) if marker else None
        if following is not None:
            hunks += following == "both"
            part = following
            continue
        if part in ("both", "ours"):
            ours.append(line)
        if part in ("both", "theirs"):
            theirs.append(line)
    return ("\n".join(ours), "\n".join(theirs)) if hunks and part == "both" else (text,)


def conflicted(text: str) -> bool:
    """Whether git left its conflict markers in ``text``."""
    return len(sides(text)) > 1


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None
