"""The SQL that the docs show: every ```sql block is run on an inbox, and shows what it gives."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import duckdb

from timingctl.options import BuildOptions
from timingctl.pipeline import build

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "queries.md"
#: A query, and the table of its rows after it.
_BLOCK = re.compile(r"^```sql\n((?:(?!```).*\n)*)```\n(?:\n(?:\|.*\n)+)?", re.MULTILINE)
_NULL = ""


def queries(text: str) -> list[str]:
    """The queries of a page."""
    return [found[1] for found in _BLOCK.finditer(text)]


def recorded(text: str, folder: Path) -> str:
    """The page with what its queries give now, on the inbox of the tour in an empty folder."""
    output = folder / "inbox.duckdb"
    build(BuildOptions(source=ROOT / "fixtures" / "tour", output=output))
    with duckdb.connect(str(output), read_only=True) as connection:

        def run(found: re.Match[str]) -> str:
            return f"```sql\n{found[1]}```\n\n{_table(connection.sql(found[1]))}"

        return _BLOCK.sub(run, text)


def _table(rows: duckdb.DuckDBPyRelation) -> str:
    """Rows as a table of Markdown."""
    names = list(rows.columns)
    cells = [[_text(value) for value in row] for row in rows.fetchall()]
    return "".join(f"| {' | '.join(line)} |\n" for line in (names, ["---"] * len(names), *cells))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return _NULL if value is None else str(value).replace("|", "\\|")
