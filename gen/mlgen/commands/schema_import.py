"""`mlgen schema import`: what a cluster's CustomResourceDefinitions say, into the platform repository's schemas/."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlgen.commands import FAILED, FINE, PROBLEMS, UsageError, console, counted
from mlgen.commands.workspace import find_root
from mlgen.crd import importing
from mlgen.problem import errors

STDIN = "-"
LARGEST = 1 << 20  # as much of a file as is read of a platform repository


def import_(root: Path | None, files: Sequence[str], *, check: bool, form: str) -> int:
    """Write schemas/<group>/<kind>-<version>.json for every custom resource that ``files`` define, or nothing.

    With ``check``, say which of them are not what the definitions say, and write nothing.
    """
    if not files:
        raise UsageError("no file is named", "`kubectl get crd -o yaml | mlgen schema import -` reads a cluster's")
    top = find_root(root)
    found = importing.read({name: _read(name) for name in files})
    if found.problems:
        console.show(found.problems, found.sources, form)
    if errors(found.problems):
        console.say("Nothing is written.")
        return PROBLEMS
    for path, text in found.files.items():
        if len(text.encode()) > LARGEST:
            raise UsageError(f"{path} would have more than {LARGEST >> 20} MiB, which mlgen does not read")
    return _compare(top, found.files) if check else _write(top, found.files, found.others)


def _read(name: str) -> bytes:
    """Raises UsageError where there is no such file."""
    if name == STDIN:
        return sys.stdin.buffer.read()
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"there is no file {name}")
    return path.read_bytes()


def _state(top: Path, files: Mapping[str, str]) -> dict[str, str]:
    """What becomes of each file."""
    return {path: _became(top / path, text) for path, text in sorted(files.items())}


def _became(path: Path, text: str) -> str:
    if not path.is_file():
        return "written"
    return "kept" if path.read_bytes() == text.encode() else "changed"


def _compare(top: Path, files: Mapping[str, str]) -> int:
    stale = {
        path: "missing" if state == "written" else "stale"
        for path, state in _state(top, files).items()
        if state != "kept"
    }
    for path, state in stale.items():
        console.product(f"{state:<8} {path}\n")
    return PROBLEMS if stale else FINE


def _write(top: Path, files: Mapping[str, str], others: int) -> int:
    """All files are written beside their places before the first takes its own."""
    states = _state(top, files)
    staged: list[tuple[Path, Path]] = []
    try:
        for path, state in states.items():
            if state != "kept":
                place = top / path
                place.parent.mkdir(parents=True, exist_ok=True)
                beside = place.with_name(f".{place.name}.new")
                beside.write_bytes(files[path].encode())
                staged.append((beside, place))
        for beside, place in staged:
            beside.replace(place)
    except OSError as error:
        for beside, _ in staged:
            beside.unlink(missing_ok=True)
        console.failed(error)
        return FAILED
    for path, state in states.items():
        console.product(f"{state:<8} {path}\n")
    passed = f"; {counted(others, 'other object')} passed over" if others else ""
    console.say(
        f"{counted(len(files), 'schema')}{passed}. Commit them: mlgen checks these custom resources from now on."
    )
    return FINE
