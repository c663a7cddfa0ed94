"""A priority class that pods have and that the cluster may not have."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-priority-class",
    title="A PriorityClass that a pod has is not there",
    why="The API server refuses the pod: `no PriorityClass with name ... was found`.",
    bad="priorityClassName: low",
    good="priorityClassName: training-low",
    source="kubernetes/plugin/pkg/admission/priority",
)
KINDS = ("PriorityClass",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
