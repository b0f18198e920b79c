"""Columns and values: what is rejected with its place, what is taken as it is, what is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.bad_input.tool import (
    HEADER,
    INBOUND,
    MESSAGES,
    ORDINARY,
    OUTBOUND,
    Files,
    build,
    cases,
    refused,
    rejected,
)

NAMES = HEADER.strip().split(",")


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def inbound(**values: str) -> str:
    """The ordinary messages, the inbound with other values."""
    row = dict(zip(NAMES, INBOUND.strip().split(","), strict=True)) | values
    return HEADER + as_csv([row.values()]) + OUTBOUND


@pytest.mark.parametrize(("content", "says"), cases(
    ("a column is missing", MESSAGES.replace("sentAt", "on"),
     "Message.csv has no column sentAt; it has id, leadId, channel, direction, on, sentBy, "
     "sentByUserId, aiDraftId, aiDraftPartIndex."),
    ("a column is misspelt", MESSAGES.replace("leadId", "laedId"),
     "Message.csv has no column leadId; did you mean laedId?"),
    ("another is", MESSAGES.replace("direction", "directoin"),
     "Message.csv has no column direction; did you mean directoin?"),
    ("a column stands twice", MESSAGES.replace("aiDraftId", "id"),
     "Message.csv has id twice, as id and id; keep one."),
    ("in two styles", MESSAGES.replace("aiDraftId", "LEAD_ID"),
     "Message.csv has leadId twice, as leadId and LEAD_ID; keep one."),
    ("in two cases, with space", MESSAGES.replace("aiDraftId", " SENTAT "),
     "Message.csv has sentAt twice, as sentAt and  SENTAT ; keep one."),
))  # fmt: skip
def test_columns_refused(tmp_path: Path, content: str, says: str) -> None:
    assert build(tmp_path, {"Message.csv": content}) == refused(says)


def test_a_misspelt_optional_column_is_told(tmp_path: Path) -> None:
    built = build(tmp_path, {"Message.csv": MESSAGES.replace("sentByUserId", "sentByUser")})
    assert built.err == (
        "Note: Message.csv has no sentByUserId (did you mean sentByUser?); taken as null.\n"
    )


SPELT_APART = (
    "Messages name a lead that Lead lacks: 1, such as 'ann ' of A. Lead has 'ann' where 'ann ' is "
    "named; ids must be spelt alike: export both in the same way."
)
NO_TIME, NO_NUMBER = "unreadable timestamp", "unreadable whole number"


#: In one export, as all of them may stand.
REJECTED = [
    ("sentAt", "20000-01-01 00:00:00", NO_TIME),
    ("sentAt", "10000-01-01 00:00:00", NO_TIME),
    ("sentAt", "0000-12-31 00:00:00", NO_TIME),
    ("sentAt", "0001-01-01 00:00:00+14", NO_TIME),
    ("sentAt", "-2026-02-10 10:00:00", NO_TIME),
    ("sentAt", "2026-02-10 10:00:00 BC", NO_TIME),
    ("sentAt", "1739190896", NO_TIME),
    ("sentAt", "1739190896000", NO_TIME),
    ("sentAt", "46063.5", NO_TIME),
    ("sentAt", "infinity", NO_TIME),
    ("sentAt", "-infinity", NO_TIME),
    ("sentAt", "now", NO_TIME),
    ("sentAt", "10/02/2026 10:00", NO_TIME),
    ("sentAt", "2026-02-30 10:00:00", NO_TIME),
    ("sentAt", "2026-02-10 10:00:60", NO_TIME),
    ("sentAt", "٢٠٢٦-02-10 10:00:00", NO_TIME),
    ("direction", "in", "unknown direction"),
    ("direction", "received", "unknown direction"),
    ("direction", "vinbound", "unknown direction"),
    ("direction", "inbound\u00a0", "unknown direction"),
    ("direction", "\uff29nbound", "unknown direction"),
    ("direction", "", "no direction"),
    ("aiDraftPartIndex", "1.5", NO_NUMBER),
    ("aiDraftPartIndex", "1e0", NO_NUMBER),
    ("aiDraftPartIndex", "v1", NO_NUMBER),
    ("aiDraftPartIndex", "NaN", NO_NUMBER),
    ("aiDraftPartIndex", "3000000000", NO_NUMBER),
    ("aiDraftPartIndex", "\uff11", NO_NUMBER),
    ("aiDraftPartIndex", " ", NO_NUMBER),
    ("id", "", "no id"),
    ("id", "NULL", "no id"),
]  # fmt: skip


def test_values_rejected(tmp_path: Path) -> None:
    row = dict(zip(NAMES, INBOUND.strip().split(","), strict=True))
    rows = [
        (row | {"id": f"A{number}", column: value}).values()
        for number, (column, value, _) in enumerate(REJECTED)
    ]
    built = build(tmp_path, {"Message.csv": HEADER + as_csv(rows) + OUTBOUND})
    assert rejected(built) == [
        f"{number} {column}: {reason}: {None if reason.startswith('no ') else value}"
        for number, (column, value, reason) in enumerate(REJECTED, 1)
    ]


@pytest.mark.parametrize(("lead", "notes"), [("ann\x1b[2J", []), ("ann ", [SPELT_APART])])
def test_leads_rejected(tmp_path: Path, lead: str, notes: list[str]) -> None:
    built = build(tmp_path, {"Message.csv": inbound(leadId=lead)})
    assert rejected(built, *notes) == [f"1 leadId: lead not in Lead: {lead}"]


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(("column", "value"), [
    ("sentAt", "0001-01-01 00:00:00"),
    ("sentAt", "2026-02-10T10:00:00Z"),  # beside the other's 2026-02-10 10:01:00
    ("sentAt", "2026-02-10 15:30:00+05:30"),
    ("direction", "Inbound "),
    ("direction", "\t\v\fINBOUND"),
    ("aiDraftPartIndex", "-1"),
    ("aiDraftPartIndex", "1.0"),
])  # fmt: skip
def test_values_taken(tmp_path: Path, column: str, value: str) -> None:
    built = build(tmp_path, {"Message.csv": inbound(**{column: value})})
    assert (rejected(built), len(built.events)) == ([], 1)


def test_the_last_instant(tmp_path: Path) -> None:
    last = "9999-12-31 23:59:59.999999"
    text = HEADER + INBOUND + OUTBOUND.replace("2026-02-10 10:01:00", last)
    built = build(tmp_path, {"Message.csv": text})
    assert rejected(built) == []
    assert built.events[0]["setterResponseMs"] == 251_631_583_199_999
    assert built.events[0]["createdAt"] == "9999-12-31T23:59:59.999999Z"


#: In one export, where each is a lead's, its client's, its channel's and its messages'.
IDS = [
    " ", "'", '"', 'A "b"', "A\nB", "A\r\nB", "A,B", "\\", "'; drop table message; --", "$1", "%s",
    "{}", "[1]", "=1+1", "\x1b[31m", "\0", "A\0B", "\u202e", "\ufeff", "\u2028", "e\u0301",
    "👩\u200d👧",
    "\U0010ffff", "i" * 1_000_000,
]  # fmt: skip


def test_an_id_comes_out_as_it_went_in(tmp_path: Path) -> None:
    messages = [
        message
        for number, value in enumerate(IDS)
        for message in (
            [value, value, value, "inbound", "2026-02-10 10:00:00", "", "", "", ""],
            [f"z{number}", value, value, "outbound", "2026-02-10 10:01:00", "setter", value,
             "", ""],
        )
    ]  # fmt: skip
    campaigns = [[value, "", "", ""] for value in IDS]
    built = build(tmp_path, {
        "Message.csv": as_csv([NAMES, *messages]),
        "Lead.csv": as_csv([["id", "clientId", "emailCampaignId"], *([id_] * 3 for id_ in IDS)]),
        "EmailCampaign.csv": as_csv([CAMPAIGN.rstrip().split(","), *campaigns]),
    })  # fmt: skip
    assert rejected(built) == []
    names = ("id", "clientId", "leadId", "channel", "inboundMessageId", "setterSentByUserId")
    found = {event["setterResponseMessageId"]: event for event in built.events}
    for number, value in enumerate(IDS):
        event = found.pop(f"z{number}")
        assert {event[name] for name in names} == {value}, ascii(value[:20])
    assert not found


DRAFT = ORDINARY["AIDraft.csv"] + "d,A,email,2026-02-10 10:00:10\n"
JOB = ORDINARY["BackgroundJob.csv"] + "j,AI_AUTO_SEND_DELAYED,A,d,{},,\n"
CAMPAIGN = "id,responseMode,autoSendDelayMinSeconds,autoSendDelayMaxSeconds\n"
CONFLICT = "different rows under one id"
NO_LEADS = (
    "There is no Lead: leads are those of the messages, their clients those of messages, jobs or "
    "--client."
)
LOST = ["1 leadId: lead not in Lead: ann", "2 leadId: lead not in Lead: ann"]


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(("files", "rejects"), cases(
    ("two rows under one id", {"Message.csv": MESSAGES + INBOUND.replace("ann", "bob")},
     [f"1 id: {CONFLICT}: A", f"3 id: {CONFLICT}: A"]),
    ("the same row twice", {"Message.csv": MESSAGES + INBOUND}, []),
    ("a lead in two clients", {"Lead.csv": "id,clientId,emailCampaignId\nann,K,\nann,Q,\n"},
     [*LOST, f"Lead 1 id: {CONFLICT}: ann", f"Lead 2 id: {CONFLICT}: ann"]),
    ("a lead in no client", {"Lead.csv": "id,clientId,emailCampaignId\nann,,\n"},
     [*LOST, "Lead 1 clientId: no clientId: None"]),
    ("no lead at all", {"Lead.csv": "id,clientId,emailCampaignId\n"}, LOST),
    ("messages of a lead in two clients",
     {"Lead.csv": None,
      "Message.csv": MESSAGES.replace("\n", ",{}\n").format("clientId", "K", "Q")},
     ["1 leadId: lead of several clients: ann", "2 leadId: lead of several clients: ann"]),
    ("a fractional delay", {"EmailCampaign.csv": CAMPAIGN + "spring,AI_AUTO_SEND,1.5,2\n"},
     [f"EmailCampaign 1 autoSendDelayMinSeconds: {NO_NUMBER}: 1.5"]),
    ("a huge delay", {"EmailCampaign.csv": CAMPAIGN + "spring,AI_AUTO_SEND,0,99999999999\n"},
     [f"EmailCampaign 1 autoSendDelayMaxSeconds: {NO_NUMBER}: 99999999999"]),
    ("a delay in words", {"EmailCampaign.csv": CAMPAIGN + "spring,AI_AUTO_SEND,3 min,200\n"},
     [f"EmailCampaign 1 autoSendDelayMinSeconds: {NO_NUMBER}: 3 min"]),
    ("a job that never started", {"AIDraft.csv": DRAFT,
     "BackgroundJob.csv": JOB.format("2026-02-10 10:03:00")}, []),
))  # fmt: skip
def test_rows_against_each_other(tmp_path: Path, files: Files, rejects: list[str]) -> None:
    absent = [NO_LEADS] if files.get("Lead.csv", "") is None else []
    assert rejected(build(tmp_path, files), *absent) == rejects


def test_a_draft_of_nothing(tmp_path: Path) -> None:
    built = build(tmp_path, {"AIDraft.csv": DRAFT.replace("A,", "nothing,")})
    note = "Drafts name a message that Message lacks: 1, such as 'nothing' of d."
    assert rejected(built, note) == []


@pytest.mark.parametrize(("low", "high", "chosen"), [
    (-5, 5, 5),
    (420, 180, 420),
    (-2147483648, 2147483647, -2147483583),
    (2147483647, 2147483647, 2147483647),
])  # fmt: skip
def test_delays_that_are_numbers_are_taken(
    tmp_path: Path, low: int, high: int, chosen: int
) -> None:
    """The id A hashes to 65."""
    built = build(tmp_path, {"EmailCampaign.csv": f"{CAMPAIGN}spring,AI_AUTO_SEND,{low},{high}\n"})
    assert rejected(built) == []
    assert built.events[0]["aiChosenDelaySeconds"] == chosen


@pytest.mark.parametrize(("files", "says"), cases(
    ("a draft triggered by an outbound message", {"AIDraft.csv": DRAFT.replace("A,", "B,")},
     "Drafts triggered by an outbound message belong to no event: 1, such as d."),
    ("an AI reply before its trigger", {"AIDraft.csv": DRAFT, "Message.csv": MESSAGES
     + "C,ann,email,outbound,2026-02-10 09:59:59,ai,,d,0\n"},
     "AI messages sent before the message that their draft answers are no response: "
     "1, such as C."),
    ("a job before its message",
     {"AIDraft.csv": DRAFT, "BackgroundJob.csv": JOB.format("2026-02-10 09:00:00")},
     "Jobs are due before their message was sent: 1, such as j."),
))  # fmt: skip
def test_what_is_against_the_order_of_things_is_told(
    tmp_path: Path, files: Files, says: str
) -> None:
    built = build(tmp_path, files)
    assert (built.code, built.err, built.rejects) == (0, f"Note: {says}\n", [])
    assert [event["aiResponseMessageId"] for event in built.events] == [None]


def test_no_client_and_a_lead_with_control_characters(tmp_path: Path) -> None:
    lead = inbound(leadId="\x1b[31m\nA")
    assert build(tmp_path, {"Lead.csv": None, "Message.csv": lead}) == refused(
        "No client for 2 leads, such as \\x1b[31m\\nA: add the Lead table, or a clientId column "
        "in Message or BackgroundJob, or build with --client ID."
    )
