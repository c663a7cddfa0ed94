"""`mlgen promote`: let one environment run exactly what another proved, and say what was not copied."""

from pathlib import Path

from mlgen import released
from mlgen.commands import FINE, UsageError, console
from mlgen.commands.releasing import desk, release
from mlgen.problem import MlgenError


def promote(root: Path | None, project: str, source: str, target: str, *, only: str | None, dry_run: bool) -> int:
    """Copy what ``source`` runs to ``target``: images and models, or ``only`` one of these."""
    if source == target:
        raise UsageError("nothing can be promoted to where it comes from")
    one = desk(root, project)
    one.offer(source)
    try:
        found = released.promoted(one.releases, source, target, one.offer(target), only)
    except MlgenError as error:
        return one.refuse(error.problems)
    for sentence in found.left:
        console.say(sentence)
    if not found.entries:
        console.say(f"`{target}` runs what `{source}` runs already")
        return FINE
    for (sort, name), value in found.entries.items():
        console.say(f"{sort[:-1]} `{name}`: {value}")
    before = one.files.get(one.file)
    text = released.written(before.decode() if before is not None else None, target, found.entries, file=one.file)
    return release(one, text, dry_run=dry_run)
