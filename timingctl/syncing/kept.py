"""The file that is to be brought up to date, as it is: how it was built, and what it remembers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.exports.database import attached
from timingctl.inboxes.contract import BUILD, REJECT, at
from timingctl.inboxes.read import inbox_in
from timingctl.options import BuildOptions
from timingctl.schemas import TABLES
from timingctl.sql_text import as_name, literal, quoted
from timingctl.syncing.changes import KEPT
from timingctl.syncing.state import State, state_in
from timingctl.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from timingctl.inboxes.read import Inbox
    from timingctl.schemas import Table
    from timingctl.syncing.options import SyncOptions
    from timingctl.warehouse import Resources


@dataclass(frozen=True)
class Kept:
    """How the file was built; what the last sync left; what the build said of the exports.

    `again` are the ids, by table, of rows that could not be used.
    """

    inbox: Inbox
    state: State
    notes: list[str]
    again: Mapping[str, Sequence[str]]


def kept(path: Path, resources: Resources) -> Kept:
    """What there is to know of the file. Raises InputError for what is no inbox to be read."""
    with open_warehouse(resources) as warehouse, attached(warehouse, path, KEPT):
        inbox = inbox_in(warehouse, KEPT, str(path))
        if inbox is None:
            raise InputError(
                f"{path} is a DuckDB database, but no inbox: it has no table {BUILD.name}. "
                "Give an inbox, or the name of a new one."
            )
        rows = warehouse.execute(
            f'select "table", id from {at(REJECT, KEPT)} where id is not null order by all'
        )
        names = [table.name for table in TABLES]
        again = {name: [key for table, key in rows if table == name] for name in names}
        [(notes,)] = warehouse.execute(f"select notes from {at(BUILD, KEPT)}")
        return Kept(inbox, state_in(warehouse, KEPT), json.loads(notes), again)


def options_of(found: Inbox, options: SyncOptions, source: Path) -> BuildOptions:
    """How the file was built, of a source that is read now.

    Delay windows are as inferred for what reads the source: the file has its own.
    """
    given = BuildOptions(
        source,
        tables=options.tables,
        delay_windows="infer",
        extras=True,
        allow_rejects=options.allow_rejects or options.source is None,
        resources=options.resources,
        output=options.inbox,
        as_of=options.as_of,
        lock_timeout=options.lock_timeout,
    )
    return given.settled(found.options)


def export_of_kept(path: Path, table: Table, target: Path, resources: Resources) -> None:
    """Write a table of the file as an export of its own, for a source that has none."""
    with open_warehouse(resources) as warehouse, attached(warehouse, path, KEPT):
        place = f"{KEPT}.main.{quoted(table.name)}"
        warehouse.execute(f"copy (from {place}) to {literal(as_name(target))} (format parquet)")
