"""Extras: columns that no event is made from. None of them makes a row unusable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.exports.export import Shape
from timingctl.sql_text import literal, quoted
from timingctl.staging.casts import as_text, as_word, branch, described, is_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.schemas import Column, Table
    from timingctl.staging.shards import Shard
    from timingctl.warehouse import Warehouse


def extra_source(shard: Shard, column: Column) -> tuple[str, str]:
    """Where the values of an extra stand, as SQL, and their DuckDB type; null if unusable."""
    return ("null", "VARCHAR") if _unusable(shard, column) else shard.source(column)


def _unusable(shard: Shard, column: Column) -> str:
    """Why an export's column cannot be taken for the extra; empty where it can, or is absent."""
    alike = [own for own in shard.shape.columns if Shape((own,)).find(column)]
    if len(alike) > 1:
        return f"stands there twice, as {' and '.join(name for name, _ in alike)}"
    for name, kind in alike:
        if not is_readable(kind, column.kind) and not column.longest:
            return f"(as {name}) is of type {kind}, which is no {described(column.kind)}"
    return ""


def left_out_raw(shard: Shard, table: Table) -> list[str]:
    """The values that may say that a row is to be left out, as SQL to select from an export."""
    return [f"{as_text(*extra_source(shard, c))} as {_word(c)}" for c, _ in table.left_out]


def left_out_problems(table: Table) -> list[str]:
    """`when … then …` branches: the rows that are left out for a word of theirs."""
    return [
        branch(f"{as_word(_word(c))} = {literal(word)}", c.name, word, _word(c))
        for c, word in table.left_out
    ]


def _word(column: Column) -> str:
    """The name of the value as it was read."""
    return quoted(f"word {column.name}")


def extras_notes(warehouse: Warehouse, table: Table, shards: Sequence[Shard]) -> list[str]:
    """A sentence on each extra that is taken as null though exports have something there."""
    if not table.keeps_extras:
        return []
    notes = []
    for column in table.extras:
        labels = [(s.export.label, why) for s in shards if (why := _unusable(s, column))]
        for label, why in labels[:1]:
            more = f" (and {len(labels) - 1} more)" if labels[1:] else ""
            notes.append(f"{label}{more}: column {column.name} {why}; taken as null.")
    unread = warehouse.execute(f"""
        with found as (select unnest(unread, recursive := true) from import_{table.relation})
        select "column", reason, count(*), min("value")
        from found where reason is not null group by all order by all
    """)
    return notes + [
        f"{table.name}.{name}: {reason} ({count:,}), such as {value}; taken as null."
        for name, reason, count, value in unread
    ]


def distinct_sql(table: Table) -> str:
    """The extras of exact duplicates, as one row's: the least of them, whatever their order."""
    if not table.keeps_extras or not table.extras:
        return ""
    names = [f'"{column.name}"' for column in table.extras]
    fields = ", ".join(f"{name} := {name}" for name in names)
    least = f"min(struct_pack({fields}))"
    return "".join(f", {least}.{name} as {name}" for name in names)


def disagreements(warehouse: Warehouse, table: Table) -> list[str]:
    """A sentence where exact duplicates, as ``duplicate_<relation>`` has them, differ in extras."""
    duplicate = f"duplicate_{table.relation}"
    if not (table.keeps_extras and table.extras):
        return []
    if not warehouse.execute(f"select 1 from {duplicate} where versions = 1 limit 1"):
        return []
    names = [column.name for column in table.extras]
    differ = ", ".join(
        f"count(distinct {name}) + (count({name}) < count(*))::integer > 1 as {name}"
        for name in map(quoted, names)
    )
    [(count, example, *found)] = warehouse.execute(f"""
        with
            one as (
                select id, {differ} from import_{table.relation}
                where problem is null and id in (select id from {duplicate} where versions = 1)
                group by id
            )
        select count(*), min(id), {", ".join(f"bool_or({quoted(name)})" for name in names)}
        from one where {" or ".join(map(quoted, names))}
    """)
    if not count:
        return []
    columns = ", ".join(name for name, differs in zip(names, found, strict=True) if differs)
    ids, have = ("1 id", "has") if count == 1 else (f"{count:,} ids", "have")
    return [
        f"{table.name}: {ids}, such as {example}, {have} rows that differ in {columns} alone, "
        "which no event needs; of each id the row with the least values is kept."
    ]
