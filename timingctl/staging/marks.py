"""Rows that are marked, not removed: as deleted, or as older versions of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.schemas import MARKS, SHOWN, VERSION_MARKS, Kind
from timingctl.sql_text import literal, quoted
from timingctl.staging.casts import as_text, as_word, branch, is_null_word

if TYPE_CHECKING:
    from timingctl.schemas import Column, Table
    from timingctl.staging.shards import Shard
    from timingctl.warehouse import Relations

#: Why rows are left out that are marked, and those whose mark is no word that is known.
DELETED = "deleted in the source"
#: Why messages are left out whose lead is.
LEAD_DELETED = "lead deleted in the source"
_UNREADABLE = "unreadable deletion mark"
#: Why rows are left out that a newer version follows, or none since they were deleted.
OLDER = "an older version in the source"
_UNREADABLE_VERSION = "unreadable version mark"
#: What says that a row is not deleted: no, and the instants that stand for none (MySQL, ClickHouse,
#: Go) or for never (PostgreSQL, slowly changing dimensions).
_NO = (
    r"'|false|f|no|n|off|0(\.0*)?|infinity|9999-12-31.*|(0000-00-00|0001-01-01|1970-01-01)"
    r"([ t]00:00(:00(\.0+)?)?.*)?'"
)
#: What says that it is: yes, or an instant.
_YES = r"'true|t|yes|y|on|1(\.0*)?|\d{9,}(\.0*)?|\d{4}-\d\d?-\d\d?([ t].*)?'"


def marks_of(shard: Shard) -> list[Column]:
    """The marks that an export has."""
    return [mark for mark in MARKS if shard.shape.find(mark)]


def raw_mark(mark: Column, value: str, kind: str) -> str:
    """The mark's value as it was read, of a DuckDB type, as SQL to select from an export."""
    return f"{as_text(value, kind)} as {_raw(mark)}"


def mark_problems(mark: Column) -> list[str]:
    """`when … then …` branches: a row that is marked, and one of which nobody knows."""
    raw, word = _raw(mark), as_word(_raw(mark))
    is_version = mark in VERSION_MARKS
    reason, unreadable = (OLDER, _UNREADABLE_VERSION) if is_version else (DELETED, _UNREADABLE)
    given = f"{raw} is not null and not {is_null_word(raw)}"
    if mark.kind is Kind.INSTANT:  # whatever the instant, and however it is written
        return [branch(f"{given} and not regexp_full_match({word}, {_NO})", mark.name, reason, raw)]
    yes, no = (_NO, _YES) if is_version else (_YES, _NO)  # a version says that it is current
    told = f"{given} and not regexp_full_match({word}, {no})"
    return [
        branch(f"{told} and regexp_full_match({word}, {yes})", mark.name, reason, raw),
        branch(told, mark.name, unreadable, raw),
    ]


def leave_out_copies(warehouse: Relations, table: Table) -> list[str]:
    """Make rows of ``import_<relation>`` unusable whose id a deleted row has; says how many.

    Connectors that append write a row again when it is deleted. Which of two rows is the later
    one nobody says, and a deleted message must not come back.
    """
    source = f"import_{table.relation}"
    deleted = f"problem.reason = {literal(DELETED)}"
    if not warehouse.execute(f"select 1 from {source} where {deleted} limit 1"):
        return []
    copies = f"problem is null and id in (select id from {source} where {deleted})"
    [(count, example)] = warehouse.execute(f"select count(*), min(id) from {source} where {copies}")
    if not count:
        return []
    problem = f"{{'column': 'id', 'reason': {literal(DELETED)}, 'value': left(id, {SHOWN})}}"
    warehouse.amend(source, "problem", problem, copies)
    return [
        f"{table.name}: ids stand both in rows that are deleted in the source and in rows that are "
        f"not; the latter are left out, too: {count:,}, such as {example}."
    ]


def _raw(mark: Column) -> str:
    """The name of the mark's value as it was read."""
    return quoted(f"raw {mark.name}")
