"""A text -> whether it is a date, or a date and time, as RFC 3339 has them: nothing here knows what day it is."""

import re

DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
TIME = re.compile(r"[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):?(\d\d))", re.ASCII)
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(text: str) -> bool:
    """Whether it is a day of the calendar."""
    found = DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= DAYS[month - 1] + leap


def is_datetime(text: str) -> bool:
    """Whether it is a date and a time of that day, with its zone."""
    found = TIME.fullmatch(text[10:])
    if found is None or not is_date(text[:10]):
        return False
    hour, minute, second, *zone = (int(part or 0) for part in found.groups())
    return hour < 24 and minute < 60 and second < 60 and zone[0] < 24 and zone[1] < 60
