"""A claim that pods mount, or a volume is kept for, and that nobody makes."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-claim",
    title="A PersistentVolumeClaim that an object refers to is not there",
    why="The scheduler leaves the pod Pending: `persistentvolumeclaim not found`.",
    bad="persistentVolumeClaim: {claimName: model}",
    good="persistentVolumeClaim: {claimName: models}",
    source="kubernetes/pkg/scheduler/framework/plugins/volumebinding",
)
KINDS = ("PersistentVolumeClaim",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
