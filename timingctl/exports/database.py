"""A DuckDB database as a source: its tables and views are the exports."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.export import Export, Stored
from timingctl.exports.files import check_file
from timingctl.exports.names import plain_table, split_name
from timingctl.schemas import TABLES
from timingctl.seals import check_seal
from timingctl.warehouse import SOURCE, as_name, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def attach_database(warehouse: Warehouse, path: Path) -> dict[Table, list[Export]]:
    """Attach a DuckDB file read-only as `source` and find the tables in it, by name.

    Raises InputError when it is no DuckDB database or names a table twice.
    """
    state = check_file(path)
    with attached(warehouse, path, SOURCE):
        rows = warehouse.execute(
            "select schema_name, table_name, false from duckdb_tables() "
            "where database_name = 'source' union all "
            "select schema_name, view_name, true from duckdb_views() "
            "where database_name = 'source' and not internal order by all"
        )
    found: dict[Table, list[Export]] = {}
    for stored in (Stored(*row) for row in rows):
        label = f"{stored.schema}.{stored.name}"
        for table in TABLES:
            if plain_table(stored.name) == plain_table(table.name):
                if table in found:
                    raise InputError(
                        f"{table.name} could be {found[table][0].label} or {label} "
                        f"in {path}; keep one."
                    )
                found[table] = [Export(path, label, "database", state, stored=stored)]
    return found


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
    for log in (Path(f"{place}.wal") for place in (path, path.resolve())):
        if log.exists():
            raise InputError(
                f"{path} has changes that are only in {log}; open it in DuckDB, run CHECKPOINT and "
                "close it. If the log stays, it is cut short: give another copy, or delete the log "
                "to go without those changes."
            )
