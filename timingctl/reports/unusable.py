"""What of a file could not be used: told, and too much where most of it is lost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from timingctl.schemas import SHOWN
from timingctl.staging.account import Account, accounts_of
from timingctl.staging.losses import Example, loss, losses, such_as

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.exports.export import Export
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def unusable(warehouse: Warehouse, table: Table, exports: Sequence[Export]) -> list[str]:
    """A sentence an export that has rows which cannot be used: why, and where the first stands."""
    rows = warehouse.execute(f"""
        {_placed(table)}
        select file, string_agg(reason || ' (' || number || ')', ', ' order by reason),
            min(row), min_by("column", row)
        from unusable group by file order by file
    """)
    return [
        f"{exports[file].label}: unusable rows left out: {reasons}; "
        f"the first is row {row}, column {column}."
        for file, reasons, row, column in rows
    ]


def conflicting(warehouse: Warehouse, table: Table) -> list[str]:
    """A sentence where different rows stand under one id."""
    [(ids, example)] = warehouse.execute(
        f"select count(*), min(id) from duplicate_{table.relation} where versions > 1"
    )
    said = f"{table.name}: ids with different rows left out: {ids:,}, such as {example}."
    return [said] if ids else []


def orphans(warehouse: Warehouse) -> list[str]:
    """A sentence on messages that belong to no lead that is known."""
    rows = warehouse.execute(
        "select reason, count(*), min(id) from orphan_message group by reason order by reason"
    )
    return [f"Message: {reason}: {count:,}, such as {example}." for reason, count, example in rows]


def lost_of_file(warehouse: Warehouse, table: Table, exports: Sequence[Export]) -> list[str]:
    """A sentence where a file of events, of names or of leads loses all, or most, of its rows.

    Only rows count that cannot be used by themselves.
    """
    counts = warehouse.execute(
        f"select problem.reason as reason, count(*) from import_{table.relation} "
        "group by reason order by reason nulls first"
    )
    rejected = {reason: count for reason, count in counts if reason is not None}
    read = sum(count for _, count in counts)
    labels = [export.label for export in exports]
    account = Account(labels, read, read - sum(rejected.values()), rejected)
    name = labels[0] if len(labels) == 1 else table.name
    return loss(name, account, partial(_example, warehouse, table, labels))


def lost_of_exports(warehouse: Warehouse, exports: Mapping[Table, Sequence[Export]]) -> list[str]:
    """A sentence on each staged table that loses so much, as in a build."""
    return losses(warehouse, accounts_of(warehouse, exports))


def _example(warehouse: Warehouse, table: Table, labels: Sequence[str], reason: str) -> Example:
    [(file, row, column, value)] = warehouse.execute(
        f"""{_placed(table)}
        select file, row, "column", "value" from unusable where reason = $reason
        order by file, row limit 1""",
        {"reason": reason},
    )
    return such_as(labels[file], row, column, value)


def _placed(table: Table) -> str:
    """`with` ``unusable``: file, reason, number, and the first row, its column and its value."""
    relation = f"import_{table.relation}"
    return f"""
        with
            opened as (select file, min(rowid) as place from {relation} group by file),
            first as (
                select file, problem.reason as reason, count(*) as number, min(rowid) as place,
                    min_by(problem."column", rowid) as "column",
                    left(min_by(problem."value", rowid), {SHOWN}) as "value"
                from {relation} where problem is not null group by file, problem.reason),
            unusable as (
                select first.file, reason, number, first.place - opened.place + 1 as row,
                    "column", "value"
                from first join opened on opened.file = first.file)
    """
