"""Rows of Parquet files as tables on an engine: read, told which are unusable, made distinct.

What makes a row unusable is said by timingctl.staging, in the same SQL. Rows have no numbers: a
task that is repeated would number them otherwise. Their ids stand for these.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from timingctl.errors import SettingsError
from timingctl.exports.export import unchanged
from timingctl.schemas import MESSAGE, SHOWN
from timingctl.sql_text import literal, quoted
from timingctl.staging.casts import casting
from timingctl.staging.extras import left_out_problems, left_out_raw
from timingctl.staging.marks import leave_out_copies, mark_problems, marks_of, raw_mark
from timingctl.staging.null_words import take_as_null
from timingctl.staging.rejects import CONFLICT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.engine.inputs import Group, Input
    from timingctl.engine.session import Engine
    from timingctl.exports.export import Export
    from timingctl.progress import Progress
    from timingctl.schemas import Column, Table
    from timingctl.staging.shards import Shard

#: What Spark says of the place of a row in Parquet files.
_PLACES = ("_metadata.file_path", "_metadata.row_index")
#: DuckDB writes doubles up to here that are whole without an exponent.
_WHOLE = "1e15"
_ZONED = "TIMESTAMP WITH TIME ZONE"


def stage_tables(
    engine: Engine,
    inputs: Sequence[Input],
    there: Mapping[Table, Sequence[Export]],
    progress: Progress,
) -> list[str]:
    """Import and stage every table; returns what the user should know.

    Raises SettingsError for files that the engine does not see as this machine does, InputError
    for files that change meanwhile.
    """
    notes = []
    for given in inputs:
        _step(engine, progress, f"Reading {given.table.name}")
        notes += [*given.notes]
        with unchanged(there.get(given.table, ())):
            _import(engine, given)
            _check_count(engine, given)
    for given in inputs:
        _step(engine, progress, f"Checking {given.table.name}")
        notes += take_as_null(engine, given.table, there)
        notes += leave_out_copies(engine, given.table)
        _stage(engine, given.table)
    return notes


def _step(engine: Engine, progress: Progress, doing: str) -> None:
    progress.step(f"{doing} ({engine.kind})")
    engine.doing(doing[0].lower() + doing[1:])


def _import(engine: Engine, given: Input) -> None:
    """Make ``import_<relation>``: every row, usable or not, with its file, from 0, and row."""
    parts = []
    for number, group in enumerate(given.groups):
        raw = f"raw_{given.table.relation}_{number}"
        places = _PLACES if engine.knows_places else ()
        engine.view_of_files(raw, group.paths, group.schema, places)
        if engine.knows_places and len(group.shards) > 1:
            _number_files(engine, group, raw)
        parts.append(_rows(engine, given.table, group, raw))
    engine.keep(
        f"import_{given.table.relation}", " union all ".join(parts) or _no_rows(given.table)
    )


def _rows(engine: Engine, table: Table, group: Group, raw_rows: str) -> str:
    """The rows of files that are read together, as SQL; see staging.imports."""
    shard = group.shards[0]
    casts = [casting(column, *_source(shard, column)) for column in table.columns]
    marks = marks_of(shard)
    problems = [*chain(*map(mark_problems, marks)), *chain(*(cast.problems for cast in casts))]
    problems += left_out_problems(table)
    told = (raw_mark(mark, *_told(shard, mark)) for mark in marks)
    raw = [*told, *chain(*(cast.raw for cast in casts))]
    raw += left_out_raw(shard, table)
    row = "row_index + 1" if engine.knows_places else "null"
    file = "file_number" if engine.knows_places else "null"
    if len(group.shards) == 1:
        file = str(shard.number)
    names = ", ".join(quoted(column.name) for column in table.columns)
    return f"""
        (with
            raw as (select {", ".join(raw)}, cast({file} as bigint) as file,
                    cast({row} as bigint) as row from {raw_rows}),
            typed as (select *, {", ".join(cast.typed for cast in casts)} from raw)
        select {names}, file, row, case {" ".join(problems)} end as problem from typed)
    """


def _number_files(engine: Engine, group: Group, raw: str) -> None:
    """Give the rows of a view of files the numbers of these: ``file_number``."""
    numbers = {
        path.partition("://")[2] or path: shard.number
        for path, shard in zip(group.paths, group.shards, strict=True)
    }
    said = [path for (path,) in engine.execute(f"select distinct file_path from {raw}")]
    known = {uri: numbers[_without_scheme(uri)] for uri in said}
    values = ", ".join(f"({literal(uri)}, {number})" for uri, number in known.items())
    engine.view(f"{raw}_path", f"from {raw}")
    engine.view(
        raw,
        f"select p.*, n.file_number from {raw}_path as p "
        f"join (values {values}) as n(file_path, file_number) on n.file_path = p.file_path",
    )


def _without_scheme(uri: str) -> str:
    parts = urlsplit(uri)
    return unquote(parts.netloc + parts.path)


def _source(shard: Shard, column: Column) -> tuple[str, str]:
    """Where a column's values stand, as SQL, and their DuckDB type; floats as DuckDB's text."""
    value, kind = shard.source(column)
    if kind == _ZONED:
        return f"cast({value} as timestamp)", "TIMESTAMP"
    if kind in {"FLOAT", "DOUBLE"}:
        whole = f"{value} = floor({value}) and abs({value}) < {_WHOLE}"
        text = f"cast(try_cast({value} as bigint) as varchar) || '.0'"
        other = f"replace(lower(cast({value} as varchar)), 'infinity', 'inf')"
        return f"case when {whole} then {text} else {other} end", "VARCHAR"
    return value, kind


def _told(shard: Shard, mark: Column) -> tuple[str, str]:
    """As `_source`, for a mark, which is read as text; instants in a zone as DuckDB's text."""
    value, kind = _source(shard, mark)
    if shard.source(mark)[1] == _ZONED:
        return f"cast({value} as varchar) || '+00'", "VARCHAR"
    return value, kind


