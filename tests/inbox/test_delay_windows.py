"""Which delay window was in force, of whom and since when: DelayWindow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables import inbox, says, windows_of_events_are_told

MESSAGES = "id | sentAt | direction\nA | 10:00:00 | in\nB | 10:01:00 | out"
CAMPAIGN = "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds"
HISTORY = "campaignId | clientId | minSeconds | maxSeconds | effectiveFrom | effectiveTo"
COLUMNS = (
    "campaignId | clientId | minSeconds | maxSeconds | effectiveFrom | effectiveTo | source | jobs"
)


def test_a_history_and_the_settings_of_today_where_it_has_a_hole(tmp_path: Path) -> None:
    found = inbox(tmp_path, {
        "Message": MESSAGES,
        "EmailCampaign": f"""
            {CAMPAIGN}
            c1 | AI_AUTO_SEND   | 5 | 6
            c2 | AI_AUTO_SEND   | 7 | 8
            c3 | SETTER_MANAGED | 9 | 9
        """,
    }, delay_windows=f"""
        {HISTORY}
        c1 |   | 1 | 2 | 09:00:00 | 10:00:00
        c1 |   | 3 | 4 | 11:00:00 | 12:00:00
        c1 |   |   |   | 12:00:00 | 13:00:00
        c3 |   | 1 | 1 | 10:00:00 |
           | K | 9 | 9 |          |
    """)  # fmt: skip
    says(found["DelayWindow"], f"""
        {COLUMNS}
        c1 |   | 5 | 6 |          | 09:00:00 | current |
        c1 |   | 1 | 2 | 09:00:00 | 10:00:00 | history |
        c1 |   | 5 | 6 | 10:00:00 | 11:00:00 | current |
        c1 |   | 3 | 4 | 11:00:00 | 12:00:00 | history |
        c1 |   | 5 | 6 | 12:00:00 |          | current |
        c2 |   | 7 | 8 |          |          | current |
        c3 |   | 1 | 1 | 10:00:00 |          | history |
           | K | 9 | 9 |          |          | history |
    """)  # fmt: skip


def test_inferred_ones_say_how_many_jobs_prove_them(tmp_path: Path) -> None:
    minutes = range(9)
    found = inbox(tmp_path, {
        "Message": "id | sentAt | direction\n"
        + "\n".join(f"m{n} | 10:{n:02}:00 | in\no{n} | 10:{n:02}:30 | out" for n in minutes),
        "BackgroundJob": "id | messageId | runAt\n"
        + "\n".join(f"j{n} | m{n} | 10:{n + 1:02}:00" for n in minutes),
        "Lead": "id | emailCampaignId\nL | c1",
        "EmailCampaign": f"{CAMPAIGN}\nc1 | AI_AUTO_SEND | 5 | 6\nc2 | AI_AUTO_SEND | 7 | 8",
    })["DelayWindow"]  # fmt: skip
    says(found, f"""
        {COLUMNS}
        c1 |   | 60 | 60 |          |          | inferred | 9
        c2 |   | 7  | 8  |          |          | current  |
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("of_campaign", "expected"),
    [
        ("", """
            c1 |   | 5 | 6 |          | 09:00:00 | current
            c1 |   | 5 | 6 | 13:00:00 |          | current
               | K | 1 | 2 | 09:00:00 | 13:00:00 | history
         """),
        # The campaign's own goes first; where it does not know, neither does the client's count.
        ("c1 | | 3 | 4 | 10:00:00 | 11:00:00\nc1 | | | | 11:00:00 | 12:00:00", """
            c1 |   | 5 | 6 |          | 09:00:00 | current
            c1 |   | 3 | 4 | 10:00:00 | 11:00:00 | history
            c1 |   | 5 | 6 | 11:00:00 | 12:00:00 | current
            c1 |   | 5 | 6 | 13:00:00 |          | current
               | K | 1 | 2 | 09:00:00 | 13:00:00 | history
         """),
    ],
)  # fmt: skip
def test_a_hole_of_a_campaign_is_its_client_s_before_it_is_today_s(
    tmp_path: Path, of_campaign: str, expected: str
) -> None:
    hours = range(8, 14)
    found = inbox(tmp_path, {
        "Message": "id | sentAt | direction\n"
        + "\n".join(f"m{h} | {h:02}:30:00 | in\no{h} | {h:02}:31:00 | out" for h in hours),
        "Lead": "id | clientId | emailCampaignId\nL | K | c1",
        "EmailCampaign": f"{CAMPAIGN}\nc1 | AI_AUTO_SEND | 5 | 6",
    }, delay_windows=f"""
        {HISTORY}
           | K | 1 | 2 | 09:00:00 | 13:00:00
        {of_campaign}
    """)  # fmt: skip
    says(found["DelayWindow"], f"{COLUMNS.removesuffix(' | jobs')}\n{expected.strip()}")
    windows_of_events_are_told(found)


def test_of_a_campaign_of_which_nothing_is_known_its_client_s_is_not_in_force(
    tmp_path: Path,
) -> None:
    found = inbox(tmp_path, {
        "Message": MESSAGES,
        "Lead": "id | clientId | emailCampaignId\nL | K | c1\nM | Q | c2\nN | K |",
        "EmailCampaign": f"{CAMPAIGN}\nc1 | SETTER_MANAGED | 5 | 6\nc2 | SETTER_MANAGED | 5 | 6",
    }, delay_windows=f"""
        {HISTORY}
        c1 |   |   |   |          | 11:00:00
        c2 |   |   |   |          | 11:00:00
           | K | 1 | 2 |          |
    """)  # fmt: skip
    says(found["DelayWindow"], f"""
        {COLUMNS.removesuffix(" | jobs")}
        c1 |   |   |   |          | 11:00:00 | none
           | K | 1 | 2 |          |          | history
    """)  # fmt: skip
    windows_of_events_are_told(found)
