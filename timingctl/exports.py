"""Finding the exports of each table, and what each file calls its columns.

A source is a folder of files or a DuckDB database. The suffix decides the reader; the name,
whatever its case and style, decides the table. Nothing here looks at a row.
"""

from __future__ import annotations

import csv
import difflib
import glob
import gzip
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from timingctl.errors import InputError
from timingctl.schemas import TABLES, Column, Table
from timingctl.warehouse import as_pattern, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timingctl.warehouse import Warehouse

#: What an empty field is written as, by psql, Supabase, pandas and spreadsheets.
NULL_MARKERS = ("", "NULL", r"\N")
#: The longest CSV row that is read, in bytes.
MAX_ROW_BYTES = 64 * 1024 * 1024
#: The longest JSON record that is read, in bytes. Every thread keeps two buffers of this size.
MAX_RECORD_BYTES = 16 * 1024 * 1024

_FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_JSON_FORMATS = {"json": "array", "ndjson": "newline_delimited"}
SUFFIXES = ".parquet, .csv, .tsv, .json, .ndjson, .jsonl (the text ones also .gz or .zst)"


@dataclass(frozen=True)
class Export:
    """One file, or one table of a database, that holds rows of one of our tables.

    `label` is how people and the manifest call it: relative to the source, never absolute.
    """

    path: Path
    label: str
    format: str  # a value of _FORMATS, or "database"
    compression: str = "none"


@dataclass(frozen=True)
class Shape:
    """What an export's columns are called and typed: their names and DuckDB types in order."""

    columns: tuple[tuple[str, str], ...]

    def find(self, column: Column) -> tuple[str, str] | None:
        """The name and type under which the export carries a column, whatever its style."""
        wanted = _plain(column.name)
        return next(((name, kind) for name, kind in self.columns if _plain(name) == wanted), None)


def table_named(name: str) -> Table:
    """The table that a name means, in any case and style. Raises InputError for none."""
    for table in TABLES:
        if _plain_table(name) == _plain_table(table.name):
            return table
    raise InputError(
        f"{name!r} is no table; the tables are {', '.join(table.name for table in TABLES)}."
    )


def _plain(name: str) -> str:
    """A column's name without case and style: leadId, lead_id and LEADID are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _plain_table(name: str) -> str:
    """A table's name without case, style, plural, and the _rows that Supabase appends."""
    return re.sub(r"rows$", "", _plain(name)).removesuffix("s")


def _split_name(path: Path) -> tuple[str, str | None, str]:
    """A file's name without suffixes, its format (None: not one of ours), its compression."""
    name, compression = path.name, "none"
    if (outer := path.suffix.lower()) in _COMPRESSIONS:
        name, compression = path.stem, _COMPRESSIONS[outer]
    stem, suffix = Path(name).stem, Path(name).suffix.lower()
    file_format = _FORMATS.get(suffix)
    if file_format == "parquet" and compression != "none":
        file_format = None
    return stem, file_format, compression


def find_in_folder(source: Path, wanted: Sequence[Table]) -> dict[Table, list[Export]]:
    """The exports of each wanted table in a folder; a table without any is absent.

    Raises InputError when two entries could be one table, or when a link leads out.
    """
    try:
        entries = sorted(path for path in source.iterdir() if not path.name.startswith((".", "_")))
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from error
    tables = {_plain_table(table.name): table for table in wanted}
    candidates: dict[Table, list[tuple[Path, list[Export]]]] = {}
    for entry in entries:
        stem, file_format, _ = _split_name(entry)
        if not entry.is_dir() and file_format is None:
            continue
        table = tables.get(_plain_table(stem))
        if table is None:
            continue
        files = sorted(_files_below(entry)) if entry.is_dir() else [entry]
        if not files:
            raise InputError(f"{entry} is a folder without files of {SUFFIXES}.")
        exports = [_export(path, source) for path in files]
        candidates.setdefault(table, []).append((entry, exports))
    for table, offers in candidates.items():
        if len(offers) > 1:
            raise InputError(
                f"{table.name} could be {' or '.join(entry.name for entry, _ in offers)} in "
                f"{source}; keep one, or name it: --table {table.name}={offers[0][0]}"
            )
    return {table: offers[0][1] for table, offers in candidates.items()}


