"""Times as people say them, each worked by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import reported, write_events
from tests.tables import rows
from timingctl import api
from timingctl.clocks.said_times import said_time
from timingctl.errors import UsageError

#: Seen from Wednesday 2026-03-11 08:30 in Berlin, which is 07:30 UTC.
SAID = """
    text       | start               | end
    today      | 2026-03-11 00:00:00 |
    yesterday  | 2026-03-10 00:00:00 | 2026-03-11 00:00:00
    this-week  | 2026-03-09 00:00:00 |
    last-week  | 2026-03-02 00:00:00 | 2026-03-09 00:00:00
    this-month | 2026-03-01 00:00:00 |
    last-month | 2026-02-01 00:00:00 | 2026-03-01 00:00:00
    Last Month | 2026-02-01 00:00:00 | 2026-03-01 00:00:00
    wednesday  | 2026-03-11 00:00:00 |
    Monday     | 2026-03-09 00:00:00 |
    thursday   | 2026-03-05 00:00:00 |
    -7d        | 2026-03-04 08:30:00 |
    -4w        | 2026-02-11 08:30:00 |
    -12h       | 2026-03-10 19:30:00+00:00 |
    -90min     | 2026-03-11 06:00:00+00:00 |
"""
WEDNESDAY = datetime.fromisoformat("2026-03-11T07:30:00Z")


@pytest.mark.parametrize("case", rows(SAID), ids=str)
def test_what_is_said(case: dict[str, str]) -> None:
    said = said_time(case["text"])
    assert said is not None
    start, end = said.period("Europe/Berlin", WEDNESDAY)
    assert (str(start), str(end) if end else "") == (case["start"], case["end"])
    assert said.start("Europe/Berlin", WEDNESDAY) == start


@pytest.mark.parametrize(
    ("zone", "text", "start"),
    [
        ("Asia/Tokyo", "today", "2026-01-01 00:00:00"),
        ("Asia/Tokyo", "last-month", "2025-12-01 00:00:00"),
        ("America/New_York", "today", "2025-12-31 00:00:00"),
        ("America/New_York", "this-month", "2025-12-01 00:00:00"),
        ("America/New_York", "last-month", "2025-11-01 00:00:00"),
    ],
)
def test_the_day_is_that_of_the_zone(zone: str, text: str, start: str) -> None:
    """Seen from New Year's Eve, 20:00 in UTC."""
    said = said_time(text)
    assert said
    assert str(said.start(zone, datetime.fromisoformat("2025-12-31T20:00:00Z"))) == start


def test_days_back_are_by_the_clock_and_hours_are_not() -> None:
    """The clocks of Berlin were set forward the day before: its day had 23 hours."""
    monday = datetime.fromisoformat("2026-03-30T08:00:00+02:00")
    found = [said_time(text) for text in ("-2d", "-48h")]
    starts = [said and said.start("Europe/Berlin", monday) for said in found]
    assert [str(start) for start in starts] == ["2026-03-28 08:00:00", "2026-03-28 06:00:00+00:00"]


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "7d", "-7", "-7y", "+7d", "last-year", "--7d", "2026-02-10", "- 7d"]
)
def test_what_is_not_read(text: str) -> None:
    assert said_time(text) is None


#: The latest event was made on Wednesday.
EVENTS = """
    id | in                  | created
    m1 | 2026-02-20 09:00:00 | 2026-03-11 07:30:00
    m2 | 2026-03-06 09:00:00 | 2026-03-11 07:30:00
    m3 | 2026-03-09 22:59:59 | 2026-03-11 07:30:00
    m4 | 2026-03-09 23:00:00 | 2026-03-11 07:30:00
    m5 | 2026-03-10 23:00:00 | 2026-03-11 07:30:00
"""


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(
    ("options", "events"),
    [
        ({"from_": "yesterday"}, 1),
        ({"from_": "yesterday", "to": "2026-03-12"}, 2),
        ({"from_": "last-week"}, 1),
        ({"from_": "last-week", "to": "today"}, 3),
        ({"from_": "this-week"}, 3),
        ({"from_": "monday"}, 3),
        ({"from_": "-7d"}, 4),
        ({"from_": "last-month"}, 1),
        ({"to": "this-month"}, 1),
        ({"to": "-12h"}, 4),
        ({"from_": "-3d", "to": "-1d", "tz": "UTC"}, 2),
        ({"from_": "yesterday", "now": True}, 0),
    ],
)
def test_windows(tmp_path: Path, options: dict[str, Any], events: int) -> None:
    """Relative to the data's as-of: to the clock of this machine only where that is asked for."""
    path = write_events(tmp_path / "events.csv", EVENTS)
    found = api.report(path, **{"tz": "Europe/Berlin", "section": "overview"} | options)
    assert found.events == events


def test_the_header_names_the_instants(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    shown = timingctl("report", events, "--from", "last-week", "--tz", "Europe/Berlin")
    assert shown.code == 0
    assert "Inbounds from 2026-03-01 23:00:00Z to 2026-03-08 23:00:00Z" in shown.out
    shown = timingctl("report", events, "--from", "-7d", "--to", "-12h", "--json")
    assert '"from": "2026-03-04T07:30:00.000000Z"' in shown.out


def test_a_period_that_goes_on_has_no_end(tmp_path: Path) -> None:
    """Else a note would say that the window ends after the events do."""
    events = write_events(tmp_path / "events.csv", EVENTS)
    window = api.report(events, from_="this-week").document["window"]
    assert window["to"] == "2026-03-11T07:30:00.000000Z"


def test_without_events_there_is_nothing_to_be_relative_to(tmp_path: Path) -> None:
    found = reported(tmp_path, "id | in", window_from=said_time("yesterday"))
    assert found.events == 0


@pytest.mark.parametrize("text", ["tomorrow", "-7y"])
def test_what_is_told(tmp_path: Path, text: str) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    with pytest.raises(UsageError):
        api.report(events, from_=text)
    refused = timingctl("report", events, "--from", text)
    assert refused.code == 2
    said = " ".join(refused.err.split())
    assert f"{text!r} is no instant" in said
    assert "yesterday, this-week, last-week" in said
    assert "monday to sunday, -7d, -12h, -4w" in said


def test_a_time_before_all_years_is_told(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    refused = timingctl("report", events, "--from", "-999999w")
    assert (refused.code, refused.out) == (10, "")
    assert "-999999w in UTC is no instant of the years 1 to 9999." in refused.err
