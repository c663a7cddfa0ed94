"""A CronJob's schedule that cron does not understand."""

from collections.abc import Iterator

from mlgen.body import Body, at, text_at
from mlgen.cron import slips
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import closest
from mlgen.time_zones import NAMES

RULE = Rule(
    id="cron-schedule",
    title="A CronJob's schedule or time zone that cannot be read",
    why="The API server refuses the CronJob. It reads five fields or a macro as robfig/cron v3 does, and time zones by "
    "their names in the IANA database; `Local` would depend on where the controller runs.",
    bad='schedule: "0 0 2 * * *"\ntimeZone: CEST',
    good='schedule: "0 2 * * *"\ntimeZone: Europe/Berlin',
    source="kubernetes/pkg/apis/batch/validation: validateScheduleFormat, validateTimeZone; robfig/cron v3, parser.go",
)


def check(body: Body) -> Iterator[Fault]:
    """The two fields."""
    schedule, zone = text_at(body, "spec", "schedule"), at(body, "spec", "timeZone")
    for slip in slips(schedule) if schedule else ():
        yield Fault(("spec", "schedule"), RULE.id, slip.message, slip.hint)
    if zone == "":
        yield Fault(("spec", "timeZone"), RULE.id, "the time zone is empty", "name one, or leave it away")
    elif isinstance(zone, str) and zone not in NAMES:
        hint = "" if zone.lower() == "local" else closest(zone, sorted(NAMES))
        hint = (
            f"did you mean `{hint}`?" if hint else "name one of the IANA database, such as `Europe/Berlin` or `Etc/UTC`"
        )
        yield Fault(("spec", "timeZone"), RULE.id, f"there is no time zone `{zone[:60]}`", hint)
