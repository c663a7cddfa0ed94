"""An object with schedules -> the five fields of each, as robfig/cron v3 reads them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, list_at, text_at
from mlgen.cron import FIELDS, number
from mlgen.node import Path

LONGEST = dict(zip(range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
PART = re.compile(r"(\*|\?|\w+)(?:-(\w+))?(?:/([0-9]{1,4}))?", re.ASCII)


class Field(NamedTuple):
    """One field: its text, the numbers that it means, its longest step, its greatest number, and whether it is open."""

    text: str
    numbers: frozenset[int]
    step: int
    most: int
    every: bool


def schedules(body: Body) -> Iterator[tuple[Path, str]]:
    """Every schedule of a CronJob, a CronWorkflow or a ScheduledSparkApplication, with its path."""
    if text_at(body, "spec", "schedule"):
        yield ("spec", "schedule"), text_at(body, "spec", "schedule")
    for index, one in enumerate(list_at(body, "spec", "schedules")):
        if isinstance(one, str):
            yield ("spec", "schedules", index), one


def fields(schedule: str) -> tuple[Field, ...] | None:
    """The five fields; None for a macro, and for what cron does not understand, which is for others to say."""
    words = schedule.split()
    if words and words[0].startswith(("TZ=", "CRON_TZ=")):
        words = words[1:]
    if len(words) != len(FIELDS):
        return None
    found = [_field(word, low, high, names) for word, (_, low, high, names) in zip(words, FIELDS, strict=True)]
    whole = tuple(field for field in found if field is not None)
    return whole if len(whole) == len(FIELDS) else None


def _field(text: str, low: int, high: int, names: tuple[str, ...]) -> Field | None:
    numbers: set[int] = set()
    longest, every = 0, False
    for part in text.split(","):
        match = PART.fullmatch(part)
        if match is None:
            return None
        first, last, step = match[1], match[2], int(match[3] or 1)
        start = low if first in "*?" else number(first, low, names)
        end = high if first in "*?" or (last is None and match[3]) else number(last or first, low, names)
        if start is None or end is None or step == 0 or not low <= start <= end <= high:
            return None
        numbers.update(range(start, end + 1, step))
        longest = max(longest, step if match[3] else 0)
        every = every or (first in "*?" and step == 1)  # a longer step takes the star's meaning away
    return Field(text, frozenset(numbers), longest, high, every)
