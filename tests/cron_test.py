"""A schedule that cron reads has no slip; one that it does not has one, at the part that is wrong."""

import pytest

from mlgen.cron import slips


@pytest.mark.parametrize(
    "schedule",
    [
        "0 2 * * *",
        "*/15 0-6,20-23 * * mon-fri",
        "*/61 * * * *",
        "0 0 1 JAN,Dec ?",
        "? ? ? ? ?",
        "5/10 * * * *",
        "0-10/2 * * * *",
        "+5 * * * *",
        "0,,5 * * * *",
        "*-5 * * * *",
        "  0  2 *\t* *  ",
        "0 0 31 2 *",
        "@hourly",
        "@midnight",
        "@every 1h30m",
        "@every 1.5h",
        "@every 90s",
    ],
)
def test_what_cron_reads_has_no_slip(schedule: str) -> None:
    assert list(slips(schedule)) == []


@pytest.mark.parametrize(
    ("schedule", "part", "message"),
    [
        ("60 2 * * *", "60", "is not within 0 and 59"),
        ("0 24 * * *", "24", "is not within 0 and 23"),
        ("0 0 0 * *", "0", "is not within 1 and 31"),
        ("0 0 * 13 *", "13", "is not within 1 and 12"),
        ("0 0 * * 7", "7", "is not within 0 and 6"),
        ("0 0 * * sunday", "sunday", "is not within 0 and 6"),
        ("0 9-5 * * *", "9-5", "goes backwards"),
        ("0 1-2-3 * * *", "1-2-3", "is not one that cron knows"),
        ("*/2/3 * * * *", "*/2/3", "is not one that cron knows"),
        ("*/0 * * * *", "*/0", "has a step of 0"),
        ("0 L * * *", "L", "is not within 0 and 23"),
        ("0 2 * * 5#2", "5#2", "is not one that cron knows"),
        ("-1 * * * *", "-1", "is not one that cron knows"),
        ("0 2 * * *  *", "0 2 * * *  *", "this one has 6"),
        ("nightly", "nightly", "this one has 1"),
        ("@fortnightly", "@fortnightly", "cron has no"),
        ("@Hourly", "@Hourly", "cron has no"),
        ("@every", "@every", "cron has no"),
        ("@every 5 minutes", "@every 5 minutes", "cron has no"),
        ("CRON_TZ=UTC 0 2 * * *", "CRON_TZ=UTC 0 2 * * *", "names no time zone"),
    ],
)
def test_what_cron_does_not_read_has_one_slip_at_its_part(schedule: str, part: str, message: str) -> None:
    (slip,) = slips(schedule)
    assert schedule[slip.start : slip.end] == part
    assert message in slip.message
    assert slip.hint
