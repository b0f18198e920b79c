"""What a file says as of an instant, and of itself: brought up to date after its rows are."""

from __future__ import annotations

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
from timingctl.inboxes.digests import table_digest
from timingctl.inboxes.write import write_build
from timingctl.manifest import Tally
from timingctl.seals import WRITTEN_BY
from timingctl.warehouse import quoted

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.delay_windows import DelayWindows
    from timingctl.inboxes.read import Inbox
    from timingctl.manifest import InboxManifest, TableRows
    from timingctl.options import Asked, BuildOptions
    from timingctl.warehouse import Warehouse


def tell_as_of(warehouse: Warehouse, as_of: datetime | None, database: str) -> None:
    """Let everything be told as of an instant: events, open waits, and jobs that are due."""
    at_instant = {"as_of": as_of and as_of.replace(tzinfo=None)}
    instant = "cast($as_of as timestamp)"
    warehouse.execute(
        f"update {at(EVENTS, database)} set createdAt = {instant}, updatedAt = {instant} "
        f"where createdAt is distinct from {instant}",
        at_instant,
    )
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


def tell_of_itself(
    warehouse: Warehouse,
    before: Inbox,
    notes: list[str],
    options: BuildOptions,
    as_of: datetime | None,
    windows: DelayWindows,
    absent: dict[str, list[str]],
    database: str,
) -> InboxManifest:
    """Write the one row of Build anew, with the digests of all tables, and return what it says."""
    content = _content_digest(warehouse, database)
    others = (*EXPORTED, *DERIVED, REJECT)
    digests = {one.name: table_digest(warehouse, one, at(one, database)) for one in others}
    rows = {
        table.name: int(warehouse.execute(f"select count(*) from {at(table, database)}")[0][0])
        for table in INBOX[:-1]
    }
    document: InboxManifest = {
        **WRITTEN_BY,
        "options": {**cast("Asked", before.options), "asOf": iso(options.as_of)},
        "asOf": iso(as_of),
        "tables": {
            name: _account(warehouse, name, cast("TableRows", told), rows[name], database)
            for name, told in before.tables.items()
        },
        "events": _tally(warehouse, database).document(),
        "contentDigest": content,
        "fileDigest": None,
        "rejectsDigest": None,
        "notes": notes,
        "digests": {EVENTS.name: content, **digests},
        "rows": rows,
        "absent": absent,
        "windows": as_document(windows),
    }
    warehouse.execute(f"delete from {at(BUILD, database)}")
    write_build(warehouse, document, as_of)
    return document


def _content_digest(warehouse: Warehouse, database: str) -> str:
    """That of the events, as a build has it."""
    columns = ", ".join(map(quoted, EVENT_SCHEMA.names()))
    digest = ContentDigest(EVENT_SCHEMA)
    for rows in warehouse.batches(
        f"select {columns} from {at(EVENTS, database)} "
        "order by clientId, inboundSentAt, inboundMessageId"
    ):
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
