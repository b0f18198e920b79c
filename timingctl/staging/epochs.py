"""Instants as numbers: a column is read so when all of it agrees on what its numbers count."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.readers import scan, scan_params
from timingctl.exports.reasons import unreadable
from timingctl.schemas import Kind
from timingctl.staging.casts import EPOCHS, as_text, is_number, whole_number
from timingctl.staging.shards import Shard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.schemas import Column, Table
    from timingctl.staging.casts import Epoch
    from timingctl.warehouse import Warehouse


def may_be_epochs(table: Table, shards: Sequence[Shard]) -> list[Column]:
    """The columns of instants that are given as text or numbers somewhere."""
    return [
        column
        for column in table.columns
        if column.kind is Kind.INSTANT
        and any(
            kind in {"VARCHAR", "JSON"} or is_number(kind)
            for value, kind in (shard.source(column) for shard in shards)
            if value != "null"
        )
    ]


def epochs_of(
    warehouse: Warehouse, columns: Sequence[Column], shards: Sequence[Shard]
) -> Mapping[str, Epoch]:
    """What the numbers of columns count, by the column's name.

    That is known of a column when all of its values, in all exports, are whole numbers that count
    instants of the years 2000 to 2100 in one unit. Reads the columns; the order of rows and
    exports makes no difference. Raises InputError for an export that cannot be read.
    """
    totals: dict[str, list[tuple[int, int, int | None, int | None]]] = {}
    for _, group in groupby(shards, key=Shard.reader):
        alike = list(group)
        for column, counts in zip(columns, _counts(warehouse, columns, alike), strict=True):
            totals.setdefault(column.name, []).append(counts)
    found = {}
    for name, parts in totals.items():
        given, numbers = sum(part[0] for part in parts), sum(part[1] for part in parts)
        bounds = [bound for _, _, *both in parts for bound in both if bound is not None]
        if given and given == numbers:
            epoch = next((one for one in EPOCHS if one.holds(min(bounds), max(bounds))), None)
            if epoch:
                found[name] = epoch
    return found


def _counts(
    warehouse: Warehouse, columns: Sequence[Column], shards: Sequence[Shard]
) -> list[tuple[int, int, int | None, int | None]]:
    """For each column: values, whole numbers among them, the least and the most of these."""
    counted = []
    for column in columns:
        value, kind = shards[0].source(column)
        if kind == "JSON":
            value, kind = as_text(value, kind), "VARCHAR"
        given = f"{value} <> ''" if kind == "VARCHAR" else f"{value} is not null"
        is_instant = kind.startswith(("TIMESTAMP", "DATE"))
        number = "null::bigint" if is_instant else whole_number(f"({value})", kind)
        counted += [f"count(*) filter ({given})"]
        counted += [f"{count}({number})" for count in ("count", "min", "max")]
    sql = f"select {', '.join(counted)} from {scan(warehouse, shards[0].export)}"
    params = scan_params([shard.export for shard in shards], shards[0].shape)
    try:
        [row] = warehouse.execute(sql, params)
    except duckdb.Error as error:
        raise InputError(unreadable(shards[0].export, error)) from error
    return [row[place : place + 4] for place in range(0, len(row), 4)]


def told(table: Table, epochs: Mapping[str, Epoch]) -> list[str]:
    """A sentence on each column that is read as numbers."""
    return [
        f"{table.name}.{name} is in {epoch.unit} since 1970, and read as such."
        for name, epoch in epochs.items()
    ]
