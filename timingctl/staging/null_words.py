"""Words that programs write for nulls, where an id should stand: taken as null, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.schemas import LEAD, MESSAGE, TABLES, Kind
from timingctl.sql_text import quoted
from timingctl.staging.casts import is_null_word

if TYPE_CHECKING:
    from collections.abc import Collection

    from timingctl.schemas import Column, Table
    from timingctl.warehouse import Relations


def take_as_null(warehouse: Relations, table: Table, there: Collection[Table] = ()) -> list[str]:
    """Make nulls of null words in the optional ids of ``import_<relation>``; says how many.

    A word stays where it is a real id: where one of the tables that are `there`, which have been
    imported, has a row of that id. In a key column it stays, too, and is told.
    """
    notes = []
    for column in _with_words(warehouse, table):
        found = words(warehouse, table, column)
        real = set() if column.key else _real(warehouse, column, list(found), there)
        if taken := {word: count for word, count in found.items() if word not in real}:
            notes.append(_note(table, column, taken))
            if not column.key:
                warehouse.amend(
                    f"import_{table.relation}",
                    column.name,
                    "cast(null as varchar)",
                    f"list_contains($words, {quoted(column.name)})",
                    {"words": list(taken)},
                )
    return notes


def _with_words(warehouse: Relations, table: Table) -> list[Column]:
    """The columns of ids that have a null word: one look at all of them, since hardly any has."""
    ids = [
        column
        for column in table.columns
        if column.kind is Kind.TEXT and (column.key or column.refers)
    ]
    looks = ", ".join(f"bool_or({is_null_word(quoted(column.name))})" for column in ids)
    [found] = warehouse.execute(f"select {looks} from import_{table.relation}")
    return [column for column, has_words in zip(ids, found, strict=True) if has_words]


def words(warehouse: Relations, table: Table, column: Column) -> dict[str, int]:
    """The null words in a column, as they are written, and how often."""
    name = quoted(column.name)
    return dict(
        warehouse.execute(
            f"select {name}, count(*) from import_{table.relation} where {is_null_word(name)} "
            f"group by {name} order by {name}"
        )
    )


def _real(
    warehouse: Relations, column: Column, found: list[str], there: Collection[Table]
) -> set[str]:
    """Those of the words that are ids of the table that the column refers to."""
    table = next((table for table in TABLES if table.name == column.refers), None)
    places = [(table, "id")] if table in there else []
    if table is LEAD and MESSAGE in there:  # without a Lead table they name the leads
        places.append((MESSAGE, "leadId"))
    return {
        word
        for owner, name in places
        if owner is not None and found
        for (word,) in warehouse.execute(
            f"select distinct {quoted(name)} from import_{owner.relation} "
            f"where list_contains($words, {quoted(name)})",
            {"words": found},
        )
    }


def _note(table: Table, column: Column, taken: dict[str, int]) -> str:
    counted = ", ".join(f"{word!r} ({count:,})" for word, count in taken.items())
    if column.key:
        return (
            f"{table.name}.{column.name} says {counted}, which is taken as it stands; "
            "a program may have written a null so."
        )
    return f"{table.name}.{column.name} says {counted}, which is taken as null."
