"""What an engine reads: Parquet files whose columns are known before any work begins.

The client looks at the end of each file, and nowhere else. What engines read differently, or not
at all, is refused here in a sentence.
"""

from __future__ import annotations

import base64
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from timingctl.errors import InputError
from timingctl.exports.reasons import unreadable
from timingctl.schemas import MARKS, TABLES, Kind
from timingctl.staging.casts import is_number
from timingctl.staging.columns import check_shape, missed
from timingctl.staging.extras import extra_source
from timingctl.staging.feeds import OPERATIONS
from timingctl.staging.shards import Shard, shards_of
from timingctl.staging.tables import as_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timingctl.exports.export import Export
    from timingctl.exports.source import Source
    from timingctl.options import Lake
    from timingctl.schemas import Column, Table

#: Spark's types for DuckDB's, of those that Spark and Sail read alike.
_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "DATE": "date",
    "TIMESTAMP": "timestamp_ntz",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}
#: Arrow's types that all read alike. A file may say one that DuckDB reads as another.
_PLAIN = (
    *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_boolean),
    *(pa.types.is_signed_integer, pa.types.is_float32, pa.types.is_float64),
    *(pa.types.is_decimal128, pa.types.is_date32, pa.types.is_timestamp),
)
_WAY_OUT = "build without --engine"
#: Characters that engines take for patterns in the name of a file.
_PATTERN = re.compile(r"[*?\[\]{}\\]")
#: As many files of a table are read one by one, so that each row's file is known.
TOLD_APART = 64


@dataclass(frozen=True)
class Group:
    """Files of a table that are read together: they have the same columns."""

    shards: tuple[Shard, ...]
    columns: tuple[tuple[str, str], ...]  # what is read of them: names and DuckDB types
    paths: tuple[str, ...]  # what the engine calls them

    @property
    def schema(self) -> str:
        """The columns as Spark declares them."""
        return ", ".join(f"`{name.replace('`', '``')}` {spark_type(k)}" for name, k in self.columns)


@dataclass(frozen=True)
class Input:
    """The files of a table, in groups, and how many rows all of them have."""

    table: Table
    groups: tuple[Group, ...]
    rows: int
    notes: tuple[str, ...]


def spark_type(kind: str) -> str | None:
    """Spark's type for one of DuckDB's; None where engines do not read it alike."""
    return kind.lower() if kind.startswith("DECIMAL") else _TYPES.get(kind)


def inputs_of(source: Source) -> list[Input]:
    """What an engine is to read of each table; absent ones have no files.

    Raises InputError for what it cannot read.
    """
    for exports in source.exports.values():
        for export in exports:
            _check_file(export, _called(source, export))
    return [_input(source, table) for table in TABLES]


@contextmanager
def unchanged_lake(lake: Lake | None) -> Iterator[None]:
    """Hold this around reading a bucket. Raises InputError where something changed in it."""
    try:
        yield
    finally:
        if lake:
            lake.check()


def _called(source: Source, export: Export) -> str:
    """What an engine calls a file: in a bucket by its key, here by its path."""
    lake = getattr(source.options, "lake", None)
    return str(lake.called(export.path) if lake else export.path.absolute())


def _check_file(export: Export, called: str) -> None:
    if export.format != "parquet":
        what = "a table of a database" if export.stored else f"{export.format.upper()}"
        raise InputError(
            f"{export.label} is {what}: --engine reads Parquet alone. Export it as Parquet, "
            f"or {_WAY_OUT}."
        )
    if _PATTERN.search(called):
        raise InputError(
            f"{export.path}: engines take *, ?, \\, brackets and braces in a path for a pattern; "
            f"rename it, or {_WAY_OUT}."
        )


def _input(source: Source, table: Table) -> Input:
    shards = shards_of(source.warehouse, source.exports.get(table, ()))
    table = as_read(source, table)
    rows = 0
    for shard in shards:
        check_shape(table, shard)
        schema, count = _end(shard.export)
        _check_columns(table, shard, schema)
        rows += count
    return Input(table, tuple(_groups(source, table, shards)), rows, tuple(missed(table, shards)))


