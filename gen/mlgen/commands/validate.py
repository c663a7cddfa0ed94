"""`mlgen validate`: everything wrong with specs, environments and what they build; reads only."""

from collections.abc import Sequence
from pathlib import Path

from mlgen import engine
from mlgen.commands import console
from mlgen.commands.workspace import open_workspace
from mlgen.problem import in_order


def validate(root: Path | None, targets: Sequence[str], *, form: str, strict: bool) -> int:
    """Check the projects meant by ``targets``, or all of them."""
    workspace = open_workspace(root, targets)
    problems = in_order(engine.check(workspace.platform, workspace.projects))
    console.show(problems, workspace.platform.sources, form)
    if not problems and form == "text":
        count = len(workspace.projects)
        console.say(f"{count} project{'s' if count != 1 else ''} checked, nothing wrong")
    return console.verdict(problems, strict=strict)
