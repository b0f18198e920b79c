"""The delay windows of an inbox: those in force at each inbound message, and all periods known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from timingctl.arrow import arrow_schema
from timingctl.attribution import ALWAYS, in_force
from timingctl.delay import chosen_seconds
from timingctl.sql_text import sql_text

if TYPE_CHECKING:
    import pyarrow as pa

    from timingctl.delay_windows import DelayWindows
    from timingctl.warehouse import Warehouse

#: What is asked for, of sql/inbox: for which messages, and which client's leads are in a campaign.
WINDOWED = "windowed_message"
CLIENTS = "campaign_client"
#: Grain one inbound message of a lead of one client: its number, the delay window in force when it
#: came, where that comes from, and the delay chosen inside it; null where there is none.
MESSAGE_WINDOW = {
    "messageNumber": "bigint",
    "minSeconds": "bigint",
    "maxSeconds": "bigint",
    "windowSource": "varchar",
    "chosenSeconds": "bigint",
}
_ARROW = arrow_schema(MESSAGE_WINDOW)
_INSTANT = pl.Datetime("us", "UTC")
#: As contract.DELAY_WINDOW; instants in UTC.
PERIOD_SCHEMA = pl.Schema(
    {"campaignId": pl.String(), "clientId": pl.String()}
    | dict.fromkeys(("minSeconds", "maxSeconds"), pl.Int64())
    | dict.fromkeys(("effectiveFrom", "effectiveTo"), _INSTANT)
    | {"source": pl.String(), "jobs": pl.Int64()}
)


def make_message_window(
    warehouse: Warehouse, windows: DelayWindows, *, with_room: bool = False
) -> None:
    """Make ``message_window``, as MESSAGE_WINDOW, from sql/inbox/windowed_message.sql.

    `with_room`: only of the messages whose delay could have been another.
    """
    numbered = _create(warehouse, windows)
    place = warehouse.place("message_window")
    with warehouse.beside() as writing:
        asked = warehouse.batches(sql_text("inbox", WINDOWED))
        found = (_windowed(batch, numbered, with_room=with_room) for batch in asked)
        writing.insert_batches(found, _ARROW, place)


def make_few_message_windows(warehouse: Warehouse, windows: DelayWindows) -> None:
    """As make_message_window, of few messages, in the session and its transaction."""
    numbered = _create(warehouse, windows)
    asked = warehouse.rows(sql_text("inbox", WINDOWED))
    warehouse.insert(_windowed(asked, numbered), "message_window")


def _create(warehouse: Warehouse, windows: DelayWindows) -> DelayWindows:
    """Make the table, and ``window_key``: a number a key; the windows with numbers as keys."""
    columns = ", ".join(f"{name} {kind}" for name, kind in MESSAGE_WINDOW.items())
    warehouse.execute(f"create table message_window ({columns})")
    keys = pl.concat([windows.history["key"], windows.current["key"]]).unique().sort()
    known = keys.to_frame().with_columns(keyNumber=pl.int_range(len(keys), dtype=pl.Int64))
    warehouse.execute("create table window_key (key varchar, keyNumber bigint)")
    warehouse.insert(known.to_arrow(), "window_key")

    def numbered(frame: pl.DataFrame) -> pl.DataFrame:
        found = frame.join(known, on="key", how="left", maintain_order="left")
        return found.with_columns(key="keyNumber").drop("keyNumber")

    return replace(windows, history=numbered(windows.history), current=numbered(windows.current))


def _windowed(batch: pa.Table, windows: DelayWindows, *, with_room: bool = False) -> pa.Table:
    instant = pl.col("inboundSentAt").dt.replace_time_zone("UTC")
    asked = in_force(pl.DataFrame(batch).with_columns(instant), windows)
    if with_room:
        asked = asked.filter(pl.col("maxSeconds") > pl.col("minSeconds"))
    chosen = chosen_seconds(
        *(asked[name] for name in ("inboundMessageId", "minSeconds", "maxSeconds"))
    )
    return (
        asked.with_columns(chosenSeconds=chosen)
        .select(list(MESSAGE_WINDOW))
        .to_arrow()
        .cast(_ARROW)
    )


def periods(windows: DelayWindows, clients: pl.DataFrame) -> pl.DataFrame:
    """The periods that tell which window is in force, as PERIOD_SCHEMA: campaigns first, in time.

    `clients`: CLIENTS. A campaign's setting of today has the periods in which it is in force, for
    the leads of any of them. A campaign that has none, and whose history does not know the window,
    keeps its client's from its leads.
    """
    history = windows.history.with_columns(
        source=pl.lit(windows.source),
        jobs=pl.col("jobs") if "jobs" in windows.history.columns else pl.lit(None, pl.Int64),
    )
    is_known = pl.col("minSeconds").is_not_null()
    known = history.filter(is_known)
    kept = clients.join(known.filter(~pl.col("isCampaign")), left_on="clientId", right_on="key")
    unknown = (
        history.filter(~is_known, "isCampaign")
        .join(kept, on="key", how="semi")
        .join(windows.current, on="key", how="anti")
        .with_columns(source=pl.lit("none"), jobs=pl.lit(None, pl.Int64))
    )
    parts = [known, unknown, _of_today(windows, clients)]
    every = pl.concat(parts, how="diagonal_relaxed").with_columns(
        campaignId=pl.when("isCampaign").then("key"),
        clientId=pl.when(~pl.col("isCampaign")).then("key"),
    )
    order = ["isCampaign", "key", "effectiveFrom"]
    return (
        every.sort(order, descending=[True, False, False])
        .select(PERIOD_SCHEMA.names())
        .cast(PERIOD_SCHEMA)
    )


def _of_today(windows: DelayWindows, clients: pl.DataFrame) -> pl.DataFrame:
    """The periods in which the campaigns' settings of today are in force.

    It is asked wherever a period of the campaign or of its leads' client starts or ends: what is
    in force there, as for an inbound, stays so until the next of these instants.
    """
    asked = windows.current.select("key").join(clients, on="key", how="left")
    is_campaign = pl.col("isCampaign")
    turns = windows.history.unpivot(
        ["effectiveFrom", "effectiveTo"], index=["isCampaign", "key"], value_name="start"
    ).drop_nulls("start")
    of_campaign = asked.join(turns.filter(is_campaign), on="key")
    of_client = asked.join(turns.filter(~is_campaign), left_on="clientId", right_on="key")
    names = ["key", "clientId", "start"]
    always = asked.with_columns(start=pl.lit(ALWAYS, _INSTANT))
    starts = pl.concat([part.select(names) for part in (always, of_campaign, of_client)]).unique()
    found = in_force(starts.rename({"key": "emailCampaignId", "start": "inboundSentAt"}), windows)
    spans = (
        found.group_by(key="emailCampaignId", start="inboundSentAt")
        .agg(isToday=(pl.col("windowSource") == "current").any())
        .sort("key", "start")
        .with_columns(
            until=pl.col("start").shift(-1).over("key"),
            run=pl.col("isToday").rle_id().over("key"),
        )
    )
    return (
        spans.filter("isToday")
        .group_by("key", "run", maintain_order=True)
        .agg(effectiveFrom=pl.col("start").first(), effectiveTo=pl.col("until").last())
        .with_columns(effectiveFrom=pl.col("effectiveFrom").replace(ALWAYS, None))
        .join(windows.current, on="key")
        .with_columns(isCampaign=True, source=pl.lit("current"))
        .drop("run")
    )
