"""`mlgen build`: the finished objects of one project in one environment, as one YAML stream on stdout."""

import sys
from pathlib import Path

from mlgen import emit, engine
from mlgen.commands import FINE, PROBLEMS, console
from mlgen.commands.workspace import UsageError, Workspace, open_workspace
from mlgen.engine import Place
from mlgen.node import Node
from mlgen.problem import errors, in_order
from mlgen.suggest import did_you_mean


def build(root: Path | None, project: str, environment: str, *, form: str) -> int:
    """Print what Kustomize would make of the overlay."""
    workspace = open_workspace(root, [project])
    problems = list(workspace.platform.problems)
    if workspace.projects and not errors(problems):
        place = place_of(workspace, environment)
        problems += place.problems
        if not errors(problems):
            console.product(emit.dump_all(manifest.body for manifest in place.manifests))
    console.show(in_order(problems), workspace.platform.sources, form, sys.stderr)
    return PROBLEMS if errors(problems) else FINE


def place_of(workspace: Workspace, environment: str) -> Place:
    """The one project of ``workspace`` in ``environment``. Raises UsageError where it does not run there."""
    project: Node = workspace.platform.projects[workspace.projects[0]]
    listed = project["environments"].entries
    whole = workspace.platform.environments.get(environment) if environment in listed else None
    if whole is None:
        hint = did_you_mean(environment, listed)
        raise UsageError(f"`{workspace.projects[0]}` does not run in `{environment}`: {hint}")
    return engine.place(workspace.platform, project, whole)
