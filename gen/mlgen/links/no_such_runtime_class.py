"""A runtime class that pods ask for and that the cluster may not have."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-runtime-class",
    title="A RuntimeClass that a pod asks for is not there",
    why="The API server refuses the pod: `RuntimeClass not found`.",
    bad="runtimeClassName: nvdia",
    good="runtimeClassName: nvidia",
    source="kubernetes/plugin/pkg/admission/runtimeclass",
)
KINDS = ("RuntimeClass",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
