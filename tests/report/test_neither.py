"""Who answered first when neither a setter nor the AI's draft did."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import timingctl
from tests.cases import FIXTURES
from tests.report.cases import reported, says
from tests.report.inboxes import inbox, reported_inbox
from timingctl.clocks.hours import business_hours
from timingctl.reports.formats import csv_text, markdown_text

#: A thread a lead: who answers, and when. A setter with an id and the AI's own draft are no
#: neither; that is what the inbounds A and B are for.
TABLES = {
    "Message": """
        id | leadId | channel | sentAt   | direction | sentBy | sentByUserId | aiDraftId | source
        A  | L      | email   | 08:00:00 | in        |        |              |           |
        A1 | L      | email   | 08:01:00 | out       | setter | mia          |           |
        B  | L      | sms     | 08:00:00 | in        |        |              |           |
        B1 | L      | sms     | 08:02:00 | out       | ai     |              | dB        |
        C  | L      | chat1   | 09:00:00 | in        |        |              |           |
        C1 | L      | chat1   | 09:01:00 | out       | setter |              |           |
        D  | L      | chat2   | 09:00:00 | in        |        |              |           |
        D1 | L      | chat2   | 09:03:00 | out       | setter |              |           |
        E  | L      | chat3   | 08:59:00 | in        |        |              |           |
        E1 | L      | chat3   | 09:04:00 | out       | setter |              |           |
        F  | L      | chat4   | 11:00:00 | in        |        |              |           |
        F1 | L      | chat4   | 11:00:10 | out       | ai     |              |           |
        G  | L      | chat5   | 12:00:00 | in        |        |              |           |
        G1 | L      | chat5   | 12:10:00 | out       |        |              |           | campaign
        H  | M      | chat6   | 13:00:00 | in        |        |              |           |
        H1 | M      | chat6   | 15:00:00 | out       |        |              |           | import
    """,
    "AIDraft": "id | triggerMessageId | channel\ndB | B | sms",
    "Lead": "id | clientId\nL | K\nM | N",
}
EVERY = """
    firstOutboundBy | n | share              | p50Ms   | exampleInboundMessageId
    setterUnknown   | 3 | 0.5                | 180000  | E
    aiOther         | 1 | 0.16666666666666666 | 10000   | F
    campaign        | 1 | 0.16666666666666666 | 600000  | G
    other           | 1 | 0.16666666666666666 | 7200000 | H
"""


def kinds(folder: Path, **options: Any) -> dict[str, int]:
    found = reported_inbox(folder, TABLES, **options, sections=["neither"]).document["neither"]
    return {row["firstOutboundBy"]: row["n"] for row in found}


def test_every_kind(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, TABLES, sections=["overview", "neither"])
    says(found.document["neither"], EVERY)
    n = sum(row["n"] for row in found.document["neither"])
    assert n == found.document["overview"]["answered"]["byNeither"] == 6


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"clients": ["N"]}, {"other": 1}),
        ({"channels": ["chat1", "chat4"]}, {"setterUnknown": 1, "aiOther": 1}),
        ({"window_from": datetime(2026, 2, 10, 12)}, {"campaign": 1, "other": 1}),
        ({"window_to": datetime(2026, 2, 10, 9)}, {"setterUnknown": 1}),
        # Berlin is an hour ahead: 12:00 there is 11:00Z
        (
            {"window_from": datetime(2026, 2, 10, 12), "zone": "Europe/Berlin"},
            {"aiOther": 1, "campaign": 1, "other": 1},
        ),
        (
            {"hours": business_hours("Mon-Fri 09:00-12:00"), "only": "in-hours"},
            {"setterUnknown": 2, "aiOther": 1},
        ),
        (
            {
                "hours": business_hours("Tue 12:00-13:30"),
                "only": "in-hours",
                "zone": "Europe/Berlin",
            },
            {"aiOther": 1, "campaign": 1},
        ),
        ({"clients": ["nobody"]}, {}),
    ],
)
def test_filters(tmp_path: Path, asked: dict[str, Any], expected: dict[str, int]) -> None:
    assert kinds(tmp_path, **asked) == expected


def test_there_is_no_responder_to_filter_by(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, TABLES, responders=["ai"], sections=["neither"])
    says(found.document["neither"], EVERY)
    assert "--responder does not apply to neither." in found.notes


def test_only_an_inbox_tells(tmp_path: Path) -> None:
    found = reported(tmp_path, "in | setter\n10:00:00 | ", sections=["neither"])
    assert "neither" not in found.document
    assert found.notes[-1] == (
        "No neither: that needs an inbox. Make one by `timingctl build EXPORTS -o inbox.duckdb`, "
        "and report on it."
    )
    everything = reported(tmp_path, "in | setter\n10:00:00 | ")
    assert "neither" not in everything.document


def test_in_words(tmp_path: Path) -> None:
    found = reported_inbox(tmp_path, TABLES, sections=["neither"])
    text = markdown_text(found)
    assert "| A setter without a user id | 3 | 50.0% | 3m00s | E |" in text
    assert "| The AI, from another draft or none | 1 | 16.7% | 10.0s | F |" in text
    assert "| A campaign | 1 | 16.7% | 10m00s | G |" in text
    assert "| Somebody or something else | 1 | 16.7% | 2h00m | H |" in text
    assert csv_text(found).splitlines()[1] == "neither,setterUnknown,3,0.5,180000,E"


def test_a_report_without_any_has_no_table(tmp_path: Path) -> None:
    found = reported_inbox(
        tmp_path, {"Message": "id | sentAt | direction\nA | 10:00:00 | in"}, sections=["neither"]
    )
    assert found.document["neither"] == []
    assert "neither" not in markdown_text(found)
    assert csv_text(found).count("\n") == 1  # the header


def test_a_section_that_was_asked_for_and_has_nothing_is_told(tmp_path: Path) -> None:
    tables = {"Message": "id | sentAt | direction\nA | 10:00:00 | in\nB | 10:01:00 | out"}
    found = reported_inbox(tmp_path, tables, sections=["overview", "sending-jobs", "drift"])
    assert found.notes[-1] == "There is nothing in the sections drift and sending-jobs."
    assert not any("nothing" in note for note in reported_inbox(tmp_path, tables).notes)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_ids_are_whole_in_pipes(tmp_path: Path, columns: str) -> None:
    tables = {**TABLES, "Message": TABLES["Message"].replace(" E ", f" {'E' * 90} ")}
    reported_inbox(tmp_path, tables, sections=["neither"])
    done = timingctl(
        "report", tmp_path / "inbox.duckdb", "--section", "neither", "-q", COLUMNS=columns
    )
    assert (done.code, done.err) == (0, "")
    assert "E" * 90 in done.out


def test_exports_are_built_first(tmp_path: Path) -> None:
    done = timingctl("report", FIXTURES / "setter_without_user", "--section", "neither", "--json")
    report = timingctl(
        "report", inbox(tmp_path, FIXTURES / "setter_without_user"), "--section", "neither",
        "--json",
    )  # fmt: skip
    assert done.out == report.out
    assert '"firstOutboundBy": "setterUnknown"' in done.out
