"""What a story says around a message: the rows that an inbox has of it, and words for them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from tests.cases import FIXTURES, options_of
from tests.explain.cases import story
from tests.explain.test_agreement import explaining
from tests.tables import inbox, inbox_tables
from timingctl.cli import cli
from timingctl.documents import iso
from timingctl.explanations import ExplainOptions, circumstances, explain
from timingctl.inboxes.words import FIRST_OUTBOUND_BY, OUTCOMES, SCHEDULES
from timingctl.options import BuildOptions
from timingctl.pipeline import build

MESSAGES = "id | sentAt | direction | sentBy | sentByUserId | aiDraftId | source | channel"
_SCHEDULED = "id | messageId | draftId | runAt | startedAt | createdAt"
JOBS = f"{_SCHEDULED} | status | attempts | lastError | type"

#: How many messages make a case long.
LONG = 15


# --- It is what an inbox says -----------------------------------------------------------------


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", ["two_channels", "tour", "ties", "delay_windows", "streak"])
def test_of_every_message_it_says_what_the_inbox_has(
    name: str, tmp_path: Path, thorough: bool
) -> None:
    """Of long cases of every third, unless there are hours."""
    case, output = FIXTURES / name, tmp_path / "inbox.duckdb"
    options = options_of(case)
    build(BuildOptions(options.source, output=output, delay_windows=options.delay_windows,
                       client=options.client, setter_rule=options.setter_rule,
                       since=options.since, until=options.until, allow_rejects=True))  # fmt: skip
    tables = inbox_tables(output)
    waits: dict[str, int] = {}
    found: set[str] = set()
    messages = tables["Message"]["id"].to_list()
    some = messages if thorough or len(messages) < LONG else messages[::3]
    with explaining(options) as explained:
        for message in some:
            told = explained(message)
            assert without_words(told["context"]) == first(
                tables["AnchorContext"], "inboundMessageId", message, told["context"]
            )
            jobs = tables["SendingJob"].filter(pl.col("messageId") == message)
            assert {job["jobId"]: without_words(job) for job in told["sendingJobs"]} == {
                row["jobId"]: as_document(row, told["sendingJobs"][0]) for row in jobs.to_dicts()
            }
            assert (told["wait"] is None) == (told["message"]["direction"] == "outbound")
            if told["wait"]:
                start = told["wait"]["startMessageId"]
                waits[start] = waits.get(start, 0) + 1
                wait = first(tables["Wait"], "startMessageId", start, told["wait"])
                assert without_words(told["wait"]) == wait
            found |= {key for key in ("context", "wait") if told[key]}
    assert found == {"context", "wait"}
    # Each wait has as many inbounds as there are messages that say they belong to it.
    inbounds = dict(tables["Wait"].select("startMessageId", "inbounds").iter_rows())
    assert waits == inbounds if some == messages else waits.keys() <= inbounds.keys()


def first(table: pl.DataFrame, column: str, value: str, told: Any) -> Any:
    row = next(table.filter(pl.col(column) == value).iter_rows(named=True), None)
    return row and as_document(row, told)


def as_document(row: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """A row of the inbox as the document has it: the columns that are told, as JSON."""
    told = without_words(told)
    values = {name: row[name] for name in told if name in row}
    return {
        name: iso(value.replace(tzinfo=UTC)) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def without_words(told: Any) -> Any:
    return told and {key: value for key, value in told.items() if key != "because"}


@pytest.mark.wide
def test_an_inbox_tells_the_story_of_the_exports_and_keeps_its_as_of(tmp_path: Path) -> None:
    """Whatever an inbox was built with is so in its stories, too."""
    as_of = datetime(2026, 2, 10, 10, 0, 30, tzinfo=UTC)
    tables: dict[str, str | None] = {
        "Message": f"""
            {MESSAGES}
            A | 10:00:00 | in | | | | | email
            B | 10:01:00 | in | | | | | sms
        """,
        "BackgroundJob": f"""
            {JOBS}
            j1 | A | d1 | 10:00:50 | | | | 3 | | AI_AUTO_SEND_DELAYED
        """,
    }
    inbox(tmp_path, tables)
    of_exports = explain(ExplainOptions(tmp_path / "exports", message="A")).document
    of_inbox = explain(ExplainOptions(tmp_path / "inbox.duckdb", message="A")).document
    assert of_inbox == of_exports
    assert of_exports["sendingJobs"][0]["outcome"] == "unexplained"
    inbox(tmp_path, tables, as_of=as_of)
    earlier = explain(ExplainOptions(tmp_path / "inbox.duckdb", message="A")).document
    assert earlier["wait"]
    assert earlier["wait"]["waitMs"] == 30_000
    assert earlier["sendingJobs"][0]["because"] == [
        "Not sent yet: it is due after 2026-02-10 10:00:30Z.",
        "No chosen delay to compare with (noWindow).",
    ]
    later = explain(ExplainOptions(tmp_path / "inbox.duckdb", message="B")).document
    assert later["wait"]
    assert later["wait"]["waitMs"] == 0


# --- Who answered when neither did ------------------------------------------------------------


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("sender", "by", "words"),
    [
        # sentBy | sentByUserId | aiDraftId | source
        ("setter |    |    |         ", "setterUnknown",
         "by a setter without a user id, so it is no setter's response"),
        ("ai     |    | d9 |         ", "aiOther",
         "by the AI, but not from the draft for the anchor"),
        ("       |    |    | campaign", "campaign", "by a campaign, as its source says"),
        ("       |    |    | webhook ", "other", "by neither a setter, the AI nor a campaign"),
        # Not neither.
        ("setter | u1 |    |         ", "setter", "by a setter"),
        ("ai     |    | d1 |         ", "ai", "by the AI, from the draft for the anchor"),
    ],
)  # fmt: skip
def test_who_sent_the_first_outbound(tmp_path: Path, sender: str, by: str, words: str) -> None:
    told = story(tmp_path, "B", {
        "Message": f"""
            {MESSAGES}
            A | 09:58:00 | in  | | | | | email
            B | 10:00:00 | in  | | | | | email
            C | 10:05:00 | out | {sender} | email
            D | 11:00:00 | in  | | | | | email
        """,
        "AIDraft": "id | triggerMessageId\nd1 | B",
    })  # fmt: skip
    assert told["context"]["firstOutboundBy"] == by
    assert told["context"]["because"] == [
        f"First outbound: C, {words}; sent 2026-02-10 10:05:00Z.",
        f"Its turn has 1 message: {int('setter' in sender)} by setters, "
        f"{int('ai ' in sender)} by the AI.",
        "The streak that it ends has 2 inbounds, from A, 2026-02-10 09:58:00Z.",
        "After the turn the lead wrote D, 2026-02-10 11:00:00Z.",
    ]
    is_neither = by not in {"setter", "ai"}
    event = told["event"]
    assert (
        event["setterResponseMessageId"] is None and event["aiResponseMessageId"] is None
    ) == is_neither


# --- Waits ------------------------------------------------------------------------------------


WAITS = f"""
    {MESSAGES}
    A | 09:00:00 | in  |        |    | | | email
    b | 09:01:00 | out |        |    | | campaign | email
    C | 09:02:00 | in  |        |    | | | email
    d | 09:30:00 | out | setter | u1 | | | email
    E | 09:40:00 | in  |        |    | | | email
    F | 09:41:00 | in  |        |    | | | sms
    g | 10:10:00 | out | ai     |    | | | sms
