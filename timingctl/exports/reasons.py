"""Why an export cannot be read: a reader's error in one sentence of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timingctl.exports.readers import MAX_RECORD_BYTES, MAX_ROW_BYTES

if TYPE_CHECKING:
    from timingctl.exports.export import Export

#: What a reader's error means, by words that it contains.
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
    "state machine reached": r"its lines do not all end alike; save it with \n at the end of each",
    "Corrupt database": "the database is damaged",
    "not read enough bytes": "the database is damaged",
}
#: The same in a database, whose views may be of files that this session may not read.
_REASONS_OF_VIEWS = {
    "disabled by configuration": "it is a view of other files, which are not read through a "
    "database; give these files as exports, or make a table of the view"
}


def unreadable(export: Export, error: Exception) -> str:
    """One sentence on why an export could not be read, without quoting any of its rows."""
    text = str(error)
    reasons = _REASONS | (_REASONS_OF_VIEWS if export.stored else {})
    known = next((why for mark, why in reasons.items() if mark in text), None)
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
    way_out = "" if "; give" in known else " Repair or export it again."
    return f"{export.label}{_where(text)} cannot be read: {known}.{way_out}"


def _where(text: str) -> str:
    """The row or record that a reader's error names, from 1; the header is not counted."""
    if line := re.search(r"Line: (\d+)", text):
        return f", row {int(line[1]) - 1}"
    if record := re.search(r"in (?:line|record/value) (\d+)", text):
        ahead = "Malformed JSON" in text  # then DuckDB names the next one
        return f", record {int(record[1]) - ahead}"
    return ""
