"""What is told of a message, rule by rule: small exports and the sentences that they must give."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.explain.cases import THREAD, Tables, story
from tests.explain.test_agreement import explaining
from tests.model import chosen
from tests.tables import write_exports
from timingctl.errors import InputError
from timingctl.options import SourceOptions

# --- Standing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "standing", "anchor", "because"),
    [
        ("A", "superseded", "B",
         "No anchor: the next message of its thread, B, is inbound too, and of a streak only the "
         "last inbound is one. Here that is B."),
        ("B", "anchor", "B", "An anchor: the next message of its thread, C, is outbound."),
        ("E", "open", None,
         "Open, so no event: only one inbound, which nobody answered, came after it."),
        ("F", "open", None, "Open, so no event: it is the last message of its thread."),
    ],
)  # fmt: skip
def test_an_inbound(
    tmp_path: Path, message: str, standing: str, anchor: str | None, because: str
) -> None:
    told = story(tmp_path, message)
    assert (told["standing"], told["anchorId"]) == (standing, anchor)
    assert told["because"] == [because]
    assert (told["event"] is not None) == (standing == "anchor")


def test_an_outbound_before_any_inbound(tmp_path: Path) -> None:
    told = story(tmp_path, "Z", {"Message": f"{THREAD.rstrip()}\nZ | 09:00:00 | out | setter | u1"})
    assert (told["standing"], told["anchorId"]) == ("outbound", None)
    assert told["because"] == [
        "Outbound, before any inbound of its thread: there is nothing that it answers."
    ]


TIES = """
    id | sentAt   | direction | aiDraftPartIndex
    a  | 10:00:00 | in        |
    b  | 10:00:00 | in        |
    c  | 10:00:00 | out       |
    d  | 10:00:00 | out       | 0
    e  | 10:01:00 | out       |
