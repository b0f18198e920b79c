"""The columns of an export, from the head of a file or the keys of its records."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from timingctl.errors import InputError
from timingctl.exports.contents import check_content, unpacked
from timingctl.exports.export import Export, Shape
from timingctl.exports.readers import DELIMITERS, json_options, scan, scan_params
from timingctl.exports.reasons import unreadable
from timingctl.sql_text import as_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.warehouse import Warehouse

#: The longest first line of a CSV, in characters: some 30,000 columns.
_MAX_HEADER = 1_000_000


def shape_of(warehouse: Warehouse, export: Export) -> Shape | None:
    """The columns of an export; None for an empty NDJSON file, where no row names one.

    Of a folder of events those of its first part. Raises InputError when it cannot be read.
    """
    export = export.files[0]
    try:
        if export.format != "database" and export.is_sound:
            check_content(export)
        match export.format:
            case "csv" | "tsv":
                return _csv_shape(export)
            case "json" | "ndjson":
                return _json_shape(warehouse, export)
            case "parquet":
                return _parquet_shape(warehouse, export)
            case _:
                return Shape(_described(warehouse, export))
    except (duckdb.Error, OSError, UnicodeError, csv.Error, pa.ArrowException) as error:
        raise InputError(unreadable(export, error)) from error


def _described(warehouse: Warehouse, export: Export) -> tuple[tuple[str, str], ...]:
    relation, params = scan(warehouse, export), scan_params([export], Shape(()))
    rows = warehouse.execute(f"describe select * from {relation}", params)
    return tuple((row[0], row[1]) for row in rows)


def _parquet_shape(warehouse: Warehouse, export: Export) -> Shape:
    """DuckDB's types under the file's own names: DuckDB renames all but one of the same name."""
    import pyarrow.parquet as pq

    types = [kind for _, kind in _described(warehouse, export)]
    with export.path.open("rb") as file:  # of a path with a colon Arrow makes a URI
        names = pq.read_schema(file).names
    return Shape(tuple(zip(names, types, strict=True)))


def _csv_shape(export: Export) -> Shape:
    delimiter = DELIMITERS[export.format]
    with unpacked(export) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
        header = next(csv.reader(_lines(text), delimiter=delimiter, strict=True))
    line = delimiter.join(header)
    line.encode()  # a header that is no UTF-8 fails here; a row fails with its line
    if "\0" in line:
        raise InputError(f"{export.label} is no plain text: its first line holds NUL characters.")
    if not line.strip():
        raise InputError(
            f"{export.label} begins with an empty line; the first line must name the columns."
        )
    other = next((mark for mark in ";\t|," if mark in line), None)
    if len(header) == 1 and other:
        ways = {"\t": "let its name end in .tsv", ",": "let its name end in .csv"}
        raise InputError(
            f"{export.label} separates its columns by {other!r}, not by {delimiter!r}; "
            f"{ways.get(other, 'export it with commas')}."
        )
    return Shape(tuple((name, "VARCHAR") for name in header))


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_MAX_HEADER):
        if len(line) == _MAX_HEADER:
            raise csv.Error("field larger than field limit")
        yield line


def _json_shape(warehouse: Warehouse, export: Export) -> Shape | None:
    """The keys of all records as they are spelt; a cast finds out what their values are."""
    rows = warehouse.execute(
        f"""
        select distinct
            unnest(case when json_type(record) = 'OBJECT'
                   then list_append(json_keys(record), '') else [null] end)
        from read_json($files, columns={{'record': 'JSON'}}, records='false',
                       {json_options(export)})
        order by all
        """,
        {"files": [as_pattern(export.path)]},
    )
    keys = [key for (key,) in rows]
    if keys == [None]:
        raise InputError(f"{export.label} holds JSON values that are not objects; export records.")
    return Shape(tuple((key, "VARCHAR") for key in keys if key)) if keys else None
