"""The event's table as Prisma would create it, derived from the contract in schemas.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.schemas import EVENT, EventColumn, EventType
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

EVENT_TABLE = "ResponseTimingEvent"
#: The columns that refer to another table's id, and that table.
REFERENCES = {"clientId": "Client", "leadId": "Lead", "inboundMessageId": "Message"}
MESSAGE_INDEX = "Message_leadId_channel_sentAt_idx"

_TYPES = {
    EventType.TEXT: "TEXT",
    EventType.INSTANT: "TIMESTAMP(3)",
    EventType.INTEGER: "INTEGER",
}
_DEFAULTS = {"createdAt": " DEFAULT CURRENT_TIMESTAMP"}
#: Indexed columns, and whether the last of them descends.
_INDEXES = (
    (("clientId", "inboundSentAt"), True),
    (("leadId", "channel", "inboundSentAt"), True),
    (("setterSentByUserId",), False),
    (("clientId", "aiChosenDelaySeconds"), False),
)


def table_name(name: str, schema: str | None) -> str:
    """The table as SQL; without a schema it is looked for on the search path."""
    return quoted(name) if schema is None else f"{quoted(schema)}.{quoted(name)}"


def table_statements(schema: str | None, id_types: Mapping[str, str] | None = None) -> list[str]:
    """CREATE TABLE and its indexes.

    `id_types` gives, by column, the type of the id that it refers to where that is not text:
    a foreign key wants the same type at both ends.
    """
    event = table_name(EVENT_TABLE, schema)
    columns = ",\n".join(f"    {_column(column, id_types or {})}" for column in EVENT)
    key = quoted("inboundMessageId")
    return [
        f"CREATE TABLE {event} (\n{columns},\n\n"
        f'    CONSTRAINT {quoted(f"{EVENT_TABLE}_pkey")} PRIMARY KEY ("id")\n)',
        f"CREATE UNIQUE INDEX {quoted(f'{EVENT_TABLE}_inboundMessageId_key')} ON {event}({key})",
        *(
            f"CREATE INDEX {quoted('_'.join((EVENT_TABLE, *columns, 'idx')))} ON {event}"
            f"({_indexed(columns, descends)})"
            for columns, descends in _INDEXES
        ),
    ]


def reference_statements(schema: str | None, present: Collection[str]) -> list[str]:
    """The foreign keys to those of the other tables that are present."""
    return [
        f"ALTER TABLE {table_name(EVENT_TABLE, schema)} "
        f"ADD CONSTRAINT {quoted(f'{EVENT_TABLE}_{column}_fkey')} FOREIGN KEY ({quoted(column)}) "
        f'REFERENCES {table_name(other, schema)}("id") ON DELETE CASCADE ON UPDATE CASCADE'
        for column, other in REFERENCES.items()
        if other in present
    ]


def message_index_statement(schema: str | None) -> str:
    """The index that the app's own thread queries want; it blocks no writer, so no transaction."""
    columns = _indexed(("leadId", "channel", "sentAt"), descends=True)
    return (
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {quoted(MESSAGE_INDEX)} "
        f"ON {table_name('Message', schema)}({columns})"
    )


def script(schema: str | None) -> str:
    """All of it, as a script for review or for psql."""
    parts = {
        "CreateTable, CreateIndex": table_statements(schema),
        "AddForeignKey (each when that table exists)": reference_statements(
            schema, set(REFERENCES.values())
        ),
        "CreateIndex (outside a transaction)": [message_index_statement(schema)],
    }
    return "\n".join(
        f"-- {title}\n" + "\n".join(f"{statement};" for statement in statements) + "\n"
        for title, statements in parts.items()
    )


def _column(column: EventColumn, id_types: Mapping[str, str]) -> str:
    kind = id_types.get(column.name, _TYPES[column.type])
    required = "" if column.null else " NOT NULL"
    return f"{quoted(column.name)} {kind}{required}{_DEFAULTS.get(column.name, '')}"


def _indexed(columns: tuple[str, ...], descends: bool) -> str:
    return ", ".join(map(quoted, columns)) + (" DESC" if descends else "")
