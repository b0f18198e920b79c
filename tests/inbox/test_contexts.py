"""What surrounds an anchor: AnchorContext."""

from __future__ import annotations

from pathlib import Path

from tests.tables import as_text, in_one, inbox, says

CAMPAIGN = "id | name | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds"


SENDERS = [
    # sentBy | sentByUserId | aiDraftId | source
    ("setter | u1 |    |             ", "setter"),
    ("setter | u1 | d1 |             ", "setter"),  # a human who sends a draft
    ("setter |    |    |             ", "setterUnknown"),
    ("setter |    |    | campaign    ", "setterUnknown"),
    ("ai     |    | d1 |             ", "ai"),
    ("ai     |    | d2 |             ", "aiOther"),  # of another message
    ("ai     |    | d9 |             ", "aiOther"),  # of none that is known
    ("ai     |    |    | campaign    ", "aiOther"),
    ("       |    |    | campaign    ", "campaign"),
    ("       |    |    | Campaign    ", "campaign"),
    ("       |    |    |             ", "other"),
    ("       |    |    | webhook     ", "other"),
    ("bot    |    |    |             ", "other"),  # a word that nobody knows is like none
    ("bot    |    |    | campaign    ", "campaign"),
]


def test_who_sent_the_message_right_after_the_anchor(tmp_path: Path) -> None:
    given = [
        {
            "Message": f"""
                id | sentAt   | direction | sentBy | sentByUserId | aiDraftId | source | leadId
                A  | 10:00:00 | in        |        |              |           |        | L
                B  | 10:05:00 | out       | {sender} | L
                C  | 10:06:00 | out       | setter | u7           |           |        | L
            """,
            "AIDraft": """
                id | triggerMessageId | channel
                d1 | A                | email
                d2 | C                | email
            """,
            "Lead": "id\nL",
        }
        for sender, _ in SENDERS
    ]
    context = inbox(tmp_path, in_one(given))["AnchorContext"]
    found = {row["inboundMessageId"]: row for row in context.to_dicts()}
    for number, (sender, by) in enumerate(SENDERS):
        row = found.pop(f"A.{number}")
        first = (row["firstOutboundMessageId"], as_text(row["firstOutboundSentAt"]))
        assert (*first, row["firstOutboundBy"]) == (f"B.{number}", "10:05:00", by), sender
    assert not found


def test_streaks_turns_and_what_the_lead_wrote_next(tmp_path: Path) -> None:
    """A thread that the inbox opens, two turns; another channel is another thread."""
    found = inbox(tmp_path, {
        "Message": """
            id | sentAt   | direction | sentBy | sentByUserId | channel
            a  | 08:00:00 | out       |        |              | email
            b  | 08:30:00 | out       | setter | u1           | email
            C  | 09:00:00 | in        |        |              | email
            D  | 09:01:00 | in        |        |              | email
            e  | 09:02:00 | out       |        |              | email
            f  | 09:03:00 | out       | setter | u1           | email
            g  | 09:04:00 | out       | setter |              | email
            h  | 09:05:00 | out       | ai     |              | email
            S  | 09:06:00 | in        |        |              | sms
            I  | 10:00:00 | in        |        |              | email
            j  | 10:01:00 | out       | ai     |              | email
        """,
    })  # fmt: skip
    says(found["AnchorContext"].sort("inboundMessageId"), """
        inboundMessageId | streakStartMessageId | streakStartSentAt | streakInbounds
        D                | C                    | 09:00:00          | 2
        I                | I                    | 10:00:00          | 1
    """)  # fmt: skip
    says(found["AnchorContext"].sort("inboundMessageId"), """
        inboundMessageId | turnMessages | turnBySetter | turnByAi | nextInboundMessageId | nextInboundSentAt
        D                | 4            | 2            | 1        | I                    | 10:00:00
        I                | 1            | 0            | 1        |                      |
    """)  # fmt: skip  # noqa: E501


