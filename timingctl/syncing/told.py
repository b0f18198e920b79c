"""What a file says as of an instant, and of itself: brought up to date after its rows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from timingctl.attribution import EVENT_SCHEMA
from timingctl.delay_windows import as_document
from timingctl.digest import ContentDigest
from timingctl.documents import iso
from timingctl.inboxes.contract import (
    BUILD,
    CONTEXT,
    DERIVED,
    EVENTS,
    EXPORTED,
    INBOX,
    REJECT,
    SENDING_JOB,
    WAIT,
    at,
)
from timingctl.inboxes.digests import digest_of, row_sum
from timingctl.inboxes.write import write_build
from timingctl.manifest import Tally
from timingctl.schemas import TABLES
from timingctl.seals import WRITTEN_BY
from timingctl.sql_text import quoted
from timingctl.syncing.changes import KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from timingctl.delay_windows import DelayWindows
    from timingctl.inboxes.contract import InboxTable
    from timingctl.inboxes.digests import RowSum
    from timingctl.inboxes.read import Inbox
    from timingctl.manifest import InboxManifest, TableRows
    from timingctl.options import Asked, BuildOptions
    from timingctl.warehouse import Warehouse


@dataclass(frozen=True)
class Telling:
    """What Build says that the tables do not: the options, the as-of, windows, what was absent."""

    options: BuildOptions
    as_of: datetime | None
    windows: DelayWindows
    absent: dict[str, list[str]]
    notes: list[str]


def tell_as_of(warehouse: Warehouse, as_of: datetime | None, database: str) -> None:
    """Let open waits, and jobs that are due, be told as of an instant."""
    at_instant = {"as_of": as_of and as_of.replace(tzinfo=None)}
    instant = "cast($as_of as timestamp)"
    warehouse.execute(
        f"update {at(WAIT, database)} set waitMs = greatest(elapsed_ms(startSentAt, {instant}), 0) "
        "where endMessageId is null",
        at_instant,
    )
    outcome = f"case when runAt > {instant} then 'due' else 'unexplained' end"
    warehouse.execute(
        f"update {at(SENDING_JOB, database)} set outcome = {outcome} "
        f"where outcome in ('due', 'unexplained') and outcome <> {outcome}",
        at_instant,
    )


def sums_now(
    warehouse: Warehouse, before: Mapping[str, RowSum], database: str
) -> dict[str, RowSum]:
    """What the rows of each table add up to, of what they did and of the rows that may differ.

    What they did before is asked of the file as it was where nobody knows.
    """
    found = {}
    for table, condition in _may_differ().items():
        sides = {side: at(table, side) for side in (KEPT, database)}
        conditions = {side: condition.format(side=at(EVENTS, side)) for side in sides}
        known = before.get(table.name) or row_sum(warehouse, table, sides[KEPT])
        gone, new = (
            row_sum(warehouse, table, sides[side], conditions[side]) for side in (KEPT, database)
        )
        found[table.name] = known.exchanged(gone, new)
    return found


def _may_differ() -> dict[InboxTable, str]:
    """The rows of each table that a sync may have made otherwise, as SQL over either side.

    All others are the same in the file as it was and as it is.
    """
    affected = "select leadId from affected_lead"
    exported = {
        told: f"id in (select id from change_{table.relation})"
        for told, table in zip(EXPORTED, TABLES, strict=True)
    }
    return exported | {
        CONTEXT: "inboundMessageId in "
        f"(select inboundMessageId from {{side}} where leadId in ({affected}))",
        WAIT: f"leadId in ({affected}) or endMessageId is null",
        SENDING_JOB: "jobId in (select id from owned_job) "
        "or jobId in (select id from change_background_job) or outcome in ('due', 'unexplained')",
    }


def tell_of_itself(
    warehouse: Warehouse, before: Inbox, told: Telling, sums: Mapping[str, RowSum], database: str
) -> InboxManifest:
    """Write the one row of Build anew, with the digests of all tables, and return what it says."""
    content = _content_digest(warehouse, database)
    digests = {
        table.name: digest_of(
            table, sums.get(table.name) or row_sum(warehouse, table, at(table, database))
        )
        for table in (*EXPORTED, *DERIVED, REJECT)
    }
    rows = {
        table.name: int(warehouse.execute(f"select count(*) from {at(table, database)}")[0][0])
        for table in INBOX[:-1]
    }
    asked = cast("Asked", before.options)
    document: InboxManifest = {
        "tool": WRITTEN_BY["tool"],
        "version": WRITTEN_BY["version"],
        "options": {**asked, "asOf": iso(told.options.as_of)},
        "asOf": iso(told.as_of),
        "tables": {
            name: _account(warehouse, name, cast("TableRows", account), rows[name], database)
            for name, account in before.tables.items()
        },
        "events": _tally(warehouse, database).document(),
        "contentDigest": content,
        "fileDigest": None,
        "rejectsDigest": None,
        "notes": told.notes,
        "digests": {EVENTS.name: content, **digests},
        "rows": rows,
        "absent": told.absent,
        "windows": as_document(told.windows),
    }
    warehouse.execute(f"delete from {at(BUILD, database)}")
    write_build(warehouse, document, told.as_of)
    return document


def _content_digest(warehouse: Warehouse, database: str) -> str:
    """That of the events, which stand in the output's order, as a build has it."""
    columns = ", ".join(map(quoted, EVENT_SCHEMA.names()))
    digest = ContentDigest(EVENT_SCHEMA)
    for rows in warehouse.batches(f"select {columns} from {at(EVENTS, database)}"):
        digest.update(rows)
    return str(digest)


def _account(
    warehouse: Warehouse, name: str, before: TableRows, used: int, database: str
) -> TableRows:
    """What became of the rows of a table: used as they are now, and rejected as Reject lists them.

    Exact duplicates are those that the last whole reading met.
    """
    rejected = dict(
        warehouse.execute(
            f'select reason, count(*) from {at(REJECT, database)} where "table" = $name '
            "group by reason order by reason",
            {"name": name},
        )
    )
    duplicates = before["exactDuplicates"]
    return {
        "files": before["files"],
        "rowsRead": used + sum(rejected.values()) + duplicates,
        "used": used,
        "exactDuplicates": duplicates,
        "rejected": rejected,
    }


def _tally(warehouse: Warehouse, database: str) -> Tally:
    warehouse.execute(f"create view synced_event as from {at(EVENTS, database)}")
    warehouse.execute(f"create view synced_context as from {at(CONTEXT, database)}")
    return Tally(warehouse.select("event_count", "sync", {}).row(0, named=True))
