"""Business time by hand: what a clock on the wall would have counted."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.clocks.cases import business_us
from tests.tables import rows

OFFICE = "Mon-Fri 09:00-17:00"
_MINUTE = 60_000_000

#: Instants are UTC. 13 February 2026 is a Friday.
WEEK = """
    since               | until               | minutes
    2026-02-13 16:50:00 | 2026-02-16 09:10:00 | 20
    2026-02-13 10:00:00 | 2026-02-13 10:30:00 | 30
    2026-02-12 16:00:00 | 2026-02-13 10:00:00 | 120
    2026-02-09 09:00:00 | 2026-02-16 09:00:00 | 2400
    2026-02-13 16:50:00 | 2026-02-14 12:00:00 | 10
    2026-02-14 12:00:00 | 2026-02-16 09:10:00 | 10
    2026-02-13 17:00:00 | 2026-02-16 09:00:00 | 0
    2026-02-14 12:00:00 | 2026-02-15 12:00:00 | 0
    2026-02-13 08:00:00 | 2026-02-13 18:00:00 | 480
    2026-02-13 16:59:00 | 2026-02-13 16:59:00 | 0
"""
#: Clocks of Germany go from 02:00 to 03:00 on 29 March, from 03:00 to 02:00 on 25 October, both at
#: 01:00Z; from 01:00 to 03:00 it is one hour, and three.
BERLIN = """
    hours           | since               | until               | minutes
    Sun 01:00-03:00 | 2026-03-28 12:00:00 | 2026-03-29 12:00:00 | 60
    Sun 01:00-03:00 | 2026-10-24 12:00:00 | 2026-10-25 12:00:00 | 180
    Sun 01:00-03:00 | 2026-10-18 12:00:00 | 2026-10-25 01:00:00 | 120
    Sun 02:00-02:30 | 2026-03-28 12:00:00 | 2026-03-29 12:00:00 | 0
    Sun 02:30-04:00 | 2026-03-28 12:00:00 | 2026-03-29 12:00:00 | 60
    Sun 02:00-02:30 | 2026-10-24 12:00:00 | 2026-10-25 12:00:00 | 30
    Sun 02:30-04:00 | 2026-10-24 12:00:00 | 2026-10-25 12:00:00 | 150
    Mon-Fri 09:00-17:00 | 2026-03-27 15:50:00 | 2026-03-30 07:10:00 | 20
    Mon-Fri 09:00-17:00 | 2026-10-23 14:50:00 | 2026-10-26 08:10:00 | 20
    Mon-Sun 00:00-24:00 | 2026-03-28 23:00:00 | 2026-03-29 22:00:00 | 1380
    Mon-Sun 00:00-24:00 | 2026-10-24 22:00:00 | 2026-10-25 23:00:00 | 1500
"""
#: Lord Howe's clocks go back half an hour, from 02:00 to 01:30, at 15:00Z of 4 April, and on, from
#: 02:00 to 02:30, at 15:30Z of 3 October: at home both are Sundays.
LORD_HOWE = """
    hours           | since               | until               | minutes
    Sun 01:00-03:00 | 2026-04-04 00:00:00 | 2026-04-05 00:00:00 | 150
    Sun 01:00-03:00 | 2026-10-03 00:00:00 | 2026-10-04 00:00:00 | 90
    Mon-Fri 09:00-17:00 | 2026-04-03 05:50:00 | 2026-04-05 22:40:00 | 20
    Mon-Fri 09:00-17:00 | 2026-10-02 06:20:00 | 2026-10-04 22:10:00 | 20
"""
#: Midnight comes twice on 25 October, at 00:00Z and at 01:00Z; the day starts at the first.
AZORES = """
    hours           | since               | until               | minutes
    Sat 12:00-24:00 | 2026-10-24 23:00:00 | 2026-10-25 12:00:00 | 60
    Sun 00:00-01:00 | 2026-10-24 23:00:00 | 2026-10-25 12:00:00 | 120
"""
SPANS = """
    hours                                    | since               | until               | minutes
    Tue 09:00-12:00; Tue 10:00-17:00         | 2026-02-10 00:00:00 | 2026-02-11 00:00:00 | 480
    Mon-Fri 09:00-17:00; Tue 09:00-17:00     | 2026-02-10 00:00:00 | 2026-02-11 00:00:00 | 480
    Tue 09:00-12:00; Tue 13:00-17:00         | 2026-02-10 11:50:00 | 2026-02-10 13:10:00 | 20
    Mon 22:00-24:00; Tue 00:00-06:00         | 2026-02-09 23:50:00 | 2026-02-10 00:10:00 | 20
    Mon 22:00-24:00; Tue 00:00-06:00         | 2026-02-09 12:00:00 | 2026-02-10 12:00:00 | 480
    Mon 22:00-24:00; Tue 00:00-06:00         | 2026-02-16 12:00:00 | 2026-02-24 12:00:00 | 960
"""


def minutes(table: str, zone: str, holidays: tuple[date, ...] = ()) -> list[str]:
    found = []
    for row in rows(table):
        pair = (datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"]))
        [(passed, _)] = business_us(row.get("hours", OFFICE), zone, [pair], holidays)
        found.append(f"{passed / _MINUTE:g}")
    return found


@pytest.mark.parametrize(
    ("table", "zone"),
    [
        (WEEK, "UTC"),
        (BERLIN, "Europe/Berlin"),
        (LORD_HOWE, "Australia/Lord_Howe"),
        (AZORES, "Atlantic/Azores"),
        (SPANS, "UTC"),
    ],
    ids=["week", "Berlin", "Lord Howe", "Azores", "spans"],
)
def test_the_time_open_in_between(table: str, zone: str) -> None:
    assert minutes(table, zone) == [row["minutes"] for row in rows(table)]


def test_a_holiday_is_a_day_on_the_clock_of_the_zone() -> None:
    """Good Friday and Easter Monday; in Auckland the office's Monday starts on Sunday, UTC."""
    easter = (date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 5))
    table = """
        since               | until               | minutes
        2026-04-02 14:50:00 | 2026-04-07 07:10:00 | 20
        2026-04-03 08:00:00 | 2026-04-06 15:00:00 | 0
    """
    assert minutes(table, "Europe/Berlin", easter) == ["20", "0"]
    monday = "since | until | minutes\n2026-04-05 20:00:00 | 2026-04-06 06:00:00 | 480"
    assert minutes(monday, "Pacific/Auckland") == ["480"]
    assert minutes(monday, "Pacific/Auckland", (date(2026, 4, 6),)) == ["0"]
    assert minutes(monday, "Pacific/Auckland", (date(2026, 4, 5),)) == ["480"]


def test_an_opening_is_in_the_hours_and_a_closing_is_not() -> None:
    at = [datetime(2026, 2, 13, 9), datetime(2026, 2, 13, 17)]
    nudges = [at[0].replace(hour=8, minute=59, second=59, microsecond=999_999), *at]
    assert [is_open for _, is_open in business_us(OFFICE, "UTC", [(n, n) for n in nudges])] == [
        False,
        True,
        False,
    ]


def test_what_lies_far_away_is_counted_too() -> None:
    """A clock that was never set, and one that was set wrongly, are no reason to lose an event."""
    pairs = [
        (datetime(1969, 12, 31, 16, 50), datetime(1970, 1, 1, 9, 10)),
        (datetime(2199, 1, 3, 16, 50), datetime(2199, 1, 4, 9, 10)),
    ]
    assert [passed // _MINUTE for passed, _ in business_us(OFFICE, "UTC", pairs)] == [20, 20]
