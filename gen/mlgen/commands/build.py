"""`mlgen build`: the finished objects of one project in one environment, as one YAML stream on stdout."""

import sys
from pathlib import Path

from mlgen import emit, engine
from mlgen.commands import UsageError, console
from mlgen.commands.workspace import Workspace, open_workspace
from mlgen.meeting import Place
from mlgen.problem import errors
from mlgen.suggest import did_you_mean


def build(root: Path | None, project: str, environment: str, *, form: str) -> int:
    """Print what Kustomize would make of the overlay."""
    workspace = open_workspace(root, [project])
    place = place_of(workspace, environment)
    problems = list(workspace.platform.problems) if place is None else place.problems
    if place is not None and not errors(problems):
        console.product(emit.dump_all(manifest.body for manifest in place.manifests))
    workspace.show(problems, form, sys.stderr)
    return console.verdict(problems)


def place_of(workspace: Workspace, environment: str) -> Place | None:
    """The one project of ``workspace`` in ``environment``, or None where something cannot even be read.

    Raises UsageError where it does not run there.
    """
    if errors(workspace.platform.problems):
        return None
    if len(workspace.projects) != 1:
        raise UsageError("one project at a time can be built or explained", did_you_mean("", workspace.projects))
    name = workspace.projects[0]
    listed = workspace.platform.projects[name]["environments"].entries
    if environment not in listed:
        raise UsageError(f"`{name}` does not run in `{environment}`", did_you_mean(environment, listed))
    if environment not in workspace.environments:
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, workspace.environments))
    return engine.one(workspace.platform, name, environment)
