"""Business time, worked by hand: how many minutes a business is open between two instants."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.clocks.cases import business_us
from tests.tables import rows

OFFICE = "Mon-Fri 09:00-17:00"


def minutes(hours: str, zone: str, since: str, until: str, *holidays: str) -> float:
    """The business time between two instants with an offset, in minutes."""
    pair = [
        datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None) for at in (since, until)
    ]
    days = [date.fromisoformat(day) for day in holidays]
    [(passed, _)] = business_us(hours, zone, [(pair[0], pair[1])], days)
    return passed / 60_000_000


#: In Berlin, by Mon-Fri 09:00-17:00. 2026-02-13 is a Friday.
ORDINARY = """
    since            | until            | minutes
    2026-02-13 16:50 | 2026-02-16 09:10 | 20
    2026-02-10 10:00 | 2026-02-10 10:07 | 7
    2026-02-10 16:50 | 2026-02-10 20:00 | 10
    2026-02-10 06:00 | 2026-02-10 09:05 | 5
    2026-02-10 18:00 | 2026-02-11 08:00 | 0
    2026-02-14 10:00 | 2026-02-15 10:00 | 0
    2026-02-10 09:00 | 2026-02-10 17:00 | 480
    2026-02-10 17:00 | 2026-02-11 09:00 | 0
    2026-02-09 00:00 | 2026-02-16 00:00 | 2400
    2025-02-09 00:00 | 2026-02-08 00:00 | 124800
"""


@pytest.mark.parametrize("case", rows(ORDINARY), ids=str)
def test_by_office_hours(case: dict[str, str]) -> None:
    passed = minutes(OFFICE, "Europe/Berlin", f"{case['since']}+01:00", f"{case['until']}+01:00")
    assert passed == float(case["minutes"])


#: Berlin sets its clocks on Sunday 2026-03-29 (02:00 to 03:00) and 10-25 (03:00 to 02:00), Lord
#: Howe by half an hour on 04-05 (02:00 to 01:30) and 10-04 (02:00 to 02:30).
CHANGES = """
    zone      | hours               | since                  | until                  | minutes
    Berlin    | Mon-Fri 09:00-17:00 | 2026-03-27 16:50+01:00 | 2026-03-30 09:10+02:00 | 20
    Berlin    | Mon-Fri 09:00-17:00 | 2026-10-23 16:50+02:00 | 2026-10-26 09:10+01:00 | 20
    Berlin    | Sun 01:00-03:00     | 2026-03-28 12:00+01:00 | 2026-03-29 12:00+02:00 | 60
    Berlin    | Sun 01:00-03:00     | 2026-10-24 12:00+02:00 | 2026-10-25 12:00+01:00 | 180
    Berlin    | Sun 02:30-04:00     | 2026-03-28 12:00+01:00 | 2026-03-29 12:00+02:00 | 60
    Berlin    | Sun 01:00-02:30     | 2026-10-24 12:00+02:00 | 2026-10-25 12:00+01:00 | 90
    Berlin    | Sun 02:00-03:00     | 2026-03-28 12:00+01:00 | 2026-03-29 12:00+02:00 | 0
    Berlin    | Mon-Sun 00:00-24:00 | 2026-10-25 00:00+02:00 | 2026-10-26 00:00+01:00 | 1500
    Berlin    | Sun 00:00-24:00     | 2026-03-28 12:00+01:00 | 2026-03-30 12:00+02:00 | 1380
    Lord_Howe | Sun 01:00-03:00     | 2026-04-04 12:00+11:00 | 2026-04-05 12:00+10:30 | 150
    Lord_Howe | Sun 01:00-03:00     | 2026-10-03 12:00+10:30 | 2026-10-04 12:00+11:00 | 90
"""
ZONES = {"Berlin": "Europe/Berlin", "Lord_Howe": "Australia/Lord_Howe"}


@pytest.mark.parametrize("case", rows(CHANGES), ids=str)
def test_across_changes_of_the_clocks(case: dict[str, str]) -> None:
    """Spans are instants: longer or shorter than they read on the day of a change."""
    passed = minutes(case["hours"], ZONES[case["zone"]], case["since"], case["until"])
    assert passed == float(case["minutes"])


#: In UTC. 2026-02-10 is a Tuesday.
HOURS = """
    hours                                | since            | until            | minutes
    Tue 09:00-12:00; Tue 11:00-17:00     | 2026-02-10 08:00 | 2026-02-10 18:00 | 480
    Tue 09:00-17:00; Tue 10:00-11:00     | 2026-02-10 08:00 | 2026-02-10 18:00 | 480
    Tue 09:00-12:00; Tue 13:00-17:00     | 2026-02-10 11:50 | 2026-02-10 13:10 | 20
    Mon 22:00-24:00; Tue 00:00-06:00     | 2026-02-09 23:30 | 2026-02-10 00:30 | 60
    Mon 22:00-24:00; Tue 00:00-06:00     | 2026-02-09 21:00 | 2026-02-10 07:00 | 480
    Sun 22:00-24:00; Mon 00:00-06:00     | 2026-02-08 21:00 | 2026-02-09 05:00 | 420
    Fri-Mon 10:00-11:00                  | 2026-02-05 00:00 | 2026-02-12 00:00 | 240
"""


@pytest.mark.parametrize("case", rows(HOURS), ids=str)
def test_spans_of_a_day(case: dict[str, str]) -> None:
    """Spans that overlap or touch are one."""
    passed = minutes(case["hours"], "UTC", f"{case['since']}Z", f"{case['until']}Z")
    assert passed == float(case["minutes"])


def test_a_holiday_has_no_business_hours() -> None:
    """Thursday 16:50 to Monday 09:10, over a Christmas that is a Friday."""
    asked = (OFFICE, "Europe/Berlin", "2026-12-24 16:50+01:00", "2026-12-28 09:10+01:00")
    assert minutes(*asked) == 500
    assert minutes(*asked, "2026-12-25") == 20
    assert minutes(*asked, "2026-12-25", "2026-12-26", "2026-12-28") == 10


def test_a_holiday_is_a_day_on_the_clocks_of_the_zone() -> None:
    """Of a night that is open, the half before or after midnight; in UTC it is not midnight."""
    night = "Mon 22:00-24:00; Tue 00:00-06:00"
    asked = (night, "Asia/Tokyo", "2026-02-09 12:00+09:00", "2026-02-10 12:00+09:00")
    assert minutes(*asked, "2026-02-10") == 120
    assert minutes(*asked, "2026-02-09") == 360


def test_without_an_open_day_nothing_passes() -> None:
    week = [f"2026-02-{day:02}" for day in range(9, 14)]
    assert minutes(OFFICE, "UTC", "2026-02-09 08:00Z", "2026-02-13 18:00Z", *week) == 0
