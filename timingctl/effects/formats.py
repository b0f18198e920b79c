"""Effects as text: JSON, CSV and Markdown. Deterministic: the same inbox gives the same bytes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from timingctl.documents import as_json
from timingctl.effects.options import NAMES
from timingctl.effects.parts import parts, records
from timingctl.formulas import harmless
from timingctl.grid import instant
from timingctl.reports.formats import cell_text, grid_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timingctl.effects.document import Document
    from timingctl.effects.figures import Effects


def about(document: Document) -> str:
    """A sentence on what was looked at."""
    filters = document["filters"]
    since = instant(filters["from"]) if filters["from"] else "the first"
    until = instant(filters["to"]) if filters["to"] else "the last"
    told = [f"Inbounds from {since} to {until}, as of {instant(document['asOf'])}."]
    for name, given in (("clients", filters["clients"]), ("channels", filters["channels"])):
        if given:
            told.append(f"Only {name} {', '.join(given)}.")
    return " ".join(told)


def json_text(found: Effects) -> str:
    """The document, the contract."""
    return as_json(found.document)


def csv_text(found: Effects, *, safe: bool = False) -> str:
    """The tables of the sections, parted by an empty line."""
    return "\n".join(tables(found, safe=safe).values())


def tables(found: Effects, *, safe: bool = False) -> dict[str, str]:
    """The tables of the sections that were asked for, by name."""
    return {name: _section_csv(found, name, safe=safe) for name in NAMES if name in found.document}


def _section_csv(found: Effects, section: str, *, safe: bool) -> str:
    """The table of one section; the first column names the section. An empty field is null.

    `safe`: no text is a formula to a spreadsheet.
    """
    rows = records(found.document, section)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["section", *columns(rows)], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        told = {name: harmless(value) if safe else value for name, value in row.items()}
        writer.writerow({"section": section, **told})
    return text.getvalue()


def columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The columns of a section's table: all that a row has, in the order in which they come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def markdown_text(found: Effects) -> str:
    """A heading a section, its sentences and its tables."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Effects) -> Iterator[str]:
    yield "# Effects"
    yield ""
    yield about(found.document)
    for part in parts(found.document):
        yield f"\n## {cell_text(part.title)}\n"
        yield "\n\n".join(cell_text(sentence) for sentence in part.sentences)
        for grid in part.grids:
            yield f"\n### {cell_text(grid.title)}\n"
            yield from grid_lines(grid)
