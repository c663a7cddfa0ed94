"""A CronJob that says nothing of a start that was missed."""

from collections.abc import Iterator

from mlgen.body import Body, at, map_at, number_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="cron-deadline",
    title="A CronJob that says nothing of a start that was missed",
    why=(
        "After more than 100 missed starts Kubernetes starts it no more; without a deadline it counts all of "
        "them since the last."
    ),
    bad='schedule: "0 2 * * *"',
    good='schedule: "0 2 * * *"\nstartingDeadlineSeconds: 3600',
    source="kubernetes/pkg/controller/cronjob/utils.go, mostRecentScheduleTime",
    severity="warning",
    ignorable=True,
)

SHORTEST = 10  # seconds between two looks of the controller


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """None, or one so short that the controller may look too late."""
    said = number_at(body, "spec", "startingDeadlineSeconds")
    if said is None:
        if at(body, "spec", "startingDeadlineSeconds") is None and map_at(body, "spec"):
            message = "a start that was missed is not made up for, or not before 100 are"
            yield Fault(("spec",), RULE.id, message, "write `startingDeadlineSeconds`, such as 3600", "warning")
    elif 0 <= said < SHORTEST:
        message = f"the controller looks every {SHORTEST} seconds, and {code(said)} may have passed by then"
        where = ("spec", "startingDeadlineSeconds")
        yield Fault(where, RULE.id, message, "write a longer one, such as 3600", "warning")
