"""Looking into a file: whether it is what its name says, and whole."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pyarrow as pa

from timingctl.errors import InputError

if TYPE_CHECKING:
    from typing import IO

    from timingctl.exports.export import Export

#: The largest file, in bytes, in which rows are looked for below a key.
_MOST_NESTED = 16 * 1024 * 1024
_SAVE_AS_UTF_8 = "save it as UTF-8"
#: First bytes that no text export has: what such a file is, and what to do.
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
#: The same, by format: first bytes that are wrong only there.
_SIGNATURES_IN = {
    "csv": {b'{"': _JSON, b"[{": _JSON},
    "tsv": {b'{"': _JSON, b"[{": _JSON},
    "ndjson": {
        b"[": _ARRAY,
        b"\xef\xbb\xbf": ("text with a byte-order mark", "save it as UTF-8 without one"),
    },
}


def check_content(export: Export) -> None:
    """Raise InputError for a file that is not what its name says, or is cut short.

    A compressed file is read to its end. Only the end tells whether it is whole, and DuckDB
    accepts some that are not.
    """
    with unpacked(export) as file:
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
    if export.format in {"csv", "tsv"} and start.partition(b"\n")[0].endswith(b"\r\r"):
        raise InputError(
            rf"{export.label} ends its lines in \r\r\n: text with \r\n was written as text once "
            rf"more. Mend it by: tr -d '\r' < {shlex.quote(export.path.name)} > mended.csv"
        )
    if export.format == "json" and text.startswith(b"{"):
        _check_nested(export)
    if export.format in {"csv", "tsv", "json"} and not text:
        need = "JSON array" if export.format == "json" else "header line"
        raise InputError(f"{export.label} is empty: it has no {need}.")


def _check_nested(export: Export) -> None:
    """Raise InputError for one JSON object whose rows stand below a key, saying which."""
    with unpacked(export) as file:
        text = file.read(_MOST_NESTED + 1)
    if len(text) > _MOST_NESTED:
        return
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return
    key = _rows_below(document)
    if key:
        program = key.replace("'", r"'\''")
        raise InputError(
            f"{export.label} is one object, with its rows below {key}; write these alone, "
            f"as by: jq '{program}' {shlex.quote(export.path.name)} > rows.json"
        )


def _rows_below(document: object, depth: int = 3) -> str:
    """Where in an object the first list of objects is, as jq says it; empty where there is none."""
    if not isinstance(document, dict) or not depth:
        return ""
    for key, value in document.items():
        step = f".{key}" if key.isidentifier() else f".[{json.dumps(key)}]"
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            return step
        if below := _rows_below(value, depth - 1):
            return step + below
    return ""


def unpacked(export: Export) -> IO[bytes]:
    """The bytes of a file, unpacked. Raises OSError where it is no such archive."""
    if export.compression == "none":
        return export.path.open("rb")
    # Arrow takes a text for a URI where it has a colon, so it is given the open file.
    stream: IO[bytes] = pa.CompressedInputStream(export.path.open("rb"), export.compression)
    return stream
