"""What commands say: the product on stdout, messages on stderr, colour only where somebody looks."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from mlgen import report
from mlgen.commands import FINE, PROBLEMS
from mlgen.problem import Problem, errors, in_order

QUIET_VARIABLES = ("NO_COLOR", "CI", "PRE_COMMIT")


def colourful(stream: TextIO) -> bool:
    """Whether ``stream`` is a terminal whose user did not ask for plain text (no-color.org)."""
    plain = any(os.environ.get(name) for name in QUIET_VARIABLES) or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def product(text: str) -> None:
    """What the command is for."""
    sys.stdout.write(text)


def say(text: str) -> None:
    """A message to the person who waits."""
    sys.stderr.write(f"{report.safe(text)}\n")


def show(problems: Sequence[Problem], sources: Mapping[str, str], form: str, stream: TextIO | None = None) -> None:
    """Print ``problems``, sorted by place, in one of the formats; on stdout unless told otherwise."""
    out = stream or sys.stdout
    out.write(report.render(in_order(problems), sources, format=form, color=form == "text" and colourful(out)))


def verdict(problems: Sequence[Problem], *, strict: bool = False) -> int:
    """The exit code that ``problems`` ask for: warnings only count where the user is strict."""
    return PROBLEMS if (problems if strict else errors(problems)) else FINE
