"""The process's arguments -> the command's exit code; every error becomes text here."""

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

from mlgen import processors
from mlgen.commands import FAILED, Call, console

INTERRUPTED = 130
COMPLETION = "_MLGEN_COMPLETE"  # by which a shell asks what may follow
ELSEWHERE = {"check": "render", "import": "importing"}  # commands that are in another's module


def run(*, apart: bool = False) -> int:
    """Run the command that is asked for; the exit code is 0 (fine), 1 (problems), 2 (could not run) or 130.

    ``apart``: the arguments are read in another process, while this one loads the command that they seem to name.
    """
    console.prepare()
    try:
        with _uncollected() if apart else nullcontext():
            asked = _asked_apart() if apart and _is_worth_it() else _asked()
        return asked.run() if isinstance(asked, Call) else asked
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the one edge where errors become text
        if "--traceback" in sys.argv[1:]:
            import traceback

            traceback.print_exc()
        else:
            console.failed(error)
        return FAILED


@contextmanager
def _uncollected() -> Iterator[None]:
    """Modules are made of what stays: Python need not look for garbage in them, neither now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _asked() -> Call | int:
    from mlgen import cli  # loads Typer: 35 ms

    return cli.asked()


def _is_worth_it() -> bool:
    """Whether there is a command to load meanwhile, and a processor for it."""
    return len(sys.argv) > 1 and COMPLETION not in os.environ and processors.count() > 1


def _asked_apart() -> Call | int:
    """What Typer makes of the arguments, in a process that does nothing else; its help and complaints are said there.

    If that process cannot be made, or dies, this one asks itself.
    """
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        process = -1
    if process == 0:
        os.close(reading)
        _tell(writing)
    os.close(writing)
    _load()
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    if process > 0:
        os.waitpid(process, 0)
    if not data:
        return _asked()
    found: Call | int = pickle.loads(data)
    return found


def _tell(writing: int) -> NoReturn:
    """All that the other process does: it never comes back from here."""
    try:
        asked = _asked()
        sys.stdout.flush()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(asked))
    finally:
        os._exit(0)


def _load() -> None:
    """Load the module of the command that the first word names, if one does."""
    word = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    module = f"mlgen.commands.{ELSEWHERE.get(word, word)}"
    if word.isidentifier() and find_spec(module):
        import_module(module)
