"""Pulling the app's tables into Parquet files that `build` reads: one snapshot, streamed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from timingctl import __version__
from timingctl.attribution import EVENT_SCHEMA
from timingctl.documents import as_json, iso
from timingctl.errors import DatabaseError, SettingsError
from timingctl.postgres import catalog
from timingctl.postgres.columns import pullable
from timingctl.postgres.ddl import EVENT_TABLE, table_name
from timingctl.postgres.infinities import with_infinities
from timingctl.postgres.pulled import Pulled
from timingctl.postgres.relations import as_text, comparable, relation
from timingctl.postgres.session import Session, connect
from timingctl.postgres.settings import STATEMENT_TIMEOUT
from timingctl.progress import Progress, Silence
from timingctl.replacing import VERSION_KEY, may_replace, replacing
from timingctl.schemas import (
    AI_DRAFT,
    BACKGROUND_JOB,
    EMAIL_CAMPAIGN,
    LEAD,
    MESSAGE,
    TABLES,
    Column,
    Kind,
    Table,
    event_file,
)
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.seals import FOLDER_MANIFEST, folder_manifest, sealed_in
from timingctl.sql_text import quoted
from timingctl.warehouse import temporary_folder
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.postgres.catalog import Place, StoredTable
    from timingctl.postgres.dsn import Dsn

#: One snapshot, in which nothing is written.
READ = "isolation level repeatable read read only"
#: Which rows --since leaves: those whose id is in sql/postgres/<relation>.sql.
_ACTIVE = {
    MESSAGE.name: "active_message",
    AI_DRAFT.name: "active_draft",
    BACKGROUND_JOB.name: "active_job",
    LEAD.name: "active_lead",
    EMAIL_CAMPAIGN.name: "active_campaign",
    EVENT_TABLE: "active_event",
}
#: An optional column that such a relation reads: without it the table is pulled whole.
_NEEDED = {
    AI_DRAFT.name: (AI_DRAFT.name, "triggerMessageId"),
    EMAIL_CAMPAIGN.name: (LEAD.name, "emailCampaignId"),
}
#: The columns that such relations compare.
_COMPARED = frozenset({"id", "leadId", "messageId", "triggerMessageId", "emailCampaignId"})
_WHOLE = ("smallint", "integer", "bigint")
_EVENT_COLUMNS = EVENT_SCHEMA.names()


@dataclass(frozen=True)
class PullOptions:
    """What a pull is asked for. `since` is UTC; `events` also pulls ResponseTimingEvent."""

    dsn: Dsn
    folder: Path
    since: datetime | None = None
    events: bool = False
    statement_timeout: str = STATEMENT_TIMEOUT
    lock_timeout: str = LOCK_TIMEOUT  # of another pull into the same folder


@dataclass(frozen=True)
class Query:
    """One table to pull: its query, and the columns it gives."""

    table: str
    sql: str
    schema: pl.Schema
    estimate: int


#: Which rows of a table are pulled, of the tables that the database has: their ids, as SQL, or all.
Narrowing = Callable[[Table, "Mapping[str, StoredTable]"], str | None]


def pull(options: PullOptions, progress: Progress | None = None) -> Pulled:
    """Write the app's tables, as of one instant, as ``<Table>.parquet`` into the folder.

    Beside them stands FOLDER_MANIFEST, with their digests. All of it or, on any error, nothing; a
    file of an optional table that the database lacks is removed. Raises DatabaseError for a missing
    table, column or right and for what the server refuses, SettingsError for a folder that cannot
    be written to.
    """
    progress = progress or Silence()
    wanted = [*TABLES, *([_EVENT] if options.events else [])]
    names = [table.name for table in wanted]
    _make(options.folder)
    _check_files(options.folder, names)
    progress.step(f"Connecting to {options.dsn.place}")
    with (
        connect(options.dsn) as session,
        session.transaction(READ, options.statement_timeout),
    ):
        if options.since is not None:
            session.set("timingctl.since", iso(options.since) or "")
        narrowing = None if options.since is None else partial(_active, session.dsn.schema)
        queries, notes = queries_of(session, wanted, narrowing)
        rows: dict[str, int] = {}
        obsolete = set(names) - {query.table for query in queries}
        files = [_file(options.folder, query.table) for query in queries]
        with replacing(
            [*files, options.folder / FOLDER_MANIFEST],
            [_file(options.folder, name) for name in sorted(obsolete)],
            options.lock_timeout,
        ) as (*temporary, beside):
            for query, path in zip(queries, temporary, strict=True):
                progress.step(f"Pulling {query.table}")
                rows[query.table] = save(session, query, path, progress)
            document = folder_manifest([file.name for file in files], temporary)
            beside.write_text(as_json(document), encoding="utf-8")
        return Pulled(rows, notes)


@contextmanager
def pulled(
    dsn: Dsn, temp_dir: Path | None, progress: Progress | None
) -> Iterator[tuple[Path, list[str]]]:
    """The app's tables in a temporary folder, with what the user should know of them."""
    with temporary_folder(temp_dir) as folder:
        yield folder, pull(PullOptions(dsn, folder), progress).notes


