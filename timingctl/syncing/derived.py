"""What is made of the exports, for the leads that a sync affects: by the same steps as a build.

The affected leads' rows are put into a small database, of which an inbox is built; what that has
replaces what the file had of these leads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from timingctl.delay_windows import (
    as_document,
    infer_delay_windows,
    recorded_periods,
    recorded_windows,
)
from timingctl.inboxes.contract import (
    CONTEXT,
    DELAY_WINDOW,
    EVENTS,
    EXPORTED,
    SENDING_JOB,
    WAIT,
    at,
)
from timingctl.inboxes.windows import CLIENTS, periods
from timingctl.inboxes.write import create_table
from timingctl.pipeline import build_into
from timingctl.schemas import AI_DRAFT, BACKGROUND_JOB, EMAIL_CAMPAIGN, LEAD, MESSAGE, TABLES
from timingctl.sql_text import as_name, literal, quoted, sql_text
from timingctl.syncing.changes import EVENT_ROWS, KEPT, make_change

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from pathlib import Path

    from timingctl.delay_windows import DelayWindows
    from timingctl.inboxes.read import Inbox
    from timingctl.options import BuildOptions
    from timingctl.progress import Progress
    from timingctl.warehouse import Warehouse

#: What the small databases are called: the affected leads' rows, and what is made of them.
_PART, _FRESH = "part", "fresh"
#: Whose rows are made anew, and which these are, in order.
AFFECTED = (
    "affected_lead", "owned_job", "affected_message", "affected_ai_draft",
    "affected_background_job",
)  # fmt: skip
#: The ids of what is theirs, by table; of campaigns all are.
_AFFECTED = {
    MESSAGE: "select id from affected_message",
    AI_DRAFT: "select id from affected_ai_draft",
    BACKGROUND_JOB: "select id from affected_background_job",
    LEAD: "select leadId from affected_lead",
    EMAIL_CAMPAIGN: "select id from email_campaign",
}


def view_exports(
    warehouse: Warehouse, database: str, options: BuildOptions, given: Collection[str]
) -> None:
    """Make of the exports in a file the relations that inference and affected leads need."""
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        warehouse.execute(
            f"create view {table.relation} as select rowid as rowNumber, * "
            f"from {at(exported, database)}"
        )
    params: dict[str, object] = {"lead_given": LEAD.name in given, "client": options.client}
    warehouse.create("known_lead", "staging", params)
    warehouse.create_view("sending_job", "staging")


def windows_now(warehouse: Warehouse, inbox: Inbox) -> DelayWindows:
    """The delay windows by the exports as they are now; a history that was given stays."""
    if inbox.options["delayWindows"] == "infer":
        return infer_delay_windows(warehouse)
    return recorded_windows(warehouse, inbox.windows)


def make_changed_windows(warehouse: Warehouse, inbox: Inbox, windows: DelayWindows) -> list[str]:
    """Make ``changed_window``: whose windows are not as they were; returns their ids, in order.

    How many jobs prove a window changes nothing else.
    """
    keys = ["isCampaign", "key"]
    told = [*keys, "minSeconds", "maxSeconds", "effectiveFrom", "effectiveTo"]
    every = pl.concat(
        recorded_periods(one).select(told) for one in (inbox.windows, as_document(windows))
    )
    lone = every.group_by(told).len().filter(pl.col("len") == 1)
    changed = lone.select(keys).unique().sort(keys, descending=[True, False])
    warehouse.execute("create table changed_window (isCampaign boolean, key varchar)")
    warehouse.insert(changed.to_arrow(), "changed_window")
    return changed["key"].to_list()


def make_affected(warehouse: Warehouse, part: Path, given: Collection[str]) -> int:
    """Make ``affected_lead`` and what is theirs, the exports in a database of their own.

    Returns how many leads they are.
    """
    for relation in AFFECTED:
        warehouse.create(relation, "sync")
    warehouse.attach(part, _PART)
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        if table.name in given:
            columns = ", ".join(quoted(column.name) for column in exported.columns)
            warehouse.execute(
                f"create table {at(exported, _PART)} as "
                f"select {columns} from {table.relation} where id in ({_AFFECTED[table]})"
            )
    warehouse.detach_written(_PART)
    [(count,)] = warehouse.execute("select count(*) from affected_lead")
    return int(count)


def derive(
    part: Path, fresh: Path, options: BuildOptions, windows: DelayWindows, progress: Progress
) -> None:
    """Build an inbox of the affected leads' rows, by the windows that all jobs tell."""
    build_into(fresh, replace(options, source=part, tables={}), progress, windows)


def replace_derived(
    warehouse: Warehouse, fresh: Path, as_of: datetime | None, database: str
) -> None:
    """Let what was made of the affected leads replace what the file had; make ``change_event``."""
    warehouse.execute(f"attach {literal(as_name(fresh))} as {_FRESH} (read_only)")
    of_affected = "leadId in (select leadId from affected_lead)"
    old = f"select * from {at(EVENTS, KEPT)} where {of_affected}"
    make_change(warehouse, EVENT_ROWS, old, f"from {at(EVENTS, _FRESH)}")
    events = f"select inboundMessageId from {at(EVENTS, KEPT)} where {of_affected}"
    obsolete = {
        CONTEXT: f"inboundMessageId in ({events})",
        WAIT: of_affected,
        SENDING_JOB: "jobId in (select id from owned_job) or jobId in "
        "(select id from change_background_job)",
    }
    for table, condition in obsolete.items():
        place = at(table, database)
        columns = ", ".join(quoted(one.name) for one in table.columns)
        kept = " where jobId in (select id from owned_job)" if table is SENDING_JOB else ""
        warehouse.execute(f"delete from {place} where {condition}")
        warehouse.execute(
            f"insert into {place} ({columns}) select {columns} from {at(table, _FRESH)}{kept}"
        )
    _write_events(warehouse, as_of, database)
    warehouse.execute(f"detach {_FRESH}")


def _write_events(warehouse: Warehouse, as_of: datetime | None, database: str) -> None:
    """Write the events anew: in the order of the output, and with the as-of in every row."""
    told = ("createdAt", "updatedAt")
    stored = [column.name for column in EVENTS.columns if column.name not in {"id", *told}]
    names = ", ".join(map(quoted, stored))
    place, anew = at(EVENTS, database), f"{quoted(database)}.main.anew"
    create_table(warehouse, EVENTS, anew)
    warehouse.execute(
        f"""
        insert into {anew} ({names}, createdAt, updatedAt)
        select {names}, cast($as_of as timestamp), cast($as_of as timestamp)
        from (
            select {names} from {at(EVENTS, KEPT)}
            where leadId not in (select leadId from affected_lead)
            union all
            select {names} from {at(EVENTS, _FRESH)}
        )
        order by clientId, inboundSentAt, inboundMessageId
        """,
        {"as_of": as_of and as_of.replace(tzinfo=None)},
    )
    warehouse.execute(f"drop table {place}")
    warehouse.execute(f"alter table {anew} rename to {quoted(EVENTS.name)}")


def replace_windows(warehouse: Warehouse, windows: DelayWindows, database: str) -> None:
    """Write all periods of which a window is known."""
    warehouse.execute(f"delete from {at(DELAY_WINDOW, database)}")
    found = periods(windows, warehouse.frame(sql_text("inbox", CLIENTS)))
    warehouse.insert(found.to_arrow().cast(DELAY_WINDOW.arrow), at(DELAY_WINDOW, database))
