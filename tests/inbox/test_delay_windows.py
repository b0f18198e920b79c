"""Which delay window was in force, of whom and since when: DelayWindow."""

from __future__ import annotations

from pathlib import Path

from tests.tables import inbox, says

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
