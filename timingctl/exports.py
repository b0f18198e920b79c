"""Finding the exports of each table, and what each file calls its columns.

A source is a folder of files or a DuckDB database. The suffix decides the reader; the name,
whatever its case and style, decides the table. Nothing here looks at a row.
"""

from __future__ import annotations

import csv
import difflib
import glob
import io
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from timingctl.errors import InputError
from timingctl.schemas import TABLES, Column, Table
from timingctl.seals import check_seal
from timingctl.warehouse import as_pattern, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timingctl.warehouse import Warehouse

#: What an empty field is written as, by psql, Supabase, pandas and spreadsheets.
NULL_MARKERS = ("", "NULL", r"\N")
#: The longest CSV row that is read, in bytes; less where memory is limited.
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

#: The longest first line of a CSV, in characters: some 30,000 columns.
_MAX_HEADER = 1_000_000
_SAVE_AS_UTF_8 = "save it as UTF-8"
#: What a file is that begins like this, whatever its name says, and the way out of that.
_SIGNATURES = {
    b"PK\x03\x04": ("a ZIP archive or an Excel workbook", "unpack it, or save its sheet as CSV"),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", "save its sheet as CSV"),
    b"\x1f\x8b": ("a gzip file", "add .gz to its name, or unpack it"),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "add .zst to its name, or unpack it"),
    b"PAR1": ("a Parquet file", "let its name end in .parquet"),
    b"SQLite format 3": ("an SQLite database", "export its tables as CSV"),
    b"%PDF-": ("a PDF document", "export the table as CSV"),
    b"\xff\xfe": ("UTF-16 text", _SAVE_AS_UTF_8),
    b"\xfe\xff": ("UTF-16 text", _SAVE_AS_UTF_8),
    b"<!doctype": ("a web page", "it may say why the export failed"),
    b"<html": ("a web page", "it may say why the export failed"),
    b"<?xml": ("XML", "it may say why the export failed"),
}
_JSON = ("JSON", "let its name end in .json for an array, in .ndjson for a record a line")
_ARRAY = ("a JSON array", "let its name end in .json")
#: The same, for what is only strange in a file of that format.
_SIGNATURES_IN = {
    "csv": {b'{"': _JSON, b"[{": _JSON},
    "tsv": {b'{"': _JSON, b"[{": _JSON},
    "ndjson": {
        b"[": _ARRAY,
        b"\xef\xbb\xbf": ("text with a byte-order mark", "save it as UTF-8 without one"),
    },
}


@dataclass(frozen=True)
class FileState:
    """What tells whether a file is still the one that it was; `changed` is in nanoseconds."""

    device: int
    inode: int
    size: int
    changed: int


@dataclass(frozen=True)
class Stored:
    """A table or a view of a DuckDB database."""

    schema: str
    name: str
    is_view: bool


@dataclass(frozen=True)
class Export:
    """One file, or one table of a database, that holds rows of one of our tables.

    `label` is how people and the manifest call it: relative to the source, never absolute.
    """

    path: Path
    label: str
    format: str  # a value of _FORMATS, or "database"
    state: FileState  # when it was found
    compression: str = "none"
    stored: Stored | None = None  # in a database

    @cached_property
    def is_sound(self) -> bool:
        """Whether it may be read: True, or `check_seal` raises. It is asked once."""
        check_seal(self.path, self.label)
        return True


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


def find_tables(
    warehouse: Warehouse, source: Path, wanted: Sequence[Table]
) -> dict[Table, list[Export]]:
    """The exports of each wanted table in a folder, or of every table in a DuckDB database.

    Raises InputError for a source that is neither.
    """
    if _is_folder(source):
        return find_in_folder(source, wanted)
    if not os.path.lexists(source):
        raise InputError(f"{source} does not exist; give a folder of exports.")
    return attach_database(warehouse, source)


def find_in_folder(source: Path, wanted: Sequence[Table]) -> dict[Table, list[Export]]:
    """The exports of each wanted table in a folder; a table without any is absent.

    Raises InputError when two entries could be one table, or when a link leads out.
    """
    try:
        entries = sorted(path for path in source.iterdir() if not _is_hidden(path.name))
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from error
    tables = {_plain_table(table.name): table for table in wanted}
    candidates: dict[Table, list[tuple[Path, list[Export]]]] = {}
    for entry in entries:
        stem, file_format, _ = _split_name(entry)
        if file_format is None and not _is_folder(entry) and os.path.exists(entry):  # noqa: PTH110
            continue  # a link that leads nowhere may have been a folder
        table = tables.get(_plain_table(stem))
        if table is None:
            continue
        files = sorted(_files_below(entry)) if _is_folder(entry) else [entry]
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


