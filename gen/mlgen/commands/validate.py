"""`mlgen validate`: everything wrong with specs, environments and what they build; reads only."""

from collections.abc import Sequence
from pathlib import Path

from mlgen import engine
from mlgen.commands import console
from mlgen.commands.workspace import open_workspace
from mlgen.problem import in_order


def validate(
    root: Path | None, targets: Sequence[str], *, staged: bool, since: str | None, form: str, strict: bool
) -> int:
    """Check the projects meant by ``targets``, or all of them. ``staged``: as git would commit them.

    ``since``: those that a change since that revision can touch.
    """
    workspace = open_workspace(root, targets, staged=staged, since=since)
    projects = console.progress(workspace.projects, "checking")
    problems = in_order(engine.check(workspace.platform, projects, workspace.others))
    workspace.show(problems, form)
    if not problems and form == "text":
        console.say(f"{workspace.counted(since)} checked, nothing wrong")
    return console.verdict(problems, strict=strict)
