"""A LeaderWorkerSet that its webhook refuses."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, number_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="leader-worker-set",
    title="A LeaderWorkerSet that its webhook refuses",
    why="Groups have at least one pod, a rollout has to be able to move, and subgroups divide a group evenly.",
    bad="leaderWorkerTemplate: {size: 4, subGroupPolicy: {subGroupSize: 3}, ...}",
    good="leaderWorkerTemplate: {size: 4, subGroupPolicy: {subGroupSize: 2}, ...}",
    source="kubernetes-sigs/lws v0.7, pkg/webhooks/leaderworkerset_webhook.go: generalValidate",
)
LARGEST = 2**31 - 1
TEMPLATE = ("spec", "leaderWorkerTemplate")
ROLLING = ("spec", "rolloutStrategy", "rollingUpdateConfiguration")


def check(body: Body) -> Iterator[Fault]:
    """Sizes and the rollout."""
    spec, size = map_at(body, "spec"), number_at(body, *TEMPLATE, "size")
    replicas = number_at(spec, "replicas")
    if size is not None and size < 1:
        yield Fault((*TEMPLATE, "size"), RULE.id, f"a group of {size} pods cannot be", "write at least 1")
    if replicas is not None and replicas < 0:
        yield Fault(("spec", "replicas"), RULE.id, f"there cannot be {replicas} groups", "write 0 or more")
    if size is not None and replicas is not None and size * replicas > LARGEST:
        yield Fault(("spec", "replicas"), RULE.id, f"{replicas} groups of {size} pods are too many", "write less")
    part = number_at(body, *TEMPLATE, "subGroupPolicy", "subGroupSize")
    if part is not None and size is not None and part > 0 and size % part and (size - 1) % part:
        message = f"neither {size} pods nor the {size - 1} workers can be divided into groups of {part}"
        yield Fault((*TEMPLATE, "subGroupPolicy", "subGroupSize"), RULE.id, message, "choose a divisor")
    rolling = map_at(body, *ROLLING)
    surge, gone = rolling.get("maxSurge", 0), rolling.get("maxUnavailable", 1)
    if surge in (0, "0%") and gone in (0, "0%"):
        message = f"with `maxUnavailable: {code(gone).strip('`')}` and no surge, a rollout cannot move"
        yield Fault((*ROLLING, "maxUnavailable"), RULE.id, message, "let one of the two be 1")
