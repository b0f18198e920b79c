"""Workbooks (.xlsx): typed cells, a sheet a table, the same bytes for the same rows."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

#: Workbooks carry an instant at which they were made; ours is always the same.
_MADE_AT = datetime(2000, 1, 1)
#: Sheets are as wide as their titles, and a little more.
_WIDTHS = (10, 60)
#: The sheet before those of the sections.
_ABOUT = "about"


class Book:
    """A workbook that is being written."""

    def __init__(self, book: Any, title: str) -> None:
        self._book, self._title = book, title
        book.set_properties({"title": title, "created": _MADE_AT})
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})

    def about(self, sentences: Iterable[str]) -> None:
        """A sheet that says what the others are about, a sentence a row."""
        sheet = self._book.add_worksheet(_ABOUT)
        sheet.set_column(0, 0, _WIDTHS[1])
        sheet.write_string(0, 0, self._title, self._head)
        for row, sentence in enumerate(sentences, 1):
            sheet.write_string(row, 0, sentence)

    def sheet(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, object]],
        typed: Collection[str] = (),
    ) -> None:
        """A table with a frozen header. Text is text, but in `typed` columns a day or instant."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, self._head)
            cells = [row.get(column) for row in rows]
            longest = max((len(str(cell)) for cell in (column, *cells)), default=0)
            sheet.set_column(place, place, min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1]))
            for number, cell in enumerate(cells, 1):
                self._write(sheet, (number, place), cell, is_typed=column in typed)

    def _write(self, sheet: Any, place: tuple[int, int], cell: object, *, is_typed: bool) -> None:
        """Write a number as a number, a day as a day, an instant (UTC) as an instant."""
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(*place, cell)
        elif isinstance(cell, (int, float)):
            sheet.write_number(*place, cell)
        elif is_typed and len(str(cell)) == len("2026-02-10"):
            sheet.write_datetime(*place, date.fromisoformat(str(cell)), self._day)
        elif is_typed:
            instant = datetime.fromisoformat(str(cell)).astimezone(UTC).replace(tzinfo=None)
            sheet.write_datetime(*place, instant, self._instant)
        else:
            sheet.write_string(*place, str(cell))


@contextmanager
def workbook(path: Path, title: str) -> Iterator[Book]:
    """Write a workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        yield Book(book, title)
