"""A queue of Kueue that work is sent to, and that is not there."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-queue",
    title="A queue of Kueue is not there",
    why="Kueue keeps the work suspended for ever: `LocalQueue doesn't exist`, and a queue without its ClusterQueue "
    "admits nothing.",
    bad="labels: {kueue.x-k8s.io/queue-name: trainning}",
    good="labels: {kueue.x-k8s.io/queue-name: training}",
    source="kubernetes-sigs/kueue, pkg/scheduler: inadmissible workloads",
)
KINDS = (
    "LocalQueue",
    "ClusterQueue",
    "ResourceFlavor",
    "WorkloadPriorityClass",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
