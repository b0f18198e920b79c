"""What a report takes of an inbox beside its events: nothing is read, cast or checked again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from timingctl.inboxes.contract import CONTEXT
from timingctl.inboxes.write import RELATIONS
from timingctl.reports.unknown import unknown
from timingctl.schemas import AI_DRAFT, BACKGROUND_JOB, EMAIL_CAMPAIGN, LEAD, LEAD_BOOKING, MESSAGE
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timingctl.exports.export import Export
    from timingctl.inboxes.read import Inbox
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse

#: The inbox's messages, also where others are given by --exports.
MESSAGE_VIEW = "inbox_message"
#: The inbox's leads.
LEAD_VIEW = "inbox_lead"
#: The inbox's campaigns.
CAMPAIGN_VIEW = "inbox_campaign"


def take_derived(warehouse: Warehouse, events: Export) -> None:
    """Make views of what follows from the exports, as sql/inbox has it, and ``inbox_message``."""
    for table, relation in RELATIONS.items():
        _take(warehouse, relation, (c.name for c in table.columns), events, table.name)
    _take(warehouse, MESSAGE_VIEW, (c.name for c in MESSAGE.all_columns), events, MESSAGE.name)
    _take(warehouse, CAMPAIGN_VIEW, ("id", "name"), events, EMAIL_CAMPAIGN.name)


def take_listed(warehouse: Warehouse, events: Export) -> None:
    """Make ``inbox_lead`` and ``inbox_draft``: whose campaign, and what for."""
    _take(warehouse, LEAD_VIEW, ("id", "emailCampaignId"), events, LEAD.name)
    _take(warehouse, "inbox_draft", ("id", "triggerMessageId"), events, AI_DRAFT.name)


def lack_derived(warehouse: Warehouse) -> None:
    """Make ``anchor_context`` and ``inbox_campaign`` without rows: no inbox tells of them."""
    lacking = {
        RELATIONS[CONTEXT]: {column.name: column.type for column in CONTEXT.columns},
        CAMPAIGN_VIEW: {column.name: "varchar" for column in EMAIL_CAMPAIGN.columns},
    }
    for view, types in lacking.items():
        nothing = ", ".join(f"cast(null as {t}) as {quoted(name)}" for name, t in types.items())
        warehouse.execute(f"create view {view} as select {nothing} where false")


def no_inbox(name: str) -> str:
    """What is said of a file that is none."""
    return f"{name} is no inbox: make one by `timingctl build EXPORTS -o inbox.duckdb`."


def unknown_filters(
    warehouse: Warehouse,
    clients: Sequence[str] = (),
    channels: Sequence[str] = (),
    campaigns: Sequence[str] = (),
) -> list[str]:
    """A sentence on each filter of an inbox that names what it does not have."""
    asked = (
        ("client", "clientId", clients),
        ("channel", "channel", channels),
        ("campaign", "emailCampaignId", campaigns),
    )
    return unknown(warehouse, "wait", asked)


def take_bookings(warehouse: Warehouse, events: Export, *, told: bool) -> None:
    """Make ``lead_booking`` of the leads; empty where the exports did not tell of bookings."""
    names = ", ".join(quoted(column.name) for column in LEAD_BOOKING.columns)
    warehouse.execute(
        f"create view lead_booking as select {names} from {_place(events, LEAD.name)} "
        f"where {'true' if told else 'false'}"
    )


def take_messages(warehouse: Warehouse, events: Export) -> None:
    """Make views of what open inbounds are told from, as staging would."""
    _take_staged(warehouse, events, (MESSAGE, LEAD, BACKGROUND_JOB))


def take_campaigns(warehouse: Warehouse, events: Export) -> None:
    """Make the view of what today's delay windows are told from, as staging would."""
    _take_staged(warehouse, events, (EMAIL_CAMPAIGN,))


def _take_staged(warehouse: Warehouse, events: Export, tables: Iterable[Table]) -> None:
    for table in tables:
        names = (column.name for column in table.columns)
        _take(warehouse, table.relation, names, events, table.name)


def tells_bookings(inbox: Inbox) -> bool:
    """Whether the exports had a Lead that says when leads booked."""
    return LEAD.name in inbox.absent and "appointmentBookedAt" not in inbox.absent[LEAD.name]


def _take(
    warehouse: Warehouse, view: str, names: Iterable[str], events: Export, table: str
) -> None:
    columns = ", ".join(map(quoted, names))
    warehouse.execute(
        f"create view {view} as select rowid as rowNumber, {columns} from {_place(events, table)}"
    )


def _place(events: Export, table: str) -> str:
    """Where another table of the events' inbox stands, as SQL."""
    return replace(events.stored, name=table).place if events.stored else ""
