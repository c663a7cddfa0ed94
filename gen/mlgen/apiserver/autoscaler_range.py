"""A HorizontalPodAutoscaler's numbers that contradict one another."""

from collections.abc import Iterator

from mlgen.body import Body, number_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="autoscaler-range",
    title="An autoscaler's minimum is above its maximum",
    why="The API server refuses the HorizontalPodAutoscaler.",
    bad="minReplicas: 5\nmaxReplicas: 3",
    good="minReplicas: 3\nmaxReplicas: 5",
    source="kubernetes/pkg/apis/autoscaling/validation: validateHorizontalPodAutoscalerSpec",
)


def check(body: Body) -> Iterator[Fault]:
    """The two numbers."""
    least, most = number_at(body, "spec", "minReplicas"), number_at(body, "spec", "maxReplicas")
    if least is not None and most is not None and 1 <= most < least:
        message = f"`minReplicas` is {least}, and `maxReplicas` is {code(most)}"
        yield Fault(("spec", "maxReplicas"), RULE.id, message, "raise the maximum, or lower the minimum")
