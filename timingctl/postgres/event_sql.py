"""The SQL of a push that depends on the table as it is: columns, types, and what they refer to.

It is put into sql/postgres, or makes the views that stand there as inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.postgres import ddl
from timingctl.postgres.relations import as_text, comparable, same, typed
from timingctl.schemas import EVENT, EventType
from timingctl.sql_text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.postgres.catalog import Reference, StoredTable

#: Never changed by an update: what the row is, and when it came.
_FIXED = ("id", "inboundMessageId", "createdAt")
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_STAGED = {EventType.TEXT: "text", EventType.INSTANT: "timestamp", EventType.INTEGER: "bigint"}
#: The columns of ``staged_event``, which holds the events as the file has them.
STAGED_COLUMNS = ", ".join(f"{quoted(c.name)} {_STAGED[c.type]}" for c in EVENT)
#: The threads that a file has events of.
OF_EVENTS = 'select distinct "leadId", "channel" from pg_temp.incoming_event'


def thread_fragments(table: StoredTable, thread: str, *columns: str) -> dict[str, str]:
    """Which threads pruning covers: a select of these columns, by which an event is in one."""
    alike = (same(name, plain=name in table.plain) for name in columns)
    return {"thread": thread, "same_thread": " and ".join(alike)}


def covered_sql(table: StoredTable) -> str:
    """The leads of ``covered``, in the table's own type."""
    kind, plain = table.types["leadId"], "leadId" in table.plain
    value = typed(quoted("leadId"), kind, plain=plain)
    return f'select {value} as "leadId" from pg_temp.covered'


def create_statements(schema: str, others: Mapping[str, StoredTable]) -> list[str]:
    """The table and its indexes, its references typed as the ids that they refer to."""
    id_types = {
        column: others[other].types["id"]
        for column, other in ddl.REFERENCES.items()
        if other in others and "id" in others[other].types
    }
    not_text = {column: kind for column, kind in id_types.items() if kind != "text"}
    return ddl.table_statements(schema, not_text)


def incoming_sql(table: StoredTable) -> str:
    """The staged events in the table's own types; whole numbers saturate at the type's largest."""
    values, overflows = [], ["false"]
    for column in EVENT:
        name, kind = quoted(column.name), table.types[column.name]
        value = name
        if column.type is EventType.INTEGER and kind in _LARGEST:
            overflow = f"{name} > {_LARGEST[kind]}"
            value = f"case when {overflow} then {_LARGEST[kind]} else {name} end"
            overflows.append(f"coalesce({overflow}, false)")
        values.append(f"{typed(value, kind, plain=column.name in table.plain)} as {name}")
    return (
        f'select {", ".join(values)}, {" or ".join(overflows)} as "isSaturated", '
        '"inboundMessageId" as "anchorId" from pg_temp.staged_event'
    )


def lost_sql(references: Sequence[Reference]) -> str:
    """The incoming events' references to rows that are gone: event, column, value, table."""
    parts = [
        f'select "anchorId" as "inboundMessageId", {literal(own)} as "column", '
        f'{as_text(quoted(own), plain=reference.plain)} as "value", '
        f'{literal(reference.name)} as "table" from pg_temp.incoming_event as incoming '
        f"where {_refers(reference)} and not exists ("
        f"select from {reference.table} as other where {_matches(reference)})"
        for reference in references
        for own, _ in reference.columns[:1]
    ]
    nothing = (
        'select "anchorId" as "inboundMessageId", \'\' as "column", \'\' as "value", '
        "'' as \"table\" from pg_temp.incoming_event where false"
    )
    return " union all ".join(parts or [nothing])


def _refers(reference: Reference) -> str:
    return " and ".join(f"incoming.{quoted(own)} is not null" for own, _ in reference.columns)


def _matches(reference: Reference) -> str:
    def side(row: str, column: str) -> str:
        return comparable(f"{row}.{quoted(column)}", plain=reference.plain)

    return " and ".join(
        f"{side('other', other)} = {side('incoming', own)}" for own, other in reference.columns
    )


def contract(table: StoredTable, event: str, *, partitioned: bool, mirror: bool) -> dict[str, str]:
    """What the SQL of sql/postgres needs of the event's columns; a null erases when mirroring.

    `event` is the table as SQL; it may be `partitioned`.
    """
    plain = table.plain
    changing = [c.name for c in EVENT if c.name not in {*_FIXED, "updatedAt"}]
    kept = [f"kept.{quoted(name)}" for name in changing]
    merged = [
        f"excluded.{quoted(name)}"
        if mirror
        else f"coalesce(excluded.{quoted(name)}, kept.{quoted(name)})"
        for name in changing
    ]
    rows = {"kept": kept, "merged": merged}
    lists = {
        "columns": [quoted(column.name) for column in EVENT],
        "excluded": [f"excluded.{quoted(column.name)}" for column in EVENT],
        "changing": [quoted(name) for name in changing],
        "merged_values": merged,
        **{
            row: [
                comparable(value, plain=name in plain)
                for name, value in zip(changing, values, strict=True)
            ]
            for row, values in rows.items()
        },
    }
    delays = ("aiChosenDelaySeconds", "aiDelayMinSeconds", "aiDelayMaxSeconds")
    chosen, *windows = (
        f"({rows['kept'][place]} is distinct from {merged[place]})"
        for place in map(changing.index, delays)
    )
    anchor = same("inboundMessageId", plain="inboundMessageId" in plain)
    before = f"{event} as excluded where {anchor}"
    return {
        **{name: ", ".join(parts) for name, parts in lists.items()},
        "same_anchor": anchor,
        "chosen": chosen,
        "windows": f"({' or '.join(windows)})",
        # The partitions of a table give no system columns: there the row versions that were there
        # as the statement began are asked.
        "is_new": f"not exists (select from {before})" if partitioned else "kept.xmax = 0",
    }
