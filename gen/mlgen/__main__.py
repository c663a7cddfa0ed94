"""Command line -> exit code: the console script's first step, which answers ``--version`` before anything is loaded."""

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


if __name__ == "__main__":
    sys.exit(main())
