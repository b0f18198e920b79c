"""Drafts, the AI's response, and which of several drafts is preferred."""

from pathlib import Path

import pytest

from tests.tables import built, says

ANSWERED = """
    id | sentAt   | direction | sentBy | aiDraftId
    A  | 10:00:00 | in        |        |
    B  | 10:05:12.345 | out   | ai     | dA
"""


def test_the_ai_sends_the_draft_of_the_anchor(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": ANSWERED, "AIDraft": "id | triggerMessageId\ndA | A"})
    says(events, """
        id | aiDraftId | aiResponseMessageId | aiResponseSentAt    | aiResponseMs | aiActualDelaySeconds
        A  | dA        | B                   | 10:05:12.345000     | 312345       | 312
    """)  # fmt: skip  # noqa: E501


def test_of_several_parts_the_first_in_thread_order_counts(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | aiDraftId | aiDraftPartIndex
            A  | 10:00:00 | in        |        |           |
            w  | 10:05:00 | out       | ai     | dA        | 1
            x  | 10:05:00 | out       | ai     | dA        | 0
            v  | 10:05:02 | out       | ai     | dA        | 2
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
    })  # fmt: skip
    says(events, "id | aiResponseMessageId | aiResponseMs\nA | x | 300000")


def test_a_draft_that_was_not_sent_is_named_without_a_response(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | out       | setter | u1
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
    })  # fmt: skip
    says(events, """
        id | aiDraftId | aiResponseMessageId | aiResponseSentAt | aiResponseMs | aiActualDelaySeconds
        A  | dA        |                     |                  |              |
    """)  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("elsewhere", ["", "X | sms | 09:00:00 | out | |"])
def test_a_draft_for_another_channel_is_not_the_anchors(tmp_path: Path, elsewhere: str) -> None:
    """Whether or not there are messages on the other channel."""
    events = built(tmp_path, {
        "Message": f"""
            id | channel | sentAt   | direction | sentBy | aiDraftId
            A  | email   | 10:00:00 | in        |        |
            B  | email   | 10:05:12 | out       | ai     | dA
            {elsewhere}
        """,
        "AIDraft": "id | triggerMessageId | channel\ndA | A | sms",
    })  # fmt: skip
    says(events, "id | aiDraftId | aiResponseMessageId\nA | |")


def test_a_setter_whose_user_id_is_the_drafts_did_not_send_it(tmp_path: Path) -> None:
    """Ids are opaque: those of users and of drafts may be the same words."""
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:05:12 | out       | setter | 7
        """,
        "AIDraft": "id | triggerMessageId\n7 | A",
    })  # fmt: skip
    says(events, """
        id | setterResponseMessageId | aiDraftId | aiResponseMessageId
        A  | B                       | 7         |
    """)  # fmt: skip


def test_an_ai_message_without_the_draft_is_no_response(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": ANSWERED})
    says(events, "id | aiDraftId | aiResponseMessageId\nA | |")


def test_the_draft_of_an_earlier_inbound_of_the_streak_is_not_the_anchors(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | aiDraftId
            A  | 10:00:00 | in        |        |
            B  | 10:00:30 | in        |        |
            C  | 10:05:00 | out       | ai     | dA
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
    })  # fmt: skip
    says(events, "id | aiDraftId | aiResponseMessageId\nB | |")


def test_the_draft_may_be_sent_after_the_turn(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId | aiDraftId
            A  | 10:00:00 | in        |        |              |
            B  | 10:01:00 | out       | setter | u1           |
            C  | 10:02:00 | in        |        |              |
            D  | 10:05:00 | out       | ai     |              | dA
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
    })  # fmt: skip
    says(events, """
        id | setterResponseMessageId | aiResponseMessageId | aiResponseMs
        A  | B                       | D                   | 300000
        C  |                         |                     |
    """)  # fmt: skip


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("L | email | 09:59:00", id="before the anchor"),
        pytest.param("L | email | 10:00:00", id="at the anchor's instant"),
        pytest.param("L | sms   | 10:05:00", id="on another channel"),
        pytest.param("M | email | 10:05:00", id="to another lead"),
    ],
)
def test_what_the_ai_sent_elsewhere_or_too_early_is_no_response(tmp_path: Path, reply: str) -> None:
    """C stands late in whichever thread it is in."""
    events = built(tmp_path, {
        "Message": f"""
            id | leadId | channel | sentAt | direction | sentBy | aiDraftId
            W  | L | sms   | 09:00:00 | in  |    |
            X  | L | sms   | 09:01:00 | out |    |
            Y  | M | email | 09:00:00 | in  |    |
            Z  | M | email | 09:01:00 | out |    |
            A  | L | email | 10:00:00 | in  |    |
            B  | L | email | 10:09:00 | out |    |
            C  | {reply} | out | ai | dA
        """,
        "AIDraft": "id | triggerMessageId\ndA | A",
        "Lead": "id\nL\nM",
    })  # fmt: skip
    says(events, """
        id | aiDraftId | aiResponseMessageId
        W  |           |
        Y  |           |
        A  | dA        |
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("drafts", "preferred"),
    [
        pytest.param("d1 | A | 09:00:00\nd2 | A | 09:30:00", "d1", id="sent before unsent"),
        pytest.param("d3 | A | 09:00:00\nd2 | A | 09:30:00", "d2", id="later createdAt"),
        pytest.param("d3 | A | \nd2 | A | 09:30:00", "d2", id="a null createdAt last"),
        pytest.param("d3 | A | 09:30:00\nd2 | A | 09:30:00", "d3", id="greater id"),
    ],
)
def test_of_several_drafts_one_is_preferred(tmp_path: Path, drafts: str, preferred: str) -> None:
    lines = drafts.splitlines()
    for order, given in {"forwards": lines, "backwards": lines[::-1]}.items():
        events = built(tmp_path / order, {
            "Message": ANSWERED.replace("dA", "d1"),
            "AIDraft": "\n".join(["id | triggerMessageId | createdAt", *given]),
        })  # fmt: skip
        says(events, f"id | aiDraftId\nA | {preferred}")


def test_what_the_ai_sent_before_the_anchor_does_not_prefer_its_draft(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | aiDraftId
            Z  | 09:58:00 | in        |        |
            B  | 09:59:00 | out       | ai     | d1
            A  | 10:00:00 | in        |        |
            C  | 10:09:00 | out       |        |
        """,
        "AIDraft": "id | triggerMessageId | createdAt\nd1 | A | 09:00:00\nd2 | A | 09:30:00",
    })  # fmt: skip
    says(events, "id | aiDraftId | aiResponseMessageId\nZ | |\nA | d2 |")
