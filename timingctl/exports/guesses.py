"""Names that only look like a table's: with a tool's date, counter or schema, or misspelt."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.exports.names import plain_table, split_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timingctl.schemas import Table

_GAP = r"[\s_.\-]"
#: What people and tools put before or after a table's name; each is taken off by itself.
_WORDS = "export|exports|exported|extract|dump|data|table|tbl|full|all|latest|result|results|copy"
_BEFORE = re.compile(rf"(?i)(?:copy of|{_WORDS}|\d[\d\-_.]*){_GAP}+|[\w\-$]+\.")
_COUNTED = r"\(\d+\)|\[\d+\]|(?<!\d)\d[\d:]*T?[\d:]*Z?"
_AFTER = re.compile(rf"(?i)(?<!{_GAP}){_GAP}*(?:{_COUNTED}|{_WORDS}|rows)$")
#: One of several files that hold a table together.
_PART = re.compile(
    rf"(?i)(?<!{_GAP}){_GAP}*(?:(?:part|chunk|shard|split){_GAP}*\d+|{_GAP}\d+{_GAP}of{_GAP}\d+)$"
)
_NEAR = 0.8
#: What stands beside an export and holds none of its rows.
_BESIDE = re.compile(r"(?i).*\.(manifest\.json|rejects\.ndjson|md5|sha1|sha256|crc|sig|asc|md)")

#: What to do with files of a foreign suffix.
WAYS_OUT = {
    ".zip": "unpack it",
    ".7z": "unpack it",
    ".rar": "unpack it",
    ".tar": "unpack it",
    ".bz2": "unpack it",
    ".xz": "unpack it",
    ".xlsx": "save its sheet as CSV",
    ".xls": "save its sheet as CSV",
    ".ods": "save its sheet as CSV",
    ".numbers": "save its sheet as CSV",
    ".sql": "load it into a database and export the table",
    ".txt": "let its name end in .csv or .tsv, if it is that",
}


@dataclass(frozen=True)
class Guess:
    """What a name may mean; a part may not be read alone, and a misspelling not at all."""

    table: Table
    is_part: bool = False
    is_near: bool = False


def guess(path: Path, tables: Iterable[Table]) -> Guess | None:
    """The table that a file or folder seems to be by its name."""
    return None if _BESIDE.fullmatch(path.name) else guess_name(bare(path), tables)


def guess_name(stem: str, tables: Iterable[Table]) -> Guess | None:
    """The table that something seems to be which is called so."""
    names = {plain_table(table.name): table for table in tables}
    whole, parts = _PART.subn("", stem)
    if table := names.get(plain_table(stem)) or names.get(plain_table(_within(whole))):
        return Guess(table, is_part=bool(parts))
    near = difflib.get_close_matches(plain_table(stem), names, n=1, cutoff=_NEAR)
    return Guess(names[near[0]], is_near=True) if near else None


def bare(path: Path) -> str:
    """The name of a file without its suffixes, also such as we do not read."""
    stem, file_format, _ = split_name(path)
    if file_format is None and "." in path.name and not path.is_dir():
        stem = path.stem
        while split_name(Path(stem))[1] or Path(stem).suffix.lower() in {".tar", ".gz", ".zst"}:
            stem = Path(stem).stem
    return path.name if path.is_dir() and file_format is None else stem


def _within(stem: str) -> str:
    """The name without what tools put around it."""
    while stripped := _AFTER.sub("", stem, count=1):
        if stripped == stem:
            break
        stem = stripped
    while before := _BEFORE.match(stem):
        stem = stem[before.end() :]
    return stem
