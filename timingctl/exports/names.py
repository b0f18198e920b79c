"""What names mean: which table, which column, which format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.errors import InputError, SettingsError
from timingctl.schemas import TABLES

if TYPE_CHECKING:
    from timingctl.schemas import Table

_FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
#: The suffixes of files that are read, as an error lists them.
SUFFIXES = ".parquet, .csv, .tsv, .json, .ndjson, .jsonl (the text ones also .gz or .zst)"


def table_named(name: str) -> Table:
    """The table that a name means, in any case and style. Raises InputError for none."""
    for table in TABLES:
        if plain_table(name) == plain_table(table.name):
            return table
    raise InputError(
        f"{name!r} is no table; the tables are {', '.join(table.name for table in TABLES)}."
    )


def plain(name: str) -> str:
    """A column's name without case and style: leadId, lead_id and LEADID are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def plain_table(name: str) -> str:
    """A table's name without case, style, plural, and the _rows that Supabase appends."""
    return re.sub(r"rows$", "", plain(name)).removesuffix("s")


def split_name(path: Path) -> tuple[str, str | None, str]:
    """A file's name without suffixes, its format (None: not one of ours), its compression."""
    name, compression = path.name, "none"
    if (outer := path.suffix.lower()) in _COMPRESSIONS:
        name, compression = path.stem, _COMPRESSIONS[outer]
    stem, suffix = Path(name).stem, Path(name).suffix.lower()
    file_format = _FORMATS.get(suffix)
    if file_format == "parquet" and compression != "none":
        file_format = None
    return stem, file_format, compression


def check_no_table(output: Path, source: Path) -> None:
    """Raise SettingsError for an output in a folder of exports that is called as a table there."""
    inside = output.relative_to(source).parts if output.is_relative_to(source) else ()
    entry = source.joinpath(*inside[:1])
    stem, file_format, _ = split_name(entry)
    is_read = file_format or inside[1:] or not entry.suffix
    if inside and is_read and plain_table(stem) in {plain_table(table.name) for table in TABLES}:
        raise SettingsError(
            f"{output} would be read as exports, since {entry.name} is the name of a table; give "
            "another output by -o."
        )
