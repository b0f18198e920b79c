"""Pushing a file of events into the app's table: set-based, idempotent, all or nothing.

The events are staged by Arrow into a temporary table; the rest is a handful of statements over it,
those of sql/postgres/. Nothing is changed outside of transactions, and only what differs is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from timingctl.errors import DatabaseError, SettingsError
from timingctl.postgres import catalog, ddl
from timingctl.postgres.events import EventFile, Window, counted
from timingctl.postgres.session import STATEMENT_TIMEOUT, Session, StatementError, connect
from timingctl.progress import Progress, Silence
from timingctl.schemas import EVENT, EventType
from timingctl.warehouse import Resources, literal, open_warehouse, quoted, sql_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from timingctl.postgres.catalog import Place, Reference, StoredTable
    from timingctl.postgres.dsn import Dsn

LOCK_TIMEOUT = "30s"

_WRITE = "isolation level read committed read write"
_FOREIGN_KEY_VIOLATION = "23503"
#: How often a push starts over its writing when a lead vanishes while it writes.
_ATTEMPTS = 3
#: Never changed by an update: what the row is, and when it came.
_FIXED = ("id", "inboundMessageId", "createdAt")
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_STAGED = {EventType.TEXT: "text", EventType.INSTANT: "timestamp", EventType.INTEGER: "bigint"}


@dataclass(frozen=True)
class PushOptions:
    """What a push is asked for. Timeouts are PostgreSQL's: a number and ms, s, min or h."""

    events: Path
    dsn: Dsn
    create: bool = False
    dry_run: bool = False
    prune: bool = False
    mirror: bool = False
    batch_size: int | None = None
    lock_timeout: str = LOCK_TIMEOUT
    statement_timeout: str = STATEMENT_TIMEOUT
    list_skipped: bool = False
    resources: Resources = field(default_factory=Resources)


