"""A schedule that never comes."""

from collections.abc import Iterator

from mlgen.body import Body
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.practice import cron
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="never-runs",
    title="A schedule that never comes",
    why="The API server takes any day and month that are numbers, and the 31st of February is one.",
    bad='schedule: "0 0 31 2 *"',
    good='schedule: "0 0 28 2 *"',
    source="robfig/cron v3, spec.go",
    severity="error",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """A day that none of its months has, where no weekday makes up for it."""
    for path, schedule in cron.schedules(body):
        fields = cron.fields(schedule)
        if fields is None:
            continue
        _, _, day, month, weekday = fields
        if weekday.every and not any(
            number <= cron.LONGEST[other] for number in day.numbers for other in month.numbers
        ):
            message = f"no month of {code(schedule)} has such a day: this never runs"
            yield Fault(path, RULE.id, message, "write a day that the months have")
