"""The event's columns, its as-of instant, its order, and which anchors are in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.tables import built, says

INSTANT = pl.Datetime("us", "UTC")
COLUMNS: dict[str, Any] = {
    "id": pl.String,
    "clientId": pl.String,
    "leadId": pl.String,
    "channel": pl.String,
    "inboundMessageId": pl.String,
    "inboundSentAt": INSTANT,
    "setterResponseMessageId": pl.String,
    "setterResponseSentAt": INSTANT,
    "setterSentByUserId": pl.String,
    "setterResponseMs": pl.Int64,
    "aiDraftId": pl.String,
    "aiResponseMessageId": pl.String,
    "aiResponseSentAt": INSTANT,
    "aiResponseMs": pl.Int64,
    "aiDelayMinSeconds": pl.Int64,
    "aiDelayMaxSeconds": pl.Int64,
    "aiChosenDelaySeconds": pl.Int64,
    "aiActualDelaySeconds": pl.Int64,
    "aiScheduledRunAt": INSTANT,
    "aiBackgroundJobId": pl.String,
    "aiJobStartedAt": INSTANT,
    "aiJobFinishedAt": INSTANT,
    "createdAt": INSTANT,
    "updatedAt": INSTANT,
}
MESSAGES = """
    id | leadId | sentAt   | direction
    A  | L      | 10:00:00 | in
    B  | L      | 10:05:00 | out
    C  | L      | 11:00:00 | in
    D  | L      | 11:05:00 | out
    E  | L      | 12:00:00 | in
"""


def on_day(hour: int) -> datetime:
    return datetime(2026, 2, 10, hour, tzinfo=UTC)


def test_exactly_these_24_columns_in_this_order(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": MESSAGES})
    assert list(events.schema.items()) == list(pl.Schema(COLUMNS).items())
    assert len(COLUMNS) == 24


def test_no_messages_give_an_empty_file_of_the_same_columns(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": "id | sentAt | direction"})
    assert events.schema == pl.Schema(COLUMNS)
    assert events.is_empty()


def test_ordered_by_client_instant_and_id(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": """
            id | leadId | sentAt   | direction
            a  | L2     | 10:00:00 | in
            b  | L2     | 10:05:00 | out
            d  | L1     | 10:01:00 | in
            e  | L1     | 10:05:00 | out
            Z  | L3     | 10:01:00 | in
            z  | L3     | 10:05:00 | out
        """,
        "Lead": "id | clientId\nL1 | K1\nL2 | K2\nL3 | K1",
    })  # fmt: skip
    says(events, "clientId | id\nK1 | Z\nK1 | d\nK2 | a")


def test_created_at_is_the_latest_message_read(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": MESSAGES})
    says(events, "id | createdAt | updatedAt\nA | 12:00:00 | 12:00:00\nC | 12:00:00 | 12:00:00")


def test_a_message_that_cannot_be_used_was_still_read(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": f"{MESSAGES.rstrip()}\n F | nobody | 13:00:00 | in"})
    says(events, "id | createdAt\nA | 13:00:00\nC | 13:00:00")


def test_as_of_replaces_it(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": MESSAGES}, as_of=on_day(9))
    says(events, "id | createdAt | updatedAt\nA | 09:00:00 | 09:00:00\nC | 09:00:00 | 09:00:00")


@pytest.mark.parametrize(
    ("since", "until", "ids"),
    [(None, None, ["A", "C"]), (10, 11, ["A"]), (11, None, ["C"]), (None, 10, []), (11, 12, ["C"])],
)
def test_since_is_included_and_until_is_not(
    tmp_path: Path, since: int | None, until: int | None, ids: list[str]
) -> None:
    given = {"since": since and on_day(since), "until": until and on_day(until)}
    assert built(tmp_path, {"Message": MESSAGES}, **given)["id"].to_list() == ids


def test_messages_outside_the_window_still_serve_as_context(tmp_path: Path) -> None:
    events = built(
        tmp_path, {"Message": MESSAGES}, since=on_day(10), until=on_day(10).replace(minute=1)
    )
    says(events, "id | inboundSentAt\nA | 10:00:00")


def test_ids_come_out_exactly_as_they_went_in(tmp_path: Path) -> None:
    upper = "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"
    odd = "Ünï-✉ 'quoted'; drop table"
    events = built(tmp_path, {
        "Message": f"""
            id      | leadId | channel | sentAt   | direction | sentBy | sentByUserId
            {upper} | {odd}  | WhatsApp, really | 10:00:00 | in | |
            B       | {odd}  | WhatsApp, really | 10:05:00 | out | setter | 007
        """,
        "Lead": f"id\n{odd}",
    })  # fmt: skip
    says(events, f"""
        id      | leadId | channel          | setterSentByUserId
        {upper} | {odd}  | WhatsApp, really | 007
    """)  # fmt: skip
