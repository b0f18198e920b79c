"""A report as files of tables: a folder of CSV, or a workbook with a sheet a section."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from timingctl.errors import SettingsError
from timingctl.extras import extra
from timingctl.replacing import replacing
from timingctl.reports.formats import section_csv
from timingctl.scratch import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from timingctl.reports.figures import Report

#: What says that a workbook is meant.
WORKBOOK = ".xlsx"
#: Workbooks carry an instant at which they were made; ours is always the same.
_MADE_AT = datetime(2000, 1, 1)
#: Sheets are as wide as their titles, and a little more.
_WIDTHS = (10, 60)


def write_tables(
    report: Report, path: Path, *, safe: bool = False, lock_timeout: str = LOCK_TIMEOUT
) -> list[Path]:
    """Write a workbook, or a CSV a section into a folder; all or nothing. Returns the files.

    Raises SettingsError where they cannot be written.
    """
    if path.suffix.lower() == WORKBOOK:
        with replacing([path], (), lock_timeout) as [temporary]:
            _write_workbook(report, temporary)
        return [path]
    texts = {
        section.name: section_csv(report, section, figures, safe=safe)
        for section, figures in report.made()
    }
    return write_folder(path, texts, lock_timeout)


def write_folder(
    path: Path, tables: Mapping[str, str], lock_timeout: str = LOCK_TIMEOUT
) -> list[Path]:
    """Write a CSV a table into a folder, all or none. Returns the files.

    Raises SettingsError where they cannot be written.
    """
    texts = {path / f"{name}.csv": text for name, text in tables.items()}
    is_new = not path.exists()
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{path} cannot be made a folder: {error.strerror}.") from error
    try:
        with replacing(list(texts), (), lock_timeout) as temporary:
            for place, text in zip(temporary, texts.values(), strict=True):
                place.write_text(text, encoding="utf-8", newline="")
    except BaseException:
        if is_new:
            with suppress(OSError):
                path.rmdir()
        raise
    return list(texts)


def check_workbook() -> None:
    """Raise SettingsError, before any work, where workbooks cannot be written."""
    with extra("excel", "A workbook"):
        import xlsxwriter  # noqa: F401


def _write_workbook(report: Report, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "Response times", "created": _MADE_AT})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"}),
        }
        for section, figures in report.made():
            sheet = book.add_worksheet(section.name)
            columns = section.columns(report.about)
            rows = section.records(figures)
            sheet.freeze_panes(1, 0)
            for place, name in enumerate(columns):
                sheet.write_string(0, place, name, formats["head"])
                cells = [row.get(name) for row in rows]
                longest = max((len(str(cell)) for cell in (name, *cells)), default=0)
                sheet.set_column(place, place, min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1]))
                for number, cell in enumerate(cells, 1):
                    _write_cell(sheet, number, place, cell, formats, is_typed=name in _TYPED)


#: The columns whose text may be a day or an instant; in others text is text.
_TYPED = ("value", "period")


def _write_cell(  # noqa: PLR0913 - as XlsxWriter's own
    sheet: Any, row: int, place: int, cell: object, formats: dict[str, Any], *, is_typed: bool
) -> None:
    """Write a number as a number, a day as a day, an instant (UTC) as an instant, text as text."""
    if cell is None:
        return
    if isinstance(cell, (int, float)):
        sheet.write_number(row, place, cell)
    elif is_typed and len(str(cell)) == len("2026-02-10"):
        sheet.write_datetime(row, place, date.fromisoformat(str(cell)), formats["day"])
    elif is_typed:
        instant = datetime.fromisoformat(str(cell)).astimezone(UTC).replace(tzinfo=None)
        sheet.write_datetime(row, place, instant, formats["instant"])
    else:
        sheet.write_string(row, place, str(cell))