"""


@pytest.mark.parametrize(
    ("message", "standing", "ties"),
    [
        ("b", "anchor", [
            "c and d are of the same instant: c and d stand before it, because nobody answers in "
            "zero time.",
            "a is of the same instant too: in order of aiDraftPartIndex, then id, it is number 2 "
            "of 2.",
        ]),
        ("d", "outbound", [
            "a and b are of the same instant: it stands before a and b, because nobody answers in "
            "zero time.",
            "c is of the same instant too: in order of aiDraftPartIndex, then id, it is number 2 "
            "of 2.",
        ]),
        ("e", "outbound", []),
    ],
)  # fmt: skip
def test_ties_at_one_instant(tmp_path: Path, message: str, standing: str, ties: list[str]) -> None:
    told = story(tmp_path, message, {"Message": TIES})
    assert told["standing"] == standing
    assert [sentence for sentence in told["because"] if "instant" in sentence] == ties
    order = [row["id"] for row in told["thread"]["timeline"]]
    assert order == ["c", "d", "a", "b", "e"]


# --- Messages that are left out ---------------------------------------------------------------


MESSAGE_COLUMNS = "id | sentAt | direction | leadId"


@pytest.mark.parametrize(
    ("lines", "because"),
    [
        (["X | soon | in | L"],
         ["Message.csv, row 2: unreadable timestamp: sentAt is 'soon'."]),
        (["X | 10:00:00 | sideways | L"],
         ["Message.csv, row 2: unknown direction: direction is 'sideways'."]),
        (["X | 10:00:00 | in | "], ["Message.csv, row 2: no leadId."]),
        (["X | 10:00:00 | in | nobody"],
         ["Message.csv, row 2: lead not in Lead: leadId is 'nobody'."]),
        (["X | 10:00:00 | in | L", "X | 10:00:01 | out | L"],
         [f"Message.csv, row {row}: different rows under one id; they differ in direction, sentAt."
          for row in (2, 3)]),
    ],
)  # fmt: skip
def test_a_message_that_is_left_out(tmp_path: Path, lines: list[str], because: list[str]) -> None:
    tables: Tables = {"Message": "\n".join([MESSAGE_COLUMNS, "A | 09:00:00 | in | L", *lines])}
    told = story(tmp_path, "X", tables)
    assert told["standing"] == "rejected"
    assert told["because"] == ["Left out of every build:", *because]
    assert len(told["rejects"]) == len(because)
    assert (told["message"], told["thread"], told["event"]) == (None, None, None)


def test_a_lead_of_several_clients(tmp_path: Path) -> None:
    tables: Tables = {
        "Lead": None,
        "Message": "id | sentAt | direction | clientId\nA | 10:00:00 | in | K1\n"
        "B | 10:01:00 | out | K2",
    }
    told = story(tmp_path, "A", tables)
    assert told["because"] == [
        "Left out of every build:",
        "Message.csv, row 1: lead of several clients: leadId is 'L'.",
    ]


def test_exact_duplicates_and_a_bad_twin_of_a_used_message(tmp_path: Path) -> None:
    lines = ["X | 10:00:00 | in | L"] * 3 + ["X | 10:00:00 | up | L"]
    told = story(tmp_path, "X", {"Message": "\n".join([MESSAGE_COLUMNS, *lines])})
    assert told["standing"] == "open"
    assert told["because"][1:] == [
        "Other rows with its id are left out (1):",
        "Message.csv, row 4: unknown direction: direction is 'up'.",
        "It stands 3 times with the same values; one is used.",
    ]


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        ("Message-1", "did you mean 'message-17'?"),
        ("MESSAGE-17 ", "did you mean 'message-17'?"),
        ("message-71", "did you mean 'message-17'?"),
        ("draft", "is it a message's id?"),
        ("", "is it a message's id?"),
        ("x\x1b[31m'\"\n", "is it a message's id?"),
    ],
)
def test_no_such_message(tmp_path: Path, message: str, hint: str) -> None:
    messages = "id | sentAt | direction\nmessage-17 | 10:00:00 | in\nother | 10:00:00 | in"
    with pytest.raises(InputError) as error:
        story(tmp_path, message, {"Message": messages})
    assert str(error.value) == f"The exports have no message {message!r}; {hint}"


# --- The setter's response --------------------------------------------------------------------


def turn(*lines: str) -> Tables:
    head = "id | sentAt | direction | sentBy | sentByUserId | aiDraftId\nA | 10:00:00 | in | | |"
    return {"Message": "\n".join([head, *lines])}


AI, SETTER = "B | 10:01:00 | out | ai | |", "C | 10:02:00 | out | setter | u1 |"
NAMELESS, CAMPAIGN = "N | 10:03:00 | out | setter | |", "S | 10:00:30 | out | campaign | |"


@pytest.mark.parametrize(
    ("lines", "rule", "response", "because"),
    [
        ([SETTER], "turn", "C", ["C: the turn's first message by a setter with a user id."]),
        ([AI, SETTER, CAMPAIGN], "turn", "C", [
            "C: the turn's first message by a setter with a user id.",
            "Before it in the turn came S by something else (campaign) and B by the AI.",
        ]),
        ([AI, SETTER], "next", None, [
            "None: rule next looks only at B, right after the anchor, which is by the AI. Under "
            "rule turn it would be C.",
        ]),
        ([SETTER], "next", "C", [
            "C: right after the anchor, by a setter with a user id (rule next)."
        ]),
        ([AI, NAMELESS], "turn", None,
         ["None: N is by a setter, but without a sentByUserId."]),
        ([AI], "turn", None, ["None: in the turn is nothing by a setter, only B by the AI."]),
        (["D | 10:05:00 | out | setter | u1 | dA"], "turn", "D", [
            "D: the turn's first message by a setter with a user id.",
            "It sends draft dA; a person who does is a setter.",
        ]),
    ],
)  # fmt: skip
def test_the_setters_response(
    tmp_path: Path, lines: list[str], rule: str, response: str | None, because: list[str]
) -> None:
    told = story(tmp_path, "A", turn(*lines), setter_rule=rule)
    assert told["setterResponse"] == {"messageId": response, "because": because}
    assert told["event"]["setterResponseMessageId"] == response


@pytest.mark.parametrize(
    ("message", "lines", "rule", "because"),
    [
        ("C", [AI, SETTER], "turn",
         "It is the setter's response to A: the turn's first message by a setter with a user id."),
        ("D", [SETTER, "D | 10:05:00 | out | setter | u1 |"], "turn",
         "The setter's response to A is C, which came before it."),
        ("N", [AI, NAMELESS], "turn",
         "By a setter, but without a sentByUserId: it is nobody's response."),
        ("C", [AI, SETTER], "next",
         "It is no setter's response: under rule next only the message right after A can be, and "
         "that is B, by the AI."),
        ("S", [CAMPAIGN, SETTER], "turn",
         "Sent by neither a setter nor the AI but by 'campaign': it is nobody's response."),
        ("S", ["S | 10:01:00 | out | | |"], "turn",
         "Sent by neither a setter nor the AI: it is nobody's response."),
    ],
)  # fmt: skip
def test_what_an_outbound_is_to_its_anchor(
    tmp_path: Path, message: str, lines: list[str], rule: str, because: str
) -> None:
    told = story(tmp_path, message, turn(*lines), setter_rule=rule)
    assert told["because"] == ["Outbound, in the turn of the anchor A.", because]
    assert (told["standing"], told["anchorId"], told["event"]) == ("outbound", "A", None)


def test_a_draft_that_a_person_sent(tmp_path: Path) -> None:
    tables = turn("D | 10:05:00 | out | setter | u1 | dA")
    tables["AIDraft"] = "id | triggerMessageId\ndA | A"
    told = story(tmp_path, "D", tables)
    assert told["because"][-1] == (
        "It names the AI's draft dA, but a person sent it: never the AI's response."
    )
    assert story(tmp_path, "A", tables)["aiResponse"] == {
        "messageId": None,
        "because": [
            "None: the AI did not send draft dA in answer.",
            "D names it, but was sent by setter u1.",
        ],
    }


# --- The AI's response ------------------------------------------------------------------------


CONVERSATION = """
    id | sentAt   | direction | sentBy | aiDraftId | aiDraftPartIndex | channel
    Y  | 09:00:00 | out       | ai     | dB        |                  | email
    A  | 10:00:00 | in        |        |           |                  | email
    B  | 10:01:00 | in        |        |           |                  | email
    C  | 10:05:00 | out       | ai     | dB        | 0                | email
    D  | 10:05:01 | out       | ai     | dB        | 1                | email
    E  | 10:20:00 | in        |        |           |                  | email
    F  | 10:21:00 | out       | ai     | dA        |                  | email
    G  | 10:22:00 | out       | ai     |           |                  | email
    H  | 10:23:00 | out       | ai     | gone      |                  | email
    I  | 10:24:00 | out       | ai     | free      |                  | email
    J  | 10:25:00 | out       | ai     | dS        |                  | email
    K  | 10:26:00 | out       | ai     | other     |                  | email
    M  | 10:27:00 | out       | ai     | dB2       |                  | email
    S  | 10:00:00 | in        |        |           |                  | sms
    T  | 10:01:00 | out       | ai     | dB        |                  | sms
