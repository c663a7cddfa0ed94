"""A file or folder -> the sha256 of every file in it: whether it is still what somebody saw there."""

import hashlib
import stat

from mlgen.disk import LARGEST_RENDERED
from mlgen.disk.folder import Folder
from mlgen.ownership import Plan

ITSELF = ""  # the place of a file in its own fingerprint


def fingerprint(folder: Folder, name: str) -> dict[str, str]:
    """The sha256 of every file below ``name``, or of itself; of what is no regular file, nothing a plan could say."""
    found = folder.stat(name)
    if found is None:
        return {}
    if stat.S_ISREG(found.st_mode):
        return {ITSELF: hashlib.sha256(folder.read(name, LARGEST_RENDERED + 1)).hexdigest()}
    with folder.open(name) as inner:
        return {
            file.path: hashlib.sha256(file.folder.read(file.name, LARGEST_RENDERED + 1)).hexdigest()
            if file.regular
            else "not a file"
            for file in inner.files()
        }


def after(plan: Plan) -> dict[str, str]:
    """The fingerprint of the project once ``plan`` is carried out."""
    kept = {path: sha for path, sha in plan.before.items() if path not in plan.delete}
    return kept | {path: hashlib.sha256(text.encode()).hexdigest() for path, text in plan.write.items()}


def alone(data: bytes | None) -> dict[str, str]:
    """The fingerprint of a file that holds ``data``; of none where there is none."""
    return {} if data is None else {ITSELF: hashlib.sha256(data).hexdigest()}
