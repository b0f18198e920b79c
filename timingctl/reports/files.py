"""A report as files of tables: a folder of CSV, or a workbook with a sheet a section."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from timingctl.errors import SettingsError
from timingctl.extras import extra
from timingctl.replacing import replacing
from timingctl.reports.formats import section_csv
from timingctl.reports.header import header
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from timingctl.reports.figures import Report

#: What says that a workbook is meant.
WORKBOOK = ".xlsx"


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
    gone = [section.name for section in report.sections if section.name not in texts]
    return write_folder(path, texts, lock_timeout, gone)


def write_folder(
    path: Path,
    tables: Mapping[str, str],
    lock_timeout: str = LOCK_TIMEOUT,
    gone: Sequence[str] = (),
) -> list[Path]:
    """Write a CSV a table into a folder, all or none. Returns the files; without tables none.

    Those of tables that are `gone`, which were asked for and are not there, are removed. Raises
    SettingsError where they cannot be written.
    """
    texts = {path / f"{name}.csv": text for name, text in tables.items()}
    if not texts:
        return []
    is_new = not path.exists()
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{path} cannot be made a folder: {error.strerror}.") from error
    try:
        obsolete = [path / f"{name}.csv" for name in gone]
        with replacing(list(texts), obsolete, lock_timeout) as temporary:
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
    """A sheet about the report, then one a section."""
    with workbook(path, "Response times") as book:
        book.about((*header(report), *report.notes))
        for section, figures in report.made():
            columns = section.columns(figures, report.about)
            book.sheet(section.name, columns, section.records(figures), typed=_TYPED)


#: The columns whose text may be a day or an instant; in others text is text.
_TYPED = ("value", "period")
