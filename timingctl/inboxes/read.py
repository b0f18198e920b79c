"""What an inbox that is read says of itself: whether it is one, and how it was built."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from timingctl.errors import InputError
from timingctl.inboxes.contract import BUILD, INBOX, INBOX_VERSION
from timingctl.warehouse import literal, quoted

if TYPE_CHECKING:
    from timingctl.warehouse import Warehouse


@dataclass(frozen=True)
class Inbox:
    """How an inbox was built, as its table Build says.

    `options` are those that may change the result; `tables` what became of the rows of each table
    that was given; `absent` by table the columns that no export had; `windows` the history of
    delay windows.
    """

    as_of: datetime | None
    options: dict[str, Any]
    tables: dict[str, Any]
    absent: dict[str, list[str]]
    windows: dict[str, Any]
    digests: dict[str, str] = field(default_factory=dict)


def inbox_in(warehouse: Warehouse, database: str, label: str) -> Inbox | None:
    """How the inbox in an attached database was built; null where it is no inbox.

    Raises InputError for an inbox of another version, or whose tables are not as we made them.
    """
    names = warehouse.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = {literal(database)} and schema_name = 'main'"
    )
    found = {(table, column): kind.lower() for table, column, kind in names}
    if (BUILD.name, "inboxVersion") not in found:
        return None
    place = f"{quoted(database)}.main.{quoted(BUILD.name)}"
    rows = warehouse.execute(f'select "inboxVersion", version from {place}')
    if len(rows) != 1:
        raise InputError(f"{label} is no inbox as timingctl makes them: {_way_out(len(rows))}")
    [(inbox_version, version)] = rows
    if inbox_version != INBOX_VERSION:
        raise InputError(
            f"{label} is an inbox of version {inbox_version}, written by timingctl {version}; this "
            f"one reads version {INBOX_VERSION}. Build it again from its exports."
        )
    for table in INBOX:
        for column in table.columns:
            if found.get((table.name, column.name)) != column.type:
                raise InputError(
                    f"{label} is no inbox as timingctl makes them: {table.name} has no column "
                    f"{column.name} of type {column.type}. Build it again from its exports."
                )
    return _inbox(warehouse, place)


def _way_out(rows: int) -> str:
    return f"{BUILD.name} has {rows} rows, not one. Build it again from its exports."


def _inbox(warehouse: Warehouse, place: str) -> Inbox:
    parts = ("options", "tables", "absent", "windows", "digests")
    names = ", ".join(map(quoted, ("asOfInstant", *parts)))
    [(as_of, *texts)] = warehouse.execute(f"select {names} from {place}")
    told = dict(zip(parts, map(json.loads, texts), strict=True))
    return Inbox(as_of.replace(tzinfo=UTC) if isinstance(as_of, datetime) else None, **told)
