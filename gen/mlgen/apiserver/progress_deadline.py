"""A Deployment that has to make progress sooner than its pods count as available."""

from collections.abc import Iterator

from mlgen.body import Body, number_at
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="progress-deadline",
    title="A Deployment has to make progress sooner than its pods count as available",
    why="The API server refuses it: every roll-out would fail. The deadline is 600 seconds where nobody says another.",
    bad="minReadySeconds: 600",
    good="minReadySeconds: 600\nprogressDeadlineSeconds: 1200",
    source="kubernetes/pkg/apis/apps/validation: ValidateDeploymentSpec",
)
DEFAULT = 600


def check(body: Body) -> Iterator[Fault]:
    """The two numbers."""
    ready, deadline = number_at(body, "spec", "minReadySeconds"), number_at(body, "spec", "progressDeadlineSeconds")
    if ready and ready >= (DEFAULT if deadline is None else deadline):
        where = ("spec", "minReadySeconds" if deadline is None else "progressDeadlineSeconds")
        seconds = DEFAULT if deadline is None else deadline
        message = f"`minReadySeconds` is {ready}, and progress has to be made within {seconds} seconds"
        yield Fault(where, RULE.id, message, "raise `progressDeadlineSeconds` above `minReadySeconds`")
