"""Instants that no clock gives: counted apart, and in no figure of drift and delay check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.cases import reported, says, write_events
from tests.report.inboxes import reported_inbox
from timingctl.grid import NOTHING
from timingctl.reports.formats import csv_text, markdown_text
from timingctl.reports.grids import grids
from timingctl.reports.lead import LeadOptions, lead_anchors, lead_grids
from timingctl.reports.page import page

#: One ordinary answer; what is read is `due`, the job's runAt.
HEADER = "id | lead | in | ai | min | max | chosen | due\nm0 | l0 | 10:00:00 | 10:05:05 | 180 | 420 | 300 | 10:05:00"  # noqa: E501
WINDOW = "180 | 420 | 300"
#: A runAt, and whether a clock may give it for an inbound on 2026-02-10 10:00.
RUNS = [
    ("1970-01-01 00:00:00", False),
    ("2026-02-09 09:59:59.999999", False),
    ("2026-02-09 10:00:00", True),
    ("2027-02-10 09:59:59.999999", True),
    ("2027-02-10 10:00:00", False),
    ("2100-01-01 00:00:00", False),
]


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(("due", "plausible"), RUNS)
def test_a_run_at(tmp_path: Path, due: str, plausible: bool) -> None:
    events = f"{HEADER}\nm1 | l1 | 10:00:00 | 10:05:05 | {WINDOW} | {due}"
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11", sections=["drift", "delay-check"]
    )
    drift, check = found.document["drift"], found.document["delayCheck"]
    in_buckets = sum(row["n"] for row in drift if row["bucket"] != "implausible")
    assert in_buckets == check["jobs"] == 1 + plausible
    apart = [row for row in drift if row["bucket"] == "implausible"]
    assert [(row["n"], row["booked"]) for row in apart] == ([] if plausible else [(1, 1)])
    assert check.get("implausible", 0) == (not plausible)
    assert sum("no clock gives" in note for note in found.notes) == (not plausible)


def test_an_answer_a_year_later_has_no_drift_but_its_job_is_checked(tmp_path: Path) -> None:
    events = f"{HEADER}\nm1 | l1 | 10:00:00 | 2027-02-10 10:00:00 | {WINDOW} | 10:05:00"
    document = reported(tmp_path, events).document
    assert document["drift"][-1] == {"bucket": "implausible", "n": 1}
    assert (document["delayCheck"]["jobs"], document["delayCheck"]["match"]) == (2, 2)
    assert "implausible" not in document["delayCheck"]
    assert document["overview"]["responseTime"]["ai"]["n"] == 2  # what was answered was answered


def test_a_job_that_sent_nothing_has_no_drift(tmp_path: Path) -> None:
    events = f"{HEADER}\nm1 | l1 | 10:00:00 |  | {WINDOW} | 1970-01-01 00:00:00"
    found = reported(tmp_path, events, sections=["drift", "delay-check"])
    assert [row["bucket"] for row in found.document["drift"]][-1] == ">5min late"
    assert found.document["delayCheck"]["implausible"] == 1


def test_in_every_format(tmp_path: Path) -> None:
    events = f"{HEADER}\nm1 | l1 | 10:00:00 | 10:05:05 | {WINDOW} | 1970-01-01 00:00:00"
    found = reported(tmp_path, events, html=tmp_path / "page.html")
    assert "drift,implausible,1" in csv_text(found).splitlines()
    rows = {grid.title: grid.rows[-1] for grid in grids(found)}
    assert rows["Drift (sent − scheduled), where the AI was first"] == ["implausible", "1"]
    title = "Delay check: runAt − inboundSentAt against the chosen delay"
    assert rows[title][:3] == ["Implausible", "", "1"]
    assert "| Implausible |  | 1 |" in markdown_text(found)
    text = page(found)
    assert "Of n = 1 AI answers with a job, 100.0% were sent within ten seconds" in text
    said = (
        "drift: 1 of the answers, delay-check: 1 of the jobs with an instant that no clock gives "
        "(more than a day before the inbound, or 365 days or more after it): counted as "
        "implausible, in no other figure."
    )
    assert said in found.notes
    assert said in text


def test_only_implausible_jobs_have_a_table(tmp_path: Path) -> None:
    found = reported(
        tmp_path, "in | ai | due\n10:00:00 | 10:05:00 | 1970-01-01 00:00:00",
        sections=["delay-check"],
    )  # fmt: skip
    [grid] = grids(found)
    assert [row[0] for row in grid.rows] == ["All", "Implausible"]
    says([found.document["delayCheck"]], "jobs | implausible\n0 | 1")


def test_an_inbox_counts_alike(tmp_path: Path) -> None:
    found = reported_inbox(
        tmp_path,
        {
            "Message": """
                id | sentAt   | direction | sentBy | aiDraftId
                A  | 10:00:00 | in        |        |
                B  | 10:05:12 | out       | ai     | d
            """,
            "AIDraft": "id | triggerMessageId\nd | A",
            "BackgroundJob": "id | messageId | draftId | runAt\nj | A | d | 1970-01-01 00:00:00",
        },
        sections=["drift", "delay-check", "sending-jobs"],
    )
    assert found.document["delayCheck"]["implausible"] == 1
    assert found.document["drift"][-1]["n"] == 1
    assert found.document["sendingJobs"]["implausible"] == 1


def test_a_lead_has_no_such_drift(tmp_path: Path) -> None:
    """Either instant makes a drift implausible; without both there is no drift."""
    events = f"""{HEADER}
        m1 | l0 | 11:00:00 | 11:05:05            | {WINDOW} | 1970-01-01 00:00:00
        m2 | l0 | 12:00:00 | 2027-02-10 12:00:00 | {WINDOW} | 12:05:00
        m3 | l0 | 13:00:00 |                     | {WINDOW} | 1970-01-01 00:00:00
        m4 | l0 | 14:00:00 | 2027-02-10 14:00:00 |  |  |    |
    """
    found = lead_anchors(LeadOptions(write_events(tmp_path / "e.csv", events), "l0", 10))
    assert [row["driftMs"] for row in found.document["anchors"]] == [None, None, None, None, 5000]
    [grid] = lead_grids(found)
    told = ["implausible", "implausible", "+5.0s"]
    assert [row[-1] for row in grid.rows] == [NOTHING, NOTHING, *told]
    assert [note for note in found.notes if "lead: 2 of the drifts" in note]