def test_the_campaign_as_it_is_today_and_the_draft_s_disposition(tmp_path: Path) -> None:
    found = inbox(tmp_path, {
        "Message": """
            id | sentAt   | direction | leadId
            A  | 10:00:00 | in        | l1
            B  | 10:01:00 | out       | l1
            C  | 10:00:00 | in        | l2
            D  | 10:01:00 | out       | l2
            E  | 10:00:00 | in        | l3
            F  | 10:01:00 | out       | l3
        """,
        "AIDraft": """
            id | triggerMessageId | channel | createdAt | responseDisposition
            d1 | A                | email   | 10:00:05  | positive
            d2 | A                | email   | 10:00:09  | Not interested
            d3 | C                | sms     | 10:00:09  | of another channel
        """,
        "Lead": "id | emailCampaignId\nl1 | c1\nl2 | c9\nl3 |",
        "EmailCampaign": f"{CAMPAIGN}\nc1 | Spring | SETTER_MANAGED | 1 | 2",
    })  # fmt: skip
    says(found["AnchorContext"].sort("inboundMessageId"), """
        inboundMessageId | emailCampaignId | campaignName | responseMode   | responseDisposition
        A                | c1              | Spring       | SETTER_MANAGED | Not interested
        C                | c9              |              |                |
        E                |                 |              |                |
    """)  # fmt: skip


def jobs(count: int) -> tuple[str, str]:
    """So many inbounds, with jobs that were all scheduled after 60 s."""
    messages, found = [], []
    for minute in range(count):
        messages += [
            f"m{minute} | 08:{minute:02}:00 | in | l1",
            f"o{minute} | 08:{minute:02}:30 | out | l1",
        ]
        found.append(f"j{minute} | m{minute} | 08:{minute + 1:02}:00")
    return "\n".join(messages), "\n".join(found)


def test_where_the_window_comes_from(tmp_path: Path) -> None:
    """The jobs of c1 prove one; c2 has but a setting of today; the third lead has none."""
    messages, found_jobs = jobs(12)
    history = tmp_path / "history.csv"
    history.write_text(
        "campaignId,clientId,minSeconds,maxSeconds,effectiveFrom,effectiveTo\nc2,,7,9,,\n"
    )
    tables = {
        "Message": f"id | sentAt | direction | leadId\n{messages}\n"
        "A | 09:00:00 | in | l2\nB | 09:01:00 | out | l2\n"
        "C | 09:00:00 | in | l3\nD | 09:01:00 | out | l3",
        "BackgroundJob": f"id | messageId | runAt\n{found_jobs}",
        "Lead": "id | emailCampaignId\nl1 | c1\nl2 | c2\nl3 |",
        "EmailCampaign": f"{CAMPAIGN}\nc1 || AI_AUTO_SEND | 5 | 5\nc2 || AI_AUTO_SEND | 5 | 5",
    }
    sources = {
        name: dict(
            inbox(tmp_path / name, tables, delay_windows=windows)["AnchorContext"]
            .filter(inboundMessageId="m0" if lead == "l1" else "A" if lead == "l2" else "C")
            .select("inboundMessageId", "windowSource")
            .iter_rows()
        )
        for name, windows, lead in [
            ("1", "infer", "l1"), ("2", "infer", "l2"), ("3", "infer", "l3"), ("4", history, "l2"),
            ("5", "current", "l1"),
        ]
    }  # fmt: skip
    assert sources == {
        "1": {"m0": "inferred"},
        "2": {"A": "current"},
        "3": {"C": "none"},
        "4": {"A": "history"},
        "5": {"m0": "current"},
    }


def test_only_anchors_that_have_events(tmp_path: Path) -> None:
    tables = {
        "Message": """
            id | sentAt   | direction
            A  | 10:00:00 | in
            B  | 10:01:00 | out
            C  | 11:00:00 | in
            D  | 11:01:00 | out
            E  | 12:00:00 | in
        """,
    }
    assert inbox(tmp_path, tables)["AnchorContext"]["inboundMessageId"].to_list() == ["A", "C"]
