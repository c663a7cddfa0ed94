"""A folder -> the right to write in it, held by one process at a time."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mlgen.disk.folder import Folder, not_a_file
from mlgen.problem import MlgenError, Problem, Span

NAME = ".mlgen-writing"
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_PAUSE = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(fd: int) -> None:
        os.lseek(fd, 1 << 20, os.SEEK_SET)  # beyond the process id, which others want to read
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def turn(folder: Folder, wait: float) -> Iterator[None]:
    """Hold the right to write in ``folder``; the lock file is gone afterwards.

    Raises MlgenError (busy) when another process still holds it after ``wait`` seconds.
    """
    fd = _acquire(folder, time.monotonic() + wait)
    try:
        os.ftruncate(fd, 0)
        os.lseek(fd, 0, os.SEEK_SET)
        os.write(fd, b"%d\n" % os.getpid())
        yield
    finally:
        try:
            with suppress(OSError):  # Windows removes no open file; the lock counts, not the file
                os.unlink(folder.real(NAME), dir_fd=folder.fd)
        finally:
            os.close(fd)


def _acquire(folder: Folder, until: float) -> int:
    while True:
        fd = os.open(folder.real(NAME), _FLAGS, 0o644, dir_fd=folder.fd)
        try:
            if _locked(folder, fd):
                return fd
            holder = os.read(fd, 20).decode("ascii", "replace").strip()
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        if time.monotonic() >= until:
            raise _busy(folder, holder)
        time.sleep(_PAUSE)


def _locked(folder: Folder, fd: int) -> bool:
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode):
        raise not_a_file(folder.shown(NAME), "file", found.st_mode)
    try:
        _try_lock(fd)
    except (BlockingIOError, PermissionError):
        return False
    # Who had the lock before may have removed the file meanwhile: then a third process locks another one.
    return folder.inode(NAME) == found.st_ino


def _busy(folder: Folder, holder: str) -> MlgenError:
    who = f" (process {holder})" if holder.isdecimal() else ""
    message = f"another mlgen{who} is writing in {folder.path}/"
    return MlgenError(
        Problem("busy", Span(folder.shown(NAME), 1, 1, 1, 1), message, "wait until it is done, then run this again")
    )
