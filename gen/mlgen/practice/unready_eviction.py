"""A disruption budget that keeps broken pods where they are."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="unready-eviction",
    title="A disruption budget that keeps broken pods where they are",
    why="Pods that never become ready cannot be evicted either, and so a node with one cannot be drained.",
    bad="spec: {maxUnavailable: 1}",
    good="spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """Not said; who wrote `IfHealthyBudget` meant it."""
    spec = map_at(body, "spec")
    if spec and spec.get("unhealthyPodEvictionPolicy") is None:
        message = "pods that are not ready cannot be evicted"
        yield Fault(("spec",), RULE.id, message, "write `unhealthyPodEvictionPolicy: AlwaysAllow`", "warning")
