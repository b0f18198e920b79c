"""Window, zone and business hours; what the filters let pass."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.report.cases import reported
from timingctl.clocks.hours import business_hours
from timingctl.errors import SettingsError
from timingctl.reports.header import header
from timingctl.reports.options import ONLY


def test_a_bare_time_is_on_the_zone_s_clock(tmp_path: Path) -> None:
    found = reported(
        tmp_path, "in | setter",
        window_from=datetime(2026, 3, 1), window_to=datetime(2026, 4, 1), zone="Europe/Berlin",
    sections=["overview"],)  # fmt: skip
    assert found.document["window"] == {
        "from": "2026-02-28T23:00:00.000000Z",
        "to": "2026-03-31T22:00:00.000000Z",
    }
    found = reported(
        tmp_path, "in | setter",
        window_from=datetime(2026, 3, 1, tzinfo=UTC), zone="Europe/Berlin",
    sections=["overview"],)  # fmt: skip
    assert found.document["window"] == {"from": "2026-03-01T00:00:00.000000Z", "to": None}


def test_an_unknown_zone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'Mars/Olympus' is no time zone"):
        reported(tmp_path, "in | setter", zone="Mars/Olympus", sections=["overview"])


@pytest.mark.parametrize(
    ("given", "meant"),
    [("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"),
     ("new york", "America/New_York"), ("utc", "UTC"), ("Europe/Berln", "Europe/Berlin")],
)  # fmt: skip
def test_the_zone_that_may_be_meant_is_named(tmp_path: Path, given: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"is no time zone; did you mean {meant}[?]"):
        reported(tmp_path, "in | setter", zone=given, sections=["overview"])


def test_several_values_of_a_filter_are_any_of_them(tmp_path: Path) -> None:
    events = """
        channel | client | in       | setter   | by | ai
        email   | K      | 10:00:00 | 10:00:01 | u1 |
        sms     | K      | 10:00:00 | 10:00:01 | u2 |
        fax     | K2     | 10:00:00 |          |    | 10:00:01
        fax     | K2     | 10:00:00 |          |    |
    """

    def count(**filters: Any) -> int:
        return reported(tmp_path, events, **filters, sections=["overview"]).events

    assert count() == 4
    assert count(channels=["email", "sms"]) == 2
    assert count(channels=["Email"]) == 0
    assert count(clients=["K2"]) == 2
    assert count(responders=["ai", "user:u1"]) == 2
    assert count(responders=["user:u1"], channels=["sms"]) == 0


#: 2026-02-10 is a Tuesday, 02-14 a Saturday.
def test_only_keeps_inbounds_by_when_they_came(tmp_path: Path) -> None:
    events = """
        id | in                  | setter
        m1 | 09:00:00            | 20:00:00
        m2 | 16:59:59.999999     | 17:00:00
        m3 | 17:00:00            | 2026-02-11 10:00:00
        m4 | 08:59:59.999999     | 10:00:00
        m5 | 2026-02-14 10:00:00 |
    """
    asked: dict[str, Any] = {"hours": business_hours("Mon-Fri 09:00-17:00")}
    found = {
        only: reported(tmp_path, events, **asked, only=only, sections=["overview"])
        for only in (None, *ONLY)
    }
    assert [report.events for report in found.values()] == [5, 2, 3]
    for report in found.values():
        filters = report.document["filters"]
        assert (filters["inHours"], filters["afterHours"]) == (2, 3)
    assert [list(header(report))[-1] for report in found.values()] == [
        "Of 5 inbounds 3 came outside business hours: their clocks start at the next opening.",
        "Only what came in business hours: of 5 inbounds 3 are left out.",
        "Only what came outside business hours: of 5 inbounds 2 are left out.",
    ]
    one = reported(tmp_path, "in\n17:00:00", **asked, sections=["overview"])
    assert "Of 1 inbound 1 came outside business hours: " in list(header(one))[-1]
    none = reported(tmp_path, events, **asked, clients=["nobody"], sections=["overview"])
    assert not [line for line in header(none) if " inbounds " in line]


@pytest.mark.parametrize(
    ("zone", "inbound", "inside"),
    [
        ("Europe/Berlin", "2026-03-27 08:00:00", True),  # 09:00 in winter
        ("Europe/Berlin", "2026-03-27 07:59:59", False),
        ("Europe/Berlin", "2026-03-30 07:00:00", True),  # 09:00 in summer
        ("Europe/Berlin", "2026-03-30 06:59:59", False),
        ("UTC", "2026-03-30 07:00:00", False),
        ("America/New_York", "2026-03-30 13:00:00", True),
    ],
)
def test_business_hours_follow_the_clock_on_the_wall(
    tmp_path: Path, zone: str, inbound: str, inside: bool
) -> None:
    asked: dict[str, Any] = {"hours": business_hours("Mon-Fri 09:00-17:00"), "zone": zone}
    assert (
        reported(tmp_path, f"in\n{inbound}", **asked, only="in-hours", sections=["overview"]).events
        == inside
    )


def test_hours_do_not_choose_the_response_that_counts(tmp_path: Path) -> None:
    events = """
        id | lead | in       | setter
        m1 | l1   | 08:00:00 | 08:05:00
        m2 | l1   | 10:00:00 | 10:05:00
    """
    found = reported(
        tmp_path,
        events,
        "id | booked\nl1 | 2026-02-11",
        hours=business_hours("Mon-Sun 09:00-17:00"),
        only="in-hours",
        sections=["response-time"],
    )
    assert (found.events, sum(row["booked"] for row in found.document["responseTime"])) == (1, 0)


@pytest.mark.parametrize("option", [{"only": "in-hours"}, {"holidays": Path("days.txt")}])
def test_what_needs_business_hours(tmp_path: Path, option: dict[str, Any]) -> None:
    [name] = option
    with pytest.raises(SettingsError, match=f"--{name} needs --business-hours, such as"):
        reported(tmp_path, "in | setter\n10:00:00 | 11:00:00", **option, sections=["overview"])


def test_reading_business_hours() -> None:
    def spans(text: str) -> list[tuple[int, float, float]]:
        hour = 3_600_000_000
        return [
            (span.weekday, span.start_us / hour, span.end_us / hour)
            for span in business_hours(text).spans
        ]

    assert spans("Mon 09:00-17:30") == [(1, 9, 17.5)]
    assert spans("sat-mon 00:00-24:00") == [(1, 0, 24), (6, 0, 24), (7, 0, 24)]
    assert spans("Mon,Wed 9:00-10:00".replace(" 9", " 09")) == [(1, 9, 10), (3, 9, 10)]
    assert spans("Fri 13:00-17:00; Fri 09:00-12:00") == [(5, 9, 12), (5, 13, 17)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not like Mon-Fri"),
        ("Mon-Fri 9-17", "is not like Mon-Fri"),
        ("Mo 09:00-17:00", "'Mo' is no day"),
        ("Mon 09:00-24:01", "24:01 is no time"),
        ("Mon 09:60-17:00", "09:60 is no time"),
        ("Mon 22:00-06:00", "ends before it starts"),
        ("Mon 09:00-09:00", "ends before it starts"),
    ],
)
def test_hours_that_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        business_hours(text)
