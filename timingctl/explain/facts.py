"""What the build's relations say of one message: narrow queries, nothing decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from timingctl.delay import arithmetic
from timingctl.pipeline import event_of, latest_message
from timingctl.schemas import EMAIL_CAMPAIGN, LEAD, MESSAGE
from timingctl.staging import rejects_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timingctl.delay_windows import DelayWindows
    from timingctl.explain import ExplainOptions
    from timingctl.pipeline import Exports
    from timingctl.warehouse import Warehouse

Row = dict[str, Any]

#: The relations of sql/explain, in the order in which they are made.
RELATIONS = (
    "asked_message",
    "timeline_message",
    "asked_draft",
    "sent_message",
    "asked_job",
    "named_draft",
    "lead_campaign",
)
#: The relation that is made when there is no such message.
NEAR_RELATION = "near_message"


@dataclass(frozen=True)
class Intake:
    """What the exports have under the id: rows, those left out of a build, and how they differ.

    ``rejects`` are as a build lists them; ``contradicted`` are the columns in which rows that
    are usable by themselves say different things.
    """

    rows: int
    rejects: list[Row]
    contradicted: list[str]


@dataclass(frozen=True)
class Facts:
    """What the relations say of a message that a build uses. Instants are UTC.

    ``asked`` is the message in its thread, joined with its lead; ``thread`` is its whole thread
    (sql/explain/timeline_message.sql). ``event``, with its windowSource, ``steps`` (the arithmetic
    of its delay) and ``period`` (of the history at its instant, its campaign's before its client's)
    are null where there is none; ``history`` is what a build calls the history, empty if it has
    none.
    """

    asked: Row
    thread: pl.DataFrame
    drafts: list[Row]
    sent: list[Row]
    jobs: list[Row]
    named_draft: Row | None
    campaign: Row | None
    has_leads: bool
    has_campaigns: bool
    history: str
    event: Row | None
    steps: Row | None
    period: Row | None

    @property
    def anchor_id(self) -> str | None:
        """The anchor that the message is, is superseded by, responds to, or is in the turn of."""
        asked = self.asked
        if asked["isInbound"]:
            return next(iter(self.after.filter(~pl.col("isInbound"))["lastInboundId"]), None)
        anchor: str | None = (
            asked["setterResponseTo"] or asked["aiResponseTo"] or asked["lastInboundId"]
        )
        return anchor

    @property
    def after(self) -> pl.DataFrame:
        """The thread after the message."""
        return self.thread.filter(pl.col("place") > self.asked["place"])

    @property
    def turn(self) -> pl.DataFrame:
        """The turn that the message stands in, or that follows it if it is an anchor."""
        return self.thread.filter(
            ~pl.col("isInbound"), pl.col("lastInboundId") == self.asked["lastInboundId"]
        )


def intake(warehouse: Warehouse, message: str, exports: Exports) -> Intake:
    """What became of the rows with the id."""
    params = {"message": message}
    rows = warehouse.frame("select * from import_message where id = $message", params)
    readable = rows.filter(pl.col("problem").is_null()).drop("problem", "file")
    labels = [export.label for export in exports[MESSAGE]]
    rejects = warehouse.frame(
        f"select * from ({rejects_sql(MESSAGE, labels)}) where id = left($message, 200)", params
    )
    return Intake(
        len(rows),
        rejects.to_dicts() if len(rows) else [],
        [name for name in readable.columns if readable[name].n_unique() > 1],
    )


def near_messages(warehouse: Warehouse, message: str) -> list[str]:
    """Ids of messages that are like one that does not exist, the likest first."""
    warehouse.create(NEAR_RELATION, "explain", {"message": message})
    return warehouse.frame(f"from {NEAR_RELATION}")["id"].to_list()


def gather(
    warehouse: Warehouse, options: ExplainOptions, windows: DelayWindows, exports: Exports
) -> Facts | None:
    """All facts of a message; None for one that a build does not use."""
    params: dict[str, object] = {"message": options.message}
    made: dict[str, pl.DataFrame] = {}
    for relation in RELATIONS:
        warehouse.create(relation, "explain", params)
        made[relation] = _utc(warehouse.frame(f"from {relation}"))
        if relation == "asked_message":
            if made[relation].is_empty():
                return None
            asked = made[relation].row(0, named=True)
            params |= {
                "lead_number": asked["leadNumber"],
                "channel_number": asked["channelNumber"],
            }
    thread = made["timeline_message"]
    asked |= thread.row(by_predicate=pl.col("id") == options.message, named=True)
    event = None
    if asked["isAnchor"]:
        events = event_of(warehouse, options.message, windows, latest_message(warehouse))
        event = events.row(0, named=True)
    return Facts(
        asked=asked,
        thread=thread,
        drafts=made["asked_draft"].to_dicts(),
        sent=made["sent_message"].to_dicts(),
        jobs=made["asked_job"].to_dicts(),
        named_draft=_first(made["named_draft"]),
        campaign=_first(made["lead_campaign"]),
        has_leads=LEAD in exports,
        has_campaigns=EMAIL_CAMPAIGN in exports,
        history="" if windows.history.is_empty() else windows.source,
        event=event,
        steps=_steps(event),
        period=_period(event, asked, windows.history),
    )


def _steps(event: Row | None) -> Row | None:
    if event is None or event["aiDelayMinSeconds"] is None:
        return None
    names = ("inboundMessageId", "aiDelayMinSeconds", "aiDelayMaxSeconds")
    return arithmetic(*(pl.Series([event[name]]) for name in names)).row(0, named=True)


def _period(event: Row | None, lead: Mapping[str, Any], history: pl.DataFrame) -> Row | None:
    """The period of the history at the anchor's instant: the campaign's, else the client's."""
    if event is None:
        return None
    campaign, client = (pl.lit(lead[name], pl.String) for name in ("emailCampaignId", "clientId"))
    at = event["inboundSentAt"]
    return _first(
        history.filter(
            pl.col("key") == pl.when("isCampaign").then(campaign).otherwise(client),
            pl.col("effectiveFrom").is_null() | (pl.col("effectiveFrom") <= at),
            pl.col("effectiveTo").is_null() | (pl.col("effectiveTo") > at),
        ).sort("isCampaign", descending=True)
    )


def _first(frame: pl.DataFrame) -> Row | None:
    return None if frame.is_empty() else frame.row(0, named=True)


def _utc(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.selectors.datetime().dt.replace_time_zone("UTC"))
