"""Two names -> the same two names exchanged: at once where the system can, else so that `mend` can undo half of it."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from typing import TypeAlias

from mlgen.disk.folder import Folder

Native: TypeAlias = Callable[[int, bytes, int, bytes], None]

_EXCHANGE = 2  # Linux calls this flag RENAME_EXCHANGE, macOS RENAME_SWAP
_UNABLE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}  # an old kernel, or a file system that cannot


def _find_native() -> Native | None:
    """The system's own exchange, as a function that raises OSError; None where it has none (Windows, musl)."""
    names = {"linux": "renameat2", "darwin": "renameatx_np"}
    function = getattr(ctypes.CDLL(None, use_errno=True), names[sys.platform], None) if sys.platform in names else None
    if function is None:
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)

    def exchange(one_fd: int, one: bytes, other_fd: int, other: bytes) -> None:
        if function(one_fd, one, other_fd, other, _EXCHANGE):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), os.fsdecode(one))

    return exchange


native = _find_native()


def spare(name: str) -> str:
    """Where what had the first name waits while three renames exchange it with the staged ``name``."""
    return f"{name}.spare"


def swap(folder: Folder, name: str, stage: Folder, staged: str) -> None:
    """Exchange ``name`` in ``folder`` with ``staged`` in ``stage``; where there is only one of them, move it over."""
    if folder.inode(name) is None:
        if stage.inode(staged) is not None:
            stage.rename(staged, folder, name)
    elif stage.inode(staged) is None:
        folder.rename(name, stage, staged)
    elif not _at_once(folder, name, stage, staged):
        folder.rename(name, stage, spare(staged))
        stage.rename(staged, folder, name)
        stage.rename(spare(staged), stage, staged)


def mend(folder: Folder, name: str, stage: Folder, staged: str) -> None:
    """Finish or undo what an interrupted `swap` of the same names left half done."""
    if stage.inode(spare(staged)) is None:
        return
    if folder.inode(name) is None:
        stage.rename(spare(staged), folder, name)
    else:
        stage.rename(spare(staged), stage, staged)


def _at_once(folder: Folder, name: str, stage: Folder, staged: str) -> bool:
    if native is None or folder.fd is None or stage.fd is None:
        return False
    try:
        native(folder.fd, os.fsencode(folder.real(name)), stage.fd, os.fsencode(stage.real(staged)))
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
        return False
    return True
