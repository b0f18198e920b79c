"""What a lead lives through: Wait."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.tables import inbox, says


def waits(folder: Path, messages: str, expected: str, **options: object) -> None:
    found = inbox(folder, {"Message": messages}, **options)["Wait"]
    says(found.sort("startSentAt", "startMessageId"), expected)


def test_a_wait_starts_at_the_first_inbound_and_ends_at_a_setter_or_the_ai(tmp_path: Path) -> None:
    waits(
        tmp_path,
        """
            id | sentAt   | direction | sentBy | source
            A  | 09:00:00 | in        |        |
            b  | 09:01:00 | out       |        | campaign
            C  | 09:02:00 | in        |        |
            d  | 09:30:00 | out       | setter |
            E  | 11:00:00 | in        |        |
            f  | 11:02:00 | out       | ai     |
            g  | 11:02:00 | out       | setter |
            H  | 11:02:00 | in        |        |
            I  | 11:30:00 | in        |        |
        """,
        """
            startMessageId | startSentAt | inbounds | lastInboundSentAt | endMessageId | endSentAt | endedBy | waitMs
            A              | 09:00:00    | 2        | 09:02:00          | d            | 09:30:00  | setter  | 1800000
            E              | 11:00:00    | 1        | 11:00:00          | g            | 11:02:00  | setter  | 120000
            H              | 11:02:00    | 2        | 11:30:00          |              |           |         | 1680000
        """,  # noqa: E501
    )


def test_threads_wait_by_themselves(tmp_path: Path) -> None:
    found = inbox(tmp_path, {
        "Message": """
            id | leadId | channel | sentAt   | direction | sentBy
            A  | l1     | email   | 09:00:00 | in        |
            B  | l1     | sms     | 09:00:01 | in        |
            C  | l2     | email   | 09:00:02 | in        |
            d  | l1     | sms     | 09:05:00 | out       | ai
        """,
        "Lead": "id | emailCampaignId\nl1 | c1\nl2 |",
    })["Wait"]  # fmt: skip
    says(found.sort("startSentAt"), """
        leadId | channel | clientId | emailCampaignId | startMessageId | endMessageId | endedBy | waitMs
        l1     | email   | K        | c1              | A              |              |         | 300000
        l1     | sms     | K        | c1              | B              | d            | ai      | 299000
        l2     | email   | K        |                 | C              |              |         | 298000
    """)  # fmt: skip  # noqa: E501


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("as_of", "ms"),
    [
        (datetime(2026, 2, 10, 10, 0, 0, 1999, UTC), 1),  # floor
        (datetime(2026, 2, 10, 10, 0, 0, 0, UTC), 0),
        (datetime(2026, 2, 10, 9, 0, 0, 0, UTC), 0),  # it has not begun by then
        (None, 60_000),  # the latest message
    ],
)
def test_an_open_wait_lasts_to_the_as_of(tmp_path: Path, as_of: datetime | None, ms: int) -> None:
    messages = """
        id | sentAt   | direction
        A  | 10:00:00 | in
        b  | 10:01:00 | out
    """
    waits(tmp_path, messages, f"startMessageId | endedBy | waitMs\nA | | {ms}", as_of=as_of)


def test_milliseconds_are_rounded_down(tmp_path: Path) -> None:
    messages = """
        id | sentAt          | direction | sentBy
        A  | 10:00:00.000999 | in        |
        b  | 10:00:01.000998 | out       | ai
    """
    waits(tmp_path, messages, "startMessageId | waitMs\nA | 999")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ("a1 | 10:05:00 | out | ai     \n s1 | 10:05:00 | out | setter", "s1"),
        ("s1 | 10:05:00 | out | setter \n s2 | 10:05:00 | out | setter", "s1"),
        ("a1 | 10:05:00 | out | ai     \n a2 | 10:05:00 | out | ai    ", "a1"),
        ("a1 | 10:05:00 | out | ai     \n s1 | 10:05:00.000001 | out | setter", "a1"),
        ("c1 | 10:05:00 | out |        \n a1 | 10:06:00 | out | ai    ", "a1"),
    ],
)
def test_of_answers_at_one_instant_a_setter_s_counts(
    tmp_path: Path, answers: str, end: str
) -> None:
    messages = f"id | sentAt | direction | sentBy\nA | 10:00:00 | in |\n{answers}"
    waits(tmp_path, messages, f"startMessageId | endMessageId\nA | {end}")


def test_whether_a_window_was_in_force_when_it_started(tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    history.write_text(
        "campaignId,clientId,minSeconds,maxSeconds,effectiveFrom,effectiveTo\n"
        ",K,60,90,,2026-02-10 10:00:00\n"
    )
    messages = """
        id | sentAt   | direction | sentBy
        A  | 09:59:59 | in        |
        B  | 10:00:30 | in        |
        c  | 10:01:00 | out       | ai
        D  | 10:02:00 | in        |
    """
    waits(
        tmp_path / "x", messages, "startMessageId | hasWindow\nA | True\nD | False",
        delay_windows=history,
    )  # fmt: skip