@contextmanager
def pulled_events(
    dsn: Dsn, required: Collection[str], temp_dir: Path | None, progress: Progress
) -> Iterator[Path]:
    """The rows of the app's own ResponseTimingEvent in a temporary Parquet file, read at once.

    Columns that are not required may be absent. Raises as `pull` does.
    """
    with temporary_folder(temp_dir) as folder:
        path = folder / f"{EVENT_TABLE}.parquet"
        progress.step(f"Connecting to {dsn.place}")
        with connect(dsn) as session, session.transaction(READ, STATEMENT_TIMEOUT):
            table = event_file("event", _EVENT_COLUMNS, required)
            [query] = queries_of(session, [table])[0]
            progress.step(f"Reading {query.table}")
            save(session, query, path, progress)
        yield path


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be made: {error.strerror}.") from error


def _check_files(folder: Path, names: Sequence[str]) -> None:
    """Refuse, before any work, to replace or remove what no pull wrote. Raises SettingsError."""
    sealed = sealed_in(folder)
    for path in (folder / FOLDER_MANIFEST, *(_file(folder, name) for name in names)):
        if path.name not in sealed and not may_replace(path):
            raise SettingsError(
                f"{path} was not written by timingctl; move it away, or give another folder by -o."
            )


def _file(folder: Path, table: str) -> Path:
    return folder / f"{table}.parquet"


def queries_of(
    session: Session, wanted: Sequence[Table], narrowing: Narrowing | None = None
) -> tuple[list[Query], list[str]]:
    """What to pull, all of it or what is asked for, and sentences on what is not there.

    Raises DatabaseError for a missing table, column or right.
    """
    here = catalog.place(session)
    found = catalog.tables(session, [table.name for table in wanted])
    _check_required(here, wanted, found)
    notes = []
    queries = []
    lacking = []
    for table in wanted:
        stored = found.get(table.name)
        if stored is None:
            notes.append(f"{here.database} has no {table.name}; pulled without it.")
            continue
        notes += _absent(table, stored)
        found_columns = pullable(table, stored, here)
        if found_columns.is_needed:
            lacking.append(found_columns.lacks)
            continue
        if lacks := found_columns.lacks:
            notes.append(f"{table.name} was pulled without what no event is made from: "
                         f"{here.lacks([lacks])}")  # fmt: skip
        if lacks := found_columns.unmarked:
            notes.append(f"{table.name} was pulled without a mark of rows that are deleted or old, "
                         f"and they look alive: {here.lacks([lacks])}")  # fmt: skip
        ids = narrowing(table, found) if narrowing else None
        queries.append(_query(session, table, found_columns.columns, stored, ids))
    if lacking:
        raise here.lacks(lacking)
    return queries, notes


