"""What an inbox that is read says of itself: whether it is one, and how it was built."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import duckdb

from timingctl.errors import InputError
from timingctl.inboxes.contract import BUILD, INBOX, INBOX_VERSION
from timingctl.sql_text import literal, quoted

if TYPE_CHECKING:
    from timingctl.warehouse import Warehouse


#: The columns of Build that Inbox has as they are.
_PARTS = ("options", "tables", "absent", "windows", "rows", "digests")


@dataclass(frozen=True)
class Inbox:
    """How an inbox was built, as its table Build says.

    `options` are those that may change the result; `tables` what became of the rows of each table
    that was given; `absent` by table the columns that no export had; `windows` the history of
    delay windows; `rows` and `digests` by table what it holds.
    """

    as_of: datetime | None
    options: dict[str, Any]
    tables: dict[str, Any]
    absent: dict[str, list[str]]
    windows: dict[str, Any]
    rows: dict[str, int]
    digests: dict[str, str]


#: What the databases say that sessions have attached: read once, as none can change meanwhile.
_SAID: WeakKeyDictionary[Warehouse, dict[str, Inbox]] = WeakKeyDictionary()


def is_inbox_in(warehouse: Warehouse, database: str) -> bool:
    """Whether an attached database is an inbox, be it one that we can read or not."""
    return "inboxVersion" in _columns(warehouse, database, BUILD.name)


def inbox_in(warehouse: Warehouse, database: str, label: str) -> Inbox | None:
    """How the inbox in an attached database was built; null where it is no inbox.

    Raises InputError for an inbox of another version, or whose tables are not as we made them.
    """
    said = _SAID.setdefault(warehouse, {})
    if database not in said:
        if not is_inbox_in(warehouse, database):
            return None
        said[database] = _checked(warehouse, database, label)
    return said[database]


def _checked(warehouse: Warehouse, database: str, label: str) -> Inbox:
    """What an inbox says of itself. Raises as `inbox_in` does."""
    build = f"{quoted(database)}.main.{quoted(BUILD.name)}"
    rows = warehouse.execute(f'select "inboxVersion", version from {build}')
    if len(rows) != 1:
        raise _changed(label, f"{BUILD.name} has {len(rows)} rows, not one")
    [(inbox_version, version)] = rows
    if inbox_version != INBOX_VERSION:
        raise InputError(
            f"{label} is an inbox of version {inbox_version}, written by timingctl {version}; this "
            f"one reads version {INBOX_VERSION}. Build it again from its exports."
        )
    for table in INBOX:
        found = _columns(warehouse, database, table.name)
        for column in table.columns:
            if found.get(column.name) != column.type:
                lacks = f"{table.name} has no column {column.name} of type {column.type}"
                raise _changed(label, lacks)
    try:
        inbox = _inbox(warehouse, build)
    except (ValueError, TypeError, KeyError) as error:
        raise _changed(label, f"{BUILD.name} cannot be read") from error
    for name, count in inbox.rows.items():
        place = f"{quoted(database)}.main.{quoted(name)}"
        [(stands,)] = warehouse.execute(f"select count(*) from {place}")
        if stands != count:
            raise _changed(label, f"{name} has {stands:,} rows, and was written with {count:,}")
    return inbox


def _columns(warehouse: Warehouse, database: str, name: str) -> dict[str, str]:
    """The columns of a table with their types; none where there is no such table.

    DuckDB's catalog of all columns takes 15 ms to ask for the first time in a session.
    """
    place = literal(f"{quoted(database)}.main.{quoted(name)}")
    try:
        rows = warehouse.execute(f"select name, type from pragma_table_info({place})")
    except duckdb.CatalogException:
        return {}
    return {column: kind.lower() for column, kind in rows}


def _changed(label: str, how: str) -> InputError:
    return InputError(
        f"{label} is not as timingctl wrote it: {how}. Build it again from its exports."
    )


def _inbox(warehouse: Warehouse, build: str) -> Inbox:
    """What Build says. Raises ValueError, TypeError or KeyError for what we never write."""
    names = ", ".join(map(quoted, ("asOfInstant", *_PARTS)))
    [(as_of, *texts)] = warehouse.execute(f"select {names} from {build}")
    told = dict(zip(_PARTS, map(json.loads, texts), strict=True))
    if not all(isinstance(part, dict) for part in told.values()):
        raise TypeError
    return Inbox(as_of.replace(tzinfo=UTC) if isinstance(as_of, datetime) else None, **told)
