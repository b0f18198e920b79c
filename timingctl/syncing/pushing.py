"""After a file is up to date: the events of the leads that changed go to the database."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from timingctl.attribution import EVENT_SCHEMA
from timingctl.exports.database import attached
from timingctl.inboxes.contract import EVENTS, UNPUSHED, at
from timingctl.inboxes.read import inbox_in
from timingctl.postgres.push import push
from timingctl.postgres.pushed import PushOptions
from timingctl.sql_text import quoted
from timingctl.syncing.changes import KEPT
from timingctl.syncing.state import state_in, write_state
from timingctl.warehouse import INBOX, open_warehouse
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.postgres.dsn import Dsn
    from timingctl.postgres.pushed import Pushed
    from timingctl.progress import Progress
    from timingctl.syncing.options import SyncOptions
    from timingctl.warehouse import Warehouse


def push_changes(
    options: SyncOptions, dsn: Dsn, room: Path, progress: Progress
) -> tuple[Pushed, Path] | None:
    """Push the events of leads that changed since the last push, or all of them the first time.

    Returns what was done, and the file that remembers that it was; null where there was nothing to
    do. Raises as a push does.
    """
    path, resources = options.inbox, options.resources
    with open_warehouse(resources) as warehouse, attached(warehouse, path, KEPT):
        state, leads, events = state_in(warehouse, KEPT), None, path
        if state.pushed_to == options.place:
            rows = warehouse.execute(f"select leadId from {at(UNPUSHED, KEPT)} order by leadId")
            leads = [lead for (lead,) in rows]
            if not leads:
                return None
            events = room / "events.parquet"
            _write_events(warehouse, path, events)
    pushed = push(
        PushOptions(
            events,
            dsn,
            prune=options.prune,
            mirror=options.mirror,
            statement_timeout=options.statement_timeout,
            resources=resources,
            leads=leads,
        ),
        progress,
    )
    remembering = room / "pushed"
    shutil.copyfile(path, remembering)
    with open_warehouse(resources) as warehouse:
        warehouse.attach(remembering, INBOX)
        write_state(warehouse, replace(state, pushed_to=options.place), INBOX)
        warehouse.execute(f"delete from {at(UNPUSHED, INBOX)}")
        warehouse.detach_written(INBOX)
    return pushed, remembering


def _write_events(warehouse: Warehouse, inbox: Path, target: Path) -> None:
    """Write the unpushed leads' events, as a file that says for which anchors they were built."""
    found = inbox_in(warehouse, KEPT, str(inbox))
    built = found.options if found else {}
    metadata = {f"timingctl.{end}": built.get(end) or "" for end in ("since", "until")}
    columns = ", ".join(map(quoted, EVENT_SCHEMA.names()))
    batches = warehouse.batches(
        f"select {columns} from {at(EVENTS, KEPT)} "
        f"where leadId in (select leadId from {at(UNPUSHED, KEPT)}) "
        "order by clientId, inboundSentAt, inboundMessageId"
    )
    write_batches(batches, EVENT_SCHEMA, target, Form(".parquet", metadata))
