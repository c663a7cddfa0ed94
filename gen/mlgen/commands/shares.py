"""Files of manifests -> each of them examined: where there are many, in as many processes as there are processors.

A process is a fork of this one, so it starts at once and knows what this one has read. All of them take the next files
from one pipe, so that none is idle while another still has much to do: many at first and fewer towards the end, and
files of one name together, which are mostly of one kind, for each process makes its own validator of a kind's schema.
What the others find comes back through a pipe each. If one dies, or cannot be made at all, what it took is done here:
it is a matter of speed alone.
"""

import os
import pickle
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import chain
from typing import NamedTuple, NoReturn

from mlgen import processors
from mlgen.commands import console
from mlgen.examined import Examined, examine
from mlgen.gathered import Setting

MANY = 200  # files; fewer are done before another process has told what it found
LEAST = 100  # files a process
MOST = 8  # processes; what comes back is read by one
TAKEN = 16  # files at a time, in the end
LATER = "mlgen.links"  # what judges all objects together, once all are here: this process alone needs it


class Work(NamedTuple):
    """Files, and groups of them by their numbers; ``left`` is a pipe with a byte for each that nobody has taken."""

    names: Sequence[str]
    groups: Sequence[range]
    left: int


class Other(NamedTuple):
    """A process, and where it says what it found."""

    process: int
    pipe: int


def examined(files: Mapping[str, bytes], setting: Setting) -> list[Examined]:
    """Every file, in the order of ``files``; how far it has come is shown on a terminal."""
    count = min(processors.count(), len(files) // LEAST, MOST) if len(files) >= MANY else 1
    if count == 1:
        return [examine(name, files[name], setting) for name in console.progress([*files], "checking")]
    work = _work(files, count)
    others = [_begun(work, files, setting) for _ in range(1, count)]
    import_module(LATER)
    taken = chain.from_iterable(_taken(work))
    found = {name: examine(name, files[name], setting) for name in console.progress(work.names, "checking", taken)}
    os.close(work.left)
    for other in others:
        found.update((one.file, one) for one in _told(other))
    return [found[name] if name in found else examine(name, data, setting) for name, data in files.items()]


def _work(files: Iterable[str], count: int) -> Work:
    """All of ``files`` as ``count`` processes take them."""
    names, groups, start = sorted(files, key=posixpath.basename), [], 0
    while start < len(names):
        size = max(TAKEN, (len(names) - start) // (2 * count))
        groups.append(range(len(names))[start : start + size])
        start += size
    reading, writing = os.pipe()
    os.write(writing, bytes(range(len(groups))))
    os.close(writing)
    return Work(names, groups, reading)


def _taken(work: Work) -> Iterator[range]:
    """The groups that nobody else takes."""
    while number := os.read(work.left, 1):
        yield work.groups[number[0]]


def _begun(work: Work, files: Mapping[str, bytes], setting: Setting) -> Other:
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:  # no more processes: nothing will come through the pipe
        process = -1
    if process == 0:
        _tell(writing, work, files, setting)
    os.close(writing)
    return Other(process, reading)


def _tell(pipe: int, work: Work, files: Mapping[str, bytes], setting: Setting) -> NoReturn:
    """What the other process does, and all it does: it never comes back from here."""
    try:
        found = []
        for group in _taken(work):
            names = [work.names[number] for number in group]
            some = [examine(name, files[name], setting) for name in names]
            found.append(pickle.dumps(some, pickle.HIGHEST_PROTOCOL))
        with os.fdopen(pipe, "wb") as out:
            out.writelines(found)
    finally:
        os._exit(0)


def _told(other: Other) -> list[Examined]:
    """What a process found; if it died, what it had told of that."""
    found: list[Examined] = []
    with os.fdopen(other.pipe, "rb") as pipe, suppress(EOFError, pickle.UnpicklingError):
        while True:
            found += pickle.load(pipe)
    if other.process > 0:
        os.waitpid(other.process, 0)
    return found
