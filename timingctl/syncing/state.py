"""What a synced file remembers: where and when it was read, and what is not pushed yet.

It stands in two tables of the file beside those of an inbox, which no digest counts.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from timingctl.arrow import told_rows
from timingctl.inboxes.contract import EVENTS, SYNC, SYNC_TABLES, UNPUSHED, at
from timingctl.inboxes.digests import RowSum
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timingctl.warehouse import Warehouse


@dataclass(frozen=True)
class State:
    """Where the file was last read from, when, and as of which transaction, by the server's word.

    `columns`: what the tables had then, and of which kinds, by table. `pushed_to`: the database
    that has had all events once; of later ones the file has a list of leads. Null: nothing is
    known, or nothing was pushed. `sums`: what the rows of tables add up to, by name, so that their
    digests need not be taken of all rows again.
    """

    place: str | None = None
    read_at: datetime | None = None
    transaction: int | None = None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pushed_to: str | None = None
    sums: Mapping[str, RowSum] = field(default_factory=dict)


def state_in(warehouse: Warehouse, database: str) -> State:
    """The state in an attached file; one that was built and never synced knows nothing."""
    if not _has_tables(warehouse, database):
        return State()
    rows = warehouse.execute(f"from {at(SYNC, database)}")
    if not rows:
        return State()
    place, read_at, transaction, pushed_to, columns, sums = rows[0]
    return State(
        place,
        read_at and read_at.replace(tzinfo=UTC),
        transaction,
        json.loads(columns or "{}"),
        pushed_to,
        {name: RowSum(*total) for name, total in json.loads(sums or "{}").items()},
    )


def _has_tables(warehouse: Warehouse, database: str) -> bool:
    """Whether the state's tables are there as this version writes them."""
    rows = warehouse.execute(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = $database order by table_name, column_index",
        {"database": database},
    )
    return all(
        [name for one, name in rows if one == table.name] == [one.name for one in table.columns]
        for table in SYNC_TABLES
    )


def write_state(warehouse: Warehouse, state: State, database: str) -> None:
    """Keep the state in the attached file, with the tables for it where they are not there.

    What another version left there says nothing, and goes.
    """
    if not _has_tables(warehouse, database):
        for table in SYNC_TABLES:
            columns = ", ".join(f"{quoted(one.name)} {one.type}" for one in table.columns)
            warehouse.execute(f"create or replace table {at(table, database)} ({columns})")
    read_at = state.read_at and state.read_at.replace(tzinfo=None)
    sums = json.dumps({name: astuple(total) for name, total in sorted(state.sums.items())})
    columns = json.dumps(state.columns)
    values = (state.place, read_at, state.transaction, state.pushed_to, columns, sums)
    row = dict(zip((column.name for column in SYNC.columns), values, strict=True))
    warehouse.execute(f"delete from {at(SYNC, database)}")
    warehouse.insert(told_rows([row], SYNC.arrow), at(SYNC, database))


def remember_unpushed(warehouse: Warehouse, before: str, database: str) -> None:
    """Add the leads of ``change_event`` to those whose events are not pushed."""
    place = at(UNPUSHED, database)
    sides = " union ".join(
        f"select leadId from {at(EVENTS, side)} "
        "where inboundMessageId in (select id from change_event)"
        for side in (before, database)
    )
    warehouse.execute(f"insert into {place} ({sides}) except select leadId from {place}")
