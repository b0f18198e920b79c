"""What became of the jobs that send drafts: every outcome, every schedule; what is in no figure."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import says
from tests.report.inboxes import reported_inbox
from timingctl.clocks.hours import business_hours
from timingctl.inboxes.words import OUTCOMES, SCHEDULES
from timingctl.reports.files import write_tables
from timingctl.reports.formats import csv_text, markdown_text
from timingctl.reports.page import page

#: A lead a job, each written to at 10:00 by the lead; the delay chosen in campaign C is 300 s.
LEADS = """
    id  | clientId | emailCampaignId
    l1  | K        | C
    l2  | K        | C
    l3  | K        | C
    l4  | K        | C
    l5  | K        | C
    l6  | K        | C
    l7  | K        | C
    l8  | K        | C
    l9  | N        |
    l10 | K        | C
    l11 | K        | D
"""
TABLES = {
    "Message": """
        id  | leadId | channel | sentAt              | direction | sentBy | sentByUserId | aiDraftId
        m1  | l1     | email   | 10:00:00            | in        |        |              |
        n1  | l1     | email   | 10:05:12            | out       | ai     |              | d1
        m2  | l2     | email   | 10:00:00            | in        |        |              |
        n2  | l2     | email   | 10:20:41            | out       | ai     |              | d2
        m3  | l3     | sms     | 2026-02-17 10:00:00 | in        |        |              |
        n3  | l3     | sms     | 2026-02-17 10:30:00 | out       | setter | mia          |
        m4  | l4     | sms     | 10:00:00            | in        |        |              |
        n4  | l4     | email   | 10:02:00            | in        |        |              |
        m5  | l5     | email   | 10:00:00            | in        |        |              |
        n5  | l5     | email   | 10:01:00            | out       |        |              |
        m6  | l6     | email   | 10:00:00            | in        |        |              |
        m7  | l7     | email   | 10:00:00            | in        |        |              |
        m8  | l8     | email   | 10:00:00            | in        |        |              |
        m9  | l9     | email   | 10:00:00            | in        |        |              |
        n9  | l9     | email   | 10:05:20            | out       | ai     |              | d9
        m10 | l10    | email   | 10:00:00            | in        |        |              |
        m11 | l11    | email   | 10:00:00            | in        |        |              |
    """,
    "AIDraft": "id | triggerMessageId\n" + "\n".join(f"d{n} | m{n}" for n in range(1, 12)),
    "BackgroundJob": """
        id  | messageId | draftId | createdAt | runAt               | startedAt | attempts | status
        j1  | m1        | d1      |           | 10:05:00            | 10:05:10  |          |
        j2  | m2        | d2      | 10:20:00  | 10:20:30            | 10:20:40  |          |
        j3  | m3        | d3      |           | 2026-02-18 08:00:00 |           |          |
        j4  | m4        | d4      |           | 10:09:17            |           | 2        |
        j5  | m5        | d5      |           | 10:05:00            |           |          |
        j6  | m6        | d6      |           | 10:07:07            |           |          | FAILED
        j7  | m7        | d7      |           | 2026-03-20 08:00:01 |           |          |
        j8  | m8        | d8      |           | 10:01:00            |           |          |
        j9  | m9        | d9      |           | 10:05:00            | 10:05:10  |          |
        j10 | m10       | d10     |           | 1970-01-01 00:00:00 | 10:05:10  |          |
        j11 | m11       | d11     |           | 10:00:01            |           |          |
        j12 | gone      | d12     |           | 1970-01-01 00:00:00 | 10:05:10  |          |
    """,
    "Lead": LEADS,
    "EmailCampaign": """
        id | autoSendDelayMinSeconds | autoSendDelayMaxSeconds
        C  | 300                     | 300
        D  | 0                       | 86400
    """,
}


def jobs(folder: Path, **options: Any) -> Any:
    asked = {"build": {"delay_windows": "current"}, "sections": ["sending-jobs"], **options}
    found = reported_inbox(folder, TABLES, **asked)
    return found.document["sendingJobs"]


def test_every_outcome_and_schedule(tmp_path: Path) -> None:
    found = jobs(tmp_path)
    says(found["byOutcome"], """
        name          | jobs | sent | sentShare | late | queueP50Ms | queueP90Ms | sendP50Ms | sendP90Ms
        sent          | 3    | 3    | 1.0       | 1    | 10000      | 10000      | 2000      | 8400
        setterFirst   | 1    | 0    | 0.0       | 1    |            |            |           |
        newInbound    | 1    | 0    | 0.0       | 1    |            |            |           |
        otherOutbound | 1    | 0    | 0.0       | 0    |            |            |           |
        failed        | 1    | 0    | 0.0       | 1    |            |            |           |
        due           | 1    | 0    |           | 1    |            |            |           |
        unexplained   | 3    | 0    | 0.0       | 0    |            |            |           |
    """)  # fmt: skip  # noqa: E501
    says(found["bySchedule"], """
        name          | jobs | sent | lateShare
        match         | 2    | 1    | 0.0
        clamped       | 1    | 1    | 1.0
        opening       | 1    | 0    | 1.0
        retried       | 1    | 0    | 1.0
        later         | 2    | 0    | 1.0
        earlier       | 1    | 0    | 0.0
        outsideWindow | 1    | 0    | 0.0
        noWindow      | 2    | 1    |
    """)  # fmt: skip
    assert {row["name"] for row in found["byOutcome"]} == {*OUTCOMES}
    assert {row["name"] for row in found["bySchedule"]} == {*SCHEDULES} - {"implausible"}
    assert found["all"]["jobs"] == 11
    assert found["all"]["lateShare"] == 5 / 9
    assert found["all"]["sentShare"] == 3 / 10


def test_what_no_clock_gives_is_counted_apart(tmp_path: Path) -> None:
    """j10 ran 56 years before its message; of j12, whose message is not known, no clock tells."""
    found = reported_inbox(
        tmp_path, TABLES, sections=["sending-jobs"], build={"delay_windows": "current"}
    )
    figures = found.document["sendingJobs"]
    assert (figures["implausible"], figures["withoutInbound"]) == (1, 1)
    assert [row["period"] for row in figures["byPeriod"]] == ["2026-02-09", "2026-02-16"]
    assert sum(row["jobs"] for row in figures["byPeriod"]) == figures["all"]["jobs"] - 1
    assert (
        "sending-jobs: 1 of the jobs with an instant that no clock gives (more than a day before "
        "the inbound, or 365 days or more after it): counted as implausible, in no other figure."
        in found.notes
    )
    assert "| Implausible | 1 |" in markdown_text(found)
    assert "| Inbound not known | 1 |" in markdown_text(found)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"clients": ["N"]}, 1),
        ({"channels": ["sms"]}, 2),
        ({"window_from": datetime(2026, 2, 11)}, 1),
        ({"window_to": datetime(2026, 2, 11)}, 9),
        ({"hours": business_hours("Tue 10:00-10:01"), "only": "in-hours"}, 10),
        (
            {
                "hours": business_hours("Tue 10:00-10:01"),
                "only": "in-hours",
                "zone": "Europe/Berlin",
            },
            0,
        ),
        ({"responders": ["ai"]}, 11),
    ],
)
def test_filters(tmp_path: Path, asked: dict[str, Any], expected: int) -> None:
    found = jobs(tmp_path, **asked)
    assert found["all"]["jobs"] == expected
    assert sum(row["jobs"] for row in found["byOutcome"]) == expected


@pytest.mark.parametrize(
    ("period", "zone", "starts"),
    [
        ("day", "UTC", ["2026-02-10", "2026-02-17"]),
        ("day", "Pacific/Kiritimati", ["2026-02-11", "2026-02-18"]),
        ("month", "UTC", ["2026-02-01"]),
    ],
)
def test_periods_are_the_inbound_s(
    tmp_path: Path, period: str, zone: str, starts: list[str]
) -> None:
    found = jobs(tmp_path, by=[[period]], sections=["sending-jobs"], zone=zone)
    assert [row["period"] for row in found["byPeriod"]] == starts


def test_every_format(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"sections": ["sending-jobs"], "html": tmp_path / "page.html"}
    found = reported_inbox(tmp_path, TABLES, build={"delay_windows": "current"}, **asked)
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert [row["by"] for row in rows] == (
        ["all"] + ["outcome"] * 7 + ["schedule"] * 8 + ["period"] * 2
        + ["implausible", "withoutInbound"]
    )  # fmt: skip
    assert found.frames["sending-jobs"].schema["sentShare"] == pl.Float64
    [workbook] = write_tables(found, tmp_path / "report.xlsx")
    with zipfile.ZipFile(workbook) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()  # the first is about them all
    days = [(day - date(1899, 12, 30)).days for day in (date(2026, 2, 9), date(2026, 2, 16))]
    assert all(f"<v>{day}</v>" in sheet for day in days)
    text = page(found)
    assert "Trend of sending jobs" in text
    assert "Of n = 11 jobs, 30.0% of those that were due sent their draft" in text


@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_a_table_fits_the_width(tmp_path: Path, columns: str) -> None:
    reported_inbox(tmp_path, TABLES, build={"delay_windows": "current"}, sections=["overview"])
    given = ("report", tmp_path / "inbox.duckdb", "--section", "sending-jobs", "-q")
    done = timingctl(*given, COLUMNS=columns)
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines()[1:])) <= int(columns)
    assert "Something else was sent" in done.out


def test_no_jobs_no_table(tmp_path: Path) -> None:
    tables = {"Message": "id | sentAt | direction\nA | 10:00:00 | in"}
    found = reported_inbox(tmp_path, tables, html=tmp_path / "page.html")
    assert found.document["sendingJobs"]["all"]["jobs"] == 0
    assert found.document["sendingJobs"]["all"]["sentShare"] is None
    assert "Sending jobs" not in markdown_text(found)
    assert "Sending jobs" not in page(found)
