"""How a job was scheduled, and what became of it: SendingJob."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.model import chosen
from tests.tables import Row, as_text, in_one, inbox, inbox_tables, says
from timingctl.options import BuildOptions
from timingctl.pipeline import build

#: The inbound message is A, at 10:00:00; the delay window is 300 s.
MESSAGES = "id | sentAt | direction | sentBy | sentByUserId | aiDraftId | channel | leadId"
INBOUND = "A | 10:00:00 | in | | | | email | L"
JOBS = "id | messageId | draftId | runAt | startedAt | createdAt | status | attempts | lastError"
DRAFT = "id | triggerMessageId | channel\nd1 | A | email"
CAMPAIGN = (
    "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds\n"
    "c1 | AI_AUTO_SEND | {low} | {high}"
)
#: Later than all that happens here, so that no job is due.
LATER = datetime(2026, 3, 1, tzinfo=UTC)


def sending_jobs(
    folder: Path, jobs: str, *messages: str, window: tuple[int, int] = (300, 300), **options: Any
) -> list[Row]:
    """The sending jobs of an inbox with these jobs, and messages beside A, by id."""
    return _sending_jobs(folder, exports(jobs, *messages, window=window), **options)


def _sending_jobs(folder: Path, tables: dict[str, str], **options: Any) -> list[Row]:
    found = inbox(folder, tables, **{"as_of": LATER, "delay_windows": "current", **options})
    return found["SendingJob"].sort("jobId").to_dicts()


def exports(jobs: str, *messages: str, window: tuple[int, int] = (300, 300)) -> dict[str, str]:
    low, high = window
    return {
        "Message": "\n".join([MESSAGES, INBOUND, *messages]),
        "AIDraft": DRAFT,
        "BackgroundJob": f"{JOBS}\n{jobs}",
        "Lead": "id | emailCampaignId\nL | c1\nM | c1",
        "EmailCampaign": CAMPAIGN.format(low=low, high=high),
    }


def each(folder: Path, cases: Iterable[tuple[str, tuple[str, ...]]]) -> list[Row]:
    """The one job of each case, in their order: they stand in one inbox, with ids of their own."""
    given = [exports(job, *messages) for job, messages in cases]
    found = {job["jobId"]: job for job in _sending_jobs(folder, in_one(given))}
    assert len(found) == len(given)
    return [found[f"j1.{number}"] for number in range(len(given))]


UNSTARTED = "j1 | A | d1 | 10:05:00 | | | | |"
STARTED = "j1 | A | d1 | 10:05:00 | 10:05:40 | | | |"
SENT = "B | 10:05:41 | out | ai | | d1 | email | L"


def test_a_job_that_sent_its_draft(tmp_path: Path) -> None:
    [job] = sending_jobs(tmp_path, STARTED, SENT)
    told = {name: as_text(value) for name, value in job.items()}
    assert told == {
        "jobId": "j1", "messageId": "A", "draftId": "d1", "leadId": "L", "clientId": "K",
        "chosenDelaySeconds": "300", "runAt": "10:05:00", "startedAt": "10:05:40",
        "finishedAt": "", "sentMessageId": "B", "sentAt": "10:05:41", "schedule": "match",
        "waitedMs": "40000", "sendMs": "1000", "outcome": "sent",
    }  # fmt: skip


#: A job, the messages beside A, and what became of it.
CASES: list[tuple[str, tuple[str, ...], str]] = [
    (STARTED, (SENT,), "sent"),
    (UNSTARTED, (SENT,), "sent"),
    # A setter, whoever it is, in the thread or in another of the lead.
    (UNSTARTED, ("S | 10:04:00 | out | setter | u1 | | email | L",), "setterFirst"),
    (UNSTARTED, ("S | 10:04:00 | out | setter | | | email | L",), "setterFirst"),
    (UNSTARTED, ("S | 10:04:00 | out | setter | u1 | | sms | L",), "setterFirst"),
    (UNSTARTED, ("S | 10:05:00 | out | setter | u1 | | email | L",), "setterFirst"),
    (UNSTARTED, ("S | 10:05:00.000001 | out | setter | u1 | | email | L",), "unexplained"),
    (STARTED, ("S | 10:05:40 | out | setter | u1 | | email | L",), "setterFirst"),
    (STARTED, ("S | 10:05:40.000001 | out | setter | u1 | | email | L",), "unexplained"),
    (UNSTARTED, ("S | 10:00:00 | out | setter | u1 | | email | L",), "unexplained"),
    (UNSTARTED, ("S | 10:04:00 | out | setter | u1 | | email | M",), "unexplained"),
    # The lead wrote again, anywhere; a setter goes before that.
    (UNSTARTED, ("I | 10:04:00 | in | | | | email | L",), "newInbound"),
    (UNSTARTED, ("I | 10:04:00 | in | | | | sms | L",), "newInbound"),
    (UNSTARTED, ("I | 10:04:00 | in | | | | email | M",), "unexplained"),
    (UNSTARTED, ("I | 10:01:00 | in | | | | email | L",
                 "S | 10:04:00 | out | setter | u1 | | email | L"), "setterFirst"),
    # What the lead wrote was not sent, whatever an export says of who sent it.
    (UNSTARTED, ("I | 10:04:00 | in | ai | | d1 | email | L",), "newInbound"),
    (UNSTARTED, ("I | 10:04:00 | in | setter | u1 | | email | L",), "newInbound"),
    # Something else was sent in the thread.
    (UNSTARTED, ("O | 10:04:00 | out | ai | | d9 | email | L",), "otherOutbound"),
    (UNSTARTED, ("O | 10:04:00 | out | | | | email | L",), "otherOutbound"),
    (UNSTARTED, ("O | 10:04:00 | out | | | | sms | L",), "unexplained"),
    (UNSTARTED, ("O | 10:01:00 | out | | | | email | L",
                 "I | 10:04:00 | in | | | | email | L"), "newInbound"),
    # It failed, in the app's words or by its error.
    ("j1 | A | d1 | 10:05:00 | | | FAILED | | ", (), "failed"),
    ("j1 | A | d1 | 10:05:00 | | | failed | | ", (), "failed"),
    ("j1 | A | d1 | 10:05:00 | | | PENDING | | timeout", (), "failed"),
    ("j1 | A | d1 | 10:05:00 | | | FAILED | | ",
     ("O | 10:04:00 | out | | | | email | L",), "otherOutbound"),
    ("j1 | A | d1 | 10:05:00 | | | COMPLETED | | ", (), "unexplained"),
    # It is due yet.
    ("j1 | A | d1 | 2026-03-01 00:00:00.000001 | | | | |", (), "due"),
    ("j1 | A | d1 | 2026-03-01 00:00:00 | | | | |", (), "unexplained"),
    ("j1 | A | d1 | 2026-03-02 00:00:00 | | | FAILED | |", (), "failed"),
    (UNSTARTED, (), "unexplained"),
    # What it is about is not there: nothing is known of the lead's messages.
    ("j1 | gone | d1 | 10:05:00 | | | | |", (SENT,), "unexplained"),
    ("j1 | A | | 10:05:00 | | | | |", (SENT,), "unexplained"),
    ("j1 | A | gone | 10:06:00 | | | | |", (SENT,), "otherOutbound"),
]  # fmt: skip


def test_what_became_of_it(tmp_path: Path) -> None:
    found = each(tmp_path, [(job, messages) for job, messages, _ in CASES])
    for case, job in zip(CASES, found, strict=True):
        assert job["outcome"] == case[-1], case


def test_of_several_jobs_the_preferred_one_sent_the_draft(tmp_path: Path) -> None:
    jobs = """
        j1 | A | d1 | 10:05:00 | 10:05:40 | | | |
        j2 | A | d1 | 10:05:00 | 10:05:20 | | | |
        j3 | A | d1 | 10:07:00 |          | | | |
    """
    found = sending_jobs(tmp_path, jobs.strip(), SENT)
    assert [(job["jobId"], job["outcome"], job["sentMessageId"]) for job in found] == [
        ("j1", "sent", "B"),
        ("j2", "unexplained", None),  # when it started nothing had been sent
        ("j3", "otherOutbound", None),
    ]


def test_the_first_part_counts_and_only_what_follows_the_message_in_its_thread(
    tmp_path: Path,
) -> None:
    messages = (
        "P | 09:59:00 | out | ai | | d1 | email | L",
        "Q | 10:05:41 | out | ai | | d1 | sms | L",
        "R | 10:05:43 | out | ai | | d1 | email | L",
        "B | 10:05:42 | out | ai | | d1 | email | L",
    )
    [job] = sending_jobs(tmp_path, STARTED, *messages)
    assert (job["sentMessageId"], job["sendMs"]) == ("B", 2000)


def test_a_message_that_is_no_anchor_has_a_job_too(tmp_path: Path) -> None:
    """The lead wrote again before the draft was sent: the event is of the later message."""
    messages = "I | 10:02:00 | in | | | | email | L", SENT
    [job] = sending_jobs(tmp_path, STARTED, *messages)
    assert (job["outcome"], job["sentMessageId"], job["chosenDelaySeconds"]) == ("sent", "B", 300)


C = chosen("A", 200, 400)


#: runAt | startedAt | createdAt | status | attempts, and how it was scheduled, of a delay of 300 s.
SCHEDULES = [
    ("10:05:00       | | | | ", "match"),
    ("10:05:00.000999| | | | ", "match"),  # the app keeps milliseconds
    ("10:05:00.001   | | | | ", "later"),
    # Clamped: 29 to 31 s after it was made.
    ("10:07:30 | | 10:07:00        | | ", "clamped"),
    ("10:07:30 | | 10:07:01        | | ", "clamped"),
    ("10:07:30 | | 10:06:59        | | ", "clamped"),
    ("10:07:30 | | 10:07:01.000001 | | ", "later"),
    ("10:07:30 | | 10:06:58.999999 | | ", "later"),
    ("10:05:00 | | 10:04:30        | | ", "match"),
    # Opening: a whole minute, an hour or more after the chosen delay.
    ("11:05:00        | | | | ", "opening"),
    ("2026-02-11 08:00:00 | | | | 3", "opening"),
    ("11:04:00        | | | | ", "later"),
    ("11:05:01        | | | | ", "later"),
    ("11:05:00.000001 | | | | ", "later"),
    # Retried.
    ("10:06:10 | | | | 2", "retried"),
    ("10:06:10 | | | | 1", "later"),
    ("10:06:10 | | | |  ", "later"),
    ("10:05:00 | | | | 2", "match"),
    # Before the chosen delay, and before any.
    ("09:59:59 | | | | ", "outsideWindow"),
    # No clock gives these.
    ("1970-01-01 00:00:00     | | | | ", "implausible"),
    ("2026-02-09 09:59:59.999 | | | | ", "implausible"),
    ("2026-02-09 10:00:00     | | | | ", "outsideWindow"),
    ("2027-02-10 10:00:00     | | | | ", "implausible"),
    ("2027-02-10 09:59:59.999 | | | | ", "later"),
    ("10:05:00 | 1970-01-01 00:00:00 | | | ", "implausible"),
    ("10:05:00 | 2027-02-10 10:00:00 | | | ", "implausible"),
]  # fmt: skip


def test_how_it_was_scheduled(tmp_path: Path) -> None:
    found = each(tmp_path, [(f"j1 | A | d1 | {job} |", ()) for job, _ in SCHEDULES])
    for case, job in zip(SCHEDULES, found, strict=True):
        assert job["schedule"] == case[-1], case


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("due", "says"),
    [
        (f"10:0{(C - 1) // 60}:{(C - 1) % 60:02}", "earlier"),
        ("10:03:20", "earlier"),
        ("10:03:19.999", "outsideWindow"),
    ],
)
def test_how_a_job_before_the_chosen_delay_was_scheduled(
    tmp_path: Path, due: str, says: str
) -> None:
    [job] = sending_jobs(tmp_path, f"j1 | A | d1 | {due} | | | | |", window=(200, 400))
    assert job["schedule"] == says


def test_without_a_window_or_a_message_there_is_no_chosen_delay(tmp_path: Path) -> None:
    jobs = "j1 | gone | d1 | 10:05:00 | | | | |\nj2 | A | d1 | 10:05:00 | | | | |"
    found = sending_jobs(tmp_path, jobs, delay_windows=None)
    assert [(job["schedule"], job["chosenDelaySeconds"]) for job in found] == [
        ("noWindow", None),
        ("match", 300),
    ]
    without = inbox(tmp_path / "none", {
        "Message": f"{MESSAGES}\n{INBOUND}",
        "BackgroundJob": f"{JOBS}\nj1 | A | d1 | 10:05:00 | | | | |",
    })["SendingJob"]  # fmt: skip
    says(without, "schedule | chosenDelaySeconds | leadId | clientId\nnoWindow | | L | K")


#: A job, the messages beside A, and for how many milliseconds it waited and was sending.
DURATIONS: list[tuple[str, tuple[str, ...], int | None, int | None]] = [
    (STARTED, (SENT,), 40_000, 1_000),
    (UNSTARTED, (SENT,), None, None),
    (STARTED, (), 40_000, None),
    ("j1 | A | d1 | 10:05:00 | 10:04:59.999999 | | | |", (SENT,), -1, 41_000),  # floor
    ("j1 | A | d1 | 10:05:00 | 10:05:00.000999 | | | |", (SENT,), 0, 40_999),
    ("j1 | A | d1 | 1970-01-01 00:00:00 | 10:05:40 | | | |", (SENT,), None, None),
    ("j1 | gone | d1 | 1970-01-01 00:00:00 | 10:05:40 | | | |", (), None, None),
    ("j1 | gone | d1 | 10:05:00 | 10:05:40 | | | |", (), None, None),
]  # fmt: skip


def test_how_long_it_queued_and_sent(tmp_path: Path) -> None:
    found = each(tmp_path, [(job, messages) for job, messages, _, _ in DURATIONS])
    for case, job in zip(DURATIONS, found, strict=True):
        assert (job["waitedMs"], job["sendMs"]) == case[-2:], case


def test_whose_it_is(tmp_path: Path) -> None:
    """The message's lead, else the one that the job names."""
    found = inbox(tmp_path, {
        "Message": f"{MESSAGES}\n{INBOUND}\nO | 09:00:00 | out | | | | email | L",
        "BackgroundJob": """
            id | messageId | runAt    | leadId | clientId | type
            j1 | A         | 10:05:00 | M      | X        | AI_AUTO_SEND_DELAYED
            j2 | gone      | 10:05:00 | M      | X        | AI_AUTO_SEND_DELAYED
            j3 | gone      | 10:05:00 | nobody | X        | AI_AUTO_SEND_DELAYED
            j4 | gone      | 10:05:00 |        |          | AI_AUTO_SEND_DELAYED
            j5 | O         | 10:05:00 | L      | X        | AI_AUTO_SEND_DELAYED
            j6 | A         | 10:05:00 | L      | K        | FOLLOW_UP
        """,
        "Lead": "id | clientId\nL | K\nM | N",
    })["SendingJob"]  # fmt: skip
    says(found.sort("jobId"), """
        jobId | leadId | clientId
        j1    | L      | K
        j2    | M      | N
        j3    | nobody | X
        j4    |        |
        j5    | L      | K
    """)  # fmt: skip


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    "tables",
    [
        {"Lead": "id | clientId\nM | N"},
        {"Lead": None, "claims": ("K", "N")},
    ],
    ids=["lead not in Lead", "lead of several clients"],
)
def test_a_message_that_is_a_reject_is_not_there_for_a_job_either(
    tmp_path: Path, tables: dict[str, Any]
) -> None:
    """An inbox does not hold such a message: what is built from it must be the same."""
    ours, theirs = tables.get("claims", ("", ""))
    found = inbox(tmp_path, {
        "Message": f"""
            id | sentAt   | direction | leadId | clientId
            A  | 10:00:00 | in        | L      | {ours}
            B  | 10:01:00 | out       | L      | {theirs}
            C  | 10:00:00 | in        | M      | N
        """,
        "BackgroundJob": """
            id | messageId | runAt               | startedAt | leadId
            j1 | A         | 1970-01-01 00:00:00 | 10:05:00  | M
            j2 | A         | 10:05:00            | 10:05:01  |
        """,
        "Lead": tables["Lead"],
    }, as_of=LATER)  # fmt: skip
    assert set(found["Reject"]["id"]) == {"A", "B"}
    says(found["SendingJob"].sort("jobId"), """
        jobId | messageId | leadId | clientId | schedule | outcome
        j1    | A         | M      | N        | noWindow | unexplained
        j2    | A         |        |          | noWindow | unexplained
    """)  # fmt: skip
    again = tmp_path / "again.duckdb"
    build(BuildOptions(tmp_path / "inbox.duckdb", output=again))
    assert inbox_tables(again)["SendingJob"].sort("jobId").equals(found["SendingJob"].sort("jobId"))
