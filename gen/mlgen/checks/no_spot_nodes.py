"""A workload asks for spot nodes that the environment does not have, or cannot lose one of them."""

from collections.abc import Iterator

from mlgen import spot
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="no-spot-nodes",
    title="Spot nodes that are not there, or that a training does not outlast",
    why="Only the environment knows which nodes its cloud may take away. Where several pods train together, the loss "
    "of one node fails the others: without a retry that is the end of the run.",
    bad="spot: true            # and the environment has no `spot`",
    good='spot: {nodeSelector: {cloud.google.com/gke-spot: "true"}}            # in the environment',
    source="kubernetes.io, concepts/workloads/controllers/job (pod failure policy)",
)


def check(workload: Workload) -> Iterator[Problem]:
    """`spot: true` against the environment, and against `retries`."""
    why, environment = spot.asked(workload), workload.site.offer["name"]
    if why is None:
        return
    if spot.nodes(workload) is None:
        message = f"there are no spot nodes in `{said(environment)}`"
        hint = "`spot: false` under `environments` asks for none; the environment says `spot: {nodeSelector: ...}`"
        related = ((environment.span, "this environment"),)
        yield Problem(RULE.id, why.span, message, hint, related=related)
    workers, retries = workload.spec.get("workers"), workload.spec.get("retries")
    if workers is not None and retries is not None and said(workers) != "1" and said(retries) == "0":
        message = f"the first node that is taken away is the end of `{workload.name}`: its pods have no retry"
        related = ((retries.span, "how often they are tried again"),)
        yield Problem(RULE.id, why.span, message, "allow some `retries`, or write `spot: false`", related=related)
