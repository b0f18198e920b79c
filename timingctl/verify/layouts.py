"""Writing the exports of a source anew: the same rows in another order, format and sharding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from timingctl.exports.export import unchanged
from timingctl.exports.readers import NULL_MARKERS
from timingctl.exports.source import opened
from timingctl.sql_text import literal, quoted
from timingctl.staging.imports import import_text
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from timingctl.options import SourceOptions
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def lay_out(options: SourceOptions, folder: Path, suffixes: Sequence[str], seed: int) -> None:
    """Write every table of the source into the folder, its rows shuffled by the seed.

    One suffix gives a file a table, several give a shard each. Only the columns that build reads
    are written, their values as the text that they were read as. Raises InputError for exports
    that cannot be read.
    """
    with opened(options) as source:
        warehouse = source.warehouse
        for table, files in source.exports.items():
            with unchanged(files):
                columns = import_text(warehouse, table, files)
            for number, suffix in enumerate(suffixes):
                part = f"{table.name}/part={number}/{table.name}" if suffixes[1:] else table.name
                fitting = _fitting(warehouse, table, columns, suffix)
                path = folder / f"{part}{fitting}"
                path.parent.mkdir(parents=True, exist_ok=True)
                rows = _rows_sql(table, columns, number, len(suffixes), seed)
                schema = pl.Schema(dict.fromkeys(columns, pl.String))
                write_batches(warehouse.batches(rows), schema, path, Form(fitting))
            warehouse.execute(f"drop table text_{table.relation}")


def _rows_sql(table: Table, columns: Sequence[str], shard: int, shards: int, seed: int) -> str:
    """The shard's rows, shuffled: alike rows aside, by their values and the seed alone."""
    names = ", ".join(map(quoted, columns))
    return (
        f"select {names} from text_{table.relation} where rowid % {shards} = {shard} "
        f"order by hash({names}, {seed})"
    )


def _fitting(warehouse: Warehouse, table: Table, columns: Sequence[str], suffix: str) -> str:
    """The suffix; NDJSON instead of CSV for a table with a text that CSV would read as null."""
    markers = ", ".join(literal(marker) for marker in NULL_MARKERS if marker)
    told = " or ".join(f"{quoted(column)} in ({markers})" for column in columns)
    if suffix == ".csv" and warehouse.execute(
        f"select 1 from text_{table.relation} where {told} limit 1"
    ):
        return ".ndjson"
    return suffix
