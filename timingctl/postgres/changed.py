"""Pulling what has changed since a file was last brought up to date: whole leads, in one snapshot.

A lead has changed when something of it was written or happened since: its own row, a message, a
draft or a job, by any instant that the row has, or because the server says that a later transaction
wrote the row (its `xmin`), where the role may ask that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from timingctl.documents import iso
from timingctl.postgres import catalog
from timingctl.postgres.pull import READ, queries_of, save
from timingctl.postgres.relations import as_text, comparable, relation
from timingctl.postgres.session import connect
from timingctl.postgres.snapshot import instant, snapshot_of
from timingctl.schemas import (
    AI_DRAFT,
    BACKGROUND_JOB,
    EMAIL_CAMPAIGN,
    LEAD,
    MARKS,
    MESSAGE,
    SHOWN,
    TABLES,
    Kind,
)
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.postgres.catalog import StoredTable
    from timingctl.postgres.dsn import Dsn
    from timingctl.postgres.pull import Narrowing
    from timingctl.postgres.session import Session
    from timingctl.postgres.snapshot import Snapshot
    from timingctl.progress import Progress
    from timingctl.schemas import Table

#: What many tables have beside our contract: when a row was last written.
_WRITTEN = "updatedAt"
#: How far apart two transactions are compared: half of what is counted to.
_FARTHEST = 2**31 - 1
#: The rows of each table that a sync asks for, in sql/postgres, and what the table is called there.
_ASKED = {
    MESSAGE: ("asked_message", "message"),
    AI_DRAFT: ("asked_draft", "draft"),
    BACKGROUND_JOB: ("asked_job", "job"),
    LEAD: ("asked_lead", "lead"),
}
#: The columns that these compare.
_COMPARED = ("id", "leadId", "messageId", "triggerMessageId")


@dataclass(frozen=True)
class Since:
    """What has been read before: all that stood there at an instant of the server's, and by xid.

    `transaction`: the oldest one then that had not ended; null where the server does not say.
    `columns`: what was read then, as of Changed.
    """

    at: datetime
    transaction: int | None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """What was pulled, and the leads that changed.

    `everything` was pulled, not only these leads: it was asked for, or `is_new`: nobody knows what
    was there before, or it had other tables or columns. `leads` is null where nobody knows since
    when to ask. `columns` are those that were read, and their kinds, by table.
    """

    snapshot: Snapshot
    leads: list[str] | None
    everything: bool
    is_new: bool
    columns: Mapping[str, Mapping[str, str]]
    notes: list[str]


@dataclass(frozen=True)
class Asking:
    """What is asked of a database: what has changed `since`, or `everything`.

    `again` are ids of rows, by table, that are asked for as well: those that could not be used
    before.
    """

    dsn: Dsn
    statement_timeout: str
    since: Since | None = None
    again: Mapping[str, Sequence[str]] = field(default_factory=dict)
    everything: bool = False


def pull_changed(asking: Asking, folder: Path, progress: Progress) -> Changed:
    """Write what has changed, or everything, as exports into a folder: one Parquet file a table.

    Raises DatabaseError for a missing table, column or right and for what is refused.
    """
    progress.step(f"Connecting to {asking.dsn.place}")
    with connect(asking.dsn) as session, session.transaction(READ, asking.statement_timeout):
        found = catalog.tables(session, [table.name for table in TABLES])
        queries, notes = queries_of(session, TABLES)  # which says what is lacking
        snapshot = snapshot_of(session, found.get(MESSAGE.name))
        columns = {one.table: {n: str(kind) for n, kind in one.schema.items()} for one in queries}
        leads, is_new = None, True
        if asking.since:
            progress.step("Looking for leads that changed")
            changes = _Changes(session, found, asking, snapshot)
            leads = changes.leads()
            # A column that comes, or goes, changes rows that no transaction has written.
            is_new = changes.counts_anew or asking.since.columns != columns
            if not (is_new or asking.everything):
                queries, notes = queries_of(session, TABLES, changes.narrowing(leads))
        for query in queries:
            progress.step(f"Pulling {query.table}")
            save(session, query, folder / f"{query.table}.parquet", progress)
        everything = is_new or asking.everything
        return Changed(snapshot, leads, everything, is_new, columns, notes)


class _Changes:
    """The SQL that finds what has changed, of the tables as the database has them."""

    def __init__(
        self,
        session: Session,
        found: Mapping[str, StoredTable],
        asking: Asking,
        snapshot: Snapshot,
    ) -> None:
        self._session, self._found, self._asking = session, found, asking
        since = asking.since or Since(snapshot.at, None)
        session.set("timingctl.since", iso(since.at) or "")
        before, now = since.transaction, snapshot.transaction
        #: A server that counts from elsewhere is another one, or was set back to a copy.
        self.counts_anew = before is not None and now < before
        # One that is far ahead tells nothing by this.
        counts = before is not None and 0 <= now - before < _FARTHEST
        session.set("timingctl.transaction", str((before or 0) % 2**32))
        rows = session.file("telling_table", session.dsn.schema, ",".join(found)) if counts else []
        self._tells = {row["table"] for row in rows}

    @property
    def _knows_leads(self) -> bool:
        """Whether Lead's rows say when they were written; else all of them are compared."""
        stored = self._found.get(LEAD.name)
        return (
            stored is None
            or LEAD.name in self._tells
            or instant("lead", _WRITTEN, stored) is not None
        )

    @cached_property
    def _rows(self) -> dict[Table, list[dict[str, str | None]]]:
        """The rows of each table that have changed, as sql/postgres/changed_<alias>.sql has them.

        They are asked for one table at a time: nobody tells the server how few they are, and it
        would read all messages for a join.
        """
        return {
            table: self._session.rows(
                relation(f"changed_{alias}", **self._fragments, changed=self._changed(table, alias))
            )
            for table, (_, alias) in _ASKED.items()
            if table.name in self._found and (table is not LEAD or self._knows_leads)
        }

    def leads(self) -> list[str]:
        """The leads that have changed, in order."""
        told = [row for rows in self._rows.values() for row in rows]
        messages = {row["messageId"] for row in told if row.get("messageId")}
        if LEAD.name not in self._found:  # of what clients a lead is, all that names it says
            messages |= self._again(MESSAGE, "message")
        self._session.set("timingctl.ids", json.dumps(sorted(filter(None, messages))))
        told += self._session.rows(relation("message_lead", **self._fragments))
        return sorted({lead for row in told if (lead := row.get("leadId"))})

    def narrowing(self, leads: Sequence[str]) -> Narrowing:
        """What is pulled of each table: what belongs to these leads, or is asked for again."""
        self._session.set("timingctl.leads", json.dumps(leads))
        for table, (_, alias) in _ASKED.items():
            changed = {row["id"] for row in self._rows.get(table, []) if row.get("id")}
            ids = changed.union(self._again(table, alias))
            self._session.set(f"timingctl.again_{alias}", json.dumps(sorted(filter(None, ids))))

        def asked(table: Table, _: Mapping[str, StoredTable]) -> str | None:
            if table is EMAIL_CAMPAIGN or (table is LEAD and not self._knows_leads):
                return None
            return relation(_ASKED[table][0], **self._fragments)

        return asked

    def _again(self, table: Table, alias: str) -> set[str]:
        """The ids of rows to be asked for again; where only their beginning is known, of all."""
        known = {key for key in self._asking.again.get(table.name, ()) if "\0" not in key}
        cut = sorted(key for key in known if len(key) >= SHOWN)
        if not cut or table.name not in self._found:
            return known
        self._session.set("timingctl.cut", json.dumps(cut))
        names = {"table": quoted(table.name), "id": self._fragments[f"{alias}_id"], "alias": alias}
        rows = self._session.rows(relation("cut_id", **self._fragments, **names, shown=str(SHOWN)))
        return known.union(row["id"] for row in rows)

    @cached_property
    def _fragments(self) -> dict[str, str]:
        fragments = {"schema": quoted(self._session.dsn.schema)}
        for table, (_, alias) in _ASKED.items():
            stored = self._found.get(table.name)
            for column in _COMPARED:
                fragments[f"{alias}_{column}"] = _text(alias, column, stored)
            if stored:
                own = f"{alias}.{quoted('id')}"
                fragments[f"{alias}_key"] = comparable(own, plain="id" in stored.plain)
        return fragments | {"of_leads": relation("lead_message", **fragments)}

    def _changed(self, table: Table, alias: str) -> str:
        """Whether a row was written or anything happened to it since, as SQL."""
        stored = self._found.get(table.name)
        names = [c.name for c in (*table.all_columns, *MARKS) if c.kind is Kind.INSTANT]
        instants = filter(None, (instant(alias, one, stored) for one in [*names, _WRITTEN]))
        # As scalar queries they are asked once, not of every row.
        told = [f"{one} >= (select current_setting('timingctl.since')::timestamp)"
                for one in instants]  # fmt: skip
        if table.name in self._tells:
            before = "(select age(current_setting('timingctl.transaction')::xid))"
            told.append(f"age({alias}.xmin) <= {before}")
        return f"({' or '.join(told)})" if told else "true"


def _text(alias: str, column: str, stored: StoredTable | None) -> str:
    if stored is None or column not in stored.may["SELECT"]:
        return "null::text"
    return as_text(f"{alias}.{quoted(column)}", plain=column in stored.plain)
