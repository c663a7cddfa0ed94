"""Files of manifests -> each of them examined: where there are many, in as many processes as there are processors.

A process is a fork of this one, so it starts at once and knows what this one has read. What it finds comes back through
a pipe. If it dies, or cannot be made at all, its share is done here: it is a matter of speed alone.
"""

import os
import pickle
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlgen import processors
from mlgen.commands import console
from mlgen.examined import Examined, examine
from mlgen.gathered import Setting

MANY = 200  # files; fewer are done before another process has told what it found
LEAST = 100  # files a process
MOST = 8  # processes; what comes back is read by one


class Other(NamedTuple):
    """A process, its files, and where it says what it found."""

    process: int
    names: Sequence[str]
    pipe: int


def examined(files: Mapping[str, bytes], setting: Setting) -> list[Examined]:
    """Every file, in the order of ``files``; how far it has come is shown on a terminal."""
    names = list(files)
    count = min(processors.count(), len(names) // LEAST, MOST) if len(names) >= MANY else 1
    others = [_begun(names[start::count], files, setting) for start in range(1, count)]
    found = [examine(name, files[name], setting) for name in console.progress(names[::count], "checking")]
    for other in others:
        found += _told(other, files, setting)
    order = {name: number for number, name in enumerate(names)}
    return sorted(found, key=lambda one: order[one.file])


def _begun(names: Sequence[str], files: Mapping[str, bytes], setting: Setting) -> Other:
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:  # no more processes: nothing will come through the pipe
        process = -1
    if process == 0:
        _tell(names, files, setting, writing)
    os.close(writing)
    return Other(process, names, reading)


def _tell(names: Sequence[str], files: Mapping[str, bytes], setting: Setting, pipe: int) -> None:
    """What the other process does, and all it does: it never comes back from here."""
    try:
        with os.fdopen(pipe, "wb") as out:
            out.write(pickle.dumps([examine(name, files[name], setting) for name in names], pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(0)


def _told(other: Other, files: Mapping[str, bytes], setting: Setting) -> list[Examined]:
    with os.fdopen(other.pipe, "rb") as pipe:
        data = pipe.read()
    if other.process > 0:
        os.waitpid(other.process, 0)
    try:
        found: list[Examined] = pickle.loads(data)
    except (EOFError, pickle.UnpicklingError):
        return [examine(name, files[name], setting) for name in other.names]
    return found
