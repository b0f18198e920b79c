"""Pushing a file of events into the app's table: set-based, idempotent, all or nothing.

The events are staged by Arrow into a temporary table; the rest is a handful of statements over it,
those of sql/postgres/. Nothing is changed outside of transactions, and only what differs is.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from timingctl import grid, stop
from timingctl.errors import DatabaseError, SettingsError
from timingctl.postgres import catalog, ddl, event_sql
from timingctl.postgres.events import EventFile, Window, counted
from timingctl.postgres.pushed import Lost, Pushed, PushOptions
from timingctl.postgres.relations import relation
from timingctl.postgres.session import Session, StatementError, connect
from timingctl.progress import Progress, Silence
from timingctl.schemas import EVENT
from timingctl.sql_text import literal, quoted
from timingctl.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from timingctl.postgres.catalog import Place, Reference, StoredTable, Writing

#: Said outside of transactions too, where names may be found on anybody's search path.
_LOCK = "select pg_catalog.{}(pg_catalog.hashtextextended($1, 0::bigint))::pg_catalog.text"
_WRITE = "isolation level read committed read write"
_FOREIGN_KEY_VIOLATION = "23503"
#: How often a push starts over its writing when a lead vanishes while it writes.
_ATTEMPTS = 3


#: One in so many events with another chosen delay is not worth a word.
_ODD = 100


@dataclass(frozen=True)
class _Target:
    """The table that is pushed to, as it is; `created` by this push, before the events."""

    table: StoredTable
    references: Sequence[Reference]
    writing: Writing
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


@contextmanager
def _standing(done: int, rows: int) -> Iterator[None]:
    """Where a batch does not get through, say of how many events those before it are."""
    stand = f"batches before stand: {done:,} of {rows:,} events"
    try:
        yield
    except DatabaseError as error:
        if not done:
            raise
        raise DatabaseError(f"{error} The {stand}.") from error
    except stop.Stopped as end:
        if not done:
            raise
        raise stop.Stopped(f"the {stand}; push again for the rest") from end


class _Push:
    """One push over one session."""

    def __init__(
        self, session: Session, options: PushOptions, events: EventFile, progress: Progress
    ) -> None:
        self._session, self._options = session, options
        self._events, self._progress = events, progress
        self._pushed = Pushed(notes=[*events.notes], dry_run=options.dry_run)
        self._rechosen: Counter[str] = Counter()  # of sql/postgres/rechosen_count.sql
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
                with _standing(first, rows):
                    self._transact(target, first, size, None)
            if window:
                with _standing(rows, rows):
                    self._transact(target, 0, rows, window, write=False)
        self._pushed.notes.extend(self._rewriting())
        return self._pushed

    def _rewriting(self) -> list[str]:
        """A sentence where more chosen delays change than the odd one, and why."""
        counts = self._rechosen
        rechosen, existing, by_window = counts["rechosen"], counts["existing"], counts["byWindow"]
        if rechosen * _ODD <= existing:
            return []
        changes = "would change" if self._options.dry_run else "changed"
        reasons = {
            "their delay window is another": by_window,
            "the same delay window gave another": rechosen - by_window,
        }
        why = ", ".join(f"{reason} ({count:,})" for reason, count in reasons.items() if count)
        source = self._events.windows_from
        built = f" The events were built with --delay-windows {source}." if source else ""
        return [
            f"Push {changes} aiChosenDelaySeconds of {rechosen:,} of {existing:,} events that the "
            f"table had: {why}.{built} `timingctl diff` shows them."
        ]

    def _transaction(self) -> AbstractContextManager[None]:
        keep = not self._options.dry_run
        return self._session.transaction(_WRITE, self._options.statement_timeout, keep=keep)

    def _queue(self) -> None:
        """Wait for other pushes, for as long as a statement may take; then only for locks."""
        self._progress.step("Waiting for other pushes")
        self._session.set("lock_timeout", "0")
        self._session.rows(_LOCK.format("pg_advisory_xact_lock"), self._lock)
        self._session.set("lock_timeout", self._options.lock_timeout)

    def _queue_session(self) -> None:
        """Wait for other pushes and hold them off until the end of the session."""
        self._progress.step("Waiting for other pushes")
        self._session.set("statement_timeout", self._options.statement_timeout, local=False)
        self._session.set("lock_timeout", "0", local=False)
        self._session.rows(_LOCK.format("pg_advisory_lock"), self._lock)

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
                    f"{here.database}; `timingctl push --create` makes it, "
                    "`timingctl schema` shows how."
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
        writing = catalog.writing(self._session, table.name)
        return _Target(table, references, writing, created)

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
        for statement in event_sql.create_statements(here.schema, others):
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
        """Make Message's index if it is absent, without blocking those who write messages.

        It comes after the table and before the events, and no push fails for want of it.
        """
        schema = self._session.dsn.schema
        with self._transaction():
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
        if not self._session.dsn.pooled:  # behind a pooler it would stay for the next client
            self._session.set("statement_timeout", self._options.statement_timeout, local=False)
        try:
            if found:
                index = ddl.table_name(ddl.MESSAGE_INDEX, schema)
                self._session.rows(f"drop index concurrently if exists {index}")
            self._session.rows(statement)
        except StatementError as error:
            self._pushed.notes.append(
                f"{ddl.MESSAGE_INDEX} was not made: {error} To make it, say {statement};"
            )

    def _transact(
        self, target: _Target, first: int, rows: int, window: Window | None, *, write: bool = True
    ) -> None:
        """Push so many rows from the first on in one transaction, and prune when given a window."""
        with self._transaction():
            self._queue()
            if target.created and self._options.dry_run:
                others = catalog.tables(self._session, ddl.REFERENCES.values())
                for statement in event_sql.create_statements(self._session.dsn.schema, others):
                    self._session.rows(statement)
            self._stage(target, first, rows)
            counts: Counter[str] = Counter()
            if write:
                counts += self._write_surely(target)
            if window:
                counts += self._prune(target, window)
            self._progress.step("Committing")
        self._pushed.counts.update(counts)

    def _stage(self, target: _Target, first: int, rows: int) -> None:
        """Make ``staged_event`` and ``incoming_event``."""
        self._progress.step("Staging events")
        self._session.rows(
            f"create temporary table staged_event ({event_sql.STAGED_COLUMNS}) on commit drop"
        )
        batches = self._events.batches(first, rows)
        total = self._events.rows
        self._session.ingest(
            "staged_event", counted(batches, lambda done: self._progress.rows(first + done, total))
        )
        self._session.rows("analyze pg_temp.staged_event")
        self._view("incoming_event", event_sql.incoming_sql(target.table))

    def _view(self, name: str, sql: str) -> None:
        self._session.rows(f"create temporary view {name} as {sql}")

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
        """Write what changed; the counts are of what the server did."""
        session = self._session
        session.rows(
            "create temporary table lost_reference on commit drop as "
            + event_sql.lost_sql(target.references)
        )
        fragments = self._fragments(target)
        [rechosen] = session.file("rechosen_count", **fragments)
        self._view("changed_event", relation("changed_event", **fragments))
        [found] = session.file("staged_count")
        session.rows("set constraints all immediate")
        [written] = session.file("written_event", **fragments)
        self._check_obeyed(target, "changed_event")
        if self._options.list_skipped and found["skipped"]:
            lost = session.rows(
                "select * from pg_temp.lost_reference "
                'order by "inboundMessageId" collate "C", "column" collate "C"'
            )
            self._pushed.skipped.extend(cast("list[Lost]", lost))
        staged = found.pop("staged")
        unchanged = staged - found["skipped"] - written["inserted"] - written["updated"]
        self._rechosen.update(rechosen)
        return Counter({**found, **written, "unchanged": unchanged})

    def _prune(self, target: _Target, window: Window) -> Counter[str]:
        self._progress.step("Pruning")
        fragments = (
            self._fragments(target)
            | self._covered(target)
            | {
                "since": literal(window.since or "-infinity"),
                "until": literal(window.until or "infinity"),
            }
        )
        self._view("obsolete_event", relation("obsolete_event", **fragments))
        [pruned] = self._session.file("pruned_event", **fragments)
        self._check_obeyed(target, "obsolete_event")
        return Counter(pruned)

    def _covered(self, target: _Target) -> dict[str, str]:
        """What the SQL needs of the threads that pruning covers."""
        leads, table = self._options.leads, target.table
        if leads is None:
            return event_sql.thread_fragments(table, event_sql.OF_EVENTS, "leadId", "channel")
        self._session.rows('create temporary table covered ("leadId" text) on commit drop')
        rows = pa.table({"leadId": pa.array(leads, pa.string())})
        self._session.ingest("covered", rows.to_reader())
        self._view("covered_lead", event_sql.covered_sql(table))
        return event_sql.thread_fragments(
            table, 'select "leadId" from pg_temp.covered_lead', "leadId"
        )

    def _check_obeyed(self, target: _Target, left_over: str) -> None:
        """Raise DatabaseError when triggers have left rows otherwise than they should be now."""
        if not target.writing.triggers:
            return
        [left] = self._session.rows(f"select count(*) as events from pg_temp.{left_over}")
        if left["events"]:
            raise DatabaseError(
                f"{grid.counted(left['events'], 'row')} of {ddl.EVENT_TABLE} did not stay as "
                "written, and all of this transaction is undone: its triggers "
                f"({target.writing.triggers}) change or refuse rows."
            )

    def _fragments(self, target: _Target) -> dict[str, str]:
        event = ddl.table_name(ddl.EVENT_TABLE, self._session.dsn.schema)
        contract = event_sql.contract(
            target.table,
            event,
            partitioned=target.writing.partitioned,
            mirror=self._options.mirror,
        )
        return {"event": event, **contract}
