"""Reading a file of events: what `timingctl build` wrote, or an export of the app's own table."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.exports.database import attached
from timingctl.exports.export import Export, Stored, unchanged
from timingctl.exports.files import check_file, is_database
from timingctl.exports.find import export_of
from timingctl.exports.shapes import shape_of
from timingctl.inboxes.contract import BUILD, EVENTS
from timingctl.inboxes.read import inbox_in
from timingctl.parts import parts_of
from timingctl.schemas import Kind
from timingctl.sql_text import quoted
from timingctl.staging.casts import is_null_word
from timingctl.staging.distinct import check_distinct, duplicates_note, repeats
from timingctl.staging.imports import import_table
from timingctl.staging.null_words import take_as_null

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from timingctl.inboxes.read import Inbox
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def existing(path: Path) -> Export:
    """The export in a file, the events in an inbox, or those in the parts of a folder.

    Raises InputError when there is none that can be read.
    """
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where it may not look
        parts = [export_of(part) for part in parts_of(path)]
        parts = [replace(part, label=f"{path.name}/{part.label}") for part in parts]
        return replace(parts[0], path=path, label=path.name, parts=tuple(parts))
    if not is_database(path):
        return export_of(path)
    events = Stored("main", EVENTS.name, is_view=False, database=os.path.realpath(path))
    return Export(path, str(path), "database", check_file(path), stored=events)


def inbox_of(warehouse: Warehouse, export: Export) -> Inbox | None:
    """How the inbox was built that has these events; null where a file has them.

    Raises InputError for a DuckDB database that is no inbox, or one that cannot be read.
    """
    if export.stored is None:
        return None
    with attached(warehouse, export.path, export.stored.database):
        found = inbox_in(warehouse, export.stored.database, export.label)
    if found is None:
        raise InputError(
            f"{export.label} is a DuckDB database, but no inbox: it has no table {BUILD.name}. "
            f"Make one of its exports: timingctl build {shlex.quote(export.label)} -o inbox.duckdb"
        )
    return found


def import_events(
    warehouse: Warehouse,
    table: Table,
    export: Export,
    optional: Collection[str] = (),
    *,
    kept: bool = True,
) -> list[str]:
    """Make ``import_<relation>``: one row an event read, `problem` non-null where it is unusable.

    Returns the optional columns that the file lacks, which are null. What is not `kept` is read
    again, as `import_table` says. Raises InputError, naming the missing columns, for a file that
    holds no events.
    """
    if inbox_of(warehouse, export):
        with unchanged([export]):
            _take_events(warehouse, table, export, kept=kept)
        return []
    shape = shape_of(warehouse, export)
    absent = [c.name for c in table.columns if shape is not None and shape.find(c) is None]
    missing = [name for name in absent if name not in optional]
    if missing:
        raise InputError(
            f"{export.label} is no file of events: it has no {', '.join(missing)}. "
            "Give what `timingctl build` wrote, or an export of ResponseTimingEvent."
        )
    import_table(warehouse, table, [export], kept=kept)
    return absent


def _take_events(warehouse: Warehouse, table: Table, export: Export, *, kept: bool) -> None:
    """Make ``import_<relation>`` of an inbox's events, which are what they say: none is cast."""
    place = export.stored.place if export.stored else ""
    columns = ", ".join(quoted(column.name) for column in table.columns)
    problem = 'null::struct("column" varchar, reason varchar, "value" varchar)'
    row, kind = ("", "table") if kept else ("rowid, ", "view")
    warehouse.execute(
        f"create or replace {kind} import_{table.relation} as "
        f"select {row}{columns}, 0 as file, {problem} as problem from {place}"
    )


def null_words(warehouse: Warehouse, table: Table, export: Export) -> list[str]:
    """Make nulls of words such as ``nan`` in the optional ids of the events read; says how many.

    A view, of a file that was not to be kept, becomes a table where it has such words. An inbox has
    none that its build did not take.
    """
    if export.stored is not None:
        return []
    ids = [quoted(c.name) for c in table.columns if c.kind is Kind.TEXT and (c.key or c.refers)]
    found = " or ".join(map(is_null_word, ids))
    if not warehouse.execute(f"select 1 from import_{table.relation} where {found} limit 1"):
        return []
    if warehouse.execute(f"from duckdb_views() where view_name = 'import_{table.relation}'"):
        warehouse.execute(f"drop view import_{table.relation}")
        import_table(warehouse, table, [export])
    return [f"{export.label}: {note}" for note in take_as_null(warehouse, table)]


def leave_out_duplicates(warehouse: Warehouse, table: Table, target: str, number: str) -> int:
    """Of events that stand twice, the same in all columns, leave the first; returns the others.

    They go from `target`, a table that has the rows of ``import_<relation>`` by `number`. It is
    made anew, so its own row numbers go on from 0 without a gap.
    """
    columns = ", ".join(quoted(column.name) for column in table.columns)
    later = (
        f"select row from (select rowid as row, row_number() over "
        f"(partition by {columns} order by rowid) as copy "
        f"from import_{table.relation} where problem is null) where copy > 1"
    )
    [(count,)] = warehouse.execute(f"select count(*) from ({later})")
    if count:
        warehouse.execute(
            f"create or replace table {target} as from {target} where {number} not in ({later})"
        )
    return int(count)


def check_events(warehouse: Warehouse, table: Table, export: Export) -> list[str]:
    """Raise InputError, naming the row, unless every row read is an event of its own anchor.

    Of events that stand twice, the same in all columns, the first is left; a note says so.
    """
    unusable = warehouse.execute(
        f'select rowid + 1, problem.reason, problem."column" from import_{table.relation} '
        "where problem is not null order by rowid limit 1"
    )
    for row, reason, column in unusable:
        raise InputError(f"{export.label}, row {row}, is no event: {reason} (column {column}).")
    notes = null_words(warehouse, table, export)
    if not repeats(warehouse, table, "inboundMessageId"):
        return notes
    copies = leave_out_duplicates(warehouse, table, f"import_{table.relation}", "rowid")
    check_distinct(warehouse, table, "inboundMessageId", export)
    return notes + duplicates_note(export.label, copies)
