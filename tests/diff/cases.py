"""Two sets of events, built from small tables or changed by hand, and what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tests.tables import built
from timingctl.attribution import EVENT_SCHEMA
from timingctl.differences import DiffOptions, diff

AS_OF = pl.lit("2026-02-20").str.to_datetime(time_zone="UTC")
#: One thread: an anchor that the AI answers, then a setter; a second that a setter answers.
TABLES = {
    "Message": """
        id | direction | sentAt       | sentBy | sentByUserId | aiDraftId
        A  | in        | 10:00:00.123 |        |              |
        B  | out       | 10:05:12.789 | ai     |              | D
        C  | out       | 10:30:00     | setter | u1           |
        E  | in        | 11:00:00     |        |              |
        F  | out       | 11:20:00     | setter | u2           |
    """,
    "AIDraft": "id | triggerMessageId\nD | A",
    "BackgroundJob": """
        id | messageId | draftId | runAt    | startedAt | finishedAt
        J  | A         | D       | 10:05:03 | 10:05:10  | 10:05:13
    """,
    "Lead": "id | emailCampaignId\nL | c1",
    "EmailCampaign": """
        id | autoSendDelayMinSeconds | autoSendDelayMaxSeconds
        c1 | 180                     | 420
    """,
}


def messages(*more: str, without: str = "") -> str:
    """The messages as above, without one and with more."""
    lines = [line.strip() for line in TABLES["Message"].strip().splitlines()]
    return "\n".join([*(line for line in lines if line.split()[0] != without), *more])


def events(folder: Path, tables: dict[str, str] | None = None, **options: Any) -> Path:
    """The events of the tables; those that are not given are as above."""
    built(folder, TABLES | (tables or {}), **options)
    return folder / "events.parquet"


def changed(path: Path, anchor: str = "", **values: pl.Expr) -> Path:
    """Beside the events others, with these values at one anchor, or at all."""
    other = path.with_name("changed.parquet")
    chosen = pl.col("inboundMessageId") == anchor if anchor else pl.lit(value=True)
    frame = pl.read_parquet(path).with_columns(
        pl.when(chosen).then(value).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )
    frame.cast(dict(EVENT_SCHEMA)).write_parquet(other)  # type: ignore[arg-type]
    return other


def difference(here: Path, there: Path, **options: Any) -> pl.DataFrame:
    """Every difference, in the order of the file of rows."""
    rows = there.with_name("rows.parquet")
    found = diff(DiffOptions(here, there, rows=rows, exact=True, **options))
    frame = pl.read_parquet(rows)
    assert found.equal == frame.is_empty()
    assert sum(count["events"] for count in found.document["differences"]) == len(frame)
    assert sum(count["differences"] for count in found.document["reasons"]) == len(frame)
    return frame