"""
CONVERSATION_DRAFTS = """
    id    | triggerMessageId | channel | createdAt
    dB    | B                | email   | 10:01:06
    dB2   | B                | email   | 10:01:05
    dBsms | B                | sms     | 10:01:07
    dA    | A                | email   | 10:00:06
    free  |                  | email   | 10:00:06
    dS    | S                | sms     | 10:00:06
    other | B                | sms     | 10:00:06
"""
TALK: Tables = {"Message": CONVERSATION, "AIDraft": CONVERSATION_DRAFTS}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """What tells the story of one message of it after another."""
    source = write_exports(tmp_path_factory.mktemp("talk"), TALK)
    with explaining(SourceOptions(source)) as told:
        yield told


@pytest.mark.parametrize(
    ("message", "because"),
    [
        ("C", "It is the AI's response to B: the first message sent from that anchor's draft, dB."),
        ("D", "By the AI from draft dB, of which C was sent first."),
        ("F", "By the AI from draft dA, written for A, which is no anchor: it is nobody's "
              "response."),
        ("G", "By the AI, but it names no draft: it is nobody's response."),
        ("H", "By the AI from draft gone, which is none of the usable drafts: it is nobody's "
              "response."),
        ("I", "By the AI from draft free, which was written for no message: it is nobody's "
              "response."),
        ("J", "By the AI from draft dS, which was written for S in another thread (lead L, sms): "
              "it is no response to S."),
        ("K", "By the AI from draft other, which is for sms while B came by email: it is no "
              "response to B."),
        ("M", "By the AI from draft dB2, but of the drafts for B dB is preferred."),
        ("T", "By the AI from draft dB, which was written for B in another thread (lead L, "
              "email): it is no response to B."),
        ("Y", "By the AI from draft dB, but before B, which that answers: it is nobody's "
              "response."),
    ],
)  # fmt: skip
def test_what_a_message_of_the_ai_is(
    talk: Callable[[str], Any], message: str, because: str
) -> None:
    assert talk(message)["because"][-1] == because


def test_the_ais_response_and_its_parts(tmp_path: Path) -> None:
    told = story(tmp_path, "B", TALK)
    assert told["aiResponse"] == {
        "messageId": "C",
        "because": [
            "C: the first message that the AI sent from draft dB.",
            "1 more part followed.",
        ],
    }
    assert {draft["draftId"]: draft["because"] for draft in told["drafts"]} == {
        "dB": "preferred (later createdAt)",
        "dB2": "not preferred (later createdAt)",
        "dBsms": "for sms, while the anchor came by email",
        "other": "for sms, while the anchor came by email",
    }
    assert [draft["isPreferred"] for draft in told["drafts"]] == [True, False, False, False]


def test_messages_of_the_ai_in_the_turn_that_are_no_response(tmp_path: Path) -> None:
    assert story(tmp_path, "E", TALK)["aiResponse"] == {
        "messageId": None,
        "because": [
            "None: there is no draft for it on its channel.",
            "F in the turn is the AI's too, but from draft dA.",
            "G in the turn is the AI's too, but names no draft.",
            "H in the turn is the AI's too, but from draft gone.",
        ],
    }


def test_an_inbound_that_names_the_draft_is_no_part_of_the_response(tmp_path: Path) -> None:
    tables: Tables = {
        "Message": """
            id | sentAt   | direction | sentBy | aiDraftId
            A  | 10:00:00 | in        |        |
            B  | 10:05:00 | out       | ai     | dA
            C  | 10:06:00 | in        | ai     | dA
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
    }
    because = story(tmp_path, "A", tables)["aiResponse"]["because"]
    assert because == ["B: the first message that the AI sent from draft dA."]


