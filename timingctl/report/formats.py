"""A report as text: JSON, CSV and Markdown. Deterministic: the same report gives the same bytes."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from timingctl.documents import as_json
from timingctl.formulas import harmless
from timingctl.grid import Grid, instant
from timingctl.report.figures import VERDICTS, camel
from timingctl.report.grids import grids
from timingctl.report.options import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.report.figures import Report


def json_text(report: Report) -> str:
    """The document, the contract."""
    return as_json(report.document)


def csv_text(report: Report, *, safe: bool = False) -> str:
    """A table a section, parted by an empty line; the first column names the section.

    Columns are the keys of the JSON; what is nested has a row a figure: ``figure,value``.
    An empty field is null. `safe`: no text is a formula to a spreadsheet.
    """
    tables = []
    for section in SECTIONS:
        figures = report.document.get(camel(section))
        if figures is not None:
            text = io.StringIO()
            rows = list(_records(section, figures))
            writer = csv.DictWriter(
                text, ["section", *_columns(section, rows, report)], lineterminator="\n"
            )
            writer.writeheader()
            for row in rows:
                told = {name: harmless(value) for name, value in row.items()} if safe else row
                writer.writerow({"section": section, **told})
            tables.append(text.getvalue())
    return "\n".join(tables)


def _records(section: str, figures: Any) -> Iterator[dict[str, Any]]:
    if section == "overview":
        yield from ({"figure": name, "value": value} for name, value in _flat(figures))
    elif section == "delay-check":
        yield from figures["byWindowAndMonth"]
    else:
        yield from figures


def _flat(figures: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


#: The columns of the tables that may have no row to name them: always, and with lead data.
_COLUMNS = {
    "responders": (
        ("key", "label", "responses", "meanMs", "p50Ms", "p90Ms", "within5MinShare"),
        ("booked", "notBooked", "pending", "bookedNoTimestamp"),
    ),
    "delay-check": (("minSeconds", "maxSeconds", "month", "jobs", *VERDICTS), ()),
    "trend": (("period", "n", "p50Ms", "p90Ms"), ("booked",)),
}
_RATE = ("eligible", "rate", "rateLow", "rateHigh")


def _columns(section: str, rows: list[dict[str, Any]], report: Report) -> list[str]:
    if rows:
        return list(rows[0])
    always, counts = _COLUMNS[section]
    return [*always, *((*counts, *_RATE) if counts and report.has_bookings else ())]


def markdown_text(report: Report) -> str:
    """A heading and a table a grid, worded for people, ids in full."""
    window = report.document["window"]
    lines = [
        "# Response times",
        "",
        f"Inbounds from {instant(window['from']) if window['from'] else 'the first'} "
        f"to {instant(window['to'])}, as of {instant(report.document['asOf'])}.",
    ]
    for grid in grids(report):
        lines += ["", f"## {_cell(grid.title)}", "", *_markdown(grid)]
    return "\n".join(lines) + "\n"


def _markdown(grid: Grid) -> Iterator[str]:
    yield _line([heading.title for heading in grid.headings])
    yield _line(["---:" if heading.number else ":---" for heading in grid.headings])
    for row in grid.rows:
        yield _line([_cell(text) for text in row])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Text that is only text in Markdown: no markup, no control characters."""
    visible = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return re.sub(r"([\\`*_\[\]<>|&])", r"\\\1", visible)
