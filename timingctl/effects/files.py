"""Effects as files of tables: a folder of CSV, or a workbook with a sheet a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.effects.formats import about, columns, tables
from timingctl.effects.options import NAMES
from timingctl.effects.parts import records
from timingctl.replacing import replacing
from timingctl.reports.files import WORKBOOK, check_workbook, write_folder
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.workbook import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.effects.figures import Effects


def check(path: Path) -> None:
    """Raise SettingsError, before any work, for a workbook where none can be written."""
    if path.suffix.lower() == WORKBOOK:
        check_workbook()


def write_tables(
    found: Effects, path: Path, *, safe: bool = False, lock_timeout: str = LOCK_TIMEOUT
) -> list[Path]:
    """Write a workbook, or a CSV a section into a folder; all or nothing. Returns the files.

    Raises SettingsError where they cannot be written.
    """
    if path.suffix.lower() != WORKBOOK:
        return write_folder(path, tables(found, safe=safe), lock_timeout)
    document = found.document
    with replacing([path], (), lock_timeout) as [temporary], workbook(temporary, "Effects") as book:
        book.about((about(document), *found.notes))
        for name in NAMES:
            if name in document:
                rows = records(document, name)
                book.sheet(name, columns(rows), rows)
    return [path]
