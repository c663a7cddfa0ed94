"""What commands say: the product on stdout, messages on stderr, colour and progress only where somebody looks."""

import io
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from mlgen import report
from mlgen.commands import FINE, PROBLEMS, UsageError
from mlgen.problem import MlgenError, Problem, errors, in_order

QUIET_VARIABLES = ("NO_COLOR", "CI", "PRE_COMMIT")
PATIENCE = 1.0  # seconds without a word that nobody minds
CLEAR = "\r\x1b[K"
ISSUES = "This is a bug in mlgen: please report it with what `--traceback` prints"


def prepare() -> None:
    """The same bytes whatever the locale (law 3), and somewhere to write where a stream was closed (`>&-`)."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - it stays open
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def colourful(stream: TextIO) -> bool:
    """Whether ``stream`` is a terminal whose user did not ask for plain text (no-color.org)."""
    plain = any(os.environ.get(name) for name in QUIET_VARIABLES) or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def product(text: str) -> None:
    """What the command is for."""
    _write(sys.stdout, text)


def say(text: str) -> None:
    """A message, of one or more lines, to the person who waits."""
    _write(sys.stderr, "".join(f"{report.safe(line)}\n" for line in text.split("\n")))


def show(problems: Sequence[Problem], sources: Mapping[str, str], form: str, stream: TextIO | None = None) -> None:
    """Print ``problems``, sorted by place, in one of the formats; on stdout unless told otherwise."""
    out = stream or sys.stdout
    _write(out, report.render(in_order(problems), sources, format=form, color=form == "text" and colourful(out)))


def failed(error: Exception) -> None:
    """Why the command could not run: problems as they are, anything else on one line."""
    if isinstance(error, MlgenError):
        show(error.problems, {}, "text", sys.stderr)
    elif isinstance(error, UsageError):
        complain(str(error))
    elif isinstance(error, OSError):
        complain(f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}")
    else:
        complain(f"{type(error).__name__}: {' '.join(str(error).split())}. {ISSUES}.")


def complain(text: str) -> None:
    """One line that says why the command could not run."""
    _write(sys.stderr, f"mlgen: {report.safe(text)}\n")


def verdict(problems: Sequence[Problem], *, strict: bool = False) -> int:
    """The exit code that ``problems`` ask for: warnings only count where the user is strict."""
    return PROBLEMS if (problems if strict else errors(problems)) else FINE


def progress(names: Sequence[str], doing: str, numbers: Iterable[int] | None = None) -> Iterator[str]:
    """``names`` by their ``numbers``, or all; what takes long says on a terminal which of them it is at."""
    chosen = range(len(names)) if numbers is None else numbers
    if not colourful(sys.stderr):
        yield from (names[number] for number in chosen)
        return
    start = time.monotonic()
    for number in chosen:
        if time.monotonic() - start > PATIENCE:
            _write(sys.stderr, f"{CLEAR}{doing} {report.safe(names[number])} ({number + 1} of {len(names)})")
        yield names[number]
    _write(sys.stderr, CLEAR if time.monotonic() - start > PATIENCE else "")


def _write(out: TextIO, text: str) -> None:
    """Write at once. A reader who went away (`| head`) wanted no more: the command still does its work."""
    try:
        out.write(text)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # or Python complains at exit