def test_a_response_in_a_later_turn(tmp_path: Path) -> None:
    tables: Tables = {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId | aiDraftId
            A  | 10:00:00 | in        |        |              |
            B  | 10:01:00 | out       | setter | u1           |
            C  | 10:02:00 | in        |        |              |
            D  | 10:05:00 | out       | ai     |              | dA
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
    }
    told = story(tmp_path, "A", tables, context=0)
    assert told["aiResponse"]["because"] == [
        "D: the first message that the AI sent from draft dA.",
        "It stands in a later turn, that of C.",
    ]
    assert [row["id"] for row in told["thread"]["timeline"]] == ["A", "B", "D"]
    answer = story(tmp_path, "D", tables)
    assert (answer["anchorId"], answer["thread"]["offsetsFrom"]) == ("A", "A")
    assert answer["because"][0] == "Outbound, in the turn of the anchor C."


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("X | 09:00:00 | out | ai | dA | email | L", "X sends it, but before the anchor."),
        ("X | 10:05:00 | out | ai | dA | sms | L", "X sends it, but by sms."),
        ("X | 10:05:00 | out | ai | dA | email | M", "X sends it, but to another lead, M."),
        ("X | 10:05:00 | out | campaign | dA | email | L",
         "X names it, but was sent by something else (campaign)."),
        ("X | 09:05:00 | in | ai | dA | email | L", "X names it, but is inbound."),
    ],
)  # fmt: skip
def test_a_draft_that_was_not_sent_in_answer(tmp_path: Path, line: str, because: str) -> None:
    head = "id | sentAt | direction | sentBy | aiDraftId | channel | leadId"
    anchor = "A | 10:00:00 | in | | | email | L\nB | 10:01:00 | out | setter | | email | L"
    told = story(tmp_path, "A", {
        "Message": f"{head}\n{anchor}\n{line}",
        "AIDraft": "id | triggerMessageId\ndA | A",
        "Lead": "id\nL\nM",
    })  # fmt: skip
    assert told["aiResponse"] == {
        "messageId": None,
        "because": ["None: the AI did not send draft dA in answer.", because],
    }


