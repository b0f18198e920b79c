"""Who the setter is, and the two setter rules."""

from pathlib import Path

import pytest

from tests.tables import built, says

AI_THEN_SETTER = """
    id | sentAt   | direction | sentBy | sentByUserId | aiDraftId
    A  | 10:00:00 | in        |        |              |
    B  | 10:04:00 | out       | ai     |              | dA
    C  | 10:09:00 | out       | setter | u1           |
"""
DRAFT = "id | triggerMessageId\ndA | A"


@pytest.mark.parametrize(("rule", "expected"), [("turn", "C | u1 | 540000"), ("next", " | | ")])
def test_a_setter_after_the_ai(tmp_path: Path, rule: str, expected: str) -> None:
    events = built(tmp_path, {"Message": AI_THEN_SETTER, "AIDraft": DRAFT}, setter_rule=rule)
    says(events, f"""
        id | aiResponseMessageId | setterResponseMessageId | setterSentByUserId | setterResponseMs
        A  | B                   | {expected}
    """)  # fmt: skip


@pytest.mark.parametrize("rule", ["turn", "next"])
def test_the_ai_after_a_setter(tmp_path: Path, rule: str) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId | aiDraftId
            A  | 10:00:00 | in        |        |              |
            B  | 10:01:00 | out       | setter | u1           |
            C  | 10:04:00 | out       | ai     |              | dA
        """,
        "AIDraft": DRAFT,
    }, setter_rule=rule)  # fmt: skip
    says(events, """
        id | setterResponseMessageId | setterResponseMs | aiResponseMessageId | aiResponseMs
        A  | B                       | 60000            | C                   | 240000
    """)  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), [("turn", "C"), ("next", "")])
def test_a_setter_after_a_campaign_message(tmp_path: Path, rule: str, expected: str) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy   | sentByUserId
            A  | 10:00:00 | in        |          |
            B  | 10:01:00 | out       | campaign | u9
            C  | 10:02:00 | out       | setter   | u1
        """,
    }, setter_rule=rule)  # fmt: skip
    says(events, f"id | setterResponseMessageId\nA | {expected}")


@pytest.mark.parametrize("rule", ["turn", "next"])
def test_of_several_setter_messages_the_first_counts(tmp_path: Path, rule: str) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            C  | 10:01:00 | out       | setter | u1
            B  | 10:02:00 | out       | setter | u2
        """,
    }, setter_rule=rule)  # fmt: skip
    says(events, "id | setterResponseMessageId | setterSentByUserId\nA | C | u1")


def test_a_setter_needs_a_user_id(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | out       | setter |
            C  | 10:02:00 | out       | setter | u1
            D  | 10:03:00 | in        |        |
            E  | 10:04:00 | out       | setter |
        """,
    })  # fmt: skip
    says(events, """
        id | setterResponseMessageId | setterSentByUserId
        A  | C                       | u1
        D  |                         |
    """)  # fmt: skip


def test_a_human_who_sends_an_ai_draft_is_a_setter(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId | aiDraftId
            A  | 10:00:00 | in        |        |              |
            B  | 10:01:00 | out       | setter | u1           | dA
        """,
        "AIDraft": DRAFT,
    })  # fmt: skip
    says(events, """
        id | setterResponseMessageId | aiDraftId | aiResponseMessageId | aiResponseMs
        A  | B                       | dA        |                     |
    """)  # fmt: skip


def test_a_setter_of_the_next_turn_does_not_answer_this_anchor(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | out       |        |
            C  | 10:02:00 | in        |        |
            D  | 10:03:00 | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, "id | setterResponseMessageId\nA |\nC | D")


def test_milliseconds_are_exact_floored_and_64_bit(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt                     | direction | sentBy | sentByUserId
            A  | 2026-01-01 00:00:00.000001 | in        |        |
            B  | 2026-01-01 00:00:00.002000 | out       | setter | u1
            C  | 2026-01-02 00:00:00        | in        |        |
            D  | 2026-02-11 00:00:00.999    | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, "id | setterResponseMs\nA | 1\nC | 3456000999")
