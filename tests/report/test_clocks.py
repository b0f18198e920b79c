"""Clocks that are set: a time that they show twice is the first, one that they skip the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.report.cases import reported
from timingctl.clocks.hours import business_hours
from timingctl.reports.options import ReportOptions
from timingctl.reports.window import Window, window_of
from timingctl.warehouse import Resources, Warehouse, open_warehouse

EVENTS = "in | setter\n2026-10-25 00:30:00 | 2026-10-25 00:35:00"


@pytest.fixture(scope="module")
def session() -> Iterator[Warehouse]:
    with open_warehouse(Resources()) as warehouse:
        yield warehouse


@pytest.mark.parametrize(
    ("zone", "given", "instant"),
    [
        # midnight twice
        ("Atlantic/Azores", "2026-10-25 00:00", "2026-10-25 00:00:00"),
        ("Atlantic/Azores", "2026-10-25 00:30", "2026-10-25 00:30:00"),
        ("Atlantic/Azores", "2026-10-25 01:00", "2026-10-25 02:00:00"),
        ("Atlantic/Azores", "2026-10-26 00:00", "2026-10-26 01:00:00"),
        ("America/Havana", "2026-11-01 00:00", "2026-11-01 04:00:00"),
        ("America/St_Johns", "2010-11-07 00:00", "2010-11-07 02:30:00"),
        ("America/St_Johns", "2010-11-06 23:30", "2010-11-07 02:00:00"),
        # the hour before midnight twice
        ("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-18 01:30:00"),
        ("America/Sao_Paulo", "2018-02-18 00:00", "2018-02-18 03:00:00"),
        # no midnight
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00:00"),
        ("America/Asuncion", "2023-10-01 00:00", "2023-10-01 04:00:00"),
        ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00:00"),
        ("Asia/Beirut", "2026-03-29 00:30:15", "2026-03-28 22:00:00"),
        # not around midnight
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30:00"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00:00"),
        ("Europe/Berlin", "2026-02-10 12:34:56", "2026-02-10 11:34:56"),
        # half an hour, and a whole day
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45:00"),
        ("Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-04 15:30:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30:00"),
        ("Pacific/Apia", "2011-12-30 13:00", "2011-12-30 10:00:00"),
    ],
)
def test_the_ends_of_the_window(session: Warehouse, zone: str, given: str, instant: str) -> None:
    at = datetime.fromisoformat(given)
    asked = ReportOptions(Path("events.csv"), zone=zone, window_from=at, window_to=at)
    stands = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert window_of(session, asked, None) == Window(stands, stands)


def test_a_report_has_the_window(tmp_path: Path) -> None:
    at = datetime(2026, 10, 25, 2, 30)
    options: dict[str, Any] = {"zone": "Europe/Berlin", "sections": ["overview"]}
    found = reported(tmp_path, EVENTS, window_from=at, window_to=at, **options)
    stands = "2026-10-25T00:30:00.000000Z"
    assert found.document["window"] == {"from": stands, "to": stands}


#: The zone, an instant in UTC, and the day in which it lies.
DAYS = [
    ("Atlantic/Azores", "2026-10-24 23:59:59.999999", "2026-10-24"),
    ("Atlantic/Azores", "2026-10-25 00:00:00", "2026-10-25"),
    ("Atlantic/Azores", "2026-10-25 01:59:59", "2026-10-25"),
    ("Atlantic/Azores", "2026-10-26 00:59:59", "2026-10-25"),
    ("Atlantic/Azores", "2026-10-26 01:00:00", "2026-10-26"),
    ("Asia/Beirut", "2026-03-28 21:59:59", "2026-03-28"),
    ("Asia/Beirut", "2026-03-28 22:00:00", "2026-03-29"),
    ("America/Sao_Paulo", "2018-02-18 02:30:00", "2018-02-17"),
    ("America/Sao_Paulo", "2018-02-18 03:00:00", "2018-02-18"),
    # at 00:01 the clocks go back to 23:01: the day has started
    ("America/St_Johns", "2010-11-07 02:29:59", "2010-11-06"),
    ("America/St_Johns", "2010-11-07 02:30:30", "2010-11-07"),
    ("America/St_Johns", "2010-11-07 02:31:30", "2010-11-07"),
    ("America/St_Johns", "2010-11-07 03:29:59", "2010-11-07"),
    ("America/St_Johns", "2010-11-08 03:29:59", "2010-11-07"),
    ("America/St_Johns", "2010-11-08 03:30:00", "2010-11-08"),
    ("America/St_Johns", "2010-03-14 03:31:30", "2010-03-14"),
]


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(("zone", "instant", "day"), DAYS)
def test_a_day_is_from_its_first_midnight_to_the_next(
    session: Warehouse, tmp_path: Path, zone: str, instant: str, day: str
) -> None:
    events = f"in | setter | min | max | due\n{instant} | {instant[:4]}-12-30 | 1 | 2 | {instant}"
    options: dict[str, Any] = {"zone": zone, "sections": ["trend"], "by": [["day"]]}
    assert [row["period"] for row in reported(tmp_path, events, **options).document["trend"]] == [
        day
    ]
    # The window of that day has it, too.
    days = [datetime.fromisoformat(day) + timedelta(more) for more in (0, 1)]
    asked = ReportOptions(Path("e.csv"), zone=zone, window_from=days[0], window_to=days[1])
    window = window_of(session, asked, None)
    assert window.start
    assert window.end
    assert window.start <= datetime.fromisoformat(instant).replace(tzinfo=UTC) < window.end


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("zone", "day", "after", "inside"),
    [
        # no midnight at the start, none at the end, midnight twice, the day before left out
        ("America/Havana", "2026-03-08", "2026-03-09", "2026-03-08 21:00"),
        ("America/Havana", "2026-03-07", "2026-03-08", "2026-03-07 21:00"),
        ("Atlantic/Azores", "2026-10-25", "2026-10-26", "2026-10-25 21:00"),
        ("Pacific/Apia", "2011-12-31", "2012-01-01", "2011-12-31 05:00"),
        ("Pacific/Apia", "2011-12-29", "2011-12-30", "2011-12-29 21:00"),
    ],
)
def test_a_day_that_is_asked_for_from_end_to_end_is_whole(
    tmp_path: Path, zone: str, day: str, after: str, inside: str
) -> None:
    start, end, at = (datetime.fromisoformat(given) for given in (day, after, inside))
    events = "".join(f"\n{at + timedelta(days)} | {at + timedelta(days)}" for days in (-9, 0, 9))
    options: dict[str, Any] = {"zone": zone, "sections": ["trend"], "by": [["day"]]}
    found = reported(tmp_path, f"in | setter{events}", window_from=start, window_to=end, **options)
    assert [row["partial"] for _, rows in found.made() for row in _rows(rows)] == [False, False]


def _rows(figures: Any) -> Any:
    """Of the trend, and of a breakdown."""
    return figures["rows"] if isinstance(figures, dict) else figures


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("zone", "instant", "inside", "outside"),
    [
        # The clocks show 00:10 for the second time: what starts at 00:30 has started.
        ("Atlantic/Azores", "2026-10-25 01:10:00", "Sun 00:30-09:00", "Sun 00:00-00:30"),
        ("Atlantic/Azores", "2026-10-25 00:10:00", "Sun 00:00-00:30", "Sun 00:30-09:00"),
        ("America/St_Johns", "2010-11-07 02:45:00", "Sun 00:00-01:00", "Sat 23:00-24:00"),
        ("Europe/Berlin", "2026-10-25 01:10:00", "Sun 02:30-09:00", "Sun 02:00-02:30"),
        # The clocks leave 02:00 to 03:00 out.
        ("Europe/Berlin", "2026-03-29 01:00:00", "Sun 02:30-09:00", "Sun 02:00-02:30"),
        ("Asia/Beirut", "2026-03-28 22:00:00", "Sun 00:30-09:00", "Sat 00:00-24:00"),
    ],
)
def test_business_hours(tmp_path: Path, zone: str, instant: str, inside: str, outside: str) -> None:
    events = f"in | setter\n{instant} | {instant}.5"

    def counted(hours: str) -> int:
        asked: dict[str, Any] = {"hours": business_hours(hours), "only": "in-hours"}
        return reported(tmp_path, events, zone=zone, **asked, sections=["overview"]).events

    assert (counted(inside), counted(outside)) == (1, 0)