# --- Drafts and jobs --------------------------------------------------------------------------


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
        **turn(AI),
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


# --- Window, delay and schedule ---------------------------------------------------------------


CAMPAIGN_COLUMNS = "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds"
HISTORY = "campaignId | clientId | minSeconds | maxSeconds | effectiveFrom | effectiveTo"
TODAY = "The setting of campaign c1 today; whether it was in force then is not known."
NO_PROOF = "Inferred: the jobs prove none for the campaign c1 always."
NO_PERIOD = "History: no period for its campaign or its client then."


def windowed(folder: Path, campaign: str | None, **options: Any) -> Any:
    return story(folder, "B", {
        "Lead": "id | emailCampaignId\nL | c1",
        "EmailCampaign": campaign and f"{CAMPAIGN_COLUMNS}\n{campaign}",
    }, **options)  # fmt: skip


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


@pytest.mark.parametrize(
    ("run_at", "window", "verdict", "because"),
    [
        ("10:05:06", "180 | 420", "match",
         "runAt − inboundSentAt = 246 s, exactly the chosen delay."),
        ("10:05:06.000999", "180 | 420", "match",
         "runAt − inboundSentAt = 246 s, exactly the chosen delay."),
        ("10:05:06.001", "180 | 420", "later",
         "runAt − inboundSentAt = 246.001 s, later than the chosen 246 s: rescheduled, retried, "
         'or set to "now + 30 s".'),
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


# --- The timeline -----------------------------------------------------------------------------


def test_the_timeline_is_bounded_and_keeps_what_the_anchor_is_about(tmp_path: Path) -> None:
    lines = [f"m{number:02} | 10:{number:02}:00 | out | | |" for number in range(1, 40)]
    lines += ["s | 10:45:00 | out | setter | u1 |", "t | 10:50:00 | in | | |"]
    told = story(tmp_path, "A", turn(*lines), context=2)
    timeline = told["thread"]["timeline"]
    assert [(row["place"], row["id"]) for row in timeline] == [
        (1, "A"), (2, "m01"), (3, "m02"), (41, "s"),
    ]  # fmt: skip
    assert (told["thread"]["messages"], told["thread"]["leftOut"]) == (42, 38)
    assert [row["offsetMs"] for row in timeline] == [0, 60_000, 120_000, 45 * 60_000]
    assert [row["isAsked"] for row in timeline] == [True, False, False, False]
    assert [row["isAnchor"] for row in timeline] == [True, False, False, False]
    assert timeline[-1]["setterResponseTo"] == "A"


def test_only_its_own_thread_is_told(tmp_path: Path) -> None:
    told = story(tmp_path, "T", TALK)
    assert [row["id"] for row in told["thread"]["timeline"]] == ["S", "T"]
