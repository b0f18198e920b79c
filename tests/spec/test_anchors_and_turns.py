"""Threads, thread order, anchors, turns."""

from pathlib import Path

import pytest

from tests.tables import built, says


def test_the_last_inbound_of_a_streak_is_the_anchor(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | in        |        |
            C  | 10:05:00 | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, """
        id | inboundMessageId | inboundSentAt | setterResponseMessageId | setterResponseMs
        B  | B                | 10:01:00      | C                       | 240000
    """)  # fmt: skip


def test_every_answered_inbound_has_its_own_event(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | out       | setter | u1
            C  | 10:02:00 | in        |        |
            D  | 10:04:00 | out       | setter | u2
        """,
    })  # fmt: skip
    says(events, """
        id | setterResponseMessageId | setterSentByUserId | setterResponseMs
        A  | B                       | u1                 | 60000
        C  | D                       | u2                 | 120000
    """)  # fmt: skip


def test_an_open_inbound_and_a_first_outbound_give_no_event(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | out       | setter | u1
            B  | 10:01:00 | in        |        |
        """,
    })  # fmt: skip
    assert events.is_empty()


def test_a_reply_on_another_channel_is_no_response(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | channel | sentAt   | direction | sentBy | sentByUserId
            A  | email   | 10:00:00 | in        |        |
            B  | sms     | 10:00:30 | in        |        |
            C  | sms     | 10:01:00 | out       | setter | u1
            D  | email   | 10:03:00 | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, """
        id | channel | setterResponseMessageId | setterResponseMs
        A  | email   | D                       | 180000
        B  | sms     | C                       | 30000
    """)  # fmt: skip


def test_threads_of_different_leads_do_not_mix(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | leadId | sentAt   | direction | sentBy | sentByUserId
            A  | L      | 10:00:00 | in        |        |
            B  | M      | 10:01:00 | out       | setter | u1
        """,
        "Lead": "id\nL\nM",
    })  # fmt: skip
    assert events.is_empty()


def test_two_inbounds_at_one_instant_anchor_at_the_greater_id(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            b  | 10:00:00 | in        |        |
            a  | 10:00:00 | in        |        |
            C  | 10:00:01 | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, "id | setterResponseMs\nb | 1000")


def test_ids_are_ordered_by_bytes(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            Z  | 10:00:00 | in        |        |
            a  | 10:00:00 | in        |        |
            é  | 10:00:00 | in        |        |
            C  | 10:00:01 | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, "id\né")


def test_an_outbound_at_the_inbounds_instant_does_not_answer_it(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | out       | setter | u1
            C  | 10:01:00 | in        |        |
            D  | 10:02:00 | out       | setter | u1
        """,
    })  # fmt: skip
    says(events, """
        id | setterResponseMessageId | setterResponseMs
        A  | B                       | 60000
        C  | D                       | 60000
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("x | | u1", "w | | u2", "w", id="the lesser id"),
        pytest.param("x | 1 | u1", "w | 2 | u2", "x", id="the lesser part before the id"),
        pytest.param("w | 0 | u1", "x | | u2", "x", id="no part before part 0"),
    ],
)
def test_two_outbounds_at_one_instant(
    tmp_path: Path, first: str, second: str, expected: str
) -> None:
    def outbound(cells: str) -> str:
        message, part, user = (cell.strip() for cell in cells.split("|"))
        return f"{message} | 10:01:00 | out | setter | {user} | {part}"

    events = built(tmp_path, {
        "Message": f"""
            id | sentAt   | direction | sentBy | sentByUserId | aiDraftPartIndex
            A  | 10:00:00 | in        |        |              |
            {outbound(first)}
            {outbound(second)}
        """,
    })  # fmt: skip
    says(events, f"id | setterResponseMessageId\nA | {expected}")


def test_direction_and_sent_by_are_read_ignoring_case_and_space(tmp_path: Path) -> None:
    source = tmp_path / "exports"
    built(tmp_path, {"Message": "id | sentAt | direction"})
    (source / "Message.csv").write_text(
        "id,leadId,channel,direction,sentAt,sentBy,sentByUserId\n"
        "A,L,email, Inbound ,2026-02-10 10:00:00,,\n"
        'B,L,email,"OUTBOUND\t",2026-02-10 10:00:01, Setter ,u1\n'
    )
    from timingctl.options import BuildOptions
    from timingctl.pipeline import build

    document = build(BuildOptions(source=source, output=tmp_path / "events.parquet"))
    assert document["events"]["answeredBySetter"] == 1
