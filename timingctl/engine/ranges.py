"""Rows of an engine in order, range by range: the client sorts each range by itself.

Engines lose the order of rows when they write. So the client asks how many rows each key has, cuts
the keys, in order, into ranges of few enough rows, and lets the engine write a folder a range.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from timingctl.engine.session import miscounted
from timingctl.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timingctl.engine.session import Engine

#: What says which range a row is in.
_RANGE = "rangeNumber"
#: As many rows as the client sorts at once.
MOST_ROWS = 150_000

#: A key by which ranges are cut: its parts, none of them null.
Key = tuple[object, ...]


@dataclass(frozen=True)
class Ordered:
    """A relation to be read in order: `sql` makes it, `order` sorts it and tells its rows apart.

    `keys` are SQL over its rows, `counts` a query for them, and for the rows of each, in order.
    """

    name: str
    sql: str
    counts: str
    keys: tuple[str, ...]
    order: tuple[str, ...]
    descending: tuple[bool, ...]


def in_ranges(
    engine: Engine, rows: Ordered, most: int = MOST_ROWS, at_once: int | None = None
) -> Iterator[pa.Table]:
    """The rows in order: a table a range, or several, of so many rows `at_once`.

    Raises DatabaseError when there are not as many as were counted, or one of them twice.
    """
    cuts, sizes = _cut(pl.DataFrame(engine.rows(rows.counts)), most)
    engine.keep(
        rows.name,
        f"select *, {_number(rows.keys, cuts)} as {_RANGE} from ({rows.sql}) as ranged",
        by=_RANGE,
    )
    for number, size in enumerate(sizes):
        table = engine.part(rows.name, _RANGE, number)
        place = _order(engine, rows, table, size)
        for start in range(0, size, at_once or size):
            yield table.take(place.slice(start, at_once or size))
        del table, place  # before the next range comes
        _give_back()


def _give_back() -> None:
    """Give memory that is free back to the system; what is kept of each range adds up."""
    pa.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError):  # a library of C that is not GNU's
        ctypes.CDLL(None).malloc_trim(0)


def _cut(counted: pl.DataFrame, most: int) -> tuple[list[Key], list[int]]:
    """Where ranges start, but the first, and how many rows each has.

    `counted` has the keys in order, and the rows of each in its last column.
    """
    ends = counted.to_series(-1).cum_sum()
    cuts: list[Key] = []
    sizes: list[int] = []
    first, done = 0, 0
    while first < len(ends):
        after = max(int(ends.search_sorted(done + most, side="right")), first + 1)
        if first:
            cuts.append(counted.row(first)[:-1])
        sizes.append(ends[after - 1] - done)
        first, done = after, ends[after - 1]
    return cuts, sizes


def _number(keys: Sequence[str], cuts: Sequence[Key]) -> str:
    """The number of a row's range as SQL: a search by halves, which is cheap for many ranges."""

    def search(first: int, last: int) -> str:
        if first == last:
            return str(first)
        middle = (first + last) // 2
        below = _below(keys, cuts[middle])
        return f"case when {below} then {search(first, middle)} else {search(middle + 1, last)} end"

    return search(0, len(cuts))


def _below(keys: Sequence[str], cut: Key) -> str:
    """Whether a row's key is before another, as SQL."""
    (name, *names), (value, *values) = keys, cut
    if not names:
        return f"{name} < {_literal(value)}"
    rest = _below(names, tuple(values))
    return f"({name} < {_literal(value)} or ({name} = {_literal(value)} and {rest}))"


def _literal(value: object) -> str:
    match value:
        case int():
            return str(value)
        case date():
            return f"cast({literal(value.isoformat())} as date)"
    return literal(str(value))


def _order(engine: Engine, rows: Ordered, table: pa.Table, size: int) -> pa.Array:
    """The places of the rows of a range, in order."""
    keys = pl.DataFrame(table.select(list(rows.order)))
    place = keys.select(pl.arg_sort_by(*rows.order, descending=list(rows.descending))).to_series()
    keys = keys[place]
    doubled = keys.select(pl.all_horizontal(pl.all() == pl.all().shift())).to_series().any()
    if len(table) != size or doubled:
        also = ", and some of them twice" if doubled else ""
        raise miscounted(
            engine, f"{len(table):,} rows of {rows.name} where it had counted {size:,}{also}"
        )
    return pa.array(place.to_numpy())