@dataclass
class Pushed:
    """What a push did, or would have done. `skipped` lists lost references when asked for."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False

    @property
    def events(self) -> dict[str, int]:
        """How many events were treated how, in a fixed order."""
        names = ("inserted", "updated", "unchanged", "pruned", "skipped", "saturated")
        return {name: self.counts[name] for name in names}

    def document(self) -> dict[str, int | bool]:
        """The counts as JSON has them."""
        return {**self.events, "dryRun": self.dry_run}


@dataclass(frozen=True)
class _Target:
    """The table that is pushed to, as it is; `created` by this push, before the events."""

    table: StoredTable
    references: Sequence[Reference]
    created: bool


def push(options: PushOptions, progress: Progress | None = None) -> Pushed:
    """Bring the events of a file into the database's ResponseTimingEvent.

    Raises InputError for a file that is not wholly events, SettingsError for options that cannot
    be honoured, DatabaseError for what the server refuses; then nothing is changed, or with a
    batch size whole batches are.
    """
    progress = progress or Silence()
    if options.batch_size and options.dsn.pooled:
        raise SettingsError(
            "--batch-size needs a session of its own, and the DSN says pgbouncer=true; "
            "give the direct DSN, or push in one transaction."
        )
    with open_warehouse(options.resources) as warehouse:
        progress.step(f"Reading {options.events.name}")
        events = EventFile(warehouse, options.events)
        window = events.window() if options.prune else None
        progress.step(f"Connecting to {options.dsn.place}")
        with connect(options.dsn) as session:
            return _Push(session, options, events, progress).run(window)


class _Push:
    """One push over one session."""

    def __init__(
        self, session: Session, options: PushOptions, events: EventFile, progress: Progress
    ) -> None:
        self._session, self._options = session, options
        self._events, self._progress = events, progress
        self._pushed = Pushed(dry_run=options.dry_run)
        #: The same for every push into the same table, and for nothing else.
        self._lock = f"timingctl push {session.dsn.schema}.{ddl.EVENT_TABLE}"

    def run(self, window: Window | None) -> Pushed:
        """Prepare the table, then push in one transaction, or in one a batch."""
        rows, size = self._events.rows, self._options.batch_size
        if self._options.dry_run or not size:
            target = self._prepare()
            self._transact(target, 0, rows, window)
        else:
            self._queue_session()
            target = self._prepare()
            for first in range(0, rows, size):
                self._transact(target, first, size, None)
            if window:
                self._transact(target, 0, rows, window, write=False)
        return self._pushed

    def _transaction(self) -> Any:
        keep = not self._options.dry_run
        return self._session.transaction(_WRITE, self._options.statement_timeout, keep=keep)

    def _queue(self) -> None:
        """Wait for other pushes, for as long as a statement may take; then only for locks."""
        self._progress.step("Waiting for other pushes")
        self._session.set("lock_timeout", "0")
        self._session.rows(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))::text", self._lock
        )
        self._session.set("lock_timeout", self._options.lock_timeout)

    def _queue_session(self) -> None:
        """Wait for other pushes and hold them off until the end of the session."""
        self._progress.step("Waiting for other pushes")
        self._session.set("statement_timeout", self._options.statement_timeout, local=False)
        self._session.set("lock_timeout", "0", local=False)
        self._session.rows("select pg_advisory_lock(hashtextextended($1, 0))::text", self._lock)

    def _prepare(self) -> _Target:
        """Find the table, or make it, in a short transaction of its own.

        Making it locks the tables that it refers to: not for as long as a push takes.
        """
        with self._transaction():
            self._queue()
            here = catalog.place(self._session)
            target = self._find(here)
            self._check_rights(here, target)
        if self._options.create and not self._options.dry_run:
            self._index_messages()
        return target

    def _find(self, here: Place) -> _Target:
        others = ddl.REFERENCES.values()
        found = catalog.tables(self._session, [ddl.EVENT_TABLE, *others])
        created = ddl.EVENT_TABLE not in found
        if created:
            if not self._options.create:
                raise DatabaseError(
                    f"There is no {ddl.EVENT_TABLE} in the schema {here.schema} of "
                    f"{here.database}; --create makes it, `timingctl schema` shows how."
                )
            self._create(here, found)
            found = catalog.tables(self._session, [ddl.EVENT_TABLE])
        table = found[ddl.EVENT_TABLE]
        missing = [column.name for column in EVENT if column.name not in table.types]
        if missing:
            raise DatabaseError(
                f"{ddl.EVENT_TABLE} of {here.database} has no column {', '.join(missing)}; "
                "`timingctl schema` shows how it should be."
            )
        names = {column.name for column in EVENT}
        references = [
            reference
            for reference in catalog.references(self._session, table.name)
            if names.issuperset(own for own, _ in reference.columns)
        ]
        return _Target(table, references, created)

    def _create(self, here: Place, others: Mapping[str, StoredTable]) -> None:
        lacking = [] if here.may_create else [f"CREATE ON SCHEMA {quoted(here.schema)}"]
        lacking += [
            f'REFERENCES ("id") ON {ddl.table_name(name, here.schema)}'
            for name, table in others.items()
            if "id" not in table.may["REFERENCES"]
        ]
        if lacking:
            raise here.lacks(lacking)
        self._progress.step(f"Creating {ddl.EVENT_TABLE}")
        for statement in _create_statements(here.schema, others):
            self._session.rows(statement)
        for statement in ddl.reference_statements(here.schema, others):
            self._session.rows(statement)

    def _check_rights(self, here: Place, target: _Target) -> None:
        """Raise DatabaseError that names every right the push will need and the role lacks."""
        event = ddl.table_name(ddl.EVENT_TABLE, here.schema)
        names = {column.name for column in EVENT}
        table_rights = [
            right
            for right in ("SELECT", "INSERT", "UPDATE")
            if not names <= target.table.may[right]
        ]
        if self._options.prune and not target.table.may_delete:
            table_rights.append("DELETE")
        lacking = [f"{', '.join(table_rights)} ON {event}"] if table_rights else []
        for reference in target.references:
            if not reference.readable:
                columns = ", ".join(quoted(other) for _, other in reference.columns)
                lacking.append(f"SELECT ({columns}) ON {reference.table}")
        if not here.may_stage:
            lacking.append(f"TEMPORARY ON DATABASE {quoted(here.database)}")
        if lacking:
            raise here.lacks(lacking)

    def _index_messages(self) -> None:
        """Make Message's index if it is absent, without blocking those who write messages."""
        schema = self._session.dsn.schema
        messages = catalog.tables(self._session, ["Message"]).get("Message")
        found = self._session.file("message_index", schema, ddl.MESSAGE_INDEX)
        if messages is None or any(index["isWhole"] or index["isBusy"] for index in found):
            return
        statement = ddl.message_index_statement(schema)
        if not messages.owned:
            self._pushed.notes.append(
                f"{ddl.MESSAGE_INDEX} was not made: only the owner of Message may say {statement};"
            )
            return
        self._progress.step(f"Creating {ddl.MESSAGE_INDEX}")
        self._session.set("statement_timeout", self._options.statement_timeout, local=False)
        if found:
            index = ddl.table_name(ddl.MESSAGE_INDEX, schema)
            self._session.rows(f"drop index concurrently if exists {index}")
        self._session.rows(statement)

    def _transact(
        self, target: _Target, first: int, rows: int, window: Window | None, *, write: bool = True
    ) -> None:
        """Push so many rows from the first on in one transaction, and prune when given a window."""
        with self._transaction():
            self._queue()
            if target.created and self._options.dry_run:
                others = catalog.tables(self._session, ddl.REFERENCES.values())
                for statement in _create_statements(self._session.dsn.schema, others):
                    self._session.rows(statement)
            staged = self._stage(target, first, rows)
            counts: Counter[str] = Counter()
            if write:
                counts += self._write_surely(target)
                written = counts["skipped"] + counts["inserted"] + counts["updated"]
                counts["unchanged"] = staged - written
            if window:
                self._progress.step("Pruning")
                bounds = window.since or "-infinity", window.until or "infinity"
                counts += Counter(self._session.file("pruned_event", *bounds)[0])
            self._progress.step("Committing")
        self._pushed.counts += counts

    def _stage(self, target: _Target, first: int, rows: int) -> int:
        """Make ``staged_event`` and ``incoming_event``; returns the number of rows."""
        self._progress.step("Staging events")
        columns = ", ".join(f"{quoted(c.name)} {_STAGED[c.type]}" for c in EVENT)
        self._session.rows(f"create temporary table staged_event ({columns}) on commit drop")
        batches = self._events.batches(first, rows)
        total = self._events.rows
        staged = self._session.ingest(
            "staged_event", counted(batches, lambda done: self._progress.rows(first + done, total))
        )
        self._session.rows("analyze staged_event")
        self._session.rows(
            f"create temporary view incoming_event as {_incoming_sql(target.table.types)}"
        )
        return staged

    def _write_surely(self, target: _Target) -> Counter[str]:
        """Write what changed; start over when a lead or message vanishes in the meantime."""
        self._progress.step(f"Writing {ddl.EVENT_TABLE}")
        for left in reversed(range(_ATTEMPTS)):
            self._session.rows("savepoint before_writing")
            try:
                return self._write(target)
            except StatementError as error:
                if error.sqlstate != _FOREIGN_KEY_VIOLATION or not left:
                    raise
                self._session.rows("rollback to savepoint before_writing")
        raise AssertionError("unreachable")

    def _write(self, target: _Target) -> Counter[str]:
        session = self._session
        session.rows(
            "create temporary table lost_reference on commit drop as "
            + _lost_sql(target.references)
        )
        [counts] = session.file("staged_count")
        session.rows("set constraints all immediate")
        [written] = session.rows(_written_sql(mirror=self._options.mirror))
        if self._options.list_skipped and counts["skipped"]:
            self._pushed.skipped += session.rows("select * from lost_reference order by 1, 2")
        return Counter(counts) + Counter(written)


