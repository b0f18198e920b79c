"""From exports to staged tables: rename, cast, reject, and account for every row.

The SQL here is derived from the contracts in schemas.py. For each table T it makes

* ``import_T``: grain one row read; the contract's columns, ``file`` (number of the export in
  its list) and ``problem`` (null, or why the row is unusable by itself);
* ``duplicate_T``: grain one id under which several usable rows stand, with how many
  (``copies``) and how many different ones (``versions``);
* ``T``: grain one usable row; of exact duplicates the first, of an id with different rows none.
  ``rowNumber`` is its place among the rows read, and stands for its id where many are sorted.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from timingctl.errors import InputError
from timingctl.exports import (
    Export,
    Shape,
    scan,
    scan_params,
    shape_of,
    unchanged,
    unreadable,
)
from timingctl.schemas import MESSAGE, Column, Kind, Table
from timingctl.warehouse import as_pattern, literal, quoted, sql_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timingctl.warehouse import Warehouse

_INEXACT = "number with a fraction or an exponent"
CONFLICT = "different rows under one id"

#: What DuckDB calls the number of a file among those read together, and of a row in a Parquet file;
#: from 0.
_FILE, _ROW = "file_index", "file_row_number"

#: How many characters of an export's column names an error shows.
_SHOWN = 300

_SPACE = r"e' \t\n\r\f\v'"
_PLAIN_INSTANT = r"'\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?'"
_FIRST_INSTANT, _LAST_INSTANT = "timestamp '0001-01-01'", "timestamp '9999-12-31 23:59:59.999999'"
_NOTHING = '"NULL"'  # the type of a Parquet column that pandas or Polars wrote without a value
_TEXT_TYPES = ("VARCHAR", "ENUM", "UUID")
_SIGNED_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_WHOLE_TYPES = (*_SIGNED_TYPES, *(f"U{kind}" for kind in _SIGNED_TYPES))
_FRACTION_TYPES = ("FLOAT", "DOUBLE", "DECIMAL")
#: The DuckDB types that hold whole numbers within their bits, and no others.
_BITS = {Kind.INTEGER: "integer", Kind.LONG: "bigint"}
_READABLE = {
    Kind.TEXT: (*_TEXT_TYPES, *_WHOLE_TYPES),
    Kind.WORD: _TEXT_TYPES,
    Kind.INSTANT: ("VARCHAR", "TIMESTAMP", "DATE"),
} | dict.fromkeys(_BITS, ("VARCHAR", *_WHOLE_TYPES, *_FRACTION_TYPES))
_UNREADABLE = {Kind.INSTANT: "unreadable timestamp"} | dict.fromkeys(
    _BITS, "unreadable whole number"
)


@dataclass
class Account:
    """What became of the rows of one table: read = used + rejected + exact duplicates."""

    files: list[str] = field(default_factory=list)
    read: int = 0
    used: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether no row was lost or counted twice."""
        return self.read == self.used + sum(self.rejected.values()) + self.duplicates


@dataclass(frozen=True)
class Shard:
    """One export of a table: its number among them, and its columns."""

    number: int
    export: Export
    shape: Shape

    @property
    def stands_alone(self) -> bool:
        """Whether its rows could not be told from those of others that are read with it."""
        return self.export.format == "database" or self.has(_FILE)

    def has(self, name: str) -> bool:
        """Whether a column of its own has a name that DuckDB would give to one."""
        return any(own.lower() == name for own, _ in self.shape.columns)

    def reader(self) -> tuple[object, ...]:
        """Equal for shards that one table function can read together."""
        own = self.export.label if self.stands_alone else ""
        return self.export.format, self.export.compression, own, self.shape


