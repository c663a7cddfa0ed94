"""A pipeline whose schedule or time zone nobody understands."""

from collections.abc import Iterator

from mlgen.checks import bad_schedule
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Pipeline, Resolved
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="bad-timing",
    title="A pipeline's schedule or time zone that nobody understands",
    why="Engines take any text there, and what they cannot read never runs: they read schedules as robfig/cron v3 "
    "does, and time zones by their names in the IANA database.",
    bad='schedule: "0 26 * * *"\ntimeZone: CEST',
    good='schedule: "0 2 * * *"\ntimeZone: Europe/Berlin',
    source="robfig/cron v3, parser.go; argo-workflows v4.1, workflow/validate: ValidateCronWorkflow",
)


def check(pipeline: Pipeline, resolved: Resolved) -> Iterator[Problem]:
    """Reads the schedule as cron does, and looks for the zone."""
    for problem in bad_schedule.slips(pipeline.spec["schedule"]):
        yield problem._replace(rule=RULE.id)
    zone = pipeline.spec["timeZone"]
    if said(zone) != "Etc/UTC":
        from mlgen.time_zones import NAMES  # six hundred names, which few platforms need

        if said(zone) not in NAMES:
            meant = closest(said(zone), sorted(NAMES))
            hint = f"did you mean `{meant}`?" if meant else "name one of the IANA database, such as `Europe/Berlin`"
            yield Problem(RULE.id, zone.span, f"there is no time zone `{said(zone)}`", hint)
