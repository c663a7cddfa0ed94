"""Command line -> exit code: the console script's first step, which answers ``--version`` before anything is loaded."""

import os
import sys

from mlgen import __version__

INTERRUPTED = 130


def main() -> int:
    """Run ``mlgen`` with the process's arguments; the exit code is 0 (fine), 1 (problems), 2 (could not run) or 130."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"mlgen {__version__}\n")
        return 0
    try:
        from mlgen.cli import run  # loads Typer: 70 ms that a version number need not cost
    except KeyboardInterrupt:
        return INTERRUPTED
    return run()


def program() -> None:
    """Run ``mlgen`` and end the process at once: to give back every object one by one takes longer than many a check."""
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # full, or closed: Python's own way out says so
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    program()