def _check_required(here: Place, wanted: Sequence[Table], found: Mapping[str, StoredTable]) -> None:
    missing = [table.name for table in wanted if table.required and table.name not in found]
    if missing:
        raise DatabaseError(
            f"There is no {' and no '.join(missing)} in the schema {here.schema} of "
            f"{here.database}; give another schema by --schema."
        )
    for table in wanted:
        types = found[table.name].types if table.name in found else {}
        keys = [key.name for key in table.keys if types and key.name not in types]
        if keys:
            raise DatabaseError(f"{table.name} of {here.database} has no column {', '.join(keys)}.")


def _absent(table: Table, stored: StoredTable) -> list[str]:
    names = [c.name for c in table.columns if c.missed and c.name not in stored.types]
    return [f"{table.name} has no {', '.join(names)}; taken as null."] if names else []


def _active(schema: str, table: Table, found: Mapping[str, StoredTable]) -> str | None:
    """The ids of a table's rows that belong to active leads, as SQL; null where none can tell."""
    if not _can_tell_active(table, found):
        return None
    return relation(_ACTIVE[table.name], schema=quoted(schema))


def _can_tell_active(table: Table, found: Mapping[str, StoredTable]) -> bool:
    other, column = _NEEDED.get(table.name, (table.name, "id"))
    compared = ((stored, _COMPARED & stored.types.keys()) for stored in found.values())
    return (
        other in found
        and column in found[other].types
        and all(names <= stored.plain for stored, names in compared)
    )


def _query(
    session: Session, table: Table, columns: list[Column], stored: StoredTable, ids: str | None
) -> Query:
    schema_name = session.dsn.schema
    values = ", ".join(f"{_value(c, stored)} as {quoted(c.name)}" for c in columns)
    sql = f"select {values} from {table_name(table.name, schema_name)}"
    if ids:
        sql += f" where {comparable(quoted('id'), plain='id' in stored.plain)} in (\n{ids})"
    schema = pl.DataFrame(session.schema(sql).empty_table()).schema
    if table.name == EVENT_TABLE:
        client, anchor = (_text(name, stored) for name in ("clientId", "inboundMessageId"))
        sql += f' order by {client} collate "C", "inboundSentAt", {anchor} collate "C"'
        schema = pl.Schema({column.name: EVENT_SCHEMA[column.name] for column in columns})
    return Query(table.name, sql, schema, stored.estimate)


def _text(column: str, stored: StoredTable) -> str:
    return as_text(quoted(column), plain=column in stored.plain)


def _value(column: Column, stored: StoredTable) -> str:
    """The column as it is exported: text, naive UTC timestamp or bigint, or the text of others."""
    name, kind = quoted(column.name), stored.types[column.name]
    match column.kind:
        case Kind.INSTANT if kind.endswith("with time zone"):
            return f"{name} at time zone 'UTC'"
        case Kind.INSTANT if kind.startswith("timestamp"):
            return name
        case Kind.INTEGER | Kind.LONG if kind in _WHOLE:
            return f"{name}::bigint"
    text = _text(column.name, stored)
    return f"left({text}, {column.longest})" if column.longest else text


def save(session: Session, query: Query, path: Path, progress: Progress) -> int:
    """Stream a query into a Parquet file; returns the number of rows."""
    rows = 0

    def batches() -> Iterator[pa.Table]:
        nonlocal rows
        for batch in session.stream(query.sql):
            rows += batch.num_rows
            progress.rows(rows, max(rows, query.estimate))
            yield with_infinities(pa.Table.from_batches([batch]))

    write_batches(batches(), query.schema, path, Form(".parquet", {VERSION_KEY: __version__}))
    return rows


#: The event's table as something to pull: it is given as build writes it.
_EVENT = event_file("event", _EVENT_COLUMNS, _EVENT_COLUMNS)
