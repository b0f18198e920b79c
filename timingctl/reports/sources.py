"""Reading what reports are made from: a file of events, lead data, exports, names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.events import existing, import_events, leave_out_copies
from timingctl.exports.find import find_tables
from timingctl.exports.reasons import unreadable
from timingctl.exports.shapes import shape_of
from timingctl.replacing import check_output
from timingctl.schemas import (
    BACKGROUND_JOB,
    EVENT_FILE,
    LEAD,
    LEAD_BOOKING,
    MESSAGE,
    SETTER_NAME,
    TABLES,
    Table,
)
from timingctl.staging.distinct import check_distinct, repeats, stage_table
from timingctl.staging.imports import import_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from timingctl.exports.export import Export
    from timingctl.reports.options import ReportOptions
    from timingctl.warehouse import Warehouse

#: The one column that events may lack.
_OPTIONAL = "createdAt"
#: The one column that lead data may not lack.
[_BOOKED] = [column for column in LEAD_BOOKING.columns if column.name == "appointmentBookedAt"]

#: The relation that all others of a report are made from.
ROW_RELATION = "event_row"
#: Its params where nothing is left out.
EVERYTHING: dict[str, object] = {
    **dict.fromkeys(("since", "until", "clients", "channels", "responders")),
    "hours_given": False,
}

#: The relations of the build's phases that tell the open inbounds from exports, in order.
EXPORT_RELATIONS = (("staging", "known_lead"), ("events", "open_inbound"))


@dataclass
class Sources:
    """What was read. `as_of` is UTC, null when there is no event; `notes` are for the user."""

    as_of: datetime | None = None
    has_bookings: bool = False
    has_exports: bool = False
    notes: list[str] = field(default_factory=list)


def load_sources(
    warehouse: Warehouse, options: ReportOptions, events: Export, asked: dict[str, object]
) -> Sources:
    """Read all that a report is given; afterwards the session can read nothing else.

    Makes what `load_events` does, ``lead_booking``, ``setter_name`` and, of exports, what
    sql/events/open_inbound.sql needs. Raises InputError for a file that is not what it should be.
    """
    sources = Sources()
    names = existing(options.names) if options.names else None
    tables = _find_exports(warehouse, options.exports)
    leads = [existing(options.leads)] if options.leads else tables.get(LEAD, [])
    given = [events, *leads, *filter(None, [names])]
    exports = [export.path for files in tables.values() for export in files]
    check_page(options, exports)
    warehouse.only_these_files([*(export.path for export in given), *exports])
    load_events(warehouse, events, sources, asked)
    sources.notes += load_names(warehouse, names)
    _load_bookings(warehouse, options, leads, sources)
    if options.exports:
        sources.notes += _load_messages(warehouse, tables)
        sources.has_exports = True
    return sources


def check_page(options: ReportOptions, inputs: Iterable[Path]) -> None:
    """Refuse, before any work, a page that cannot be written or would replace an input."""
    if options.html is not None:
        give = "write the page somewhere else"
        check_output([options.html], inputs, make="make it first", give=give)


def load_events(
    warehouse: Warehouse,
    export: Export,
    sources: Sources,
    asked: dict[str, object] = EVERYTHING,
) -> None:
    """Make ``import_event`` and ``event_row``, of which unusable rows are told.

    `asked` has the params of the latter. Raises as `import_events`.
    """
    import_events(warehouse, EVENT_FILE, export, optional=[_OPTIONAL], kept=False)
    try:
        warehouse.create(ROW_RELATION, "reports", asked)
    except duckdb.Error as error:
        raise InputError(unreadable(export, error)) from error
    hashes = f"select messageHash from {ROW_RELATION} where isUsable"
    if repeats(warehouse, EVENT_FILE, "inboundMessageId", hashes):
        check_distinct(warehouse, EVENT_FILE, "inboundMessageId", export)
        if copies := leave_out_copies(warehouse, EVENT_FILE, ROW_RELATION, "eventNumber"):
            sources.notes.append(f"{export.label}: exact duplicates left out: {copies:,}.")
    for column, row in warehouse.violations("early_response"):
        raise InputError(f"{export.label}, row {row}, column {column}: before its inboundSentAt.")
    if warehouse.execute(f"select 1 from {ROW_RELATION} where not isUsable limit 1"):
        sources.notes += _unusable(warehouse, EVENT_FILE, [export])
    sources.as_of = _as_of(warehouse)


def _unusable(warehouse: Warehouse, table: Table, exports: Sequence[Export]) -> list[str]:
    """A sentence an export that has rows which cannot be used: why, and where the first stands."""
    relation = f"import_{table.relation}"
    rows = warehouse.execute(f"""
        with
            opened as (select file, min(rowid) as place from {relation} group by file),
            unusable as (
                select file, problem.reason as reason, count(*) as number, min(rowid) as place,
                    min_by(problem."column", rowid) as "column"
                from {relation} where problem is not null group by file, problem.reason)
        select file, string_agg(reason || ' (' || number || ')', ', ' order by reason),
            min(unusable.place) - any_value(opened.place) + 1, min_by("column", unusable.place)
        from unusable join opened using (file) group by file order by file
    """)
    return [
        f"{exports[file].label}: unusable rows left out: {reasons}; "
        f"the first is row {row}, column {column}."
        for file, reasons, row, column in rows
    ]


def _conflicting(warehouse: Warehouse, table: Table) -> list[str]:
    [(ids, example)] = warehouse.execute(
        f"select count(*), min(id) from duplicate_{table.relation} where versions > 1"
    )
    said = f"{table.name}: ids with different rows left out: {ids:,}, such as {example}."
    return [said] if ids else []


def _as_of(warehouse: Warehouse) -> datetime | None:
    """The latest createdAt; where events have none, the latest instant of any event."""
    [(created, inbound, setter, ai)] = warehouse.execute(
        "select max(createdAt), max(inboundSentAt), max(setterResponseSentAt), "
        f"max(aiResponseSentAt) from {ROW_RELATION} where isUsable"
    )
    happened = [instant for instant in (inbound, setter, ai) if instant is not None]
    latest = created or max(happened, default=None)
    return latest.replace(tzinfo=UTC) if isinstance(latest, datetime) else None


def load_names(warehouse: Warehouse, export: Export | None) -> list[str]:
    """Make ``setter_name``: userId, name. Returns what the user should know.

    Raises InputError for two names of one user.
    """
    import_table(warehouse, SETTER_NAME, [export] if export else [])
    warehouse.execute(
        "create table setter_name as select distinct userId, name from import_setter_name "
        "where problem is null"
    )
    twice = warehouse.execute(
        "select userId, min(name), max(name) from setter_name "
        "group by userId having count(*) > 1 order by userId limit 1"
    )
    for user, one, other in twice:
        label = export.label if export else ""
        raise InputError(f"{label}: {user} has two names, {one} and {other}; keep one.")
    return _unusable(warehouse, SETTER_NAME, [export] if export else [])


def _load_bookings(
    warehouse: Warehouse, options: ReportOptions, leads: list[Export], sources: Sources
) -> None:
    """Make ``lead_booking``: one row a lead, empty where there are no lead data.

    Lead data must say when leads booked: a file of --leads that does not is an error, one among
    the exports is as good as none.
    """
    silent = [export for export in leads if not _tells_bookings(warehouse, export)]
    if silent and options.leads:
        raise InputError(f"{silent[0].label} has no column {_BOOKED.name}; export Lead with it.")
    sources.has_bookings = bool(leads) and not silent
    usable = leads if sources.has_bookings else []
    sources.notes += import_table(warehouse, LEAD_BOOKING, usable)
    stage_table(warehouse, LEAD_BOOKING)
    if usable:
        sources.notes += _unusable(warehouse, LEAD_BOOKING, usable)
        sources.notes += _conflicting(warehouse, LEAD_BOOKING)
    else:
        sources.notes.append(
            f"No booking outcomes: give the app's Lead table, with {_BOOKED.name}, "
            "by --leads FILE or --exports DIR."
        )


def _tells_bookings(warehouse: Warehouse, export: Export) -> bool:
    shape = shape_of(warehouse, export)
    return shape is None or shape.find(_BOOKED) is not None


def _find_exports(warehouse: Warehouse, source: Path | None) -> Mapping[Table, list[Export]]:
    """The exports of a folder or a DuckDB database that reports use: Message, Lead, jobs."""
    if source is None:
        return {}
    found = find_tables(warehouse, source, TABLES)
    if MESSAGE not in found:
        raise InputError(f"No {MESSAGE.name} in {source}; give a folder of exports.")
    used = (MESSAGE, LEAD) if LEAD in found else (MESSAGE, BACKGROUND_JOB)
    return {table: found[table] for table in used if table in found}


def _load_messages(warehouse: Warehouse, tables: Mapping[Table, list[Export]]) -> list[str]:
    """Make ``open_inbound`` from exports, with the build's own relations; returns notes."""
    notes = []
    for table in (MESSAGE, LEAD, BACKGROUND_JOB):
        exports = tables.get(table, [])
        import_table(warehouse, table, exports)
        stage_table(warehouse, table)
        notes += _unusable(warehouse, table, exports) + _conflicting(warehouse, table)
    for folder, relation in EXPORT_RELATIONS:
        warehouse.create(relation, folder, {"lead_given": LEAD in tables, "client": None})
    return notes
