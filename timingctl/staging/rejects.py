"""Unusable rows: where they are listed, and the query that lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from timingctl.arguments import is_in_parts, is_inbox
from timingctl.schemas import MESSAGE, SHOWN
from timingctl.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from timingctl.buckets.places import Place
    from timingctl.schemas import Table

#: Why rows are unusable that contradict each other.
CONFLICT = "different rows under one id"
#: The list in a folder of events; that of a file has the file's name before it.
REJECTS = "rejects.ndjson"
#: The columns of the list.
REJECT_SCHEMA = pl.Schema(
    {"table": pl.String, "file": pl.String, "row": pl.Int64}
    | dict.fromkeys(("id", "column", "reason", "value"), pl.String)
)


def rejects_path(output: Path) -> Path:
    """Where the unusable rows behind an output are listed."""
    return output / REJECTS if is_in_parts(output) else output.with_name(_beside(output))


def rejects_place(output: Path | Place) -> str:
    """What to call the place where the unusable rows behind an output are listed."""
    if is_in_parts(output):
        return f"{output.name}/{REJECTS}"
    return f"{output.name}, table Reject" if is_inbox(output) else _beside(output)


def _beside(output: Path | Place) -> str:
    return f"{output.name}.{REJECTS}"


def rejects_sql(table: Table, labels: Sequence[str]) -> str:
    """A select of the table's unusable rows: table, file, row (from 1), id, column, reason, value.

    `labels` are those of the exports, in order. Of exact duplicates of a message without a usable
    lead only the first is listed: of others, too, only one is used.
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
            unusable.place - opened.place + 1 as row, left(unusable.id, {SHOWN}) as id,
            unusable."column", unusable.reason, left(unusable."value", {SHOWN}) as "value"
        from unusable
        join {source} as i on i.rowid = unusable.place
        join opened on opened.file = i.file
        order by unusable.place
    """
