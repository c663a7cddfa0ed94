"""A pod says its runtime's overhead and no runtime."""

from collections.abc import Iterator

from mlgen.pods import TEMPLATES, Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="pod-overhead",
    title="A pod says an overhead and no RuntimeClass",
    why="The overhead is the RuntimeClass's to say; the API server refuses a pod that has another one than its class.",
    bad="overhead: {memory: 120Mi}",
    good="runtimeClassName: kata",
    source="kubernetes/plugin/pkg/admission/runtimeclass: validateOverhead; KEP-688",
)


def check(pod: Pod) -> Iterator[Fault]:
    """The two fields."""
    if pod.spec.get("overhead") and not pod.spec.get("runtimeClassName") and pod.owner in TEMPLATES:
        where = (*pod.path, "overhead")
        yield Fault(where, RULE.id, "an overhead needs a `runtimeClassName`", "name the class; it says the overhead")
