"""`mlgen release`: say what an environment runs from now on, and render it; what a build job calls after pushing."""

import time
from collections.abc import Sequence
from pathlib import Path

from mlgen import released
from mlgen.commands import UsageError
from mlgen.commands.releasing import desk
from mlgen.commands.releasing import release as write


def release(
    root: Path | None,
    project: str,
    environment: str,
    *,
    images: Sequence[str],
    models: Sequence[str],
    runs: Sequence[str],
    why: str | None,
    dry_run: bool,
) -> int:
    """Pin ``images`` (REF@DIGEST) and ``models`` (NAME=VERSION), and ask for ``runs``, saying ``why``, else when."""
    one = desk(root, project)
    offer = one.offer(environment)
    entries: dict[tuple[str, str], str | int] = {}
    for reference in images:
        name, pin = released.pinned(reference, offer)
        entries["images", name] = pin
    for words in models:
        name, version = released.modelled(words)
        entries["models", name] = version
    reason = why or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())  # another text runs it again
    entries |= {("runs", workload): reason for workload in runs}
    if not entries:
        raise UsageError("nothing to release", "name an --image, a --model or a --run")
    if found := list(released.refused(offer, entries)):
        return one.refuse(found)
    before = one.files.get(one.file)
    text = released.written(before.decode() if before is not None else None, environment, entries, file=one.file)
    return write(one, text, dry_run=dry_run)