def _files_below(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir() and _split_name(path)[1] is not None:
            yield path


def _export(path: Path, source: Path) -> Export:
    if not path.exists():
        raise InputError(f"{path} is a link that leads nowhere.")
    if not path.is_file():
        raise InputError(f"{path} is no regular file.")
    if not path.resolve().is_relative_to(source.resolve()):
        raise InputError(
            f"{path} leads out of {source}; if that is meant, name the file with --table."
        )
    _, file_format, compression = _split_name(path)
    return Export(path, path.relative_to(source).as_posix(), file_format or "", compression)


def find_explicit(tables: Mapping[str, Sequence[str]]) -> dict[Table, list[Export]]:
    """The exports named by globs, by table. Raises InputError for a glob without a match."""
    return {table_named(name): _globbed(globs) for name, globs in tables.items()}


def _globbed(globs: Sequence[str]) -> list[Export]:
    exports = []
    for pattern in globs:
        matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute ones
        paths = [Path(pattern), *map(Path, matches)]  # a name of brackets may be meant literally
        files = {path for path in paths if path.is_file()}
        if not files:
            raise InputError(f"--table: no file matches {pattern}.")
        exports += [export_of(path) for path in files]
    return sorted(exports, key=lambda export: (export.label, str(export.path)))


def export_of(path: Path) -> Export:
    """The export in a file that was named explicitly. Raises InputError for a foreign suffix."""
    _, file_format, compression = _split_name(path)
    if file_format is None:
        raise InputError(f"{path} is none of {SUFFIXES}.")
    return Export(path, path.name, file_format, compression)


def require_tables(source: Path, found: Mapping[Table, Sequence[Export]]) -> None:
    """Raise InputError, with what to do, when a table that a build needs was not found."""
    missing = [table for table in TABLES if table.required and table not in found]
    if missing:
        raise InputError(_missing_sentence(source, missing))


def _missing_sentence(source: Path, missing: Sequence[Table]) -> str:
    names = " and ".join(table.name for table in missing)
    way_out = f"Put e.g. {missing[0].name}.csv there, or give --table {missing[0].name}=FILE."
    if not source.is_dir():
        return f"No {names} among the tables of {source}."
    entries = sorted(path.name for path in source.iterdir())
    if not entries:
        return f"{source} is empty: no {names}. {way_out}"
    near = difflib.get_close_matches(missing[0].name, entries, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"No {names} in {source}.{hint} {way_out}"


def attach_database(warehouse: Warehouse, path: Path) -> dict[Table, list[Export]]:
    """Attach a DuckDB file read-only as `source` and find the tables in it, by name.

    Raises InputError when it is no DuckDB database or names a table twice.
    """
    try:
        warehouse.execute(f"attach {literal(str(path))} as source (read_only)")
        rows = warehouse.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'source' "
            "union all select schema_name, view_name from duckdb_views() "
            "where database_name = 'source' and not internal order by all"
        )
    except duckdb.Error as error:
        raise InputError(
            f"{path} is no DuckDB database that can be read here; give one, or a folder of exports."
        ) from error
    found: dict[Table, list[Export]] = {}
    for schema, name in rows:
        for table in TABLES:
            if _plain_table(name) == _plain_table(table.name):
                if table in found:
                    raise InputError(
                        f"{table.name} could be {found[table][0].label} or {schema}.{name} "
                        f"in {path}; keep one."
                    )
                found[table] = [Export(path, f"{schema}.{name}", "database")]
    return found


def shape_of(warehouse: Warehouse, export: Export) -> Shape | None:
    """The columns of an export; None for an empty JSON file, which has no rows to name any.

    Raises InputError when the file cannot be read.
    """
    try:
        match export.format:
            case "csv" | "tsv":
                return _csv_shape(export)
            case "json" | "ndjson":
                return _json_shape(warehouse, export)
            case _:
                return _described(warehouse, scan(export, Shape(())), scan_params([export]))
    except (duckdb.Error, OSError, EOFError, UnicodeError, csv.Error, pa.ArrowException) as error:
        raise InputError(unreadable(export, error)) from error


def _described(warehouse: Warehouse, relation: str, params: dict[str, object]) -> Shape:
    rows = warehouse.execute(f"describe select * from {relation}", params)
    return Shape(tuple((row[0], row[1]) for row in rows))


def _csv_shape(export: Export) -> Shape:
    with _open_text(export) as text:
        header = next(csv.reader(text, delimiter=_DELIMITERS[export.format], strict=True), [])
    "".join(header).encode()  # a header that is no UTF-8 fails here; a row fails with its line
    if not header:
        raise InputError(f"{export.label} is empty: it has no header line.")
    if len(header) == 1:
        for delimiter in (";", "\t", "|", ","):
            if delimiter in header[0]:
                raise InputError(
                    f"{export.label} separates its columns by {delimiter!r}, not by "
                    f"{_DELIMITERS[export.format]!r}; export it again, or rename it to .tsv "
                    "if it is tab-separated."
                )
    return Shape(tuple((name, "VARCHAR") for name in header))


def _open_text(export: Export) -> io.TextIOWrapper:
    match export.compression:
        case "gzip":
            binary: Any = gzip.open(export.path)  # noqa: SIM115
        case "zstd":
            binary = pa.CompressedInputStream(str(export.path), "zstd")
        case _:
            binary = export.path.open("rb")
    return io.TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _json_shape(warehouse: Warehouse, export: Export) -> Shape | None:
    options = f"format={literal(_JSON_FORMATS[export.format])}, {_json_limits(export)}"
    params = scan_params([export])
    try:
        shape = _described(
            warehouse,
            f"read_json($files, sample_size=-1, maximum_depth=1, records='true', {options})",
            params,
        )
    except duckdb.BinderException:
        values = f"read_json($files, columns={{'value': 'JSON'}}, records='false', {options})"
        if not warehouse.execute(f"select 1 from {values} limit 1", params):
            return None
        raise
    return Shape(tuple((name, "VARCHAR") for name, _ in shape.columns))


def _json_limits(export: Export) -> str:
    return (
        f"maximum_object_size={MAX_RECORD_BYTES}, compression={literal(export.compression)}, "
        "hive_partitioning=false"
    )


def scan(export: Export, shape: Shape) -> str:
    """The table function over exports like this one; `scan_params` are its params.

    CSV columns are called c0, c1, …: no header becomes SQL.
    """
    match export.format:
        case "parquet":
            return "read_parquet($files, hive_partitioning=false)"
        case "csv" | "tsv":
            columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(shape.columns)))
            markers = ", ".join(literal(marker) for marker in NULL_MARKERS)
            return (
                f"read_csv($files, auto_detect=false, header=true, columns={{{columns}}}, "
                f"delim={literal(_DELIMITERS[export.format])}, quote='\"', escape='\"', "
                f"nullstr=[{markers}], compression={literal(export.compression)}, "
                f"max_line_size={MAX_ROW_BYTES}, hive_partitioning=false)"
            )
        case "json" | "ndjson":
            columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name, _ in shape.columns)
            return (
                f"read_json($files, columns={{{columns}}}, records='true', "
                f"format={literal(_JSON_FORMATS[export.format])}, {_json_limits(export)})"
            )
        case _:
            schema, _, name = export.label.partition(".")
            return f"source.{quoted(schema)}.{quoted(name)}"


