"""Bringing a file up to date with what has changed: read, compared, replaced.

The file is copied, the copy is changed, and takes the file's place. DuckDB locks a file that it
writes to against all who read it; so they go on reading what was there before.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TYPE_CHECKING

from timingctl.exports.database import attached
from timingctl.exports.export import undamaged
from timingctl.exports.source import opened
from timingctl.inboxes.contract import BUILD, EVENTS, REJECT, at
from timingctl.pipeline import stage
from timingctl.schemas import SHOWN, TABLES
from timingctl.sql_text import literal, quoted
from timingctl.staging.tables import latest_message
from timingctl.syncing import derived
from timingctl.syncing.changes import (
    EVENT_ROWS,
    KEPT,
    REJECT_FACTS,
    apply_changes,
    counted,
    make_changes,
    other_rejects,
    take_read,
)
from timingctl.syncing.document import Synced, events_synced, rows_synced
from timingctl.syncing.state import remember_unpushed, write_state
from timingctl.syncing.told import Telling, sums_now, tell_as_of, tell_of_itself
from timingctl.warehouse import INBOX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.exports.source import Source
    from timingctl.manifest import Intake
    from timingctl.options import BuildOptions
    from timingctl.progress import Progress
    from timingctl.syncing.kept import Kept
    from timingctl.syncing.state import State
    from timingctl.warehouse import Warehouse

#: What stays of the session once the exports in the copy are up to date.
_CHANGES = (*(f"change_{table.relation}" for table in TABLES), "touched_lead", "touched_message")
#: The copy of the file, the affected leads' exports, and what is made of them.
_PLACES = ("copy", "part", "fresh")


@dataclass(frozen=True)
class Read:
    """What was read of the source, and what it stands for.

    `leads` were read whole; null: those that the exports have messages of. `given` are the tables,
    by name, that the source has. `leads_asked`: a lead that was asked for and is not there is gone;
    `every_campaign`: and so is a campaign; `every_reject`: all that could not be used was asked
    again. `latest`: when the latest message of the whole source was sent, if it says so.
    """

    given: Sequence[str]
    leads: Sequence[str] | None = None
    leads_asked: bool = False
    every_campaign: bool = False
    every_reject: bool = False
    latest: datetime | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Update:
    """A file that is brought up to date: as it is, how it is built, and what it is to remember.

    `room` is a private folder beside it.
    """

    kept: Kept
    options: BuildOptions
    state: State
    room: Path

    def place(self, name: str) -> Path:
        """A place for a file in the room."""
        return self.room / name


def quick(update: Update, read: Read, progress: Progress) -> tuple[Synced, Path | None]:
    """What a sync of what was read does, and the file that is to take the place of the kept one.

    There is none where nothing has changed. Raises InputError for exports that cannot be used.
    """
    options = update.options
    with opened(options, others=[options.output, *map(update.place, _PLACES)]) as source:
        intake = stage(source, progress)
        progress.step("Comparing")
        with attached(source.warehouse, options.output, KEPT):
            source.warehouse.execute(f"from {at(BUILD, KEPT)}")
        with undamaged(options.output):
            synced = _compared(update, source, intake, read)
            if not synced.wrote:
                return synced, None
            return _written(update, source, synced, progress), update.place("copy")


def _compared(update: Update, source: Source, intake: Intake, read: Read) -> Synced:
    """What was read, and whether the file is to be written for that."""
    warehouse, kept = source.warehouse, update.kept.inbox
    _make_asked(warehouse, read)
    params: dict[str, object] = {
        "leads_asked": read.leads_asked,
        "every_campaign": read.every_campaign,
    }
    take_read(warehouse, params, read.given)
    make_changes(warehouse)
    other_rejects = _make_rejects(warehouse, intake.rejects, read)
    [(leads,)] = warehouse.execute("select count(*) from asked_lead")
    counts = {table: counted(warehouse, table.relation) for table in TABLES}
    as_of = update.options.as_of or _latest(source, read) or kept.as_of
    changed = any(sum(count.values()) for count in counts.values())
    read_rows = {table: account.read for table, account in intake.accounts.items()}
    return Synced(
        as_of,
        wrote=changed or other_rejects or as_of != kept.as_of,
        leads=leads,
        tables={
            table.name: rows_synced(read_rows.get(table, 0), counts[table])
            for table in TABLES
            if table.name in read.given
        },
        events=events_synced({}, kept.rows[EVENTS.name]),
        rejected=kept.rows[REJECT.name],
        notes=[*read.notes, *intake.notes],
    )


def _written(update: Update, source: Source, synced: Synced, progress: Progress) -> Synced:
    """Write a copy of the file with all that has changed, and say what that was."""
    warehouse, kept, options = source.warehouse, update.kept.inbox, update.options
    absent, given = _absent(source, update.kept), list(kept.tables)
    progress.step("Copying the inbox")
    copy, part, fresh = map(update.place, _PLACES)
    shutil.copyfile(options.output, copy)
    warehouse.attach(copy, INBOX)
    apply_changes(warehouse, INBOX)
    _replace_rejects(warehouse)
    warehouse.keep_only(_CHANGES)
    derived.view_exports(warehouse, INBOX, options, given)
    progress.step("Relating delay windows")
    windows = derived.windows_now(warehouse, kept)
    changed_windows = derived.make_changed_windows(warehouse, kept, windows)
    progress.step("Relating what changed")
    affected = derived.make_affected(warehouse, part, given)
    derived.derive(part, fresh, replace(options, as_of=synced.as_of), windows, progress)
    progress.step("Replacing what changed")
    derived.replace_derived(warehouse, fresh, synced.as_of, INBOX)
    derived.replace_windows(warehouse, windows, INBOX)
    progress.step("Telling as of the latest message")
    tell_as_of(warehouse, synced.as_of, INBOX)
    progress.step("Taking digests")
    sums = sums_now(warehouse, update.kept.state.sums, INBOX)
    telling = Telling(options, synced.as_of, windows, absent, update.kept.notes)
    rows = tell_of_itself(warehouse, kept, telling, sums, INBOX)["rows"]
    write_state(warehouse, replace(update.state, sums=sums), INBOX)
    remember_unpushed(warehouse, KEPT, INBOX)
    progress.step("Writing the inbox")
    warehouse.detach_written(INBOX)
    return replace(
        synced,
        affected=affected,
        events=events_synced(counted(warehouse, EVENT_ROWS.relation), rows[EVENTS.name]),
        rejected=rows[REJECT.name],
        changed_windows=changed_windows,
    )


def _make_asked(warehouse: Warehouse, read: Read) -> None:
    """Make ``asked_lead``: the leads that were read whole."""
    if read.leads is None:
        warehouse.execute(
            "create table asked_lead as "
            "select distinct leadId from import_message where leadId is not null"
        )
        return
    warehouse.execute(
        "create table asked_lead as select unnest($leads::varchar[]) as leadId",
        {"leads": list(read.leads)},
    )


def _make_rejects(warehouse: Warehouse, queries: Sequence[str], read: Read) -> bool:
    """Make ``read_reject`` and ``replaced_reject``; returns whether they differ.

    Where a row stands is no difference: what is read again stands elsewhere. One without an id is
    the same as those that say the same.
    """
    columns = ", ".join(quoted(column.name) for column in REJECT.columns)
    kinds = ", ".join(f"{quoted(column.name)} {column.type}" for column in REJECT.columns)
    warehouse.execute(f"create table read_reject ({kinds})")
    for query in queries:
        warehouse.execute(f"insert into read_reject select {columns} from ({query})")
    known = " or ".join(
        f'("table" = {literal(table.name)} and id in (select left(id, {SHOWN}) '
        f"from import_{table.relation}))"
        for table in TABLES
        if table.name in read.given
    )
    asked = "true" if read.every_reject else known
    facts = ", ".join(map(quoted, REJECT_FACTS))
    warehouse.execute(
        f"create table replaced_reject as select rowid as place, * from {at(REJECT, KEPT)} "
        f"where case when id is not null then {asked} "
        f"else row({facts}) in (select row({facts}) from read_reject) end"
    )
    return other_rejects(warehouse, "from read_reject", "from replaced_reject")


def _replace_rejects(warehouse: Warehouse) -> None:
    place = at(REJECT, INBOX)
    columns = ", ".join(quoted(column.name) for column in REJECT.columns)
    warehouse.execute(f"delete from {place} where rowid in (select place from replaced_reject)")
    warehouse.execute(f"insert into {place} ({columns}) select {columns} from read_reject")


def _latest(source: Source, read: Read) -> datetime | None:
    """When the latest message was sent: as the source says, or of those there are and were read."""
    if read.latest is not None:
        return read.latest
    [(kept,)] = source.warehouse.execute(
        "select max(sentAt) from kept_message where id not in (select id from replaced_message)"
    )
    latest = [kept and kept.replace(tzinfo=UTC), latest_message(source.warehouse)]
    return max(filter(None, latest), default=None)


def _absent(source: Source, kept: Kept) -> dict[str, list[str]]:
    """By table the columns that no export had, neither before nor now."""
    found = dict(kept.inbox.absent)
    for table in source.exports:
        names = source.warehouse.execute(f"select name from absent_{table.relation}")
        now = {name for (name,) in names}
        found[table.name] = [name for name in found.get(table.name, []) if name in now]
    return found
