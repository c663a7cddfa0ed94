"""The kinds of data a project may name, and the module that mounts each."""

from mlgen.storage import blob, claim, files, scratch, snapshot
from mlgen.storage.use import Driver, Mounted, Use

DATA: dict[str, Driver] = {
    "blob": blob,
    "claim": claim,
    "files": files,
    "scratch": scratch,
    "snapshot": snapshot,
}


def mount(use: Use) -> Mounted:
    """What mounts ``use``; its entry has exactly one of the keys of DATA, as its schema says."""
    kind = next(key for key in DATA if key in use.entry)
    return DATA[kind].mount(use)
