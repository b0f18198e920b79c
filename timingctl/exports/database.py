"""A DuckDB database as a source: its tables and views are the exports."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.export import Export, Stored
from timingctl.exports.files import check_file
from timingctl.exports.guesses import Guess, guess_name
from timingctl.exports.names import plain_table, split_name
from timingctl.inboxes.contract import INBOX, SYNC_TABLES
from timingctl.seals import check_seal
from timingctl.sql_text import as_name, literal, log_name, quoted
from timingctl.warehouse import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def attach_database(
    warehouse: Warehouse, path: Path, wanted: Sequence[Table]
) -> tuple[dict[Table, list[Export]], list[str]]:
    """Attach a DuckDB file read-only as `source` and find the wanted tables in it, by name.

    A name that only looks like a table's counts where it is the only one; what looks so and is not
    read is told. Raises InputError when it is no DuckDB database or could hold a table twice.
    """
    state = check_file(path)
    with attached(warehouse, path, SOURCE):
        rows = warehouse.execute(
            "select schema_name, table_name, false from duckdb_tables() "
            "where database_name = 'source' union all "
            "select schema_name, view_name, true from duckdb_views() "
            "where database_name = 'source' and not internal order by all"
        )
    stored = [Stored(*row) for row in rows]
    exact = {plain_table(table.name): table for table in wanted}
    named: dict[Table, list[Stored]] = {table: [] for table in wanted}
    alike: dict[Table, list[tuple[Stored, Guess]]] = {table: [] for table in wanted}
    for one in stored:
        if table := exact.get(plain_table(one.name)):
            named[table].append(one)
        elif (found := guess_name(one.name, wanted)) and not _is_ours(one):
            alike[found.table].append((one, found))
    chosen: dict[Table, list[Export]] = {}
    notes: list[str] = []
    for table in wanted:
        whole = [one for one, how in alike[table] if not (how.is_near or how.is_part)]
        offers = named[table] or whole
        if len(offers) > 1:
            names = " or ".join(map(_label, offers[:2]))
            raise InputError(f"{table.name} could be {names} in {path}; keep one.")
        for one in offers:
            chosen[table] = [Export(path, _label(one), "database", state, stored=one)]
        notes += [_unread(table, one, offers) for one, _ in alike[table] if one not in offers]
        if offers and not named[table]:
            read = f"{_label(offers[0])} is read as {table.name}"
            notes.append(f"{read}: no other table of the database has such a name.")
    return chosen, notes


def _label(stored: Stored) -> str:
    return f"{stored.schema}.{stored.name}"


def _is_ours(stored: Stored) -> bool:
    """Whether it is a table of an inbox, beside the exports."""
    return stored.name in {relation.name for relation in (*INBOX, *SYNC_TABLES)}


def _unread(table: Table, one: Stored, offers: list[Stored]) -> str:
    """A sentence on what looks like a table and is not read, with the way out."""
    said = f"{_label(one)} looks like {table.name} and is not read"
    if offers:
        return f"{said}: {_label(offers[0])} is. It may be an older or a newer copy."
    place = f"{quoted(one.schema)}.{quoted(one.name)}"
    return f"{said}; if it is meant: CREATE VIEW {quoted(table.name)} AS FROM {place};"


@contextmanager
def attached(warehouse: Warehouse, path: Path, name: str) -> Iterator[None]:
    """Attach a DuckDB file read-only, and look at it for the first time within.

    Raises InputError, with the way out, when it is no DuckDB database that can be read.
    """
    check_seal(path, str(path))
    try:
        warehouse.execute(
            f"attach if not exists {literal(as_name(path))} as {quoted(name)} (read_only)"
        )
        yield
    except duckdb.Error as error:
        reasons = {
            "Conflicting lock": "is open in another program; close it there, or give a copy",
            "storage version": "is a DuckDB database of another version; export its tables",
            "Corrupt": "is a damaged DuckDB database; give another copy",
            "not read enough": "is a damaged DuckDB database; give another copy",
        }
        default = "is no DuckDB database; give one, or a folder of exports"
        if split_name(path)[1]:
            default = (
                "is no DuckDB database, but one export; give the folder that it is in, or a folder "
                "with --table for each file that is elsewhere"
            )
        why = next((why for mark, why in reasons.items() if mark in str(error)), default)
        raise InputError(f"{path} {why}.") from error
    _check_log(path)


def _check_log(path: Path) -> None:
    """Raise InputError for a log of changes: DuckDB reads the beginning of a cut one."""
    places = [str(path), str(path.resolve())]
    # Where a ? makes DuckDB look elsewhere, it leaves out the log beside the file without a word.
    for log in map(Path, (*map(log_name, places), *(f"{place}.wal" for place in places))):
        if log.exists():
            raise InputError(
                f"{path} has changes that are only in {log}; open it in DuckDB, run CHECKPOINT and "
                "close it. If the log stays, it is cut short: give another copy, or delete the log "
                "to go without those changes."
            )
