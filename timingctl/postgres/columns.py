"""Which columns of a table to pull: the contract's, and marks of rows that are no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timingctl.exports.export import Shape
from timingctl.schemas import MARKS, TABLES
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from timingctl.postgres.catalog import Place, StoredTable
    from timingctl.schemas import Column, Table


@dataclass(frozen=True)
class Pullable:
    """The columns that the role may read, and what it lacks, as a right to be granted.

    `lacks` is for columns that events need or that none is made from, as `is_needed` says;
    `unmarked` for marks of deletion, without which deleted rows would look alive.
    """

    columns: list[Column]
    lacks: str
    is_needed: bool
    unmarked: str


def pullable(table: Table, stored: StoredTable, here: Place) -> Pullable:
    """What to pull of a table: all that the contract has and the database, too."""
    columns = [column for column in table.all_columns if column.name in stored.types]
    marks = _marks(stored) if table in TABLES else []

    def right(hidden: list[Column]) -> str:
        names = ", ".join(quoted(column.name) for column in hidden)
        place = f"{quoted(here.schema)}.{quoted(table.name)}"
        return f"SELECT ({names}) ON {place}" if hidden else ""

    def unreadable(wanted: list[Column]) -> list[Column]:
        return [column for column in wanted if column.name not in stored.may["SELECT"]]

    hidden, unmarked = unreadable(columns), unreadable(marks)
    readable = [c for c in (*columns, *marks) if c not in (*hidden, *unmarked)]
    needed = bool(set(hidden) - set(table.extras))
    return Pullable(readable, right(hidden), needed, right(unmarked))


def _marks(stored: StoredTable) -> list[Column]:
    """The marks that a table has, in any style, under its own names for them."""
    return [
        replace(mark, name=name)
        for mark in MARKS
        for name in stored.types
        if Shape(((name, ""),)).find(mark)
    ]
