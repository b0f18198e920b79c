"""Durations in business time: over all inbounds, in every section and every output."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import reported, says, write_events
from tests.report.inboxes import reported_inbox
from timingctl.clocks.hours import business_hours
from timingctl.reports.files import write_tables
from timingctl.reports.formats import json_text, markdown_text
from timingctl.reports.header import header
from timingctl.reports.page import page

OFFICE = business_hours("Mon-Fri 09:00-17:00")
#: 13 February 2026 is a Friday.
EVENTS = """
    id | in                      | setter                  | ai
    m1 | 2026-02-13 16:50:00     | 2026-02-16 09:10:00     |
    m2 | 2026-02-13 20:00:00     | 2026-02-16 09:10:00     |
    m3 | 2026-02-13 16:50:00     | 2026-02-14 12:00:00     |
    m4 | 2026-02-14 10:00:00     |                         | 2026-02-14 10:05:00
    m5 | 2026-02-12 10:00:00     |                         | 2026-02-12 10:05:00
    m6 | 2026-02-12 16:59:00.001 | 2026-02-13 09:00:00.0009 |
    m7 | 2026-02-12 10:00:00     |                         |
"""


@pytest.mark.parametrize(
    ("number", "ms"),
    [
        (1, 1_200_000),  # 10 min on Friday, 10 on Monday
        (2, 600_000),  # an inbound outside: from the next opening
        (3, 600_000),  # an answer outside: to the closing
        (4, 0),  # both while it was closed
        (5, 300_000),
        (6, 60_000 - 1),  # 59.999 s and 0.9 ms: floor
        (7, None),
    ],
)
def test_an_event_by_hand(tmp_path: Path, number: int, ms: int | None) -> None:
    head, *events = EVENTS.strip().splitlines()
    found = reported(tmp_path, f"{head}\n{events[number - 1]}", hours=OFFICE)
    assert found.events == 1
    assert found.document["overview"]["responseTime"]["first"]["p50Ms"] == ms


def test_nothing_is_left_out(tmp_path: Path) -> None:
    counted = [reported(tmp_path, EVENTS, hours=hours).document for hours in (OFFICE, None)]
    business, elapsed = (document["overview"] for document in counted)
    assert business["events"] == elapsed["events"] == 7
    assert business["answered"] == elapsed["answered"]
    assert business["responseTime"]["first"]["p50Ms"] == 450_000
    assert elapsed["responseTime"]["first"]["p50Ms"] == (57_659_999 + 69_000_000) / 2
    filters = counted[0]["filters"]
    assert (filters["clock"], filters["inHours"], filters["afterHours"]) == ("business", 5, 2)
    filters = counted[1]["filters"]
    assert (filters["clock"], filters["inHours"], filters["afterHours"]) == ("elapsed", None, None)


def test_who_was_first_is_decided_by_instants(tmp_path: Path) -> None:
    """At night both take no business time; the AI came first."""
    events = "in | setter | ai\n2026-02-14 10:00:00 | 2026-02-14 12:00:00 | 2026-02-14 11:00:00"
    overview = reported(tmp_path, events, hours=OFFICE).document["overview"]
    assert overview["firstBy"] == {"setter": 0, "ai": 1}
    assert overview["responseTime"]["setter"]["p50Ms"] == 0
    assert overview["responseTime"]["ai"]["p50Ms"] == 0


def test_every_section_is_in_business_time(tmp_path: Path) -> None:
    """Friday 16:50 to Monday 09:10: in buckets, of the responder, in the trend and the heatmap."""
    events = "in | setter\n2026-02-13 16:50:00 | 2026-02-16 09:10:00"
    document = reported(tmp_path, events, hours=OFFICE).document
    buckets = {row["bucket"]: row["n"] for row in document["responseTime"]}
    assert (buckets["15-60min"], buckets[">24hr"]) == (1, 0)
    assert [row["p50Ms"] for row in document["responders"]] == [1_200_000]
    assert [(row["period"], row["p50Ms"]) for row in document["trend"]] == [
        ("2026-02-09", 1_200_000)
    ]
    cells = {(row["weekday"], row["hour"]): row["p50Ms"] for row in document["heatmap"]}
    assert cells["Fri", 16] == 1_200_000


def test_the_machine_stays_on_the_clock_on_the_wall(tmp_path: Path) -> None:
    """At night a chosen delay of 300 s was kept: drift and delay check say so, as without hours."""
    events = """
        in                  | ai                  | min | max | chosen | due
        2026-02-14 10:00:00 | 2026-02-14 10:05:02 | 180 | 420 | 300    | 2026-02-14 10:05:00
    """
    documents = [reported(tmp_path, events, hours=hours).document for hours in (OFFICE, None)]
    for section in ("drift", "chosenDelay", "delayCheck"):
        assert documents[0][section] == documents[1][section]
    assert documents[0]["delayCheck"]["match"] == 1
    assert documents[0]["overview"]["responseTime"]["ai"]["p50Ms"] == 0


TABLES = {
    "Message": """
        id | leadId | sentAt              | direction | sentBy | sentByUserId
        A  | L      | 2026-02-13 16:50:00 | in        |        |
        A1 | L      | 2026-02-16 09:10:00 | out       | setter | mia
        B  | M      | 2026-02-13 16:00:00 | in        |        |
        C  | N      | 2026-02-14 12:00:00 | in        |        |
        D  | O      | 2026-02-13 16:30:00 | in        |        |
        D1 | O      | 2026-02-16 09:20:00 | out       | setter |
    """,
    "Lead": "id | clientId\nL | K\nM | K\nN | K\nO | K",
}


def test_waits_and_open_ones(tmp_path: Path) -> None:
    """The as-of is Monday 09:20: B has waited for 80 min, C for 20."""
    asked: dict[str, Any] = {"hours": OFFICE, "sections": ["waits", "neither", "overview"]}
    found = reported_inbox(tmp_path, TABLES, **asked)
    says(found.document["waits"], """
        endedBy  | n | p50Ms   | longestMs | responses | responseP50Ms
        setter   | 2 | 2100000 | 3000000   | 1         | 1200000
        ai       | 0 |         |           | 0         |
        answered | 2 | 2100000 | 3000000   | 1         | 1200000
        open     | 2 | 3000000 | 4800000   |           |
    """)  # fmt: skip
    says(found.document["neither"], """
        firstOutboundBy | n | p50Ms
        setterUnknown   | 1 | 3000000
    """)  # fmt: skip
    assert found.document["overview"]["open"] == {"inbounds": 2, "threads": 2}


@pytest.mark.parametrize(
    ("only", "waits", "opened", "left_out"),
    [("in-hours", [2, 1], 1, [1, 1]), ("after-hours", [0, 1], 1, [3, 1])],
)
def test_only_tells_what_it_leaves_out(
    tmp_path: Path, only: str, waits: list[int], opened: int, left_out: list[int]
) -> None:
    sections = ["waits", "overview", "sending-jobs"]
    found = reported_inbox(tmp_path, TABLES, hours=OFFICE, only=only, sections=sections)
    rows = {row["endedBy"]: row["n"] for row in found.document["waits"]}
    assert [rows["answered"], rows["open"]] == waits
    assert found.document["overview"]["open"]["inbounds"] == opened
    for number, what in zip(
        (*left_out, 0), ("waits", "open inbounds", "sending jobs"), strict=True
    ):
        assert f"--only {only} leaves out {number} {what}." in found.notes


def test_holidays_are_closed(tmp_path: Path) -> None:
    days = tmp_path / "days.txt"
    days.write_text("2026-02-13\n")
    events = "in | setter\n2026-02-13 16:50:00 | 2026-02-16 09:10:00"
    document = reported(tmp_path, events, hours=OFFICE, holidays=days).document
    assert document["overview"]["responseTime"]["first"]["p50Ms"] == 600_000
    assert document["filters"]["holidays"] == ["2026-02-13"]
    assert document["filters"]["afterHours"] == 1


def test_every_output_names_the_filters_and_the_clock(tmp_path: Path) -> None:
    days = tmp_path / "days.txt"
    days.write_text("2026-12-25\n2026-12-26\n2027-01-01\n")
    found = reported(
        tmp_path, EVENTS, hours=OFFICE, holidays=days, zone="Europe/Berlin", channels=["email"],
        html=tmp_path / "page.html",
    )  # fmt: skip
    said = [
        "Only channels email.",
        "Clock: business time, Mon-Fri 09:00-17:00 Europe/Berlin, 3 holidays",
        "Chosen and actual delays, drift, the delay check and sending jobs: elapsed time.",
        "Of 7 inbounds 5 came outside business hours: their clocks start at the next opening.",
    ]
    assert list(header(found))[1:] == said
    write_tables(found, tmp_path / "report.xlsx")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as book:
        words = book.read("xl/sharedStrings.xml").decode()
        sheets = book.read("xl/workbook.xml").decode()
    assert sheets.index('name="about"') < sheets.index('name="overview"')
    for text in (markdown_text(found), page(found), words):
        assert all(sentence in text for sentence in said)
    assert '"clock": "business"' in json_text(found)
    done = timingctl(
        *("report", tmp_path / "events.csv", "--business-hours", OFFICE.text, "--holidays", days),
        *("--tz", "Europe/Berlin", "--channel", "email", "-q"),
    )
    assert done.out.splitlines()[1:5] == said


def test_without_hours_the_clock_is_named_too(tmp_path: Path) -> None:
    assert list(header(reported(tmp_path, EVENTS)))[1:] == ["Clock: elapsed time, UTC"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (
            ("--only", "in-hours"),
            10,
            '--only needs --business-hours, such as --business-hours "Mon',
        ),
        (("--holidays", "days.txt"), 10, "--holidays needs --business-hours"),
        (("--only", "weekends"), 2, "'weekends' is not one of 'in-hours', 'after-hours'"),
        (("--business-hours", "Mon 9-5"), 2, "'Mon 9-5' is not like Mon-Fri 09:00-17:00."),
    ],
)
def test_options_that_cannot_be(
    tmp_path: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    done = timingctl("report", write_events(tmp_path / "events.csv", EVENTS), *options)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_bad_day_is_told_with_its_place(tmp_path: Path) -> None:
    days = tmp_path / "days.txt"
    days.write_text("2026-12-25\nBoxing Day\n")
    events = write_events(tmp_path / "events.csv", EVENTS)
    done = timingctl("report", events, "--business-hours", OFFICE.text, "--holidays", days)
    assert (done.code, done.out) == (11, "")
    assert f"{days}, row 2, column date: 'Boxing Day' is no date; write a date a" in done.err
