"""The summary: what matters most, on one screen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl
from tests.cli.terminal import at_a_terminal
from tests.report.cases import reported, write_events
from tests.report.inboxes import reported_inbox
from tests.tables import write_exports
from timingctl.reports.sections.summary import MORE

#: Waits of 1, 2 and 5 minutes that were answered, and two open ones, of 2 and 10 minutes at 9:10.
TABLES = {
    "Message": """
        id | leadId | direction | sentAt   | sentBy | sentByUserId
        a1 | l1     | in        | 09:00:00 |        |
        a2 | l1     | out       | 09:01:00 | setter | u1
        b1 | l2     | in        | 09:00:00 |        |
        b2 | l2     | out       | 09:02:00 | setter | u1
        c1 | l3     | in        | 09:00:00 |        |
        c2 | l3     | out       | 09:05:00 | setter | u1
        d1 | l4     | in        | 09:08:00 |        |
        e1 | l5     | in        | 09:00:00 |        |
        f1 | l6     | out       | 09:10:00 | setter | u1
    """,
    "Lead": "id | clientId\nl1 | K\nl2 | K\nl3 | K\nl4 | K\nl5 | K\nl6 | K",
}


def test_the_median_wait_counts_the_open_ones(tmp_path: Path) -> None:
    """By hand: 4/5, then 3/4 of that, then 1/2 of that: under a half at 5 minutes."""
    found = reported_inbox(tmp_path, TABLES, sections=["summary"]).document["summary"]
    assert found["medianWaitMs"] == 300_000
    assert (found["open"], found["longestOpenMs"]) == (2, 600_000)
    assert found["p50Ms"] == 120_000  # of the answered alone
    assert found["within"] == {"1min": 1 / 3, "5min": 1.0, "15min": 1.0, "1h": 1.0}


def test_of_less_than_half_nothing_is_known(tmp_path: Path) -> None:
    message = "id | leadId | direction | sentAt\nA | l1 | in | 10:00:00\nB | l2 | in | 10:03:00"
    lead = "id | clientId\nl1 | K\nl2 | K"
    tables = {"Message": message, "Lead": lead}
    found = reported_inbox(tmp_path, tables, sections=["summary"]).document["summary"]
    assert (found["medianWaitMs"], found["open"]) == (None, 2)
    shown = timingctl("report", tmp_path / "inbox.duckdb").out
    assert "less than half are answered so far" in shown


@pytest.mark.wide
def test_what_is_open_is_told_where_nothing_is_answered(tmp_path: Path) -> None:
    """By the summary, named or not, and by breakdowns; not by what is of answers alone."""
    message = """
        id | leadId | direction | sentAt
        a  | l1     | in        | 09:00:00
        b  | l2     | in        | 09:10:00
    """
    tables = {"Message": message, "Lead": "id | clientId\nl1 | K\nl2 | K"}
    reported_inbox(tmp_path, tables, sections=["overview"])

    def shown(*given: str) -> list[str]:
        lines = timingctl("report", tmp_path / "inbox.duckdb", *given).out.splitlines()
        assert lines[2] == "No events match."
        return lines[3:]

    assert shown("--section", "summary") == shown() != []
    assert "Waiting now  2, the longest 10m00s (who: timingctl list INBOX open)" in shown()
    assert shown("--by", "client")[-1].split() == ["K", "0", *["–"] * 7, "2", "–"]
    assert shown("--section", "trend") == shown("--by", "setter") == []
    assert "Unknown" not in timingctl("report", tmp_path / "inbox.duckdb", "--client", "K").err


def test_it_fits_a_screen(tmp_path: Path) -> None:
    """A line a question, broken at blanks where it is longer than the screen."""
    reported_inbox(tmp_path, TABLES, sections=["overview"])
    _, told = at_a_terminal("stdout", "report", tmp_path / "inbox.duckdb", "-q")
    lines = re.sub(r"\x1b\[[0-9;?]*m", "", told).splitlines()
    assert max(map(len, lines)) <= 80
    assert next(line for line in lines if line.startswith("Waiting now")).split()[2] == "2,"
    [place] = [number for number, line in enumerate(lines) if line.startswith("More")]
    assert " ".join(f"{lines[place]} {lines[place + 1]}".split()) == f"More {MORE}"


@pytest.mark.wide
def test_what_it_says_to_ask_next_can_be_asked(tmp_path: Path) -> None:
    reported_inbox(tmp_path, TABLES, sections=["overview"])
    for options in MORE.replace("page.html", str(tmp_path / "page.html")).split(", "):
        assert timingctl("report", tmp_path / "inbox.duckdb", *options.split()).code == 0


def test_what_a_responder_does_not_filter_is_told(tmp_path: Path) -> None:
    reported_inbox(tmp_path, TABLES, sections=["overview"])
    done = timingctl("report", tmp_path / "inbox.duckdb", "--responder", "ai", "--sort", "p50")
    assert "Note: --responder does not apply to the summary's waits and jobs." in done.err
    assert "Note: --sort: of breakdowns alone; give --by." in done.err


def test_exports_that_are_built_first_are_called_by_their_name(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports", {"Message": "id | direction | sentAt"})
    done = timingctl("report", exports)
    assert f"{exports} holds no events." in done.err


def test_weeks_that_are_whole_stand_side_by_side(tmp_path: Path) -> None:
    """From Monday the 2nd on; the week of the 16th is not over, and in that of the 9th are two."""
    events = """
        in                  | setter              | created
        2026-02-02 00:00:00 | 2026-02-02 00:01:00 | 2026-02-18
        2026-02-10 09:00:00 | 2026-02-10 09:02:00 | 2026-02-18
        2026-02-11 09:00:00 | 2026-02-11 09:04:00 | 2026-02-18
        2026-02-17 09:00:00 | 2026-02-17 09:01:00 | 2026-02-18
    """
    found = reported(tmp_path, events, sections=["summary"]).document["summary"]
    assert found["weeks"] == [
        {"week": "2026-02-02", "n": 1, "p50Ms": 60_000},
        {"week": "2026-02-09", "n": 2, "p50Ms": 180_000},
    ]


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", "in | setter\n10:00:00 | 10:01:00")
    shown = timingctl("report", events).out
    assert "Answered first  1 by a setter, of 1 answered messages" in shown
    for unknown in ("Leads wait", "Waiting now", "Booked", "AI", "Neither", "Sending jobs"):
        assert unknown not in shown
    data = json.loads(timingctl("report", events, "--section", "summary", "--json").out)
    assert "medianWaitMs" not in data["summary"]
    lines = timingctl("report", events, "--section", "summary", "--format", "csv").out.splitlines()
    assert lines[:2] == ["section,figure,value", "summary,events,1"]
