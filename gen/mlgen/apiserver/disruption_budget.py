"""A budget that is said twice."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="disruption-budget",
    title="A PodDisruptionBudget says what must be there and what may be away",
    why="The API server refuses it: one of the two follows from the other.",
    bad="minAvailable: 2\nmaxUnavailable: 1",
    good="maxUnavailable: 1",
    source="kubernetes/pkg/apis/policy/validation: ValidatePodDisruptionBudgetSpec",
)


def check(body: Body) -> Iterator[Fault]:
    """The two fields."""
    spec = map_at(body, "spec")
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        message = "a budget has `minAvailable` or `maxUnavailable`, not both"
        yield Fault(("spec", "maxUnavailable"), RULE.id, message, "take one of the two away")
