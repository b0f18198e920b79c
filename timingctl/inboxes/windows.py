"""The delay windows of an inbox: those in force at each inbound message, and all periods known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from timingctl.attribution import in_force
from timingctl.delay import chosen_seconds
from timingctl.warehouse import sql_text

if TYPE_CHECKING:
    from timingctl.delay_windows import DelayWindows
    from timingctl.warehouse import Warehouse

#: What is asked for, of sql/inbox.
WINDOWED = "windowed_message"
#: Grain one inbound message of a lead of one client: its number, the delay window in force when it
#: came, where that comes from, and the delay chosen inside it; null where there is none.
MESSAGE_WINDOW = {
    "messageNumber": "bigint",
    "minSeconds": "bigint",
    "maxSeconds": "bigint",
    "windowSource": "varchar",
    "chosenSeconds": "bigint",
}
_ARROW = pa.schema(
    [
        (name, pa.large_string() if kind == "varchar" else pa.int64())
        for name, kind in MESSAGE_WINDOW.items()
    ]
)
_INSTANT = pl.Datetime("us", "UTC")
#: As contract.DELAY_WINDOW; instants in UTC.
PERIOD_SCHEMA = pl.Schema(
    {"campaignId": pl.String(), "clientId": pl.String()}
    | dict.fromkeys(("minSeconds", "maxSeconds"), pl.Int64())
    | dict.fromkeys(("effectiveFrom", "effectiveTo"), _INSTANT)
    | {"source": pl.String(), "jobs": pl.Int64()}
)


def make_message_window(warehouse: Warehouse, windows: DelayWindows) -> None:
    """Make ``message_window``, as MESSAGE_WINDOW, from sql/inbox/windowed_message.sql."""
    _create(warehouse)
    place = warehouse.place("message_window")
    with warehouse.beside() as writing:
        asked = warehouse.batches(sql_text("inbox", WINDOWED))
        writing.insert_batches((_windowed(batch, windows) for batch in asked), _ARROW, place)


def make_few_message_windows(warehouse: Warehouse, windows: DelayWindows) -> None:
    """As make_message_window, of few messages, in the session and its transaction."""
    _create(warehouse)
    asked = warehouse.rows(sql_text("inbox", WINDOWED))
    warehouse.insert(_windowed(asked, windows), "message_window")


def _create(warehouse: Warehouse) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in MESSAGE_WINDOW.items())
    warehouse.execute(f"create table message_window ({columns})")


def _windowed(batch: pa.Table, windows: DelayWindows) -> pa.Table:
    instant = pl.col("inboundSentAt").dt.replace_time_zone("UTC")
    asked = in_force(pl.DataFrame(batch).with_columns(instant), windows)
    chosen = chosen_seconds(
        *(asked[name] for name in ("inboundMessageId", "minSeconds", "maxSeconds"))
    )
    return (
        asked.with_columns(chosenSeconds=chosen)
        .select(list(MESSAGE_WINDOW))
        .to_arrow()
        .cast(_ARROW)
    )


def periods(windows: DelayWindows) -> pl.DataFrame:
    """All periods of which a window is known, as PERIOD_SCHEMA: campaigns first, then in time.

    Where a campaign's history has a hole, or does not know the window, its setting of today is in
    force, if it has one.
    """
    history = windows.history.with_columns(
        source=pl.lit(windows.source),
        jobs=pl.col("jobs") if "jobs" in windows.history.columns else pl.lit(None, pl.Int64),
    )
    known = history.filter(pl.col("minSeconds").is_not_null())
    today = _holes(known.filter("isCampaign"), windows.current)
    every = pl.concat([known, today], how="diagonal_relaxed").with_columns(
        campaignId=pl.when("isCampaign").then("key"),
        clientId=pl.when(~pl.col("isCampaign")).then("key"),
    )
    order = ["isCampaign", "key", "effectiveFrom"]
    return (
        every.sort(order, descending=[True, False, False])
        .select(PERIOD_SCHEMA.names())
        .cast(PERIOD_SCHEMA)
    )


def _holes(known: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """The periods in which the campaigns' settings of today are in force: where no other is."""
    ends = known.sort("key", "effectiveFrom").select(
        "key",
        "effectiveFrom",
        "effectiveTo",
        before=pl.col("effectiveTo").shift(1).over("key"),
        opens=pl.int_range(pl.len()).over("key") == 0,
        closes=pl.int_range(pl.len()).reverse().over("key") == 0,
    )
    ahead = ends.filter(
        pl.when("opens").then(pl.col("effectiveFrom").is_not_null())
        .otherwise(pl.col("before") < pl.col("effectiveFrom"))
    ).select("key", effectiveFrom="before", effectiveTo="effectiveFrom")  # fmt: skip
    after = ends.filter(pl.col("closes") & pl.col("effectiveTo").is_not_null()).select(
        "key", effectiveFrom="effectiveTo", effectiveTo=pl.lit(None, _INSTANT)
    )
    always = current.join(ends, on="key", how="anti").select(
        "key", effectiveFrom=pl.lit(None, _INSTANT), effectiveTo=pl.lit(None, _INSTANT)
    )
    return (
        pl.concat([ahead, after, always])
        .join(current, on="key", how="inner")
        .with_columns(isCampaign=True, source=pl.lit("current"))
    )