def scan_params(exports: Sequence[Export]) -> dict[str, object]:
    """The params of `scan`: the files, each name taken literally and not as a glob."""
    if exports[0].format == "database":
        return {}
    return {"files": [as_pattern(export.path) for export in exports]}


def unreadable(export: Export, error: Exception) -> str:
    """One sentence on why an export could not be read, without quoting any of its rows."""
    text = str(error)
    line = re.search(r"[Ll]ine:? (\d+)", text)
    where = f"{export.label}, line {line[1]}" if line else export.label
    reasons = {
        "Expected Number of Columns": "the row has another number of columns than the header",
        "unterminated quote": "a quoted field is not closed",
        "utf-8": "it is not UTF-8 text",
        "byte sequence mismatch": "it is not UTF-8 text",
        "Maximum line size": f"a row is longer than {MAX_ROW_BYTES // 1024**2} MB",
        "maximum_object_size": f"a record is longer than {MAX_RECORD_BYTES // 1024**2} MB",
        "surrogates not allowed": "it is not UTF-8 text",
        "end-of-stream": "it is cut short",
        "end of GZIP stream": "it is cut short",
        "Not a gzipped file": "it is no gzip file",
        "ZSTD": "it is no zstd file, or cut short",
        "is encrypted": "it is encrypted",
        "duplicate key": "a record has one key twice",
        "magic bytes": "it is no Parquet file, or cut short",
        "too small to be a Parquet": "it is no Parquet file, or cut short",
        "expected records": "it holds JSON values that are not objects",
        "top-level JSON array": "it is no JSON array; line-wise JSON is called .ndjson",
        "Malformed JSON": "it is no valid JSON, or cut short",
        "Expected OBJECT": "it holds a JSON value that is not an object",
    }
    known = next((why for mark, why in reasons.items() if mark in text), None)
    if known is None and isinstance(error, OSError) and error.strerror:
        known = error.strerror
    if known is None:  # the reader's own words, up to where it may quote a row
        known = re.split(r"\n|Object \{", text.strip())[0].split("Error: ")[-1].rstrip(" .")
    return f"{where} cannot be read: {known}. Repair or export it again."
