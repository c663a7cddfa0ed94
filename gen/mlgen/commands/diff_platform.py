"""`mlgen diff --with-platform`: what the work tree becomes where environments have another profile of the platform."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mlgen import disk, profiles
from mlgen.changes import between as pairs
from mlgen.changes.touched import projects_in
from mlgen.commands import UsageError, console
from mlgen.commands.diff import tell
from mlgen.commands.workspace import find_root
from mlgen.node import Node
from mlgen.platform import BASE, load
from mlgen.problem import in_order
from mlgen.suggest import did_you_mean


def diff_platform(
    root: Path | None,
    projects: Sequence[str],
    profile: str,
    revisions: Sequence[str | None],
    *,
    environment: str | None,
    form: str,
    ask: bool,
) -> int:
    """Compare what is built now with what is built under ``profile``, in one ``environment`` or in all of them."""
    if any(revisions):
        raise UsageError("--with-platform compares the work tree with itself", "leave --base and --head out")
    _known("profile", profile, profiles.names())
    top = find_root(root)
    files, problems = disk.read_inputs(top)
    every = sorted(projects_in(files))
    for name in projects:
        _known("project", name, every)
    old = load(files, tuple(problems))
    if environment is not None:
        _known("environment", environment, [name for name in old.environments if name != BASE])
    new = load(files, tuple(problems), profiles.Wish(profile, environment))
    found = pairs.between(old, new, projects or every, environment)
    _kept(old.environments, environment)
    warned = [one for one in dict.fromkeys(found.after) if one.severity == "warning" and one not in found.before]
    if form == "text" and warned:
        console.show(in_order(warned), new.sources, "text")
    return tell(found, new.sources, form, ask=ask)


def _known(noun: str, name: str, every: Sequence[str]) -> None:
    """Raises UsageError where there is none of that name."""
    if name not in every:
        hint = did_you_mean(name, every) or f"one of {', '.join(every)}"
        raise UsageError(f"there is no {noun} `{name}`", hint)


def _kept(environments: Mapping[str, Node], only: str | None) -> None:
    """Say which single entries stay beside a profile, for they hide some of what it would change."""
    for name, environment in environments.items():
        beside = profiles.beside(environment)
        if beside and name != BASE and only in (None, name):
            entries = ", ".join(f"`{key}: {value}`" for key, value in beside.items())
            console.say(f"In {name}, what stands beside the profile stays as it is: {entries}.")
