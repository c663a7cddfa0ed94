"""Command line -> exit code: the console script's first step, which answers ``--version`` before anything is loaded."""

import os
import sys

from mlgen import __version__


def main() -> int:
    """Run ``mlgen`` with the process's arguments; the exit code is 0 (fine), 1 (problems), 2 (could not run) or 130."""
    return _version() if sys.argv[1:] == ["--version"] else _run(apart=False)


def program() -> None:
    """Run ``mlgen`` as a process of its own, which is quicker at its beginning and at its end."""
    code = _version() if sys.argv[1:] == ["--version"] else _run(apart=True)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # full, or closed: Python's own way out says so
        sys.exit(code)
    os._exit(code)  # to give back every object, one by one, takes longer than many a check


def _version() -> int:
    sys.stdout.write(f"mlgen {__version__}\n")
    return 0


def _run(*, apart: bool) -> int:
    try:
        from mlgen.process import run
    except KeyboardInterrupt:
        return 130
    return run(apart=apart)


if __name__ == "__main__":
    program()
