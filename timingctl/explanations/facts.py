"""What the build's relations say of one message: narrow queries, nothing decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import polars as pl

from timingctl.attribution import attribute, period_in_force
from timingctl.delay import arithmetic
from timingctl.explanations.document import Delay, Reject
from timingctl.explanations.rows import (
    AskedDraft,
    AskedJob,
    AskedMessage,
    AskedSchedule,
    AskedTurn,
    LeadCampaign,
    NamedDraft,
    Period,
    SentMessage,
    first,
    rows,
)
from timingctl.explanations.surroundings import AROUND, Surroundings, surroundings
from timingctl.inboxes.contract import REJECT, at
from timingctl.phases import EVENT_RELATION
from timingctl.relations import in_order, inputs
from timingctl.schemas import EMAIL_CAMPAIGN, LEAD, MESSAGE, SHOWN
from timingctl.sql_text import literal, sql_text
from timingctl.staging.rejects import rejects_sql
from timingctl.staging.tables import as_of_instant
from timingctl.warehouse import SOURCE

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.delay_windows import DelayWindows
    from timingctl.explanations.rows import Event
    from timingctl.exports.source import Source
    from timingctl.warehouse import Warehouse

#: The relations of sql/explain that are made first: the message and its thread.
MESSAGE_RELATION = "asked_message"
THREAD_RELATION = "timeline_message"
#: The relation that is made when there is no such message.
NEAR_RELATION = "near_message"
#: All others, in order: they read those, or tell of the event. Those that tell what an inbox would
#: say are made with its relations.
RELATIONS = in_order(
    "explain",
    *inputs("explain"),
    there=[MESSAGE_RELATION, THREAD_RELATION, NEAR_RELATION, *AROUND],
)


@dataclass(frozen=True)
class Intake:
    """What the exports have under the id: rows, those left out of a build, and how they differ.

    ``rejects`` are as a build lists them; ``contradicted`` are the columns in which rows that
    are usable by themselves say different things; not known of rows that an inbox left out.
    """

    rows: int
    rejects: list[Reject]
    contradicted: list[str]


@dataclass(frozen=True)
class Facts:
    """What the relations say of a message that a build uses. Instants are UTC.

    ``asked`` is the message in its thread, joined with its lead; ``thread`` is its whole thread
    (sql/explain/timeline_message.sql). ``event``, with its windowSource, ``schedule`` (of its
    job), ``delay`` (its arithmetic) and ``period`` (of the history, in force at its instant) are
    null where there is none; ``history`` is what a build calls the history, empty if it has none.
    ``around`` is what an inbox would say.
    """

    asked: AskedMessage
    thread: pl.DataFrame
    asked_turn: AskedTurn
    drafts: list[AskedDraft]
    sent: list[SentMessage]
    jobs: list[AskedJob]
    named_draft: NamedDraft
    campaign: LeadCampaign | None
    has_leads: bool
    has_campaigns: bool
    history: str
    event: Event | None
    schedule: AskedSchedule | None
    delay: Delay | None
    period: Period | None
    around: Surroundings

    @property
    def anchor_id(self) -> str | None:
        """The anchor that the message is, is superseded by, responds to, or is in the turn of."""
        asked = self.asked
        if asked["isInbound"]:
            return next(iter(self.after.filter(~pl.col("isInbound"))["lastInboundId"]), None)
        return asked["setterResponseTo"] or asked["aiResponseTo"] or asked["lastInboundId"]

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


def intake(source: Source, message: str) -> Intake:
    """What became of the rows with the id."""
    warehouse, params = source.warehouse, {"message": message}
    read = warehouse.frame("select * from import_message where id = $message", params)
    readable = read.filter(pl.col("problem").is_null()).drop("problem", "file")
    labels = [export.label for export in source.exports[MESSAGE]]
    rejects = warehouse.frame(
        f"select * from ({rejects_sql(MESSAGE, labels)}) where id = left($message, {SHOWN})", params
    )
    before = left_out(source, message)
    return Intake(
        len(read) + len(before),
        [*before, *(rows(rejects, Reject) if len(read) else [])],
        [name for name in readable.columns if readable[name].n_unique() > 1],
    )


def left_out(source: Source, message: str) -> list[Reject]:
    """The rows with the id that an inbox does not have: its build left them out."""
    if not source.inbox or source.options.tables:
        return []
    found = source.warehouse.frame(
        f"""
        from {at(REJECT, SOURCE)}
        where "table" = {literal(MESSAGE.name)} and id = left($message, {SHOWN})
        order by file, row, "column"
        """,
        {"message": message},
    )
    return rows(found, Reject)


def message_starting(warehouse: Warehouse, start: str) -> str | None:
    """The one id of a message that starts so; null where there is none, or several."""
    found = warehouse.execute(
        "select distinct id from import_message where starts_with(id, $start) and $start <> '' "
        "limit 2",
        {"start": start},
    )
    return str(found[0][0]) if len(found) == 1 else None


def is_lead(warehouse: Warehouse, given: str) -> bool:
    """Whether it is the id of a lead of the messages."""
    sql = "select 1 from import_message where leadId = $given limit 1"
    return bool(warehouse.execute(sql, {"given": given}))


def near_messages(warehouse: Warehouse, message: str) -> list[str]:
    """Ids of messages that are like one that does not exist, the likest first."""
    return _made(warehouse, NEAR_RELATION, {"message": message})["id"].to_list()


def gather(source: Source, message: str, windows: DelayWindows) -> Facts | None:
    """All facts of a message; None for one that a build does not use."""
    warehouse = source.warehouse
    params: dict[str, object] = {"message": message}
    found = _made(warehouse, MESSAGE_RELATION, params)
    if found.is_empty():
        return None
    [row] = found.to_dicts()
    params |= {
        "message_number": row["messageNumber"],
        "lead_number": row["leadNumber"],
        "channel_number": row["channelNumber"],
    }
    thread = _made(warehouse, THREAD_RELATION, params)
    row |= thread.row(by_predicate=pl.col("id") == message, named=True)
    asked = cast("AskedMessage", row)
    as_of = as_of_instant(source) or asked["sentAt"]
    event = _event(warehouse, message, windows, as_of) if asked["isAnchor"] else None
    params |= {
        "chosen_seconds": event and event["aiChosenDelaySeconds"],
        "min_seconds": event and event["aiDelayMinSeconds"],
    }
    made = {relation: _made(warehouse, relation, params) for _, relation in RELATIONS}
    [turn] = rows(made["asked_turn"], AskedTurn)
    [named_draft] = rows(made["named_draft"], NamedDraft)
    return Facts(
        asked=asked,
        thread=thread,
        asked_turn=turn,
        drafts=rows(made["asked_draft"], AskedDraft),
        sent=rows(made["sent_message"], SentMessage),
        jobs=rows(made["asked_job"], AskedJob),
        named_draft=named_draft,
        campaign=first(made["lead_campaign"], LeadCampaign),
        has_leads=LEAD in source.exports,
        has_campaigns=EMAIL_CAMPAIGN in source.exports,
        history="" if windows.history.is_empty() else windows.source,
        event=event,
        schedule=first(made["asked_schedule"], AskedSchedule),
        delay=_delay(event) if event else None,
        period=_period(asked, windows.history) if event else None,
        around=surroundings(source, asked, windows, as_of),
    )


def _made(warehouse: Warehouse, relation: str, params: dict[str, object]) -> pl.DataFrame:
    warehouse.create(relation, "explain", params)
    made = warehouse.frame(f"from {relation}")
    return made.with_columns(pl.selectors.datetime().dt.replace_time_zone("UTC"))


def _event(
    warehouse: Warehouse, anchor: str, windows: DelayWindows, as_of: datetime | None
) -> Event:
    """The event of an anchor with its ``windowSource``, made as a build makes it."""
    sql = f"select * from ({sql_text(*EVENT_RELATION)}) where inboundMessageId = $anchor"
    drafted = warehouse.rows(sql, {"anchor": anchor})
    events = pl.DataFrame(attribute(drafted, windows, as_of))
    return cast("Event", events.row(0, named=True))


def _delay(event: Event) -> Delay | None:
    ends = (event["aiDelayMinSeconds"], event["aiDelayMaxSeconds"])
    if None in ends:
        return None
    steps = arithmetic(pl.Series([event["inboundMessageId"]]), *(pl.Series([end]) for end in ends))
    return first(steps, Delay)


def _period(anchor: AskedMessage, history: pl.DataFrame) -> Period | None:
    keys = {
        "emailCampaignId": pl.Series([anchor["emailCampaignId"]], dtype=pl.String),
        "clientId": pl.Series([anchor["clientId"]]),
    }
    [place] = period_in_force(pl.DataFrame(keys | {"inboundSentAt": [anchor["sentAt"]]}), history)
    return None if place is None else first(history[place], Period)
