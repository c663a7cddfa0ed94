"""A workload names a secret that the project does not have."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unknown-secret",
    title="A workload names a secret that the project does not have",
    why="The pod would not start: the kubelet refuses a reference to a Secret that is not there.",
    bad="secrets: {maps-api: [MAPS_KEY]}\nworkloads:\n  train: {kind: job, secrets: [maps]}",
    good="secrets: {maps-api: [MAPS_KEY]}\nworkloads:\n  train: {kind: job, secrets: [maps-api]}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Every name under `secrets`."""
    listed = workload.spec.get("secrets")
    for name in listed.items if listed is not None else []:
        if said(name) not in workload.secrets:
            meant = closest(said(name), workload.secrets)
            hint = f"did you mean `{meant}`?" if meant else "add it under the project's `secrets`, with its keys"
            yield Problem(RULE.id, name.span, f"the project has no secret `{said(name)}`", hint)
