"""From joined rows to typed events: delay window, chosen delay, durations. Tables in, tables out.

The input is sql/events/event.sql, the output schemas.EVENT.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from timingctl.arrow import as_rows
from timingctl.delay import chosen_seconds
from timingctl.schemas import EVENT, EventType

if TYPE_CHECKING:
    from timingctl.delay_windows import DelayWindows

_INSTANT = pl.Datetime("us", "UTC")
_TYPES = {EventType.TEXT: pl.String(), EventType.INSTANT: _INSTANT, EventType.INTEGER: pl.Int64()}

#: The Polars schema of the event: names, order and types of the output.
EVENT_SCHEMA = pl.Schema({column.name: _TYPES[column.type] for column in EVENT})

_ATTRIBUTED = as_rows(pl.Schema(EVENT_SCHEMA | {"windowSource": pl.String}).to_frame()).schema
#: The start of a period that always was.
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


def attribute(rows: pa.Table, windows: DelayWindows, as_of: datetime | None) -> pa.Table:
    """One event a row of sql/events/event.sql, in its order, plus ``windowSource``.

    ``windowSource`` says where the delay window came from: history, inferred, current or none.
    `as_of` is the instant that createdAt and updatedAt carry; it is null only where there is no
    message. What the rows have is passed on as it is.
    """
    sent = ("inboundSentAt", "setterResponseSentAt", "aiResponseSentAt")
    asked = pl.DataFrame(rows.select(["inboundMessageId", "clientId", "emailCampaignId", *sent]))
    asked = in_force(asked.with_columns(pl.col(sent).dt.replace_time_zone("UTC")), windows)
    setter_after = pl.col("setterResponseSentAt") - pl.col("inboundSentAt")
    ai_after = pl.col("aiResponseSentAt") - pl.col("inboundSentAt")
    added = asked.select(
        setterResponseMs=setter_after.dt.total_milliseconds(),
        aiResponseMs=ai_after.dt.total_milliseconds(),
        aiDelayMinSeconds="minSeconds",
        aiDelayMaxSeconds="maxSeconds",
        aiChosenDelaySeconds=chosen_seconds(
            *(asked[name] for name in ("inboundMessageId", "minSeconds", "maxSeconds"))
        ),
        aiActualDelaySeconds=ai_after.dt.total_seconds(),
        createdAt=pl.repeat(as_of, len(asked), dtype=_INSTANT, eager=True),
        updatedAt=pl.repeat(as_of, len(asked), dtype=_INSTANT, eager=True),
        windowSource="windowSource",
    )
    columns = {"id": rows["inboundMessageId"]}
    for table in (rows, as_rows(added)):
        columns |= dict(zip(table.column_names, table.columns, strict=True))
    return pa.table(columns).select(_ATTRIBUTED.names).cast(_ATTRIBUTED)


def in_force(rows: pl.DataFrame, windows: DelayWindows) -> pl.DataFrame:
    """The rows with the delay window in force at each anchor: minSeconds, maxSeconds, windowSource.

    The history's period goes first, then the campaign's setting of today; the first that has a
    window at the anchor's instant wins. Null where none.
    """
    ends = ("minSeconds", "maxSeconds")
    period = period_in_force(rows, windows.history)
    offers = [
        (windows.source, windows.history.select(pl.col(ends).gather(period))),
        ("current", _window_of(rows, windows.current, "emailCampaignId")),
    ]
    found = [
        pl.when(offer["minSeconds"].is_not_null()).then(pl.lit(name)) for name, offer in offers
    ]
    return rows.with_columns(
        minSeconds=pl.coalesce(*(offer["minSeconds"] for _, offer in offers)),
        maxSeconds=pl.coalesce(*(offer["maxSeconds"] for _, offer in offers)),
        windowSource=pl.coalesce(*found, pl.lit("none")),
    )


def period_in_force(rows: pl.DataFrame, history: pl.DataFrame) -> pl.Series:
    """For each row the place in the history of the period that covers its anchor's instant.

    The campaign's period goes before the client's, also when it does not know the window. Null
    where there is neither.
    """
    periods = history.with_row_index("period")
    is_campaign = pl.col("isCampaign")
    return rows.select(
        pl.coalesce(
            _period_at(rows, periods.filter(is_campaign), "emailCampaignId"),
            _period_at(rows, periods.filter(~is_campaign), "clientId"),
        )
    ).to_series()


def _window_of(rows: pl.DataFrame, windows: pl.DataFrame, key: str) -> pl.DataFrame:
    """For each row, in order, the minSeconds and maxSeconds of its key, null where none."""
    keys = rows.select(pl.col(key).alias("key"))
    return keys.join(windows, on="key", how="left", maintain_order="left").drop("key")


def _period_at(rows: pl.DataFrame, periods: pl.DataFrame, key: str) -> pl.Series:
    """For each row the period of its key that covers the anchor's instant, null where none."""
    if periods.is_empty():
        return pl.repeat(None, len(rows), dtype=pl.UInt32, eager=True)
    starts = periods.select(
        "key", "period", "effectiveTo", pl.col("effectiveFrom").fill_null(ALWAYS)
    ).sort("effectiveFrom")
    ends = pl.col("effectiveTo").is_null() | (pl.col("inboundSentAt") < pl.col("effectiveTo"))
    return (
        rows.select(pl.col(key).alias("key"), "inboundSentAt")
        .with_row_index("place")
        .sort("inboundSentAt")
        .join_asof(
            starts,
            left_on="inboundSentAt",
            right_on="effectiveFrom",
            by="key",
            strategy="backward",
            check_sortedness=False,  # both sides were sorted just above
        )
        .sort("place")
        .select(pl.when(ends).then("period"))
        .to_series()
    )
