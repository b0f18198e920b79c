"""What is told of drafts, jobs, the delay window, the chosen delay and the schedule."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.explain.cases import story, turn
from tests.model import chosen


@pytest.mark.parametrize(
    ("first", "second", "sent", "why"),
    [
        ("d1 | A | 10:00:05", "d2 | A | 10:00:06", "d1", "sent before unsent"),
        ("d1 | A | 10:00:06", "d2 | A | 10:00:05", "", "later createdAt"),
        ("d1 | A | 10:00:06", "d2 | A | ", "", "later createdAt"),
        ("d2 | A | 10:00:05", "d1 | A | 10:00:05", "", "greater id"),
    ],
)
def test_why_a_draft_is_preferred(
    tmp_path: Path, first: str, second: str, sent: str, why: str
) -> None:
    told = story(tmp_path, "A", {
        **turn(f"B | 10:05:00 | out | ai | | {sent}"),
        "AIDraft": f"id | triggerMessageId | createdAt\n{second}\n{first}",
    })  # fmt: skip
    assert [(draft["draftId"], draft["because"]) for draft in told["drafts"]] == [
        (first[:2], f"preferred ({why})"),
        (second[:2], f"not preferred ({why})"),
    ]


JOBS = "id | type | messageId | draftId | runAt | startedAt | finishedAt"


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("10:01:00 | 10:01:05", "10:09:00 | ", "started before unstarted"),
        ("10:01:00 | 10:02:05", "10:09:00 | 10:01:05", "later startedAt"),
        ("10:02:00 | 10:02:05", "10:01:00 | 10:02:05", "later runAt"),
        ("10:01:00 | ", "10:01:00 | ", "greater id"),
    ],
)
def test_why_a_job_is_preferred(tmp_path: Path, first: str, second: str, why: str) -> None:
    kind = "AI_AUTO_SEND_DELAYED | A | dA"
    told = story(tmp_path, "A", {
        **turn("B | 10:01:00 | out | ai | |"),
        "AIDraft": "id | triggerMessageId\ndA | A",
        "BackgroundJob": "\n".join([
            JOBS,
            f"j1 | {kind} | {second} | ",
            f"j2 | {kind} | {first} | ",
            "k1 | SEND_REMINDER | A | dA | 10:01:00 | | ",
            "k2 | AI_AUTO_SEND_DELAYED | A | dX | 10:01:00 | | ",
            "k3 | AI_AUTO_SEND_DELAYED | A | | 10:01:00 | | ",
            "k4 | AI_AUTO_SEND_DELAYED | B | dA | 10:01:00 | | ",
        ]),
    })  # fmt: skip
    assert {job["jobId"]: job["because"] for job in told["jobs"]} == {
        "j2": f"preferred ({why})",
        "j1": f"not preferred ({why})",
        "k1": "not of type AI_AUTO_SEND_DELAYED",
        "k2": "for another draft than the event's",
        "k3": "for no draft",
    }
    assert told["jobs"][0]["jobId"] == told["event"]["aiBackgroundJobId"] == "j2"


def test_drafts_and_jobs_of_a_message_that_is_no_anchor(tmp_path: Path) -> None:
    told = story(tmp_path, "A", {
        "AIDraft": "id | triggerMessageId\ndA | A",
        "BackgroundJob": f"{JOBS}\nj1 | AI_AUTO_SEND_DELAYED | A | dA | 10:05:00 | | ",
    })  # fmt: skip
    assert [draft["because"] for draft in told["drafts"]] == ["for a message that is no anchor"]
    assert [job["because"] for job in told["jobs"]] == ["about a message that is no anchor"]


CAMPAIGN_COLUMNS = "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds"
HISTORY = "campaignId | clientId | minSeconds | maxSeconds | effectiveFrom | effectiveTo"
TODAY = "The setting of campaign c1 today; whether it was in force then is not known."
NO_PROOF = "Inferred: the jobs prove none for the campaign c1 at any time."
NO_PERIOD = "History: no period for its campaign or its client then."


def windowed(folder: Path, campaign: str | None, **options: Any) -> Any:
    return story(folder, "B", {
        "Lead": "id | emailCampaignId\nL | c1",
        "EmailCampaign": campaign and f"{CAMPAIGN_COLUMNS}\n{campaign}",
    }, **options)  # fmt: skip


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("campaign", "because"),
    [
        ("c1 | SETTER_MANAGED | 180 | 420",
         "None: the responseMode of campaign c1 is SETTER_MANAGED, not AI_AUTO_SEND."),
        ("c1 | | 180 | 420",
         "None: the responseMode of campaign c1 is not given, not AI_AUTO_SEND."),
        ("c1 | AI_AUTO_SEND | | 420", "None: campaign c1 lacks autoSendDelayMinSeconds."),
        ("c1 | AI_AUTO_SEND | | ",
         "None: campaign c1 lacks autoSendDelayMinSeconds and autoSendDelayMaxSeconds."),
        ("c2 | AI_AUTO_SEND | 1 | 2",
         "None: campaign c1 is not among the usable rows of EmailCampaign."),
        (None, "None: there is no EmailCampaign table to look up campaign c1 in."),
    ],
)  # fmt: skip
def test_why_there_is_no_window(tmp_path: Path, campaign: str | None, because: str) -> None:
    told = windowed(tmp_path, campaign)
    assert told["window"]["source"] == "none"
    assert told["window"]["because"] == [NO_PROOF, because]
    assert told["delay"] is None


def test_no_window_without_a_campaign_or_without_leads(tmp_path: Path) -> None:
    assert story(tmp_path / "a", "B")["window"]["because"] == ["None: lead L has no campaign."]
    without = story(tmp_path / "b", "B", {"Lead": None}, client="K")
    assert without["window"]["because"] == ["None: without a Lead table no lead has a campaign."]


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("history", "window", "because"),
    [
        ("", (180, 420, "current", None, None), [NO_PROOF, TODAY]),
        ("c1 | | 60 | 90 | 10:01:00 | ", (60, 90, "history", "10:01:00", None),
         ["History: in force for the campaign c1 from 2026-02-10 10:01:00Z."]),
        ("c1 | | 60 | 90 | | 10:01:01", (60, 90, "history", None, "10:01:01"),
         ["History: in force for the campaign c1 until 2026-02-10 10:01:01Z."]),
        ("c1 | | 60 | 90 | | 10:01:00", (180, 420, "current", None, None), [NO_PERIOD, TODAY]),
        ("c1 | | | | | 10:30:00\n| K | 30 | 30 | |", (180, 420, "current", None, None),
         ["History: not known for the campaign c1 until 2026-02-10 10:30:00Z.", TODAY]),
        ("c1 | | 60 | 90 | | 10:00:00\n| K | 30 | 30 | |", (30, 30, "history", None, None),
         ["History: in force for the client K always."]),
        ("c1 | | 60 | 90 | 09:00:00 | 11:00:00\n| K | 30 | 30 | |",
         (60, 90, "history", "09:00:00", "11:00:00"),
         ["History: in force for the campaign c1 from 2026-02-10 09:00:00Z until "
          "2026-02-10 11:00:00Z."]),
    ],
)  # fmt: skip
def test_where_the_window_came_from(
    tmp_path: Path, history: str, window: tuple[Any, ...], because: list[str]
) -> None:
    options = {"delay_windows": f"{HISTORY}\n{history}"} if history else {}
    told = windowed(tmp_path, "c1 | AI_AUTO_SEND | 180 | 420", **options)
    low, high, source, start, end = window
    assert told["window"] == {
        "source": source, "minSeconds": low, "maxSeconds": high, "campaignId": "c1",
        "effectiveFrom": start and f"2026-02-10T{start}.000000Z",
        "effectiveTo": end and f"2026-02-10T{end}.000000Z",
        "because": because,
    }  # fmt: skip
    assert told["event"]["aiDelayMinSeconds"] == low


def test_an_inferred_window(tmp_path: Path) -> None:
    start, numbers = datetime(2026, 2, 10), random.Random(7)
    ids = [str(numbers.getrandbits(64)) for _ in range(60)]
    messages, drafts, jobs = [], [], []
    for hour, id_ in enumerate(ids):
        at = start + timedelta(hours=hour)
        run_at = at + timedelta(seconds=chosen(id_, 180, 420))
        messages += [f"{id_} | {at} | in", f"to {id_} | {at + timedelta(minutes=9)} | out"]
        drafts.append(f"d{id_} | {id_}")
        jobs.append(f"j{id_} | AI_AUTO_SEND_DELAYED | {id_} | d{id_} | {run_at} | | ")
    told = story(tmp_path, ids[7], {
        "Message": "\n".join(["id | sentAt | direction", *messages]),
        "AIDraft": "\n".join(["id | triggerMessageId", *drafts]),
        "BackgroundJob": "\n".join([JOBS, *jobs]),
        "Lead": "id | emailCampaignId\nL | c1",
        "EmailCampaign": f"{CAMPAIGN_COLUMNS}\nc1 | AI_AUTO_SEND | 60 | 120",
    }, delay_windows="infer")  # fmt: skip
    assert told["window"]["source"] == "inferred"
    assert (told["window"]["minSeconds"], told["window"]["maxSeconds"]) == (180, 420)
    assert told["window"]["because"][0].startswith("Inferred: in force for the campaign c1")
    assert told["schedule"]["verdict"] == "match"


def test_the_arithmetic_is_the_events(tmp_path: Path) -> None:
    told = windowed(tmp_path, "c1 | AI_AUTO_SEND | 180 | 420")
    assert told["delay"] == {
        "chosenSeconds": 180 + 66, "hash": 66, "absoluteHash": 66,
        "rangeSeconds": 240, "remainderSeconds": 66,
    }  # fmt: skip
    assert told["event"]["aiChosenDelaySeconds"] == 246
    constant = windowed(tmp_path, "c1 | AI_AUTO_SEND | 300 | 200")
    assert constant["delay"] == {
        "chosenSeconds": 300, "hash": 66, "absoluteHash": 66,
        "rangeSeconds": -100, "remainderSeconds": None,
    }  # fmt: skip


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("run_at", "window", "verdict", "because"),
    [
        ("10:05:06", "180 | 420", "match",
         "runAt − inboundSentAt = 246 s, exactly the chosen delay."),
        ("10:05:06.000999", "180 | 420", "match",
         "runAt − inboundSentAt = 246 s, exactly the chosen delay."),
        ("10:05:06.001", "180 | 420", "later",
         "runAt − inboundSentAt = 246.001 s, later than the chosen 246 s; the sending jobs say "
         "why, where that is known."),
        ("10:04:00", "180 | 420", "earlier",
         "runAt − inboundSentAt = 180 s, earlier than the chosen 246 s: this window was hardly "
         "the one in force."),
        ("10:03:59.999", "180 | 420", "outsideWindow",
         "runAt − inboundSentAt = 179.999 s, below the window's lower end: this window was not "
         "the one in force."),
        ("10:05:06", " | ", "noWindow",
         "runAt − inboundSentAt = 246 s; without a window nothing to compare with."),
    ],
)  # fmt: skip
def test_the_schedule_against_the_chosen_delay(
    tmp_path: Path, run_at: str, window: str, verdict: str, because: str
) -> None:
    told = story(tmp_path, "B", {
        "Lead": "id | emailCampaignId\nL | c1",
        "EmailCampaign": f"{CAMPAIGN_COLUMNS}\nc1 | AI_AUTO_SEND | {window}",
        "AIDraft": "id | triggerMessageId\ndB | B",
        "BackgroundJob": f"{JOBS}\nj1 | AI_AUTO_SEND_DELAYED | B | dB | {run_at} | | ",
    })  # fmt: skip
    assert (told["schedule"]["verdict"], told["schedule"]["because"]) == (verdict, because)


def test_started_finished_and_drift(tmp_path: Path) -> None:
    told = story(tmp_path, "A", {
        **turn("B | 10:05:12.5 | out | ai | | dA"),
        "AIDraft": "id | triggerMessageId\ndA | A",
        "BackgroundJob":
            f"{JOBS}\nj1 | AI_AUTO_SEND_DELAYED | A | dA | 10:05:13 | 10:05:13.25 | 10:05:14",
    })  # fmt: skip
    schedule = told["schedule"]
    assert schedule["scheduledMs"] == 313_000
    assert schedule["startedMs"] == 250
    assert schedule["finishedMs"] == 1_000
    assert schedule["driftMs"] == -500
