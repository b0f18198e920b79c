"""DuckDB's reader for each format: a table function, its options and its params."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.sql_text import as_pattern, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.exports.export import Export, Shape
    from timingctl.warehouse import Warehouse

#: How psql, Supabase, pandas and spreadsheets write an empty field.
NULL_MARKERS = ("", "NULL", r"\N")
#: The longest CSV row that is read, in bytes; less where memory is limited.
MAX_ROW_BYTES = 64 * 1024 * 1024
#: The longest JSON record that is read, in bytes. Every thread keeps two buffers of this size.
MAX_RECORD_BYTES = 16 * 1024 * 1024
DELIMITERS = {"csv": ",", "tsv": "\t"}
_JSON_FORMATS = {"json": "array", "ndjson": "newline_delimited"}


def scan(warehouse: Warehouse, export: Export, files: str = "$files") -> str:
    """The table function that reads exports like this one, as SQL; its params are `scan_params`.

    A view can have no params: for a view of a Parquet file give its `files` as SQL.

    CSV columns are called c0, c1, …, so that no header becomes SQL. JSON columns are JSON values.
    """
    if export.stored:
        return export.stored.place
    match export.format:
        case "parquet":
            return f"read_parquet({files}, hive_partitioning=false)"
        case "csv" | "tsv":
            longest = warehouse.buffer_bytes(MAX_ROW_BYTES)
            markers = ", ".join(literal(marker) for marker in NULL_MARKERS)
            return (
                "read_csv($files, auto_detect=false, header=true, columns=$columns, "
                f"delim={literal(DELIMITERS[export.format])}, quote='\"', escape='\"', "
                f"nullstr=[{markers}], compression={literal(export.compression)}, "
                f"max_line_size={longest}, buffer_size={longest}, hive_partitioning=false)"
            )
        case _:
            return f"read_json($files, columns=$columns, records='true', {json_options(export)})"


def scan_params(exports: Sequence[Export], shape: Shape) -> dict[str, object]:
    """The params of `scan`: the files, whose names are not taken for globs, and their columns.

    Columns are params because parsing and binding 100,000 of them as SQL takes half a gigabyte.
    """
    files = {"files": [as_pattern(export.path) for export in exports]}
    match exports[0].format:
        case "csv" | "tsv":
            columns = {f"c{place}": "VARCHAR" for place in range(len(shape.columns))}
        case "json" | "ndjson":
            names = {name.lower(): name for name, _ in shape.columns}.values()
            columns = dict.fromkeys(names, "JSON")
        case "parquet":
            return dict(files)
        case _:
            return {}
    return {**files, "columns": columns}


def json_options(export: Export) -> str:
    """The options of `read_json` for an export, besides its columns."""
    return (
        f"format={literal(_JSON_FORMATS[export.format])}, maximum_object_size={MAX_RECORD_BYTES}, "
        f"compression={literal(export.compression)}, hive_partitioning=false"
    )
