"""Holidays: a file of dates, a date a line or a CSV with a column ``date``."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.exports.contents import check_content, unpacked
from timingctl.exports.export import Export, unchanged
from timingctl.exports.files import check_file
from timingctl.exports.names import split_name
from timingctl.exports.reasons import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The column that is read, in any case.
_COLUMN = "date"
_COMMENT = "#"
_DELIMITERS = (",", ";", "\t", "|")
#: A longer file is no list of holidays.
_MOST_BYTES = 1 << 20
#: Of a line that is no date so much is quoted.
_SHOWN = 40
_WAY_OUT = "write a date a line, such as 2026-12-25, or a CSV with a column date"


def read_holidays(path: Path) -> tuple[date, ...]:
    """The days of a file in order, each once.

    Blank lines and what follows ``#`` say nothing. Rows are counted as in other files: a header is
    none. Raises InputError, naming the row, for what is no ISO date, and for a file that cannot be
    read or is no such list.
    """
    days = tuple(sorted(set(_days(path))))
    if not days:
        raise InputError(f"{path} has no dates; {_WAY_OUT}.")
    return days


def _days(path: Path) -> Iterator[date]:
    lines = list(_lines(path))
    first = lines[0][1] if lines else ""
    delimiter = next((sign for sign in _DELIMITERS if sign in first), ",")
    header = [cell.strip().lower() for cell in _cells(first, delimiter)]
    if _COLUMN not in header:
        yield from (_day(path, number, line) for number, line in lines)
        return
    place = header.index(_COLUMN)
    for number, line in lines[1:]:
        cells = _cells(line, delimiter)
        yield _day(path, number - 1, cells[place] if place < len(cells) else "")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers from 1."""
    state = check_file(path)
    _, file_format, compression = split_name(path)
    export = Export(path, str(path), "csv", state, compression)
    if file_format not in {"csv", "tsv", None}:
        raise InputError(f"{path} is no list of dates; {_WAY_OUT}.")
    with unchanged([export]):
        try:
            if state.size:
                check_content(export)
            with unpacked(export) as file:
                data = file.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise InputError(f"{path} is too long for a list of holidays; {_WAY_OUT}.")
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
        except OSError as error:
            raise InputError(unreadable(export, error)) from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith(_COMMENT):
            yield number, line


def _cells(line: str, delimiter: str) -> list[str]:
    with suppress(csv.Error):  # a field longer than Python reads
        return next(csv.reader([line], delimiter=delimiter), [])
    return []


def _day(path: Path, row: int, text: str) -> date:
    """An ISO date; a spreadsheet's midnight after it is of that day, a comment says nothing."""
    text = text.partition(_COMMENT)[0].strip().strip('"')
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        if at.tzinfo is None and at.time() == time():
            return at.date()
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    raise InputError(f"{path}, row {row}, column {_COLUMN}: {shown!r} is no date; {_WAY_OUT}.")