def _is_folder(path: Path | str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where it may not look


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is none of the data, by the convention of Spark and Hive."""
    return name.startswith((".", "_"))


def _files_below(folder: Path) -> Iterable[Path]:
    """The files in a table's folder. Raises InputError for what would be left out in silence."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}.") from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        for name in folders:
            if Path(place, name).is_symlink():
                raise InputError(
                    f"{Path(place, name)} is a link to a folder, and such are not followed; "
                    "name the files behind it with --table."
                )
        for path in (Path(place, name) for name in names if not _is_hidden(name)):
            if _split_name(path)[1] is None:
                raise InputError(
                    f"{path} is none of {SUFFIXES}; move it away, or let its name begin with _."
                )
            yield path


def check_file(path: Path) -> FileState:
    """The state of a file. Raises InputError unless it is a regular one that can be read.

    A pipe or a device is refused, for it may never end.
    """
    try:
        str(path).encode()
        if path.is_symlink() and not path.exists():
            raise InputError(f"{path} is a link that leads nowhere.")
        if not path.exists():
            raise InputError(f"{path} does not exist.")
        if path.is_dir():
            raise InputError(f"{path} is a folder; give a file.")
        if not path.is_file():
            raise InputError(f"{path} is a pipe or a device; give a regular file.")
        path.open("rb").close()
        return _state_of(path)
    except UnicodeEncodeError as error:
        raise InputError(f"{path} has a name that is no UTF-8; rename it.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _state_of(path: Path) -> FileState:
    found = path.stat()
    return FileState(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@contextmanager
def unchanged(exports: Iterable[Export]) -> Iterator[None]:
    """Read the exports meanwhile, which takes more than one look at each.

    Raises InputError for one that is another than was found, whatever else was wrong with it.
    """
    try:
        yield
    except Exception:
        _check_unchanged(exports)
        raise
    _check_unchanged(exports)


def _check_unchanged(exports: Iterable[Export]) -> None:
    for export in exports:
        with suppress(OSError):
            if _state_of(export.path) == export.state:
                continue
        raise InputError(
            f"{export.label} changed while it was read; run this again when nothing writes to it."
        )


def _export(path: Path, source: Path) -> Export:
    state = check_file(path)
    if not path.resolve().is_relative_to(source.resolve()):
        raise InputError(
            f"{path} leads out of {source}; if that is meant, name the file with --table."
        )
    _, file_format, compression = _split_name(path)
    label = path.relative_to(source).as_posix()
    return Export(path, label, file_format or "", state, compression)


def find_explicit(tables: Mapping[str, Sequence[str]]) -> dict[Table, list[Export]]:
    """The exports named by globs, by table.

    Raises InputError for a glob without a match, or a file that is given for two tables.
    """
    globs: dict[Table, list[str]] = {}
    for name, patterns in tables.items():
        globs.setdefault(table_named(name), []).extend(patterns)
    found = {table: _globbed(patterns) for table, patterns in globs.items()}
    owners: dict[Path, Table] = {}
    for table, exports in found.items():
        for export in exports:
            other = owners.setdefault(export.path.resolve(), table)
            if other is not table:
                raise InputError(
                    f"--table: {export.path} is given for {other.name} and for {table.name}; "
                    "give each its own."
                )
    return found


def _globbed(globs: Sequence[str]) -> list[Export]:
    exports: dict[Path, Export] = {}
    for pattern in globs:
        matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute ones
        paths = [pattern, *matches]  # a name of brackets may be meant literally
        files = [Path(path) for path in paths if os.path.lexists(path) and not _is_folder(path)]
        if not files:
            if _is_folder(pattern):
                raise InputError(f"--table: {pattern} is a folder; give {pattern}/* for its files.")
            raise InputError(f"--table: no file matches {pattern}.")
        exports |= {export.path.resolve(): export for export in map(export_of, files)}
    return sorted(exports.values(), key=lambda export: (export.label, str(export.path)))


def export_of(path: Path) -> Export:
    """The export in a file that was named explicitly.

    Raises InputError for what is no file that can be read, or has a foreign suffix.
    """
    state = check_file(path)
    _, file_format, compression = _split_name(path)
    if file_format is None:
        raise InputError(f"{path} is none of {SUFFIXES}.")
    return Export(path, path.name, file_format, state, compression)


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
    unread = [name for name in entries if _plain_table(Path(name).stem.partition(".")[0])
              == _plain_table(missing[0].name)]  # fmt: skip
    if unread:
        return f"No {names} in {source}: {unread[0]} is none of {SUFFIXES}."
    near = difflib.get_close_matches(missing[0].name, entries, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"No {names} in {source}.{hint} {way_out}"


def attach_database(warehouse: Warehouse, path: Path) -> dict[Table, list[Export]]:
    """Attach a DuckDB file read-only as `source` and find the tables in it, by name.

    Raises InputError when it is no DuckDB database or names a table twice.
    """
    state = check_file(path)
    check_seal(path, str(path))
    try:
        warehouse.execute(f"attach {literal(str(path))} as source (read_only)")
        rows = warehouse.execute(
            "select schema_name, table_name, false from duckdb_tables() "
            "where database_name = 'source' union all "
            "select schema_name, view_name, true from duckdb_views() "
            "where database_name = 'source' and not internal order by all"
        )
    except duckdb.Error as error:
        reasons = {
            "Conflicting lock": "is open in another program; close it there, or give a copy",
            "storage version": "is a DuckDB database of another version; export its tables",
            "Corrupt": "is a damaged DuckDB database; give another copy",
            "not read enough": "is a damaged DuckDB database; give another copy",
        }
        default = "is no DuckDB database; give one, or a folder of exports"
        why = next((why for mark, why in reasons.items() if mark in str(error)), default)
        raise InputError(f"{path} {why}.") from error
    _check_log(path)
    found: dict[Table, list[Export]] = {}
    for stored in (Stored(*row) for row in rows):
        label = f"{stored.schema}.{stored.name}"
        for table in TABLES:
            if _plain_table(stored.name) == _plain_table(table.name):
                if table in found:
                    raise InputError(
                        f"{table.name} could be {found[table][0].label} or {label} "
                        f"in {path}; keep one."
                    )
                found[table] = [Export(path, label, "database", state, stored=stored)]
    return found


def _check_log(path: Path) -> None:
    """Raise InputError for changes that are not in the database yet: DuckDB reads half of a log."""
    for log in (Path(f"{place}.wal") for place in (path, path.resolve())):
        if log.exists():
            raise InputError(
                f"{path} has changes that are only in {log}; open it in DuckDB, run CHECKPOINT and "
                "close it. If the log stays, it is cut short: give another copy, or delete the log "
                "to go without those changes."
            )


def shape_of(warehouse: Warehouse, export: Export) -> Shape | None:
    """The columns of an export; None for an empty NDJSON file, which has no rows to name any.

    Raises InputError when the file cannot be read.
    """
    try:
        if export.format != "database" and export.is_sound:
            _check_content(export)
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


def _check_content(export: Export) -> None:
    """Raise InputError for a file that is something else than its name says, or is cut short.

    A compressed file is read to its end: only there it says whether it is whole, and DuckDB takes
    some that are not.
    """
    with _open(export) as file:
        start = end = file.read(4096)
        if export.compression != "none":
            while chunk := file.read(1 << 20):
                end = (end + chunk)[-4096:]
        elif export.format == "json":
            file.seek(max(0, export.path.stat().st_size - 4096))
            end = file.read()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    foreign = _SIGNATURES | _SIGNATURES_IN.get(export.format, {})
    for mark, (name, way_out) in foreign.items():
        if start.startswith(mark) or text.startswith(mark):
            if export.format == "parquet" and mark == b"PAR1":
                continue
            raise InputError(f"{export.label} is {name}; {way_out}.")
    if export.format == "json" and text.startswith(b"[") and not end.rstrip().endswith(b"]"):
        raise InputError(
            f"{export.label} is cut short, or more than an array: it does not end in a ]. "
            "Export it again."
        )
    if export.format in {"csv", "tsv", "json"} and not text:
        need = "JSON array" if export.format == "json" else "header line"
        raise InputError(f"{export.label} is empty: it has no {need}.")


def _open(export: Export) -> Any:
    """The bytes of a file, unpacked. Raises OSError where it is no such archive."""
    if export.compression == "none":
        return export.path.open("rb")
    return pa.CompressedInputStream(str(export.path), export.compression)


def _described(warehouse: Warehouse, export: Export) -> tuple[tuple[str, str], ...]:
    relation, params = scan(warehouse, export), scan_params([export], Shape(()))
    rows = warehouse.execute(f"describe select * from {relation}", params)
    return tuple((row[0], row[1]) for row in rows)


def _parquet_shape(warehouse: Warehouse, export: Export) -> Shape:
    """DuckDB's types under the file's own names: DuckDB renames all but one of the same name."""
    types = [kind for _, kind in _described(warehouse, export)]
    return Shape(tuple(zip(pq.read_schema(export.path).names, types, strict=True)))


def _csv_shape(export: Export) -> Shape:
    delimiter = _DELIMITERS[export.format]
    with _open(export) as file:
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
    """The keys of all records, as they are spelt; values are told apart when they are read."""
    rows = warehouse.execute(
        f"""
        select distinct
            unnest(case when json_type(record) = 'OBJECT'
                   then list_append(json_keys(record), '') else [null] end)
        from read_json($files, columns={{'record': 'JSON'}}, records='false',
                       {_json_options(export)})
        order by all
        """,
        {"files": [as_pattern(export.path)]},
    )
    keys = [key for (key,) in rows]
    if keys == [None]:
        raise InputError(f"{export.label} holds JSON values that are not objects; export records.")
    return Shape(tuple((key, "VARCHAR") for key in keys if key)) if keys else None


def _json_options(export: Export) -> str:
    return (
        f"format={literal(_JSON_FORMATS[export.format])}, maximum_object_size={MAX_RECORD_BYTES}, "
        f"compression={literal(export.compression)}, hive_partitioning=false"
    )


def scan(warehouse: Warehouse, export: Export, files: str = "$files") -> str:
    """The table function over exports like this one; `scan_params` are its params.

    A view has no params: one of Parquet says its `files` as SQL.

    CSV columns are called c0, c1, …: no header becomes SQL. JSON columns are JSON values.
    """
    if export.stored:
        return f"source.{quoted(export.stored.schema)}.{quoted(export.stored.name)}"
    match export.format:
        case "parquet":
            return f"read_parquet({files}, hive_partitioning=false)"
        case "csv" | "tsv":
            longest = warehouse.buffer_bytes(MAX_ROW_BYTES)
            markers = ", ".join(literal(marker) for marker in NULL_MARKERS)
            return (
                "read_csv($files, auto_detect=false, header=true, columns=$columns, "
                f"delim={literal(_DELIMITERS[export.format])}, quote='\"', escape='\"', "
                f"nullstr=[{markers}], compression={literal(export.compression)}, "
                f"max_line_size={longest}, buffer_size={longest}, hive_partitioning=false)"
            )
        case _:
            return f"read_json($files, columns=$columns, records='true', {_json_options(export)})"


def scan_params(exports: Sequence[Export], shape: Shape) -> dict[str, object]:
    """The params of `scan`: the files, each name taken literally and not as a glob; their columns.

    Columns are no SQL, because to parse and bind 100,000 of them takes half a gigabyte.
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


def unreadable(export: Export, error: Exception) -> str:
    """One sentence on why an export could not be read, without quoting any of its rows."""
    text = str(error)
    known = next((why for mark, why in _REASONS.items() if mark in text), None)
    if most := re.search(r"Maximum line size of (\d+) bytes", text):
        known = f"a row is longer than {int(most[1]) // 1024**2} MB"
        if int(most[1]) < MAX_ROW_BYTES:
            known += ", which is what --memory-limit leaves for one"
    if known is None and isinstance(error, OSError) and error.strerror:
        known = error.strerror
    if known is None and export.format == "parquet":
        known = "it is damaged"
    if known is None:  # the reader's own words, up to where it may quote a row
        known = re.split(r"\n|Object \{", text.strip())[0].split("Error: ")[-1].rstrip(" .")
    return f"{export.label}{_where(text)} cannot be read: {known}. Repair or export it again."


def _where(text: str) -> str:
    """The row or record that a reader's error speaks of, from 1; the header is not counted."""
    if line := re.search(r"Line: (\d+)", text):
        return f", row {int(line[1]) - 1}"
    if record := re.search(r"in (?:line|record/value) (\d+)", text):
        ahead = "Malformed JSON" in text  # then DuckDB names the next one
        return f", record {int(record[1]) - ahead}"
    return ""


#: What a reader's error means, by words of it.
_REASONS = {
    "invalid UTF-8": "it is not UTF-8 text",
    "Malformed JSON": "it is no valid JSON, or cut short",
    "Expected Number of Columns": "the row has another number of columns than the header",
    "unterminated quote": "a quoted field is not closed, or goes on after its closing quote",
    "unexpected end of data": "a quoted field of the first line is not closed",
    "expected after": "a quoted field of the first line goes on after its closing quote",
    "field limit": "its first line, which must name the columns, is too long or has an open quote",
    "byte sequence mismatch": "it is not UTF-8 text",
    "surrogates not allowed": "its first line is not UTF-8 text",
    "maximum_object_size": f"a record is longer than {MAX_RECORD_BYTES // 1024**2} MB",
    "Truncated compressed stream": "it is cut short",
    "zlib inflate failed": "it is no gzip file, or damaged",
    "ZSTD": "it is no zstd file, or damaged",
    "is encrypted": "it is encrypted",
    "duplicate key": "a record has one key twice",
    "top-level JSON array": "it is no JSON array; a file of a record a line is called .ndjson",
    "Expected OBJECT": "it is a JSON value, but no object",
    "magic bytes": "it is no Parquet file, or cut short",
    "too small to be a Parquet": "it is no Parquet file, or cut short",
    "non-root column": "it has no columns",
    "Could not convert Timestamp": "a timestamp lies beyond the year 294246",
    "Corrupt database": "the database is damaged",
    "not read enough bytes": "the database is damaged",
}
