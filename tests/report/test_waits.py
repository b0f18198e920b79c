"""How long leads waited, beside the response time from the anchor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import says
from tests.report.inboxes import reported_inbox
from timingctl.clocks.hours import business_hours
from timingctl.reports.formats import csv_text, markdown_text
from timingctl.reports.page import page

#: Of L: a campaign's message ends no wait, so a setter's answer 2 min after its anchor comes 30 min
#: after the lead's first message. The as-of is 12:00, when M has waited for 1 h and for 10 min.
TABLES = {
    "Message": """
        id | leadId | channel | sentAt   | direction | sentBy | sentByUserId | aiDraftId
        A  | L      | email   | 09:00:00 | in        |        |              |
        B  | L      | email   | 09:01:00 | out       |        |              |
        C  | L      | email   | 09:28:00 | in        |        |              |
        D  | L      | email   | 09:30:00 | out       | setter | mia          |
        E  | L      | sms     | 10:00:00 | in        |        |              |
        F  | L      | sms     | 10:05:00 | out       | ai     |              | d
        G  | M      | email   | 11:00:00 | in        |        |              |
        H  | M      | email   | 11:59:00 | in        |        |              |
        I  | M      | sms     | 11:50:00 | in        |        |              |
        J  | N      | email   | 08:00:00 | in        |        |              |
        K  | N      | email   | 08:10:00 | out       | setter |              |
        X  | N      | sms     | 12:00:00 | out       |        |              |
    """,
    "AIDraft": "id | triggerMessageId | channel\nd | E | sms",
    "Lead": "id | clientId | emailCampaignId\nL | K | C\nM | K | C\nN | O | ",
    "EmailCampaign": "id | autoSendDelayMinSeconds | autoSendDelayMaxSeconds\nC | 300 | 300",
}


def waits(folder: Path, **options: Any) -> Any:
    return reported_inbox(folder, TABLES, sections=["waits"], **options).document["waits"]


def test_waits_beside_responses(tmp_path: Path) -> None:
    """The setter without a user id ends a wait, and gives no response."""
    says(waits(tmp_path), """
        endedBy  | n | share | meanMs  | p50Ms   | p90Ms   | longestMs | withWindow
        setter   | 2 | 0.4   | 1200000 | 1200000 | 1680000 | 1800000   | 1
        ai       | 1 | 0.2   | 300000  | 300000  | 300000  | 300000    | 1
        answered | 3 | 0.6   | 900000  | 600000  | 1560000 | 1800000   | 2
        open     | 2 | 0.4   | 2100000 | 2100000 | 3300000 | 3600000   | 2
    """)  # fmt: skip
    assert [row["withWindowShare"] for row in waits(tmp_path)] == [0.5, 1, 2 / 3, 1]
    says(waits(tmp_path), """
        endedBy  | responses | responseMeanMs | responseP50Ms | responseP90Ms
        setter   | 1         | 120000         | 120000        | 120000
        ai       | 1         | 300000         | 300000        | 300000
        answered | 2         | 210000         | 210000        | 282000
        open     |           |                |               |
    """)  # fmt: skip


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"clients": ["O"]}, [1, 0, 1, 0, 0, 0]),
        ({"channels": ["sms"]}, [0, 1, 1, 1, 0, 1]),
        ({"window_from": datetime(2026, 2, 10, 10)}, [0, 1, 1, 2, 0, 1]),
        ({"window_to": datetime(2026, 2, 10, 9)}, [1, 0, 1, 0, 0, 0]),
        ({"hours": business_hours("Tue 09:00-10:00"), "only": "in-hours"}, [1, 0, 1, 0, 1, 0]),
        (
            {
                "hours": business_hours("Tue 12:00-13:00"),
                "only": "in-hours",
                "zone": "Europe/Berlin",
            },
            [0, 0, 0, 2, 0, 0],
        ),
        ({"responders": ["user:mia"]}, [2, 1, 3, 2, 1, 1]),
    ],
)
def test_filters(tmp_path: Path, asked: dict[str, Any], expected: list[int]) -> None:
    """Waits by setter, AI, either and open; responses by setter and AI."""
    rows = waits(tmp_path, **asked)
    assert [row["n"] for row in rows] + [row["responses"] for row in rows[:2]] == expected


def test_in_words(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, TABLES, sections=["waits"], html=tmp_path / "page.html")
    assert (
        "| Open | 2 | 40.0% | 35m00s | 55m00s | 35m00s | 1h00m | 100.0% | – | – | – | – |"
        in markdown_text(found)
    )
    assert csv_text(found).splitlines()[4].startswith("waits,open,2,0.4,2100000,2100000,3300000,")
    assert "Half of n = 3 answered waits lasted 10m00s or less" in page(found)
    assert "half of 2 responses came within 3m30s of the last, the anchor." in page(found)
    assert "Of 2 leads that still wait half have waited for 35m00s or more." in page(found)


@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_a_table_fits_the_width(tmp_path: Path, columns: str) -> None:
    waits(tmp_path)
    given = ("report", tmp_path / "inbox.duckdb", "--section", "waits", "-q")
    done = timingctl(*given, COLUMNS=columns)
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines()[1:])) <= int(columns)


def test_leads_may_wait_where_there_is_no_event(tmp_path: Path) -> None:
    message = "id | sentAt | direction\nA | 10:00:00 | in\nB | 10:03:00 | in"
    found = reported_inbox(tmp_path, {"Message": message}, html=tmp_path / "page.html")
    assert found.events == 0
    assert [row["n"] for row in found.document["waits"]] == [0, 0, 0, 1]
    assert "No events match." in page(found)
    assert "Waits of leads" in page(found)
    done = timingctl("report", tmp_path / "inbox.duckdb", "-q")
    assert "No events match." in done.out
    assert "Waiting now" in done.out
    assert "Overview" not in done.out


def test_no_messages_no_table(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, {"Message": "id | sentAt | direction"})
    assert [row["share"] for row in found.document["waits"]] == [None] * 4
    assert "Waits" not in markdown_text(found)
