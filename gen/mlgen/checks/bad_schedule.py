"""A schedule that cron does not understand, or that never comes."""

import re
from collections.abc import Iterator

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

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, tuple(MONTHS)),
    ("weekday", 0, 6, tuple(DAYS)),
)
PART = re.compile(r"(?P<low>\*|\?|\w+)(-(?P<high>\w+))?(/(?P<step>[0-9]+))?", re.ASCII)


def check(workload: Workload) -> Iterator[Problem]:
    """Reads the five fields as cron does."""
    schedule = workload.spec.get("schedule")
    if schedule is None or said(schedule).startswith("@"):
        return
    for (noun, low, high, names), field in zip(FIELDS, re.finditer(r"\S+", said(schedule)), strict=True):
        start = field.start()
        for part in field[0].split(","):
            fault = _fault(part, low, high, names)
            if fault:
                numbers = f"{low} ({names[0]}) to {high} ({names[-1]})" if names else f"{low} to {high}"
                hint = f"the {noun} is {numbers}, `*`, a range `a-b` or a list `a,b`; a step `/n` may follow"
                where = within(schedule.span, said(schedule), start, start + max(1, len(part)))
                yield Problem(RULE.id, where, f"the {noun} `{part}` of this schedule {fault}", hint)
            start += len(part) + 1


def _fault(part: str, low: int, high: int, names: tuple[str, ...]) -> str:
    match = PART.fullmatch(part)
    if match is None:
        return "is not one that cron knows"
    if match["step"] is not None and int(match["step"]) == 0:
        return "has a step of 0"
    if match["low"] in ("*", "?"):
        return "is not one that cron knows" if match["high"] else ""
    ends = [_number(match[end], low, names) for end in ("low", "high") if match[end] is not None]
    if any(end is None or not low <= end <= high for end in ends):
        return f"is not within {low} and {high}"
    numbers = [end for end in ends if end is not None]
    return "goes backwards" if numbers != sorted(numbers) else ""


def _number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text.lower() in names:
        return names.index(text.lower()) + low
    return int(text) if text.isdigit() and len(text) < 4 else None
