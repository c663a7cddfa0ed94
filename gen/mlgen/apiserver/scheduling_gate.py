"""A pod waits to be scheduled and has a node already."""

from collections.abc import Iterator

from mlgen.pods import TEMPLATES, Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="scheduling-gate",
    title="A pod with scheduling gates has a node already",
    why="The API server refuses the pod: gates keep it from being given to a node.",
    bad="schedulingGates: [{name: example.com/quota}]\nnodeName: node-1",
    good="schedulingGates: [{name: example.com/quota}]",
    source="kubernetes/pkg/apis/core/validation: ValidatePodCreate; KEP-3521",
)


def check(pod: Pod) -> Iterator[Fault]:
    """The two fields."""
    if pod.spec.get("schedulingGates") and pod.spec.get("nodeName") and pod.owner in TEMPLATES:
        where = (*pod.path, "nodeName")
        yield Fault(where, RULE.id, "a pod with `schedulingGates` has no node yet", "take `nodeName` away")