def _no_rows(table: Table) -> str:
    columns = [f"cast(null as {c.kind.sql_type}) as {quoted(c.name)}" for c in table.columns]
    problem = "{'column': '', 'reason': '', 'value': ''}"
    return (
        f"select {', '.join(columns)}, cast(null as bigint) as file, cast(null as bigint) as row, "
        f"case when false then {problem} end as problem where false"
    )


def _check_count(engine: Engine, given: Input) -> None:
    """Raise SettingsError unless the engine read as many rows as the files have."""
    [(read,)] = engine.execute(f"select count(*) from import_{given.table.relation}")
    if read == given.rows:
        return
    if not read:
        raise SettingsError(
            f"The engine sees no rows of {given.table.name}, where this machine sees "
            f"{given.rows:,}: its workers must see the exports and scratch ({engine.scratch.uri}) "
            "under the same paths as this machine."
        )
    raise SettingsError(
        f"The engine read {read:,} rows of {given.table.name}, where the files have "
        f"{given.rows:,}: each of its workers must see the same exports and the same scratch "
        f"({engine.scratch.uri}); or a task that was repeated left its rows twice. Run this again."
    )


def _stage(engine: Engine, table: Table) -> None:
    """Make ``duplicate_<relation>`` and ``<relation>``; see staging.distinct."""
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    columns = ", ".join(quoted(column.name) for column in table.columns)
    engine.keep(
        duplicate,
        f"""
        with repeated as (
            select id from {source} where problem is null group by id having count(*) > 1
        )
        select id, count(*) as copies, count(distinct ({columns})) as versions
        from {source} semi join repeated using (id)
        where problem is null
        group by id
        """,
    )
    once = f"select id as rowNumber, {columns} from {source}"
    if not engine.execute(f"select 1 from {duplicate} limit 1"):
        engine.view(table.relation, f"{once} where problem is null")
        return
    engine.keep(
        table.relation,
        f"""
        {once} anti join {duplicate} using (id) where problem is null
        union all
        select distinct id as rowNumber, {columns}
        from {source} semi join (select id from {duplicate} where versions = 1) as alike using (id)
        where problem is null
        """,
    )


def rejects_sql(table: Table) -> str:
    """A select of the table's unusable rows, in no order: see staging.rejects."""
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    orphans = f"""
        union all
        select min(i.file), min_by(i.row, (i.file, i.row)), o.id, 'leadId', o.reason, o.leadId
        from {source} as i join orphan_message as o on o.id = i.id
        where i.problem is null
        group by o.id, o.reason, o.leadId
    """
    return f"""
        with unusable as (
            select file, row, id, problem."column", problem.reason, problem."value"
            from {source}
            where problem is not null
            union all
            select file, row, id, 'id', {literal(CONFLICT)}, id
            from {source}
            semi join (select id from {duplicate} where versions > 1) as various using (id)
            where problem is null
            {orphans if table is MESSAGE else ""}
        )
        select
            file, row, left(id, {SHOWN}) as id, "column", reason, left("value", {SHOWN}) as "value"
        from unusable
    """
