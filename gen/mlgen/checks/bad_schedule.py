"""A schedule that cron does not understand, or that never comes."""

from collections.abc import Iterator

from mlgen import cron
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.template import within
from mlgen.trace import said

RULE = Rule(
    id="bad-schedule",
    title="A schedule that cron does not understand",
    why="The API server refuses a CronJob whose schedule it cannot read; it reads what robfig/cron v3 reads.",
    bad='schedule: "60 2 * * *"',
    good='schedule: "0 2 * * *"',
    source="robfig/cron v3, parser.go; kubernetes/pkg/apis/batch/validation/validation.go",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Reads the schedule as cron does."""
    schedule = workload.spec.get("schedule")
    if schedule is not None:
        yield from slips(schedule)


def slips(schedule: Node) -> Iterator[Problem]:
    """What cron cannot read, each at its characters."""
    for slip in cron.slips(said(schedule)):
        where = within(schedule.span, said(schedule), slip.start, slip.end)
        yield Problem(RULE.id, where, slip.message, slip.hint)
