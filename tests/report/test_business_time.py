"""Business time in each figure of a report: durations are, what the machine does is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import reported, says, write_events
from tests.report.inboxes import reported_inbox
from timingctl.clocks.hours import business_hours
from timingctl.reports.formats import csv_text, markdown_text

OFFICE: dict[str, Any] = {"hours": business_hours("Mon-Fri 09:00-17:00")}
#: 2026-02-10 is a Tuesday, 02-13 a Friday, 02-16 a Monday.
EVENTS = """
    id | in                  | setter              | ai                  | min | max | chosen | due
    m1 | 2026-02-13 16:50:00 | 2026-02-16 09:10:00 |                     |     |     |        |
    m2 | 2026-02-10 18:00:00 | 2026-02-10 20:00:00 | 2026-02-10 18:04:00 | 180 | 420 | 200    | 2026-02-10 18:03:20
    m3 | 2026-02-10 08:00:00 | 2026-02-10 09:05:00.0009 |                |     |     |        |
"""  # noqa: E501


def test_the_durations_of_each_section(tmp_path: Path) -> None:
    """m1 took 20 min and m3 5 min; m2 was answered while all was closed, first by the AI."""
    found = reported(tmp_path, EVENTS, **OFFICE).document
    speeds = found["overview"]["responseTime"]
    assert (speeds["setter"]["p50Ms"], speeds["ai"]["p50Ms"]) == (300_000, 0)
    assert speeds["first"]["meanMs"] == 500_000
    assert found["overview"]["firstBy"] == {"setter": 2, "ai": 1}
    counts = {row["bucket"]: row["n"] for row in found["responseTime"] if row["n"]}
    assert counts == {"<1min": 1, "5-15min": 1, "15-60min": 1}
    says(found["responders"], """
        key     | responses | p50Ms
        user:u1 | 2         | 750000
        ai      | 1         | 0
    """)  # fmt: skip
    says(found["trend"], "period | n | p50Ms\n2026-02-09 | 3 | 300000")
    cells = {(row["weekday"], row["hour"]): row["p50Ms"] for row in found["heatmap"] if row["n"]}
    assert cells == {("Tue", 8): 300_000, ("Tue", 18): 0, ("Fri", 16): 1_200_000}


def test_what_the_machine_does_is_on_the_clock_on_the_wall(tmp_path: Path) -> None:
    """m2's job was due 200 s after the inbound, and sent 40 s later, all after hours."""
    found = reported(tmp_path, EVENTS, **OFFICE).document
    assert [row["bucket"] for row in found["drift"] if row["n"]] == ["10-60s late"]
    assert [row["bucket"] for row in found["chosenDelay"] if row["n"]] == ["180-210s"]
    assert found["delayCheck"]["match"] == 1


def test_breakdowns_and_targets(tmp_path: Path) -> None:
    found = reported(tmp_path, EVENTS, by=[("weekday",)], responses="all", **OFFICE)
    [(_, figures)] = found.made()
    says(figures["rows"], """
        weekday | n | p50Ms     | within5minShare
        Tue     | 3 | 0         | 1.0
        Fri     | 1 | 1200000   | 0.0
    """)  # fmt: skip


#: As of Monday 09:30: l1 has waited since Friday 16:50, l2 since Saturday; Neither answered l3.
INBOX = {
    "Message": """
        id | leadId | direction | sentAt              | sentBy | sentByUserId
        a  | l1     | inbound   | 2026-02-13 16:50:00 |        |
        b  | l2     | inbound   | 2026-02-14 12:00:00 |        |
        c  | l3     | inbound   | 2026-02-13 16:00:00 |        |
        d  | l3     | outbound  | 2026-02-16 09:30:00 | setter |
    """,
    "Lead": "id\nl1\nl2\nl3",
}


def test_waits_and_neither(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, INBOX, **OFFICE).document
    says(found["waits"], """
        endedBy  | n | p50Ms     | longestMs
        setter   | 1 | 5400000 | 5400000
        ai       | 0 |           |
        answered | 1 | 5400000 | 5400000
        open     | 2 | 2100000 | 2400000
    """)  # fmt: skip
    says(found["neither"], "firstOutboundBy | n | p50Ms\nsetterUnknown | 1 | 5400000")