def import_table(
    warehouse: Warehouse,
    table: Table,
    exports: Sequence[Export],
    *,
    kept: bool = True,
    reading: Callable[[int, int], None] = lambda _done, _now: None,
) -> list[str]:
    """Read all exports of a table into ``import_<relation>``; empty when there are none.

    Unless it is to be `kept`, what is one Parquet file is only a view: a query reads the columns
    that it needs again, which takes less time and memory than to keep them all. Then it is the
    query that fails where the file cannot be read, and `unchanged` must be held around it.

    Files that are alike are read by one statement; before each `reading` is told how many files
    are done and how many that statement reads.

    Returns sentences on optional columns that exports lack, and on views. Raises InputError when a
    file cannot be read or has changed since it was found, or a key column is missing, doubled or of
    a type that cannot be its kind.
    """
    columns = ", ".join(f"{quoted(c.name)} {c.kind.sql_type}" for c in table.columns)
    problem = 'struct("column" varchar, reason varchar, "value" varchar)'
    name = f"import_{table.relation}"
    with unchanged(exports):
        shards = _shards(warehouse, exports)
        for shard in shards:
            _check_shape(table, shard)
        notes = _missed(table, shards) + _views(exports)
        if not kept and _is_one_parquet(shards):
            warehouse.execute(f"create view {name} as {_view_sql(warehouse, table, shards[0])}")
            return notes
        warehouse.execute(f"create table {name} ({columns}, file integer, problem {problem})")
        done = 0
        for _, group in groupby(shards, key=Shard.reader):
            alike = list(group)
            reading(done, len(alike))
            _insert(warehouse, table, alike)
            done += len(alike)
    return notes


def _shards(warehouse: Warehouse, exports: Sequence[Export]) -> list[Shard]:
    """The exports that have rows to name columns by."""
    return [
        Shard(number, export, shape)
        for number, export in enumerate(exports)
        if (shape := shape_of(warehouse, export)) is not None
    ]


