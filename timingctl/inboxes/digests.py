"""What a table of an inbox holds, as a digest that its rows' order does not change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from timingctl.inboxes.contract import InboxColumn, InboxTable
    from timingctl.warehouse import Warehouse

_LOW_HALF = "18446744073709551615::uhugeint"


@dataclass(frozen=True)
class RowSum:
    """What rows add up to: how many, and the sums of the halves of their numbers of 128 bits."""

    count: int
    high: int
    low: int

    def exchanged(self, gone: RowSum, new: RowSum) -> RowSum:
        """The sum when some of the rows are gone, and others are there."""
        return RowSum(
            self.count - gone.count + new.count,
            self.high - gone.high + new.high,
            self.low - gone.low + new.low,
        )


def row_sum(warehouse: Warehouse, table: InboxTable, place: str, condition: str = "true") -> RowSum:
    """What the rows of a table that stands at `place` add up to, or those that meet a condition.

    The text of a row is that of its numbers and instants (microseconds since 1970) and of its
    texts' lengths in bytes, a comma after each, nothing where one is null; then its texts, all in
    the order of the columns. The MD5 sums of the rows' texts are numbers of 128 bits.
    """
    numbers = [f"{_number(column)}, ','" for column in table.columns]
    texts = [quoted(column.name) for column in table.columns if column.type == "varchar"]
    [row] = warehouse.execute(f"""
        select count(*), coalesce(sum((number >> 64)::ubigint), 0),
            coalesce(sum((number & {_LOW_HALF})::ubigint), 0)
        from (
            select md5_number(concat({", ".join(numbers + texts)})) as number from {place}
            where {condition}
        )
    """)
    return RowSum(*map(int, row))


def digest_of(table: InboxTable, total: RowSum) -> str:
    """``sha256:`` and 64 hexadecimal digits, of the line ``name count high low``.

    A sum does not tell in which order it was made.
    """
    said = f"{table.name} {total.count} {total.high} {total.low}\n"
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _number(column: InboxColumn) -> str:
    """What stands for a value among the numbers of its row, as SQL."""
    value = quoted(column.name)
    match column.type:
        case "varchar":
            return f"strlen({value})"
        case "timestamp":
            return f"epoch_us({value})"
        case _:
            return f"{value}::bigint"
