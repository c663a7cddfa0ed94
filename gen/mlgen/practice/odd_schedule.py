"""A schedule that does not mean what it seems to."""

from collections.abc import Iterator

from mlgen.body import Body
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.practice import cron
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="odd-schedule",
    title="A schedule that does not mean what it seems to",
    why=(
        "Cron takes a step that is longer than its field, and comes once; where a day and a weekday are both "
        "said, it comes on either."
    ),
    bad='schedule: "*/90 * * * *"',
    good='schedule: "0 */2 * * *"',
    source="robfig/cron v3, parser.go and spec.go, dayMatches",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """Steps that are too long; a day and a weekday together."""
    for path, schedule in cron.schedules(body):
        fields = cron.fields(schedule)
        for field in fields or ():
            if field.step > field.most:
                message = f"the step of {code(field.text)} is longer than its field: it comes once, at the first value"
                yield Fault(path, RULE.id, message, "write the values, or a step in the next field", "warning")
        if fields is not None and not fields[2].every and not fields[4].every:
            days = f"day {code(fields[2].text)} of the month and on weekday {code(fields[4].text)}"
            message = f"this comes on {days}, whichever of the two it is"
            yield Fault(path, RULE.id, message, "write `*` for one of them", "warning")