def _insert(warehouse: Warehouse, table: Table, shards: Sequence[Shard]) -> None:
    try:
        warehouse.execute(
            f"insert into import_{table.relation} {_rows_sql(warehouse, table, shards[0])}",
            scan_params([shard.export for shard in shards], shards[0].shape),
        )
    except duckdb.Error as error:
        if len(shards) > 1:  # the half with the first that cannot be read raises
            _insert(warehouse, table, shards[: len(shards) // 2])
            _insert(warehouse, table, shards[len(shards) // 2 :])
        raise InputError(unreadable(shards[0].export, error)) from error


def _is_one_parquet(shards: Sequence[Shard]) -> bool:
    """Whether these are one Parquet file, without a column that hides the numbers of its rows."""
    return [shard.export.format for shard in shards] == ["parquet"] and not shards[0].has(_ROW)


def _view_sql(warehouse: Warehouse, table: Table, shard: Shard) -> str:
    """The rows of a Parquet file, with the ``rowid`` that they would have in a table."""
    file = literal(as_pattern(shard.export.path))
    rows = _rows_sql(warehouse, table, shard, file, f", {_ROW}")
    return f"select *, {_ROW} as rowid from ({rows})"


def _rows_sql(
    warehouse: Warehouse, table: Table, first: Shard, files: str = "$files", row: str = ""
) -> str:
    """The rows of shards that are read together; every row arrives, usable or not."""
    raw, cast, problems = [], [], []
    for column in table.columns:
        value, kind = _source(first, column)
        if kind == "JSON":  # an object or an array is no value of any kind, not even as text
            raw.append(f"left({value}, 1) in ('{{', '[') as {_nested(column)}")
            problems.append(_branch(column, _nested(column), "nested value"))
            if column.kind is Kind.TEXT:  # as whose digits DuckDB does not keep
                raw.append(f"regexp_matches({value}, '^-?[0-9].*[.eE]') as {_inexact(column)}")
                problems.append(_branch(column, _inexact(column), _INEXACT))
            value, kind = f"{value} ->> '$'", "VARCHAR"
        raw.append(f"{value} as {_raw(column)}")
        cast.append(f"{_cast(_raw(column), column, kind)} as {quoted(column.name)}")
        problems += _problems(column, kind)
    place = "0" if first.stands_alone else _FILE
    return f"""
        with
            raw as (select {", ".join(raw)}, {place} as place{row}
                    from {scan(warehouse, first.export, files)}),
            typed as (select *, {", ".join(cast)} from raw)
        select {", ".join(quoted(column.name) for column in table.columns)},
            place + {first.number} as file, case {" ".join(problems)} end as problem{row}
        from typed
    """


def _source(shard: Shard, column: Column) -> tuple[str, str]:
    """Where the raw value stands, as SQL, and its DuckDB type; null where the shard lacks it."""
    found = shard.shape.find(column)
    if found is None or found[1] == _NOTHING:
        return "null", "VARCHAR"
    if shard.export.format in {"csv", "tsv"}:
        return f"c{shard.shape.columns.index(found)}", found[1]
    return quoted(found[0]), "JSON" if shard.export.format in {"json", "ndjson"} else found[1]


def _cast(value: str, column: Column, kind: str) -> str:
    """The column's value as its contract's type, null where it cannot be read."""
    text = f"nullif({value}::varchar, '')"
    match column.kind:
        case Kind.TEXT:
            return text
        case Kind.WORD:
            return f"nullif(lower(trim({value}::varchar, {_SPACE})), '')"
        case Kind.INTEGER | Kind.LONG if kind.startswith(_WHOLE_TYPES):
            return f"try_cast({value} as {_BITS[column.kind]})::bigint"
        case Kind.INTEGER | Kind.LONG:  # pandas writes whole numbers beside nulls as 1.0
            trimmed = f"trim({value}::varchar, {_SPACE})"
            whole = rf"regexp_full_match({trimmed}, '[+-]?\d+(\.0*)?')"
            return (
                f"case when {whole} "
                f"then try_cast(split_part({trimmed}, '.', 1) as {_BITS[column.kind]})::bigint end"
            )
        case Kind.INSTANT if kind == "VARCHAR":
            instant = (
                f"case when regexp_full_match({value}, {_PLAIN_INSTANT}) "
                f"then try_cast({value} as timestamp) "
                rf"when regexp_matches({value}, '^\s*\d{{4}}-') "
                f"then try_cast(trim({value}, {_SPACE}) as timestamptz)::timestamp end"
            )
        case Kind.INSTANT if kind == "TIMESTAMP WITH TIME ZONE":  # a cast asks a calendar: slow
            instant = f"make_timestamp(epoch_us({value}))"
        case Kind.INSTANT:
            instant = f"try_cast({value} as timestamp)"
    return f"case when {instant} between {_FIRST_INSTANT} and {_LAST_INSTANT} then {instant} end"


def _problems(column: Column, kind: str) -> list[str]:
    """`when … then …` branches: what makes a row unusable by this column alone."""
    name, raw = quoted(column.name), _raw(column)
    branches = []
    if column.kind in _UNREADABLE:
        given = f"{raw} <> ''" if kind == "VARCHAR" else f"{raw} is not null"
        branches.append(_branch(column, f"{name} is null and {given}", _UNREADABLE[column.kind]))
    if column.key:
        branches.append(_branch(column, f"{name} is null", f"no {column.name}"))
    if column.allowed:
        known = ", ".join(literal(word) for word in column.allowed)
        branches.append(_branch(column, f"{name} not in ({known})", f"unknown {column.name}"))
    return branches


def _branch(column: Column, condition: str, reason: str) -> str:
    return (
        f"when {condition} then {{'column': {literal(column.name)}, "
        f"'reason': {literal(reason)}, 'value': left({_raw(column)}::varchar, 200)}}"
    )


def _nested(column: Column) -> str:
    """What it is called whether a JSON value is an object or an array."""
    return quoted(f"nested {column.name}")


def _inexact(column: Column) -> str:
    """What it is called whether a JSON value is a number that is not written as it was read."""
    return quoted(f"inexact {column.name}")


def _raw(column: Column) -> str:
    """What the value as it was read is called while it is being cast."""
    return quoted(f"raw {column.name}")


def _check_shape(table: Table, shard: Shard) -> None:
    export, shape = shard.export, shard.shape
    names = [name for name, _ in shape.columns]
    for column in table.columns:
        alike = [name for name in names if Shape(((name, ""),)).find(column)]
        if len(alike) > 1:
            raise InputError(
                f"{export.label} has {column.name} twice, as {' and '.join(alike)}; keep one."
            )
        found = shape.find(column)
        if found is None and (column.key or column.present):
            near = _near_miss(table, column, shape)
            hint = f"did you mean {near}?" if near else _instead(table, shard)
            raise InputError(f"{export.label} has no column {column.name}; {hint}")
        if found is not None and not _is_readable(found[1], column.kind):
            raise InputError(
                f"{export.label}: column {found[0]} is of type {found[1]}, "
                f"which is no {_described(column.kind)}; export it as text or as that."
            )


def _instead(table: Table, shard: Shard) -> str:
    """What an export has, when it lacks a column and nothing near it."""
    names = ", ".join(name for name, _ in shard.shape.columns)
    shown = names if len(names) <= _SHOWN else f"{names[:_SHOWN]}…"
    headless = not any(shard.shape.find(column) for column in table.columns)
    if headless and shard.export.format in {"csv", "tsv"}:
        return f"its first line must name the columns, and says: {shown}"
    return f"it has {shown or 'none'}."


def _is_readable(duckdb_type: str, kind: Kind) -> bool:
    """Whether a type can be a kind; a column that is null throughout may have none at all."""
    readable = (*_READABLE[kind], _NOTHING)
    return duckdb_type.startswith(readable) and not duckdb_type.endswith("]")


def _near_miss(table: Table, column: Column, shape: Shape) -> str | None:
    """A name in the export that may be a misspelling of a column that it lacks."""
    known = [found for other in table.columns if (found := shape.find(other))]
    strange = [name for name, kind in shape.columns if (name, kind) not in known]
    return next(iter(difflib.get_close_matches(column.name, strange, n=1)), None)


def _described(kind: Kind) -> str:
    names = {Kind.INSTANT: "timestamp"} | dict.fromkeys(_BITS, "whole number")
    return names.get(kind, "text")


def _missed(table: Table, shards: Sequence[Shard]) -> list[str]:
    """A sentence on the optional columns that shards lack, and the near misses they have."""
    lacking: dict[str, list[str]] = {}
    for shard in shards:
        absent = []
        for column in table.columns:
            if column.missed and shard.shape.find(column) is None:
                near = _near_miss(table, column, shard.shape)
                absent.append(f"{column.name} (did you mean {near}?)" if near else column.name)
        lacking.setdefault(", ".join(absent), []).append(shard.export.label)
    return [
        f"{labels[0]} has no {absent}; taken as null."
        if len(labels) == 1
        else f"{labels[0]} and {len(labels) - 1} more have no {absent}; taken as null."
        for absent, labels in lacking.items()
        if absent
    ]


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
    shards = _shards(warehouse, exports)
    found = [c for c in table.columns if any(shard.shape.find(c) for shard in shards)]
    columns = ", ".join(f"{quoted(column.name)} varchar" for column in found or table.columns)
    warehouse.execute(f"create table text_{table.relation} ({columns})")
    for shard in shards:
        values = ", ".join(_as_text(*_source(shard, column)) for column in found)
        relation = scan(warehouse, shard.export)
        try:
            warehouse.execute(
                f"insert into text_{table.relation} select {values} from {relation}",
                scan_params([shard.export], shard.shape),
            )
        except duckdb.Error as error:
            raise InputError(unreadable(shard.export, error)) from error
    return [column.name for column in found or table.columns]


def _as_text(value: str, kind: str) -> str:
    return f"{value} ->> '$'" if kind == "JSON" else f"{value}::varchar"


def stage_table(warehouse: Warehouse, table: Table) -> None:
    """Make ``duplicate_<relation>`` and ``<relation>`` from ``import_<relation>``."""
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    columns = ", ".join(quoted(column.name) for column in table.columns)
    # Hashes first: an id that stands once has, as a rule, a hash that stands once, and numbers are
    # far cheaper to compare than text.
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
    once = f"select rowid as rowNumber, {columns} from {source} where problem is null"
    if not warehouse.execute(f"select 1 from {duplicate} limit 1"):
        warehouse.execute(f"create view {table.relation} as {once}")
        return
    warehouse.execute(f"""
        create view {table.relation} as
        {once} and id not in (select id from {duplicate})
        union all
        select min(rowid) as rowNumber, {columns} from {source}
        where problem is null and id in (select id from {duplicate} where versions = 1)
        group by {columns}
    """)


def has_ties(warehouse: Warehouse) -> bool:
    """Whether sql/staging/order_hash.sql gives any hash twice: else no two messages are tied."""
    return _repeats(warehouse, f"select orderHash from ({sql_text('staging', 'order_hash')})")


def _repeats(warehouse: Warehouse, hashes: str) -> bool:
    """Whether any number stands twice among those that a select of one column gives.

    Sorting numbers takes a fifth of the time that grouping by them takes, and 8 bytes a row.
    """
    [(count,)] = warehouse.execute(f"select count(*) from ({hashes})")
    numbers = np.empty(count, dtype=np.uint64)
    filled = 0
    for batch in warehouse.batches(hashes):
        numbers[filled : filled + len(batch)] = batch.column(0)
        filled += len(batch)
    numbers.sort()
    return bool((numbers[1:] == numbers[:-1]).any())


def check_distinct(
    warehouse: Warehouse, table: Table, column: str, export: Export, hashes: str = ""
) -> None:
    """Raise InputError when two usable rows of ``import_<relation>`` have one value of a column.

    `hashes` selects the hashes of the column in those rows, where a relation keeps them.
    """
    value, usable = quoted(column), f"from import_{table.relation} where problem is null"
    if not _repeats(warehouse, hashes or f"select hash({value}) {usable}"):
        return
    doubled = warehouse.execute(
        f"select {value} {usable} group by {value} having count(*) > 1 order by {value} limit 1"
    )
    for (value,) in doubled:
        raise InputError(f"{export.label} has two rows with {column} {value}; keep one.")


def account_for(warehouse: Warehouse, table: Table, exports: Sequence[Export]) -> Account:
    """Count what became of the table's rows, each kind by its own query.

    Rows that only the other tables make unusable still count as used here.
    """
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    [(read,)] = warehouse.execute(f"select count(*) from {source}")
    [(used,)] = warehouse.execute(f"select count(*) from {table.relation}")
    rejected = dict(
        warehouse.execute(
            f"select problem.reason, count(*) from {source} where problem is not null "
            "group by problem.reason order by problem.reason"
        )
    )
    [(conflicts, copies)] = warehouse.execute(
        f"select coalesce(sum(copies) filter (where versions > 1), 0)::bigint, "
        f"coalesce(sum(copies - 1) filter (where versions = 1), 0)::bigint from {duplicate}"
    )
    if conflicts:
        rejected[CONFLICT] = conflicts
    return Account([export.label for export in exports], read, used, rejected, copies)


def rejects_sql(table: Table, labels: Sequence[str]) -> str:
    """A select of the table's unusable rows: table, file, row (from 1), id, column, reason, value.

    `labels` are the exports' in the order of their numbers. Of a message without a usable lead
    one row is given, as of any exact duplicates one is used.
    """
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    names = ", ".join(literal(label) for label in labels)
    orphans = f"""
        union all by name
        select min(i.rowid) as place, o.id, 'leadId' as "column", o.reason, o.leadId as "value"
        from {source} as i join orphan_message as o using (id)
        where i.problem is null
        group by all
    """
    return f"""
        with
            unusable as (
                select rowid as place, id, problem."column", problem.reason, problem."value"
                from {source}
                where problem is not null
                union all by name
                select rowid as place, id, 'id' as "column", {literal(CONFLICT)} as reason,
                    id as "value"
                from {source} semi join (from {duplicate} where versions > 1) using (id)
                where problem is null
                {orphans if table is MESSAGE else ""}
            ),
            opened as (select file, min(rowid) as place from {source} group by file)
        select
            {literal(table.name)} as "table", ([{names}]::varchar[])[i.file + 1] as file,
            unusable.place - opened.place + 1 as row, left(unusable.id, 200) as id,
            unusable."column", unusable.reason, left(unusable."value", 200) as "value"
        from unusable
        join {source} as i on i.rowid = unusable.place
        join opened on opened.file = i.file
        order by unusable.place
    """