def _create_statements(schema: str, others: Mapping[str, StoredTable]) -> list[str]:
    """The table and its indexes, its references typed as the ids that they refer to."""
    id_types = {
        column: others[other].types["id"]
        for column, other in ddl.REFERENCES.items()
        if other in others and "id" in others[other].types
    }
    not_text = {column: kind for column, kind in id_types.items() if kind != "text"}
    return ddl.table_statements(schema, not_text)


def _incoming_sql(types: Mapping[str, str]) -> str:
    """The staged events in the table's own types; whole numbers saturate at the type's largest."""
    values, overflows = [], ["false"]
    for column in EVENT:
        name, kind = quoted(column.name), types[column.name]
        value = name
        if column.type is EventType.INTEGER and kind in _LARGEST:
            overflow = f"{name} > {_LARGEST[kind]}"
            value = f"case when {overflow} then {_LARGEST[kind]} else {name} end"
            overflows.append(f"coalesce({overflow}, false)")
        values.append(f"cast({value} as {kind}) as {name}")
    return (
        f'select {", ".join(values)}, {" or ".join(overflows)} as "isSaturated" from staged_event'
    )


def _lost_sql(references: Sequence[Reference]) -> str:
    """The incoming events' references to rows that are gone: event, column, value, table."""
    parts = [
        f'select "inboundMessageId", {literal(own)} as "column", {quoted(own)}::text as "value", '
        f'{literal(reference.name)} as "table" from incoming_event as incoming '
        f"where {_refers(reference)} and not exists ("
        f"select from {reference.table} as other where {_matches(reference)})"
        for reference in references
        for own, _ in reference.columns[:1]
    ]
    nothing = (
        'select "inboundMessageId", \'\' as "column", \'\' as "value", \'\' as "table" '
        "from incoming_event where false"
    )
    return " union all ".join(parts or [nothing])


def _refers(reference: Reference) -> str:
    return " and ".join(f"incoming.{quoted(own)} is not null" for own, _ in reference.columns)


def _matches(reference: Reference) -> str:
    return " and ".join(
        f"other.{quoted(other)} = incoming.{quoted(own)}" for own, other in reference.columns
    )


def _written_sql(*, mirror: bool) -> str:
    """sql/postgres/written_event.sql with the contract's columns; a null erases when mirroring."""
    changing = [quoted(c.name) for c in EVENT if c.name not in {*_FIXED, "updatedAt"}]
    kept = [f"kept.{name}" for name in changing]
    merged = [
        f"excluded.{name}" if mirror else f"coalesce(excluded.{name}, kept.{name})"
        for name in changing
    ]
    fragments = {
        "columns": [quoted(column.name) for column in EVENT],
        "excluded": [f"excluded.{quoted(column.name)}" for column in EVENT],
        "changing": changing,
        "kept": kept,
        "merged": merged,
    }
    sql = sql_text("postgres", "written_event")
    for name, parts in fragments.items():
        sql = sql.replace(f"{{{{ {name} }}}}", ", ".join(parts))
    return sql
