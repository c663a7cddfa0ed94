"""A server may have fewer replicas at most than at least."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="bad-replicas",
    title="`max` replicas are fewer than `min`",
    why="The API server refuses an autoscaler whose maximum is below its minimum.",
    bad="replicas: {min: 4, max: 2}",
    good="replicas: {min: 2, max: 4}",
    source="kubernetes/pkg/apis/autoscaling/validation/validation.go",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Compares the two where both are there."""
    least, most = workload.spec.find("replicas", "min"), workload.spec.find("replicas", "max")
    if least is not None and most is not None and int(said(most)) < int(said(least)):
        yield Problem(
            RULE.id,
            most.span,
            f"at most {said(most)} replicas, but at least {said(least)}",
            "raise `max` or lower `min`",
            related=((least.span, "at least so many"),),
        )