@pytest.mark.parametrize(("only", "open_inbounds"), [("in-hours", 1), ("after-hours", 1)])
def test_only_is_of_the_start_of_a_wait(tmp_path: Path, only: str, open_inbounds: int) -> None:
    found = reported_inbox(tmp_path, INBOX, only=only, **OFFICE, sections=["overview", "waits"])
    waits = {row["endedBy"]: row["n"] for row in found.document["waits"]}
    assert waits["open"] == open_inbounds == found.document["overview"]["open"]["inbounds"]
    left_out = 1 if only == "in-hours" else 2
    assert f"--only {only} leaves out {left_out} waits." in found.notes


def test_open_waits_of_breakdowns(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, INBOX, by=[("channel",)], **OFFICE)
    [(_, figures)] = found.made()
    assert (figures["total"]["open"], figures["total"]["longestOpenMs"]) == (2, 2_400_000)
    found = reported_inbox(tmp_path, INBOX, by=[("channel",)], only="after-hours", **OFFICE)
    [(_, figures)] = found.made()
    assert (figures["total"]["open"], figures["total"]["longestOpenMs"]) == (1, 1_800_000)


CLOCK = "Clock: business time, Mon-Fri 09:00-17:00 Europe/Berlin, 2 holidays"


@pytest.mark.wide
def test_every_output_names_the_clock(tmp_path: Path) -> None:
    days = tmp_path / "days.txt"
    days.write_text("2026-12-25\n2026-12-26\n2026-12-25\n")
    asked = {**OFFICE, "holidays": days, "zone": "Europe/Berlin"}
    page = tmp_path / "report.html"
    found = reported(tmp_path, EVENTS, **asked)
    filters = found.document["filters"]
    assert filters["clock"] == "business"
    assert filters["holidays"] == ["2026-12-25", "2026-12-26"]
    assert (filters["inHours"], filters["afterHours"]) == (1, 2)
    assert CLOCK in markdown_text(found)
    assert "inbounds 2 came outside" in markdown_text(found)
    options = ("--business-hours", "Mon-Fri  09:00-17:00", "--tz", "Europe/Berlin")
    events = write_events(tmp_path / "events.csv", EVENTS)
    shown = timingctl("report", events, *options, "--holidays", days, "--html", page)
    assert (shown.code, shown.err) == (0, shown.err)
    assert CLOCK in shown.out
    assert CLOCK in page.read_text(encoding="utf-8")
    assert csv_text(reported(tmp_path, EVENTS, **asked, sections=["trend"])).startswith("section,")


def test_a_holiday_s_figures(tmp_path: Path) -> None:
    """With the Friday off, m1's clock starts on Monday."""
    days = tmp_path / "days.txt"
    days.write_text("2026-02-13\n")
    found = reported(tmp_path, EVENTS, holidays=days, **OFFICE).document
    assert found["overview"]["responseTime"]["setter"]["n"] == 3
    assert found["overview"]["responseTime"]["setter"]["meanMs"] == (600_000 + 0 + 300_000) / 3


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--only", "in-hours"], 10, "--only needs --business-hours"),
        (["--holidays", "days.txt"], 10, "--holidays needs --business-hours"),
        (
            ["--business-hours", "Mon-Fri 09:00-17:00", "--holidays", "days.txt"],
            11,
            "row 2, column date: '26.12.2026' is no date",
        ),
        (
            ["--business-hours", "Mon-Fri 09:00-17:00", "--holidays", "none.txt"],
            11,
            "none.txt does not exist",
        ),
        (["--only", "weekend"], 2, "weekend"),
        (["--business-hours", "Mon-Fri 9-17"], 2, "is not like Mon-Fri 09:00-17:00"),
    ],
)
def test_what_cannot_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("days.txt").write_text("2026-12-25\n26.12.2026\n")
    refused = timingctl("report", write_events(tmp_path / "events.csv", EVENTS), *arguments)
    assert refused.code == code
    assert why in " ".join(refused.err.split())
