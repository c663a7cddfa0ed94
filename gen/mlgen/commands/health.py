"""`mlgen health`: the health checks that a delivery engine lacks, as what its administrator adds to it, on stdout."""

import sys
from pathlib import Path

from mlgen import emit, engine, health
from mlgen.commands import FINE, UsageError, console, contract
from mlgen.commands.workspace import Workspace, open_workspace
from mlgen.health import told
from mlgen.health.check import Kind
from mlgen.node import Json
from mlgen.own import outcome
from mlgen.problem import Problem, errors
from mlgen.suggest import did_you_mean
from mlgen.trace import said

ARGOCD = "argocd"


def print_checks(root: Path | None, environment: str | None, *, delivery: str | None, form: str) -> int:
    """Print those for every kind that has one, or only for what the projects have in ``environment``.

    ``delivery`` is the engine; else the environment's own, or Argo CD.
    """
    more = [told.check(one) for one in outcome.told(contract.kinds(root))]
    kinds, chosen = {*health.EVERY, *(check.key for check in more)}, None
    if environment is not None:
        workspace = open_workspace(root)
        kinds, problems = _there(workspace, environment)
        workspace.show(problems, form, sys.stderr)
        if errors(problems):
            return console.verdict(problems)
        chosen = workspace.platform.environments[environment].find("gitops", "engine")
    name = delivery or (said(chosen) if chosen is not None else ARGOCD)
    found: Json = {**health.argocd(kinds, more)} if name == ARGOCD else health.flux(kinds, more)
    if not found:
        console.say(f"nothing that runs in `{environment}` needs one")
        return FINE
    console.product(emit.dump(_patch(found) if name == ARGOCD else {"spec": {"healthCheckExprs": found}}))
    return FINE


def _patch(data: Json) -> Json:
    """A patch for the ConfigMap that Argo CD reads, in whatever namespace that runs."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-cm"}, "data": data}


def _there(workspace: Workspace, environment: str) -> tuple[set[Kind], list[Problem]]:
    """The kinds of all objects in ``environment``, and what is wrong with them. Raises UsageError if there is none."""
    platform = workspace.platform
    problems = list(platform.problems)
    if errors(problems):
        return set(), problems
    if environment not in workspace.environments:
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, workspace.environments))
    kinds: set[Kind] = set()
    for name in console.progress(workspace.projects, "building"):
        if environment in platform.projects[name]["environments"].entries:
            place = engine.place(platform, platform.projects[name], platform.environments[environment])
            kinds |= {(manifest.ref.group, manifest.ref.kind) for manifest in place.manifests}
            problems += errors(place.problems)
    return kinds, problems
