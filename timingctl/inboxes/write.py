"""Writing an inbox: the used exports, the events and all that is known of them, in one database.

It is attached as INBOX while it is written, a file in a private folder that nobody else reads.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from timingctl import __version__
from timingctl.arrow import arrow_schema, told_rows
from timingctl.delay_windows import as_document
from timingctl.event_stream import EventStream, rows_of
from timingctl.inboxes.contract import (
    BUILD,
    CONTEXT,
    DELAY_WINDOW,
    DERIVED,
    EVENTS,
    EXPORTED,
    INBOX,
    INBOX_VERSION,
    REJECT,
    SENDING_JOB,
    WAIT,
)
from timingctl.inboxes.digests import digest_of, row_sum
from timingctl.inboxes.windows import CLIENTS, make_message_window, periods
from timingctl.manifest import manifest
from timingctl.phases import EVENT_INPUTS, make_relations
from timingctl.relations import in_order
from timingctl.schemas import MESSAGE, TABLES
from timingctl.sql_text import literal, quoted, sql_text
from timingctl.staging.tables import as_of_instant
from timingctl.warehouse import INBOX as PLACE

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.delay_windows import DelayWindows
    from timingctl.exports.source import Source
    from timingctl.inboxes.contract import InboxTable
    from timingctl.inboxes.digests import RowSum
    from timingctl.manifest import Digests, InboxManifest, Intake
    from timingctl.options import BuildOptions
    from timingctl.progress import Progress
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse

#: The relations of sql/inbox that are tables of the file.
RELATIONS = {CONTEXT: "anchor_context", WAIT: "wait", SENDING_JOB: "job_outcome"}
#: Those of sql/inbox that are made for them, in order.
MADE = tuple(
    made for made in in_order("inbox", *RELATIONS.values()) if made[1] not in RELATIONS.values()
)


def write_inbox(
    source: Source,
    options: BuildOptions,
    windows: DelayWindows,
    intake: Intake,
    progress: Progress,
) -> tuple[InboxManifest, dict[str, RowSum]]:
    """Fill the database that is attached; returns what its table Build says, and sums of rows.

    Those are what the rows of each table but the events add up to, by the table's name. The events
    stream through attribution, as into any other file.
    """
    warehouse = source.warehouse
    as_of = options.as_of or as_of_instant(source)
    params: dict[str, object] = {"as_of": as_of and as_of.replace(tzinfo=None)}
    with warehouse.at_once():
        for table in INBOX:
            create_table(warehouse, table, _at(table))
    _write_exports(warehouse, progress)
    _write_rejects(source, intake)
    make_message_window(warehouse, windows)
    make_relations(source, MADE, params, progress)
    for table, relation in RELATIONS.items():
        progress.step(f"Writing {table.name}")
        _fill(warehouse, table, sql_text("inbox", relation), params)
    in_force = periods(windows, warehouse.frame(sql_text("inbox", CLIENTS)))
    warehouse.insert(in_force.to_arrow().cast(DELAY_WINDOW.arrow), _at(DELAY_WINDOW))
    absent = _absent(source)
    progress.step("Writing events")
    warehouse.keep_only(EVENT_INPUTS)
    events = EventStream(rows_of(warehouse), windows, as_of, progress)
    _write_events(warehouse, events)
    progress.step("Taking digests")
    others = (*EXPORTED, *DERIVED, REJECT)
    sums = {one.name: row_sum(warehouse, one, _at(one)) for one in others}
    tables = {one.name: digest_of(one, sums[one.name]) for one in others}
    digests: Digests = {
        "contentDigest": str(events.digest),
        "fileDigest": None,
        "rejectsDigest": None,
    }
    document: InboxManifest = {
        **manifest(options.document(), intake, events.tally, as_of, digests),
        "digests": {EVENTS.name: str(events.digest), **tables},
        "rows": {
            table.name: warehouse.execute(f"select count(*) from {_at(table)}")[0][0]
            for table in INBOX[:-1]
        },
        "absent": absent,
        "windows": as_document(windows),
    }
    write_build(warehouse, document, as_of)
    warehouse.detach_written(PLACE)
    return document, sums


_COMPRESSION = {
    "varchar": "dict_fsst",
    "timestamp": "bitpacking",
    "bigint": "bitpacking",
    "boolean": "rle",
}


def _at(table: InboxTable) -> str:
    """Where a table stands while the file is written."""
    return f"{PLACE}.{quoted(table.name)}"


def create_table(warehouse: Warehouse, table: InboxTable, place: str) -> None:
    """Make a table of an inbox at a place, empty and described.

    The events' id is inboundMessageId, and takes no room of its own. The columns are compressed,
    also in a session whose own tables are not.
    """
    kinds = {
        column.name: f"{column.type} generated always as (inboundMessageId) virtual"
        if table is EVENTS and column.name == "id"
        else f"{column.type} using compression {_COMPRESSION[column.type]}"
        f"{'' if column.null else ' not null'}"
        for column in table.columns
    }
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in kinds.items())
    warehouse.execute(f"create table {place} ({columns})")
    warehouse.execute(f"comment on table {place} is {literal(table.grain)}")
    for column in table.columns:
        name = f"{place}.{quoted(column.name)}"
        warehouse.execute(f"comment on column {name} is {literal(column.says)}")


def _fill(
    warehouse: Warehouse, table: InboxTable, select: str, params: dict[str, object] | None = None
) -> None:
    warehouse.fill(_at(table), [column.name for column in table.columns], select, params or {})


def _absent(source: Source) -> dict[str, list[str]]:
    """By table the columns of its contract that no export had."""
    if source.inbox:
        return source.inbox.absent
    return {
        table.name: [
            name
            for (name,) in source.warehouse.execute(
                f"select name from absent_{table.relation} order by name"
            )
        ]
        for table in source.exports
    }


def _write_exports(warehouse: Warehouse, progress: Progress) -> None:
    """The rows as they were used."""
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        progress.step(f"Writing {table.name}")
        _fill(warehouse, exported, used_sql(table))


def used_sql(table: Table) -> str:
    """The rows of a staged table that are used: no messages that have no lead of one client."""
    used = f"select * from {table.relation}"
    if table is MESSAGE:
        used += " where id not in (select id from orphan_message)"
    return used


def _write_rejects(source: Source, intake: Intake) -> None:
    for query in intake.rejects:
        _fill(source.warehouse, REJECT, query)


def _write_events(warehouse: Warehouse, events: EventStream) -> None:
    """Without their id, which is made of another column."""
    stored = {column.name: column.type for column in EVENTS.columns if column.name != "id"}
    schema = arrow_schema(stored)
    batches = (batch.select(list(stored)).cast(schema) for batch in events.batches())
    with warehouse.beside() as writing:
        writing.insert_batches(batches, schema, _at(EVENTS))


def write_build(warehouse: Warehouse, document: InboxManifest, as_of: datetime | None) -> None:
    """Say in Build, which is empty, how the file was made."""
    told = cast("dict[str, object]", document)
    parts = ("options", "tables", "absent", "windows", "events", "rows", "digests", "notes")
    row = {
        "inboxVersion": INBOX_VERSION,
        "version": __version__,
        "asOfInstant": as_of and as_of.replace(tzinfo=None),
        **{name: json.dumps(told[name], ensure_ascii=False) for name in parts},
    }
    warehouse.insert(told_rows([row], BUILD.arrow), _at(BUILD))