"""


@pytest.mark.parametrize(
    ("message", "because"),
    [
        ("A", ["From A, 2026-02-10 09:00:00Z; 2 inbounds.",
               "To d, 2026-02-10 09:30:00Z, by a setter: 30m00s."]),
        ("C", ["From A, 2026-02-10 09:00:00Z; 2 inbounds.",
               "To d, 2026-02-10 09:30:00Z, by a setter: 30m00s."]),
        ("E", ["From E, 2026-02-10 09:40:00Z; 1 inbound.",
               "Open: by 2026-02-10 10:10:00Z neither a setter nor the AI wrote: 30m00s."]),
        ("F", ["From F, 2026-02-10 09:41:00Z; 1 inbound.",
               "To g, 2026-02-10 10:10:00Z, by the AI: 29m00s."]),
        ("d", None),
    ],
)  # fmt: skip
def test_the_wait_that_a_message_belongs_to(
    tmp_path: Path, message: str, because: list[str] | None
) -> None:
    wait = story(tmp_path, message, {"Message": WAITS})["wait"]
    assert (wait and wait["because"]) == because


# --- Sending jobs -----------------------------------------------------------------------------


def test_jobs_of_several_outcomes_about_one_message(tmp_path: Path) -> None:
    told = story(tmp_path, "A", {
        "Message": f"""
            {MESSAGES}
            A | 10:00:00 | in  |        |    |    | | email
            B | 10:05:41 | out | ai     |    | d1 | | email
            C | 10:20:00 | out | setter | u1 |    | | sms
        """,
        "AIDraft": "id | triggerMessageId\nd1 | A\nd2 | A",
        "Lead": "id | clientId | emailCampaignId\nL | K | c1",
        "EmailCampaign": "id | autoSendDelayMinSeconds | autoSendDelayMaxSeconds\nc1 | 300 | 300",
        "BackgroundJob": f"""
            {JOBS}
            j1 | A | d1 | 10:05:00 | 10:05:40 |          | | | | AI_AUTO_SEND_DELAYED
            j2 | A | d2 | 10:05:30 |          | 10:05:00 | | | | AI_AUTO_SEND_DELAYED
            j3 | A | d2 | 10:05:50 | 10:05:45 |          | | 2 | | AI_AUTO_SEND_DELAYED
            j4 | A | d2 | 11:05:00 |          |          | | | | AI_AUTO_SEND_DELAYED
            j5 | A | d2 | 1970-01-01 00:00:00 | | | FAILED | | | AI_AUTO_SEND_DELAYED
            j6 | A |    | 12:00:00 |          |          | | | | FOLLOW_UP
        """,
    })  # fmt: skip
    assert {job["jobId"]: job["because"] for job in told["sendingJobs"]} == {
        "j3": [
            "Not sent: something else was sent in the thread first.",
            "Due after the chosen 300 s: it was tried again (retried).",
            "It started 5.0s before it was due.",
        ],
        "j1": [
            "Sent as B, 2026-02-10 10:05:41Z.",
            "Due at the chosen 300 s (match).",
            "It started 40.0s after it was due.",
            "It sent 1.0s after it started.",
        ],
        "j4": [
            "Not sent: a setter wrote to the lead first.",
            "Due after the chosen 300 s, on a whole minute an hour or more later: the next "
            "opening of sending hours (opening).",
        ],
        "j2": [
            "Not sent; the exports do not say why.",
            "Due after the chosen 300 s, half a minute after it was made (clamped).",
        ],
        "j5": [
            "Not sent: it failed.",
            "One of its instants is one that no clock gives: no time is told (implausible).",
        ],
    }
    assert [job["jobId"] for job in told["sendingJobs"]] == ["j3", "j1", "j4", "j2", "j5"]
    assert "j6" in {job["jobId"] for job in told["jobs"]}


def test_every_value_has_words() -> None:
    assert set(circumstances.FIRST_OUTBOUND) == set(FIRST_OUTBOUND_BY)
    assert set(circumstances.SENT) == set(OUTCOMES)
    assert set(circumstances.SCHEDULED) == set(SCHEDULES)


# --- In the terminal --------------------------------------------------------------------------


def test_it_fits_a_screen_of_80_columns() -> None:
    given = ["explain", str(FIXTURES / "tour"), "msg-006", "-q"]
    printed = CliRunner().invoke(cli, given, env={"COLUMNS": "80"}, catch_exceptions=False).output
    assert max(map(len, printed.splitlines())) <= 80
    assert "  First outbound: msg-007, by the AI, from the draft for the anchor; sent" in printed
    assert "  From msg-005, 2026-02-09 10:00:00Z; 2 inbounds." in printed
    assert "  job-006: Sent as msg-007, 2026-02-09 10:07:48Z." in printed
