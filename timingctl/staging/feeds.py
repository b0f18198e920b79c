"""Exports that are no table as it stands: feeds of changes, and folders that contradict columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.readers import scan, scan_params
from timingctl.exports.reasons import unreadable
from timingctl.sql_text import literal, quoted
from timingctl.staging.casts import as_text

if TYPE_CHECKING:
    from timingctl.schemas import Table
    from timingctl.staging.shards import Shard
    from timingctl.warehouse import Warehouse

#: Columns in which DMS, Debezium, Delta Lake, SQL Server and Snowflake say what became of a row.
OPERATIONS = frozenset(
    {"op", "__op", "_change_type", "__$operation", "metadata$action", "_hoodie_operation"}
)
#: What they call a row that was deleted, and one that was changed.
_DELETED = ("D", "DELETE", "T", "TRUNCATE", "1")
_CHANGED = ("U", "UPDATE", "UPDATE_PREIMAGE", "UPDATE_POSTIMAGE", "-U", "+U", "-D", "3", "4")
#: Columns by which changes are in order.
_ORDERS = (
    "_commit_version", "__lsn", "__source_lsn", "__ts_ms", "__source_ts_ms", "transact_id", "ts",
    "__$start_lsn", "_hoodie_commit_time", "_commit_timestamp", "timestamp", "updatedat",
    "updated_at",
)  # fmt: skip
_READERS = {"csv": "read_csv", "tsv": "read_csv", "parquet": "read_parquet"}


def check_rows(warehouse: Warehouse, table: Table, shard: Shard) -> None:
    """Raise InputError, with the way out, for a feed of changes, or folders that contradict rows.

    A feed in which nothing was changed or deleted is as good as a table.
    """
    operations = [pair for pair in shard.shape.columns if pair[0].lower() in OPERATIONS]
    for name, _ in operations:
        marks = ", ".join(literal(mark) for mark in (*_DELETED, *_CHANGED))
        value = _text(shard, name)
        if _has_row(warehouse, shard, f"upper({value}) in ({marks})"):
            raise InputError(_feed(table, shard, name))
    for column in table.columns:
        stated, found = shard.export.partition(column), shard.shape.find(column)
        if stated and found:
            said = "null" if stated[1] is None else literal(stated[1])
            if _has_row(warehouse, shard, f"{_text(shard, found[0])} is distinct from {said}"):
                raise InputError(
                    f"{shard.export.label}: its folder says {stated[0]}={stated[1]}, and column "
                    f"{found[0]} of the file says otherwise; drop the column, or rename the folder."
                )


def _text(shard: Shard, name: str) -> str:
    """The values of a column of the export as text, as SQL."""
    place, kind = next((n, k) for n, (own, k) in enumerate(shard.shape.columns) if own == name)
    match shard.export.format:
        case "csv" | "tsv":
            return f"c{place}"
        case "json" | "ndjson":
            return as_text(quoted(name), "JSON")
    return as_text(quoted(name), kind)


def _has_row(warehouse: Warehouse, shard: Shard, condition: str) -> bool:
    relation = scan(warehouse, shard.export)
    params = scan_params([shard.export], shard.shape)
    try:
        return bool(
            warehouse.execute(f"select 1 from {relation} where {condition} limit 1", params)
        )
    except duckdb.Error as error:
        raise InputError(unreadable(shard.export, error)) from error


def _feed(table: Table, shard: Shard, operation: str) -> str:
    """What a feed is, and the statement that makes a plain table of it."""
    export, columns = shard.export, shard.shape.columns
    names = {name.lower(): name for name, _ in columns}
    order = next((names[name] for name in _ORDERS if name in names), "COLUMN_OF_THE_ORDER")
    key = shard.shape.find(table.keys[0])
    files = export.path
    if "/" in export.label:
        files = export.path.parent / f"*{''.join(export.path.suffixes[-1:])}"
    if export.stored:
        rows = f"{quoted(export.stored.schema)}.{quoted(export.stored.name)}"
    else:
        options = ", union_by_name=true"
        options += ", all_varchar=true" if export.format in {"csv", "tsv"} else ""
        reader = _READERS.get(export.format, "read_json")
        rows = f"{reader}({literal(str(files))}{options})"
    gone = ", ".join(literal(mark) for mark in _DELETED)
    plain = f"{table.name}.plain.parquet"
    return (
        f"{export.label} is a feed of changes: its column {operation} says what became of each row "
        f"(inserted, updated, deleted). Make a plain table of it, in DuckDB: COPY (FROM "
        f"(FROM {rows} QUALIFY row_number() OVER (PARTITION BY {quoted(key[0] if key else 'id')} "
        f"ORDER BY {quoted(order)} DESC) = 1) "
        f"WHERE coalesce(upper({quoted(operation)}), '') NOT IN ({gone})) "
        f"TO '{plain}'; then give --table {table.name}={plain}"
    )
