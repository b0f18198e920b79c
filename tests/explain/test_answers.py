"""What is told of the messages of a turn: whose response they are, and why the others are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.explain.cases import Tables, story, turn
from tests.explain.test_agreement import explaining
from tests.tables import write_exports
from timingctl.options import SourceOptions

AI, SETTER = "B | 10:01:00 | out | ai | |", "C | 10:02:00 | out | setter | u1 |"
NAMELESS, CAMPAIGN = "N | 10:03:00 | out | setter | |", "S | 10:00:30 | out | campaign | |"


@pytest.mark.wide(but=2)
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


@pytest.mark.wide(but=2)
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


@pytest.mark.wide(but=6)
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


@pytest.mark.wide(but=2)
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


def test_only_its_own_thread_is_told(tmp_path: Path) -> None:
    told = story(tmp_path, "T", TALK)
    assert [row["id"] for row in told["thread"]["timeline"]] == ["S", "T"]
