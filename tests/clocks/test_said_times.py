"""What people say of time: each word as of one instant, on the clock of a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.tables import rows
from timingctl.clocks.said_times import said, start, window
from timingctl.errors import UsageError

#: A Wednesday: 18 February 2026, 14:30 in Berlin.
AS_OF = datetime(2026, 2, 18, 13, 30, tzinfo=UTC)
#: In Berlin, as of then; an empty end: none.
WINDOWS = """
    from       | to        | starts           | ends
    today      |           | 2026-02-18T00:00 |
    yesterday  |           | 2026-02-17T00:00 | 2026-02-18T00:00
    yesterday  | now       | 2026-02-17T00:00 |
    yesterday  | today     | 2026-02-17T00:00 | 2026-02-18T00:00
    this-week  |           | 2026-02-16T00:00 |
    last-week  |           | 2026-02-09T00:00 | 2026-02-16T00:00
    last-week  | today     | 2026-02-09T00:00 | 2026-02-18T00:00
    this-month |           | 2026-02-01T00:00 |
    last-month |           | 2026-01-01T00:00 | 2026-02-01T00:00
    last-month | this-week | 2026-01-01T00:00 | 2026-02-16T00:00
    monday     |           | 2026-02-16T00:00 |
    monday     | tuesday   | 2026-02-16T00:00 | 2026-02-17T00:00
    wednesday  |           | 2026-02-18T00:00 |
    thursday   |           | 2026-02-12T00:00 |
    -7d        |           | 2026-02-11T14:30 |
    -4w        | -1d       | 2026-01-21T14:30 | 2026-02-17T14:30
    -12h       |           | 2026-02-18T02:30 |
    -90min     |           | 2026-02-18T13:00 |
               | yesterday |                  | 2026-02-17T00:00
               | last-week |                  | 2026-02-09T00:00
               | now       |                  |
"""


def told(at: datetime | None, zone: str) -> str:
    """The time on the clock of the zone."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at.tzinfo else at
    return local.isoformat(timespec="minutes")


@pytest.mark.parametrize("row", rows(WINDOWS), ids=lambda row: f"{row['from']}..{row['to']}")
def test_windows(row: dict[str, str]) -> None:
    since, until = (said(row[name]) if row[name] else None for name in ("from", "to"))
    starts, ends = window(since, until, "Europe/Berlin", AS_OF)
    got = told(starts, "Europe/Berlin"), told(ends, "Europe/Berlin")
    assert got == (row["starts"], row["ends"])


@pytest.mark.parametrize(
    ("as_of", "zone", "word", "starts"),
    [
        # the day is that of the zone
        ("2026-02-18T23:30", "Europe/Berlin", "today", "2026-02-19T00:00"),
        ("2026-02-18T03:00", "America/New_York", "today", "2026-02-17T00:00"),
        ("2026-03-01T03:00", "America/New_York", "this-month", "2026-02-01T00:00"),
        # a Monday is the latest one
        ("2026-02-16T12:00", "UTC", "monday", "2026-02-16T00:00"),
        ("2026-02-16T00:00", "UTC", "monday", "2026-02-16T00:00"),
        ("2026-02-15T23:59", "UTC", "monday", "2026-02-09T00:00"),
        ("2026-02-15T23:59", "UTC", "last-week", "2026-02-02T00:00"),
        # over the year
        ("2026-01-01T10:00", "UTC", "last-month", "2025-12-01T00:00"),
        ("2026-01-01T10:00", "UTC", "yesterday", "2025-12-31T00:00"),
        ("2024-03-01T10:00", "UTC", "yesterday", "2024-02-29T00:00"),
        # days are of the clock, hours pass: the clocks went on at 01:00Z of 29 March
        ("2026-03-29T10:00", "Europe/Berlin", "-1d", "2026-03-28T12:00"),
        ("2026-03-29T10:00", "Europe/Berlin", "-24h", "2026-03-28T11:00"),
    ],
)
def test_where_a_word_starts(as_of: str, zone: str, word: str, starts: str) -> None:
    reference = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    assert told(start(word, zone, reference), zone) == starts


@pytest.mark.parametrize("period", ["this-month", "last-month"])
def test_a_month_ends_where_the_next_begins(period: str) -> None:
    """In each month of some years, a leap year among them, from its last day."""
    firsts = [
        datetime(year, month, 1, tzinfo=UTC) for year in (2023, 2024) for month in range(1, 13)
    ]
    for before, first, after in zip(firsts, firsts[1:], firsts[2:], strict=False):
        as_of = after - (after - first) / 100
        starts, ends = window(period, None, "UTC", as_of)
        expected = (first, None) if period == "this-month" else (before, first)
        assert (starts, ends) == tuple(at and at.replace(tzinfo=None) for at in expected)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Yesterday", "yesterday"), (" today ", "today"), ("LAST WEEK", "last-week"),
        ("last_month", "last-month"), ("Mon", "monday"), ("sun", "sunday"), ("-7D", "-7d"),
        ("now", "now"),
    ],
)  # fmt: skip
def test_words_in_other_letters(text: str, word: str) -> None:
    assert said(text) == word


def test_an_instant_is_an_instant() -> None:
    assert said("2026-02-10") == datetime(2026, 2, 10)
    assert said("2026-02-10T12:00:00Z") == datetime(2026, 2, 10, 12, tzinfo=UTC)
    at = datetime(2026, 2, 10, 12)
    assert said(at) is at
    assert window(at, None, "UTC", AS_OF) == (at, None)


@pytest.mark.parametrize(
    "text", ["", "gestern", "tomorrow", "7d", "-7", "-7m", "-7y", "+7d", "last", "week", "-123456d"]
)
def test_what_is_not_read_names_what_is(text: str) -> None:
    with pytest.raises(UsageError, match=r"or one of: today, yesterday, this-week, .*-4w, now"):
        said(text)


def test_without_data_a_word_means_nothing() -> None:
    assert window("last-week", "today", "UTC", None) == (None, None)