def _groups(source: Source, table: Table, shards: Sequence[Shard]) -> Iterator[Group]:
    """Files with the same columns and folders of columns; each alone where they are few."""

    def alike(shard: Shard) -> tuple[object, ...]:
        stated = [shard.export.partition(column) for column in (*table.columns, *MARKS)]
        alone = shard.number if len(shards) <= TOLD_APART else -1
        return alone, tuple(stated), tuple(_columns(table, shard).items())

    groups: dict[tuple[object, ...], list[Shard]] = {}
    for shard in shards:
        groups.setdefault(alike(shard), []).append(shard)
    for group in groups.values():
        columns = tuple(_columns(table, group[0]).items())
        paths = tuple(_called(source, shard.export) for shard in group)
        yield Group(tuple(group), columns, paths)


def _columns(table: Table, shard: Shard) -> Mapping[str, str]:
    """The columns that are read of a file: their own names, and DuckDB types."""
    wanted = [shard.shape.find(column) for column in (*table.columns, *MARKS)]
    wanted += [
        shard.shape.find(column)
        for column, _ in table.left_out
        if extra_source(shard, column)[0] != "null"
    ]
    return {name: kind for name, kind in filter(None, wanted) if kind != '"NULL"'}


def _check_columns(table: Table, shard: Shard, schema: pa.Schema) -> None:
    label = shard.export.label
    operations = [name for name, _ in shard.shape.columns if name.lower() in OPERATIONS]
    if operations:
        raise InputError(
            f"{label} may be a feed of changes: it has a column {operations[0]}. Make a plain "
            f"table of it, or {_WAY_OUT}, which says how."
        )
    for column in table.columns:
        found, stated = shard.shape.find(column), shard.export.partition(column)
        if found and stated:
            raise InputError(
                f"{label}: its folder says {stated[0]}={stated[1]}, and the file has a column "
                f"{found[0]}, too; drop the column, or {_WAY_OUT}."
            )
        if found or stated:
            _check_type(label, column, found or ("", "VARCHAR"))
    for name, kind in _columns(table, shard).items():
        arrow = schema.field(name).type
        if spark_type(kind) and any(is_one(arrow) for is_one in _PLAIN):
            continue
        what = f"of type {arrow if spark_type(kind) else kind}"
        if pa.types.is_dictionary(arrow):
            what = "a dictionary of Arrow (a category)"
        raise InputError(
            f"{label}: column {name} is {what}, which engines do not read alike; "
            f"export it as {_instead(kind)}, or {_WAY_OUT}."
        )


def _check_type(label: str, column: Column, found: tuple[str, str]) -> None:
    name, kind = found
    if column.kind is Kind.INSTANT and (kind == "VARCHAR" or is_number(kind)):
        what = "text" if kind == "VARCHAR" else "numbers"
        raise InputError(
            f"{label}: column {name or column.name} holds instants as {what}, which --engine does "
            f"not read; export them as timestamps, or {_WAY_OUT}."
        )


def _instead(kind: str) -> str:
    if kind.startswith(("TIMESTAMP", "DATE")):
        return "timestamps in microseconds"
    return "whole numbers of 64 bits" if is_number(kind) else "text"


def _end(export: Export) -> tuple[pa.Schema, int]:
    """The columns as Arrow has them, and the number of rows: what the end of a file says."""
    try:
        with export.path.open("rb") as file:  # of a path with a colon Arrow makes a URI
            end = pq.read_metadata(file)
        # pyarrow itself takes some types for others, which Sail does not.
        written = (end.metadata or {}).get(b"ARROW:schema")
        schema = end.schema.to_arrow_schema()
        if written:
            told = pa.ipc.read_schema(pa.BufferReader(base64.b64decode(written)))
            schema = told if told.names == schema.names else schema  # may be of another file
        return schema, int(end.num_rows)
    except (OSError, pa.ArrowException) as error:
        raise InputError(unreadable(export, error)) from error
