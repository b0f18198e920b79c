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
#: What people and tools put before or after a table's name.
_WORDS = "export|exports|exported|extract|dump|data|table|tbl|full|all|latest|result|results|copy"
_BEFORE = rf"(?:[\w\-$]+\.|(?:copy of|{_WORDS}|\d[\d\-_.]*){_GAP}+)*"
_COUNTED = r"\(\d+\)|\[\d+\]|\d[\d\-:.T_Z ]*"
_AFTER = rf"(?:{_GAP}*(?:{_COUNTED}|{_WORDS}))*"
#: One of several files that hold a table together.
_PART = rf"{_AFTER}{_GAP}*(?:part|chunk|shard|split){_GAP}*\d+|{_GAP}\d+{_GAP}of{_GAP}\d+"
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
    if _BESIDE.fullmatch(path.name):
        return None
    stem = bare(path)
    for table in tables:
        name = _pattern(table)
        if plain_table(stem) == plain_table(table.name):
            return Guess(table)
        if re.fullmatch(rf"(?i:{_BEFORE}{name}(?:{_PART}))", stem):
            return Guess(table, is_part=True)
        if re.fullmatch(rf"(?i:{_BEFORE}{name}{_AFTER})", stem):
            return Guess(table)
    names = {plain_table(table.name): table for table in tables}
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


def _pattern(table: Table) -> str:
    """The table's name in any case, style and number."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+", table.name)
    return rf"{_GAP}?".join(words) + rf"s?(?:{_GAP}?rows)?"
