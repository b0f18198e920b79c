"""A report as text: JSON, CSV and Markdown. Deterministic: the same report gives the same bytes."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from timingctl.documents import as_json
from timingctl.formulas import harmless
from timingctl.reports.grids import grids
from timingctl.reports.header import header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timingctl.grid import Grid
    from timingctl.reports.figures import Report
    from timingctl.reports.section import Section


def json_text(report: Report) -> str:
    """The document, the contract."""
    return as_json(report.document)


def csv_text(report: Report, *, safe: bool = False) -> str:
    """A table a section, parted by an empty line; the first column names the section.

    Columns are the keys of the JSON; what is nested has a row a figure: ``figure,value``.
    An empty field is null. `safe`: no text is a formula to a spreadsheet.
    """
    tables = [
        section_csv(report, section, figures, safe=safe) for section, figures in report.made()
    ]
    return "\n".join(tables)


def section_csv(report: Report, section: Section[Any], figures: Any, *, safe: bool) -> str:
    """The table of one section."""
    text = io.StringIO()
    columns = ["section", *section.columns(figures, report.about)]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in section.records(figures):
        told = {name: harmless(value) for name, value in row.items()} if safe else row
        writer.writerow({"section": section.name, **told})
    return text.getvalue()


def markdown_text(report: Report) -> str:
    """A heading and a table a grid, worded for people, ids in full."""
    lines = ["# Response times"]
    for sentence in header(report):
        lines += ["", cell_text(sentence)]
    for grid in grids(report):
        lines += ["", f"## {cell_text(grid.title)}", "", *grid_lines(grid)]
    return "\n".join(lines) + "\n"


def markdown_of(found: Iterable[Grid]) -> str:
    """Grids as Markdown: a heading and a table each."""
    lines: list[str] = []
    for grid in found:
        lines += ["", f"## {cell_text(grid.title)}", "", *grid_lines(grid)]
    return "\n".join(lines[1:]) + "\n"


def grid_lines(grid: Grid) -> Iterator[str]:
    """A grid as a Markdown table."""
    yield _line([heading.title for heading in grid.headings])
    yield _line(["---:" if heading.number else ":---" for heading in grid.headings])
    for row in grid.rows:
        yield _line([cell_text(text) for text in row])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def cell_text(text: str) -> str:
    """Text that is only text in Markdown: no markup, no control characters."""
    visible = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return re.sub(r"([\\`*_\[\]<>|&])", r"\\\1", visible)
