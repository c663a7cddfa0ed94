"""A schedule as a CronJob has it -> what in it cron does not understand."""

import re
from collections.abc import Iterator
from typing import NamedTuple

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, tuple(MONTHS)),
    ("weekday", 0, 6, tuple(DAYS)),
)
MACROS = "@yearly @annually @monthly @weekly @daily @midnight @hourly".split()
EVERY = "@every "
DURATION = re.compile(r"[+-]?(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+")
WORD = re.compile(r"\S+")
PART = re.compile(r"[^,]+")
NUMBER = re.compile(r"\+?[0-9]{1,9}")


class Slip(NamedTuple):
    """What is wrong with a schedule: the text from ``start`` to ``end``."""

    start: int
    end: int
    message: str
    hint: str


def slips(schedule: str) -> Iterator[Slip]:
    """Yield what is wrong with ``schedule``.

    Source: robfig/cron v3, parser.go (ParseStandard); kubernetes/pkg/apis/batch/validation: validateScheduleFormat.
    """
    if "TZ" in schedule:
        yield Slip(0, len(schedule), "a schedule names no time zone", "say `timeZone` beside it")
    elif schedule.startswith("@"):
        yield from _macro(schedule)
    else:
        words = list(WORD.finditer(schedule))
        if len(words) != len(FIELDS):
            message = f"a schedule has five fields, and this one has {len(words)}"
            yield Slip(0, len(schedule), message, "minute, hour, day of the month, month and weekday: `0 2 * * *`")
            return
        for field, word in zip(FIELDS, words, strict=True):
            yield from _field(*field, word)


def _macro(schedule: str) -> Iterator[Slip]:
    known = DURATION.fullmatch(schedule[len(EVERY) :]) if schedule.startswith(EVERY) else schedule in MACROS
    if not known:
        hint = f"use one of {', '.join(MACROS)}, or `@every 90m`, or the five fields"
        yield Slip(0, len(schedule), f"cron has no `{schedule[:40]}`", hint)


def _field(noun: str, low: int, high: int, names: tuple[str, ...], word: re.Match[str]) -> Iterator[Slip]:
    for part in PART.finditer(word[0]):
        if wrong := _wrong(part[0], low, high, names):
            numbers = f"{low} ({names[0]}) to {high} ({names[-1]})" if names else f"{low} to {high}"
            hint = f"the {noun} is {numbers}, `*`, a range `a-b` or a list `a,b`; a step `/n` may follow"
            start = word.start() + part.start()
            message = f"the {noun} `{part[0]}` of this schedule {wrong}"
            yield Slip(start, start + len(part[0]), message, hint)


def _wrong(part: str, low: int, high: int, names: tuple[str, ...]) -> str:
    range_, *steps = part.split("/")
    ends = range_.split("-")
    if len(steps) > 1 or len(ends) > 2 or any(NUMBER.fullmatch(step) is None for step in steps):
        return "is not one that cron knows"
    if any(int(step) == 0 for step in steps):
        return "has a step of 0"
    if ends[0] in ("*", "?"):
        return ""  # whatever follows a hyphen is ignored
    numbers = [number(end, low, names) for end in ends]
    if any(one is None or not low <= one <= high for one in numbers):
        known = all(end.isalnum() for end in ends)
        return f"is not within {low} and {high}" if known else "is not one that cron knows"
    found = [one for one in numbers if one is not None]
    return "goes backwards" if found != sorted(found) else ""


def number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    """What one end of a range means, as a number or as one of ``names``, which begin at ``low``."""
    if text.lower() in names:
        return names.index(text.lower()) + low
    return int(text) if NUMBER.fullmatch(text) else None
