"""Ids that stand twice: hashes find the candidates, the ids decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.errors import InputError
from timingctl.sql_text import quoted, sql_text
from timingctl.staging.extras import distinct_sql

if TYPE_CHECKING:
    from timingctl.exports.export import Export
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def stage_table(warehouse: Warehouse, table: Table) -> None:
    """Make ``duplicate_<relation>`` and ``<relation>`` from ``import_<relation>``.

    Rows that differ in extras alone are exact duplicates. Of them the extras are those of one
    row: the least.
    """
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    columns = ", ".join(quoted(column.name) for column in table.columns)
    # Hashes first: numbers are far cheaper to compare than text, and few ids share a hash.
    hashes = f"select hash(id) from {source} where problem is null"
    repeated = "false"
    if _repeats(warehouse, hashes):
        repeated = f"hash(id) in ({hashes} group by hash(id) having count(*) > 1)"
    warehouse.execute(f"""
        create table {duplicate} as
        select id, count(*) as copies, count(distinct ({columns})) as versions
        from {source}
        where problem is null and {repeated}
        group by id
        having count(*) > 1
    """)
    names = ", ".join(quoted(column.name) for column in table.read_columns)
    once = f"select rowid as rowNumber, {names} from {source} where problem is null"
    if not warehouse.execute(f"select 1 from {duplicate} limit 1"):
        warehouse.execute(f"create view {table.relation} as {once}")
        return
    warehouse.execute(f"""
        create view {table.relation} as
        {once} and id not in (select id from {duplicate})
        union all
        select min(rowid) as rowNumber, {columns}{distinct_sql(table)} from {source}
        where problem is null and id in (select id from {duplicate} where versions = 1)
        group by {columns}
    """)


def duplicates_note(label: str, count: int) -> list[str]:
    """A sentence on exact duplicates of a file; none where there are none."""
    return [f"{label}: exact duplicates left out: {count:,}."] if count else []


def has_ties(warehouse: Warehouse) -> bool:
    """Whether sql/staging/order_hash.sql gives any hash twice; if not, no two messages are tied."""
    return _repeats(warehouse, f"select orderHash from ({sql_text('staging', 'order_hash')})")


def _repeats(warehouse: Warehouse, hashes: str) -> bool:
    """Whether a select of one column gives any number twice.

    Sorting numbers takes a fifth of the time that grouping by them takes, and 8 bytes a row.
    """
    [(count,)] = warehouse.execute(f"select count(*) from ({hashes})")
    if count <= 1:
        return False
    numbers = np.empty(count, dtype=np.uint64)
    filled = 0
    for batch in warehouse.batches(hashes):
        numbers[filled : filled + len(batch)] = pl.Series(batch.column(0)).to_numpy()
        filled += len(batch)
    numbers.sort()
    return bool((numbers[1:] == numbers[:-1]).any())


def repeats(warehouse: Warehouse, table: Table, column: str, hashes: str = "") -> bool:
    """Whether usable rows of ``import_<relation>`` may share a value of a column, by its hashes.

    `hashes` selects the hashes of the column in those rows, where a relation keeps them.
    """
    usable = f"from import_{table.relation} where problem is null"
    return _repeats(warehouse, hashes or f"select hash({quoted(column)}) {usable}")


def check_distinct(warehouse: Warehouse, table: Table, column: str, export: Export) -> None:
    """Raise InputError when two usable rows have one value of a column and are not the same."""
    value = quoted(column)
    columns = ", ".join(quoted(one.name) for one in table.columns)
    doubled = warehouse.execute(
        f"select {value} from (select distinct {columns} from import_{table.relation} "
        f"where problem is null) group by {value} having count(*) > 1 order by {value} limit 1"
    )
    for (value,) in doubled:
        raise InputError(f"{export.label} has two rows with {column} {value}; keep one.")
