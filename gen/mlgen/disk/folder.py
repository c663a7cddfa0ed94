"""A path -> an open folder, in which names are looked up, so that no link planted on the way leads out of it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mlgen.problem import MlgenError, Problem, Span

DEEPEST = 32
_BY_FD = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a FIFO must not make us wait
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NOT_IN_NAMES = {os.sep, os.altsep or os.sep, "\0"}
_NO_HARD_LINKS = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


class Found(NamedTuple):
    """A file below a folder: its path there, and the open folder and name to reach it by."""

    path: str
    folder: Folder
    name: str
    regular: bool


class Folder:
    """An open directory below ``root``, shown to users as ``path``. Never follows a link below the root.

    Raises OSError, and MlgenError (not-a-file) for a link, device or the like where a file or folder should be.
    Where the platform has no dir_fd (Windows), names are joined to the path instead.
    """

    def __init__(self, root: str, path: str, fd: int | None) -> None:
        self.root, self.path, self.fd = root, path, fd

    @classmethod
    def at(cls, root: Path) -> Folder:
        """The root, which the user named: a link to it is fine."""
        return cls(str(root), "", os.open(root, _FOLDER) if _BY_FD else None)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the directory."""
        if self.fd is not None:
            os.close(self.fd)

    def shown(self, name: str) -> str:
        """The path of ``name`` relative to the root, as messages print it."""
        return f"{self.path}/{name}" if self.path else name

    def real(self, name: str) -> str:
        """What to hand to the system together with ``dir_fd=self.fd``. Raises ValueError if it is not a mere name."""
        if name in ("", ".", "..") or not _NOT_IN_NAMES.isdisjoint(name):
            raise ValueError(f"not a file name: {name!r}")
        return name if _BY_FD else str(Path(self.root, self.path, name))

    def names(self) -> list[str]:
        """The names in this folder, sorted."""
        return sorted(os.listdir(self.fd if self.fd is not None else Path(self.root, self.path)))  # noqa: PTH208

    def stat(self, name: str) -> os.stat_result | None:
        """What the system says of ``name`` itself, or None where nothing has that name."""
        try:
            return os.stat(self.real(name), dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def inode(self, name: str) -> int | None:
        """The number by which a file or folder is known wherever it is moved, or None where there is none."""
        found = self.stat(name)
        return None if found is None else found.st_ino

    def open(self, name: str) -> Folder:
        """The folder ``name`` in this one."""
        found = self.stat(name)
        if found is not None and not stat.S_ISDIR(found.st_mode):
            raise not_a_file(self.shown(name), "folder", found.st_mode)
        if not _BY_FD:
            return Folder(self.root, self.shown(name), None)
        return Folder(self.root, self.shown(name), os.open(self.real(name), _FOLDER | _NO_LINK, dir_fd=self.fd))

    def make(self, name: str) -> Folder:
        """The folder ``name`` in this one, made if there is none; 0755 whatever the umask."""
        try:
            os.mkdir(self.real(name), 0o755, dir_fd=self.fd)
        except FileExistsError:
            return self.open(name)
        made = self.open(name)
        try:
            if made.fd is not None:
                os.fchmod(made.fd, 0o755)
        except BaseException:
            made.close()
            raise
        return made

    @contextmanager
    def reach(self, folders: Iterable[str], *, make: bool = False) -> Iterator[Folder]:
        """The folder reached by going down ``folders`` from this one, each opened without following a link."""
        parts = tuple(folders)
        if not parts:
            yield self
            return
        with self.make(parts[0]) if make else self.open(parts[0]) as inner, inner.reach(parts[1:], make=make) as last:
            yield last

    def read(self, name: str, limit: int) -> bytes:
        """At most ``limit`` bytes of the regular file ``name``."""
        found = os.stat(self.real(name), dir_fd=self.fd, follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):  # opening a device would already do something
            raise not_a_file(self.shown(name), "file", found.st_mode)
        with os.fdopen(os.open(self.real(name), _READ | _NO_LINK, dir_fd=self.fd), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise not_a_file(self.shown(name), "file", found.st_mode)
            return file.read(limit)

    def write(self, name: str, data: bytes, mode: int = 0o644) -> None:
        """Create the file ``name``, 0644 whatever the umask. It is on disk for sure only after `sync_all`."""
        fd = os.open(self.real(name), _CREATE | _NO_LINK, mode, dir_fd=self.fd)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(fd, mode)
            while data:
                data = data[os.write(fd, data) :]
        finally:
            os.close(fd)

    def link(self, name: str, to: Folder, limit: int) -> None:
        """Give the file ``name`` the same name in ``to``: the same file where the system can, else a copy."""
        try:
            flags = {"follow_symlinks": False} if _BY_FD else {}
            os.link(self.real(name), to.real(name), src_dir_fd=self.fd, dst_dir_fd=to.fd, **flags)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            mode = os.stat(self.real(name), dir_fd=self.fd, follow_symlinks=False).st_mode
            to.write(name, self.read(name, limit), stat.S_IMODE(mode))

    def rename(self, name: str, to: Folder, new_name: str) -> None:
        """Move ``name`` to ``new_name`` in ``to``."""
        os.rename(self.real(name), to.real(new_name), src_dir_fd=self.fd, dst_dir_fd=to.fd)

    def remove(self, name: str) -> None:
        """Remove ``name`` and all below it, write-protected or not; nothing if it is not there."""
        found = self.stat(name)
        if found is None:
            return
        if not stat.S_ISDIR(found.st_mode):
            os.unlink(self.real(name), dir_fd=self.fd)
            return
        with self.open(name) as inner:
            if inner.fd is not None:
                os.fchmod(inner.fd, 0o700)
            for below in inner.names():
                inner.remove(below)
        os.rmdir(self.real(name), dir_fd=self.fd)

    def remove_empty(self, name: str) -> None:
        """Remove the folder ``name``. Raises OSError where something is in it."""
        os.rmdir(self.real(name), dir_fd=self.fd)

    def sync(self) -> None:
        """Wait until the disk has the names in this folder; not every platform can."""
        if self.fd is not None:
            os.fsync(self.fd)

    def sync_all(self) -> None:
        """Wait until the disk has everything below this folder.

        To do it here for all files at once is ten times as fast as for each when it is written.
        """
        if self.fd is None:
            return
        for name in self.names():
            found = self.stat(name)
            if found is not None and stat.S_ISDIR(found.st_mode):
                with self.open(name) as inner:
                    inner.sync_all()
            elif found is not None and stat.S_ISREG(found.st_mode):
                fd = os.open(self.real(name), _READ | _NO_LINK, dir_fd=self.fd)
                try:
                    os.fsync(fd)
                finally:
                    os.close(fd)
        self.sync()

    def files(self, prefix: str = "", depth: int = 0) -> Iterator[Found]:
        """Everything below that is no folder; what lies deeper than anybody would nest it counts as irregular."""
        for name in self.names():
            found = self.stat(name)
            if found is not None and stat.S_ISDIR(found.st_mode) and depth < DEEPEST:
                with self.open(name) as inner:
                    yield from inner.files(f"{prefix}{name}/", depth + 1)
            elif found is not None:
                yield Found(f"{prefix}{name}", self, name, stat.S_ISREG(found.st_mode))


def not_a_file(path: str, wanted: str, mode: int) -> MlgenError:
    """The error that ``path`` is something else than the ``wanted`` file or folder."""
    kinds = {
        stat.S_IFLNK: "a link",
        stat.S_IFDIR: "a folder",
        stat.S_IFREG: "a file",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
    }
    message = f"this is {kinds.get(stat.S_IFMT(mode), 'a device')}, where mlgen needs a {wanted} of its own"
    remedy = f"delete it, or put a plain {wanted} in its place"
    return MlgenError(Problem("not-a-file", Span(path, 1, 1, 1, 1), message, remedy))
