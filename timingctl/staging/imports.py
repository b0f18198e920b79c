"""Reading exports: every row arrives, usable or not, under the names and types of its contract."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.export import unchanged
from timingctl.exports.readers import scan, scan_params
from timingctl.exports.reasons import unreadable
from timingctl.staging.casts import Casting, as_text, casting
from timingctl.staging.columns import check_shape, missed
from timingctl.staging.extras import extra_source, extras_notes
from timingctl.staging.feeds import check_rows
from timingctl.staging.shards import FILE, ROW, Shard, shards_of
from timingctl.warehouse import as_pattern, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timingctl.exports.export import Export
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


def import_table(
    warehouse: Warehouse,
    table: Table,
    exports: Sequence[Export],
    *,
    kept: bool = True,
    reading: Callable[[int, int], None] = lambda _done, _now: None,
) -> list[str]:
    """Read all exports of a table into ``import_<relation>``; empty when there are none.

    A single Parquet file that is not to be `kept` becomes a view: each query reads the columns that
    it needs, which takes less time and memory than keeping all of them. A query of the view fails
    where the file cannot be read, so hold `unchanged` around it.

    One statement reads all files that are alike. Before each, `reading` is called with the number
    of files that are done, and of those that the statement reads.

    Extras, where the table keeps them, are null where they are there twice, of another type or
    cannot be read: ``unread`` has such values.

    Returns sentences on optional columns that exports lack, on extras, and on views. Raises
    InputError when a file cannot be read or has changed since it was found, or a key column is
    missing, doubled or of a type that cannot be its kind.
    """
    columns = ", ".join(f"{quoted(c.name)} {c.kind.sql_type}" for c in table.read_columns)
    problem = 'struct("column" varchar, reason varchar, "value" varchar)'
    unread = f", unread {problem}[]" if table.keeps_extras else ""
    name = f"import_{table.relation}"
    with unchanged(exports):
        shards = shards_of(warehouse, exports)
        for shard in shards:
            check_shape(table, shard)
            check_rows(warehouse, table, shard)
        notes = missed(table, shards) + _views(exports)
        if not kept and _is_one_parquet(shards):
            warehouse.execute(f"create view {name} as {_view_sql(warehouse, table, shards[0])}")
            return notes
        warehouse.execute(
            f"create table {name} ({columns}, file integer, problem {problem}{unread})"
        )
        done = 0
        for _, group in groupby(shards, key=Shard.reader):
            alike = list(group)
            reading(done, len(alike))
            _insert(warehouse, table, alike)
            done += len(alike)
    return notes + extras_notes(warehouse, table, shards)


def _insert(warehouse: Warehouse, table: Table, shards: Sequence[Shard]) -> None:
    rows = _rows_sql(warehouse, table, shards[0])
    try:
        warehouse.execute(
            f"insert into import_{table.relation} {rows}",
            scan_params([shard.export for shard in shards], shards[0].shape),
        )
    except duckdb.Error as error:
        if len(shards) > 1:  # the half with the file that cannot be read raises
            _insert(warehouse, table, shards[: len(shards) // 2])
            _insert(warehouse, table, shards[len(shards) // 2 :])
        raise InputError(unreadable(shards[0].export, error)) from error


def _is_one_parquet(shards: Sequence[Shard]) -> bool:
    """Whether these are one Parquet file, and none of its columns hides DuckDB's row numbers."""
    return [shard.export.format for shard in shards] == ["parquet"] and not shards[0].has(ROW)


def _view_sql(warehouse: Warehouse, table: Table, shard: Shard) -> str:
    """The rows of a Parquet file, with the ``rowid`` that they would have in a table."""
    file = literal(as_pattern(shard.export.path))
    rows = _rows_sql(warehouse, table, shard, file, f", {ROW}")
    return f"select *, {ROW} as rowid from ({rows})"


def _rows_sql(
    warehouse: Warehouse, table: Table, first: Shard, files: str = "$files", row: str = ""
) -> str:
    """The rows of shards that are read together; every row arrives, usable or not."""
    casts = [casting(column, *first.source(column)) for column in table.columns]
    problems = chain.from_iterable(cast.problems for cast in casts)
    unread = ""
    if table.keeps_extras:
        more = [casting(column, *extra_source(first, column)) for column in table.extras]
        casts, unread = casts + more, f", {_unread_sql(more)} as unread"
    raw = chain.from_iterable(cast.raw for cast in casts)
    place = "0" if first.stands_alone else FILE
    return f"""
        with
            raw as (select {", ".join(raw)}, {place} as place{row}
                    from {scan(warehouse, first.export, files)}),
            typed as (select *, {", ".join(cast.typed for cast in casts)} from raw)
        select {", ".join(quoted(column.name) for column in table.read_columns)},
            place + {first.number} as file, case {" ".join(problems)} end as problem{unread}{row}
        from typed
    """


def _unread_sql(casts: Sequence[Casting]) -> str:
    """The values of a row that are taken as null since they cannot be read; mostly null."""
    found = [f"case {' '.join(cast.problems)} end" for cast in casts if cast.problems]
    if not found:
        return "null"
    none = " and ".join(f"{one} is null" for one in found)
    return f"case when not ({none}) then [{', '.join(found)}] end"


def _views(exports: Sequence[Export]) -> list[str]:
    """A sentence on each view: what it gives may change while its file does not."""
    return [
        f"{export.label} is a view, and was read once: one that asks for the time or for random "
        "numbers gives other rows next time."
        for export in exports
        if export.stored and export.stored.is_view
    ]


def import_text(warehouse: Warehouse, table: Table, exports: Sequence[Export]) -> list[str]:
    """Read all exports of a table into ``text_<relation>``: every value as text, as it was read.

    Returns the contract's columns that any of the exports has; the others are left out. Raises as
    `import_table` does for a file that cannot be read.
    """
    shards = shards_of(warehouse, exports)
    found = [c for c in table.columns if any(shard.find(c) for shard in shards)]
    columns = ", ".join(f"{quoted(column.name)} varchar" for column in found or table.columns)
    warehouse.execute(f"create table text_{table.relation} ({columns})")
    for shard in shards:
        values = ", ".join(as_text(*shard.source(column)) for column in found)
        relation = scan(warehouse, shard.export)
        try:
            warehouse.execute(
                f"insert into text_{table.relation} select {values} from {relation}",
                scan_params([shard.export], shard.shape),
            )
        except duckdb.Error as error:
            raise InputError(unreadable(shard.export, error)) from error
    return [column.name for column in found or table.columns]
