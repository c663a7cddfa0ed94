"""A PriorityClass with a name of Kubernetes' own."""

from collections.abc import Iterator

from mlgen.body import Body, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="system-priority",
    title="A PriorityClass whose name begins with `system-`",
    why="Such names are Kubernetes' own; the API server refuses all but the two that it makes by itself.",
    bad="kind: PriorityClass\nmetadata: {name: system-training}",
    good="kind: PriorityClass\nmetadata: {name: training}",
    source="kubernetes/pkg/apis/scheduling/validation: ValidatePriorityClass",
)
OWN = ("system-cluster-critical", "system-node-critical")


def check(body: Body) -> Iterator[Fault]:
    """The name."""
    name = text_at(body, "metadata", "name")
    if name.startswith("system-") and name not in OWN:
        message = f"{code(name)} is a name of Kubernetes' own"
        yield Fault(("metadata", "name"), RULE.id, message, "choose a name that does not begin with `system-`")
