"""Reading exports: every row arrives, usable or not, under the names and types of its contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.export import each_file, unchanged
from timingctl.exports.readers import scan, scan_params
from timingctl.exports.reasons import unreadable
from timingctl.schemas import MARKS
from timingctl.sql_text import as_pattern, literal, quoted
from timingctl.staging.casts import Casting, as_text, casting
from timingctl.staging.columns import check_shape, missed
from timingctl.staging.epochs import epochs_of, may_be_epochs, told
from timingctl.staging.extras import extra_source, extras_notes, left_out_problems, left_out_raw
from timingctl.staging.feeds import check_rows
from timingctl.staging.marks import mark_problems, marks_of, raw_mark
from timingctl.staging.shards import FILE, ROW, Shard, shards_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from timingctl.exports.export import Export
    from timingctl.schemas import Column, Table
    from timingctl.staging.casts import Epoch
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
    exports = each_file(exports)
    with unchanged(exports):
        shards = shards_of(warehouse, exports)
        for shard in shards:
            check_shape(table, shard)
            check_rows(warehouse, table, shard)
        notes = missed(table, shards) + _views(exports)
        _tell_absent(warehouse, table, shards)

        statements = _Statements(warehouse, table)

        def read() -> None:
            if not kept and _is_one_parquet(shards):
                warehouse.execute(f"create or replace view {name} as {statements.view(shards[0])}")
                return
            kept_columns = f"{columns}, file integer, problem {problem}{unread}"
            warehouse.execute(f"create or replace table {name} ({kept_columns})")
            done = 0
            for _, group in groupby(shards, key=Shard.reader):
                alike = list(group)
                reading(done, len(alike))
                _insert(statements, alike)
                done += len(alike)

        read()
        suspects = _unread(warehouse, table, may_be_epochs(table, shards))
        if suspects and (epochs := epochs_of(warehouse, suspects, shards)):
            statements = _Statements(warehouse, table, epochs)
            read()  # once more: only whole columns can tell, and they rarely are numbers
            notes += told(table, epochs)
    return notes + extras_notes(warehouse, table, shards)


def _tell_absent(warehouse: Warehouse, table: Table, shards: Sequence[Shard]) -> None:
    """Make ``absent_<relation>`` where extras are read: one row a column that no export has."""
    if table.keeps_extras:
        names = [c.name for c in table.all_columns if not any(shard.find(c) for shard in shards)]
        warehouse.execute(
            f"create table absent_{table.relation} as select unnest($names::varchar[]) as name",
            {"names": names},
        )


def _unread(warehouse: Warehouse, table: Table, columns: Sequence[Column]) -> list[Column]:
    """Those of the columns of which no value could be read, where rows are unusable."""
    if not columns:
        return []
    counts = ", ".join(f"count({quoted(column.name)})" for column in columns)
    [row] = warehouse.execute(f"select count(problem), {counts} from import_{table.relation}")
    return [column for column, count in zip(columns, row[1:], strict=True) if row[0] and not count]


@dataclass(frozen=True)
class _Statements:
    """The SQL that reads shards of a table; `epochs` are its columns whose numbers are instants."""

    warehouse: Warehouse
    table: Table
    epochs: Mapping[str, Epoch] = field(default_factory=dict)

    def insert(self, first: Shard) -> str:
        """Rows of shards that are alike, into the table's import; its params are `scan_params`."""
        return f"insert into import_{self.table.relation} {self._rows(first)}"

    def view(self, shard: Shard) -> str:
        """The rows of a Parquet file, with the ``rowid`` that they would have in a table."""
        rows = self._rows(shard, literal(as_pattern(shard.export.path)), f", {ROW}")
        return f"select *, {ROW} as rowid from ({rows})"

    def _rows(self, first: Shard, files: str = "$files", row: str = "") -> str:
        """The rows of shards that are read together; every row arrives, usable or not."""
        columns = self.table.columns
        casts = [casting(c, *first.source(c), self.epochs.get(c.name)) for c in columns]
        marks = marks_of(first)
        problems = [*chain(*map(mark_problems, marks)), *chain(*(cast.problems for cast in casts))]
        problems += left_out_problems(self.table)
        unread = ""
        if self.table.keeps_extras:
            more = [casting(c, *extra_source(first, c)) for c in self.table.extras]
            casts, unread = casts + more, f", {_unread_sql(more)} as unread"
        told = (raw_mark(mark, *first.source(mark)) for mark in marks)
        raw = [*told, *chain(*(cast.raw for cast in casts))]
        raw += left_out_raw(first, self.table)
        place = "0" if first.stands_alone else FILE
        return f"""
            with
                raw as (select {", ".join(raw)}, {place} as place{row}
                        from {scan(self.warehouse, first.export, files)}),
                typed as (select *, {", ".join(cast.typed for cast in casts)} from raw)
            select {", ".join(quoted(column.name) for column in self.table.read_columns)},
                place + {first.number} as file,
                case {" ".join(problems)} end as problem{unread}{row}
            from typed
        """


def _insert(statements: _Statements, shards: Sequence[Shard]) -> None:
    try:
        statements.warehouse.execute(
            statements.insert(shards[0]),
            scan_params([shard.export for shard in shards], shards[0].shape),
        )
    except duckdb.Error as error:
        if len(shards) > 1:  # the half with the file that cannot be read raises
            _insert(statements, shards[: len(shards) // 2])
            _insert(statements, shards[len(shards) // 2 :])
        raise InputError(unreadable(shards[0].export, error)) from error


def _is_one_parquet(shards: Sequence[Shard]) -> bool:
    """Whether these are one Parquet file, and none of its columns hides DuckDB's row numbers."""
    return [shard.export.format for shard in shards] == ["parquet"] and not shards[0].has(ROW)


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

    Returns the contract's columns that any of the exports has, words that leave a row out and marks
    of deletion among them; the others are left out. Raises as `import_table` does for a file that
    cannot be read.
    """
    shards = shards_of(warehouse, exports)
    words = [column for column, _ in table.left_out]
    found = [c for c in (*table.columns, *MARKS) if any(shard.find(c) for shard in shards)]
    found += [c for c in words if any(extra_source(shard, c)[0] != "null" for shard in shards)]
    columns = ", ".join(f"{quoted(column.name)} varchar" for column in found or table.columns)
    warehouse.execute(f"create table text_{table.relation} ({columns})")
    for shard in shards:
        sources = [extra_source(shard, c) if c in words else shard.source(c) for c in found]
        values = ", ".join(as_text(*source) for source in sources)
        relation = scan(warehouse, shard.export)
        try:
            warehouse.execute(
                f"insert into text_{table.relation} select {values} from {relation}",
                scan_params([shard.export], shard.shape),
            )
        except duckdb.Error as error:
            raise InputError(unreadable(shard.export, error)) from error
    return [column.name for column in found or table.columns]
