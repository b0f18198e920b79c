"""A whole sync on one screen: what has changed is read, compared, and takes the file's place."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from timingctl.errors import InputError, SettingsError
from timingctl.exports.source import opened
from timingctl.options import BuildOptions
from timingctl.output import check_outputs
from timingctl.postgres.changed import Asking, Changed, Since, pull_changed
from timingctl.progress import Progress, Silence
from timingctl.replacing import replacing
from timingctl.schemas import TABLES
from timingctl.scratch import scratch_folder
from timingctl.stop import check
from timingctl.syncing.alone import Alone, alone
from timingctl.syncing.kept import Kept, export_of_kept, kept, options_of
from timingctl.syncing.pushing import push_changes
from timingctl.syncing.quick import Read, Update, quick
from timingctl.syncing.state import State
from timingctl.syncing.whole import compared, created, history_file
from timingctl.warehouse import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timingctl.scratch import Scratch
    from timingctl.syncing.document import Synced
    from timingctl.syncing.options import SyncOptions


def sync(options: SyncOptions, progress: Progress | None = None) -> Synced:
    """Bring an inbox up to date with a database, or with newer exports, and push what changed.

    A file that is not there is made. All of it or, on any error, nothing; what could not be pushed
    is pushed by the next sync. Raises InputError for a file or exports that cannot be used,
    DatabaseError for a database that cannot be read or written, SettingsError for the rest.
    """
    progress = progress or Silence()
    if options.dsn is None and options.source is None:
        raise SettingsError("Neither a database nor exports are given; give --dsn or SOURCE.")
    if options.dsn is None and options.push:
        raise SettingsError("--push needs a database; give --dsn.")
    inputs = [options.source] if options.source else []
    check_outputs([options.inbox], inputs)
    is_new = not os.path.lexists(options.inbox)
    made = _create(options, progress) if is_new else None
    with alone(options.inbox, options.lock_timeout) as taken:
        synced = made or _update(options, taken, progress)
        if not options.push or options.dsn is None:
            return synced
        with _beside(options.inbox) as scratch:
            found = push_changes(options, options.dsn, scratch.room, progress)
            if found is None:
                return synced
            pushed, remembering = found
            _put(remembering, options, scratch, taken)
            return replace(synced, pushed=pushed.events, notes=[*synced.notes, *pushed.notes])


def _create(options: SyncOptions, progress: Progress) -> Synced:
    """Make the file of all there is."""
    with _source(options, None, progress) as (path, changed, notes):
        building = BuildOptions(
            path,
            tables=options.tables,
            allow_rejects=options.allow_rejects,
            resources=options.resources,
            output=options.inbox,
            as_of=options.as_of,
        )
        with replacing([options.inbox], (), options.lock_timeout) as [unfinished]:
            state = _state(State(), options, changed)
            return created(building, state, unfinished, notes, progress)


def _update(options: SyncOptions, taken: Alone, progress: Progress) -> Synced:
    """Bring the file up to date, and put it in its place if anything has changed."""
    known = kept(options.inbox, options.resources)
    everything = options.full or (
        options.dsn is not None
        and options.source is None
        and (known.state.place != options.place or known.state.read_at is None)
    )
    with (
        _source(options, known, progress, everything=everything) as (path, changed, notes),
        _beside(options.inbox) as scratch,
    ):
        state = _state(known.state, options, changed)
        building = options_of(known.inbox, options, path)
        room = scratch.room
        fresh: Path | None
        if everything:
            update = Update(known, _as_built(known, building, room), state, room)
            active = changed.leads if changed else None
            synced, fresh = compared(update, active, notes, progress)
        else:
            building, read = _reading(known, building, changed, notes, room)
            synced, fresh = quick(Update(known, building, state, room), read, progress)
        if synced.wrote and fresh:
            _put(fresh, options, scratch, taken)
        return synced


@contextmanager
def _source(
    options: SyncOptions, known: Kept | None, progress: Progress, *, everything: bool = True
) -> Iterator[tuple[Path, Changed | None, list[str]]]:
    """Where the exports stand that are read, and what was pulled for that, gone afterwards."""
    if options.source is not None:
        yield options.source, None, []
        return
    if options.dsn is None:
        raise AssertionError("unreachable")
    with temporary_folder(options.resources.temp_dir) as folder:
        since, again = None, {}
        if known and known.state.place == options.place and known.state.read_at:
            since = Since(known.state.read_at - options.lookback, known.state.transaction)
            again = dict(known.again)
        asking = Asking(options.dsn, options.statement_timeout, since, again, everything)
        changed = pull_changed(asking, folder, progress)
        yield folder, changed, changed.notes


def _state(before: State, options: SyncOptions, changed: Changed | None) -> State:
    """What the file remembers after a sync; exports say nothing of a database."""
    if changed is None:
        return before
    snapshot = changed.snapshot
    return replace(
        before, place=options.place, read_at=snapshot.at, transaction=snapshot.transaction
    )


def _as_built(known: Kept, building: BuildOptions, room: Path) -> BuildOptions:
    """The options by which the file was built, for building it anew."""
    windows = known.inbox.options["delayWindows"]
    if windows not in {"infer", "current"}:
        windows = history_file(known.inbox.windows, room, windows)
    return replace(building, delay_windows=windows, windows_from=str(windows))


def _reading(
    known: Kept, building: BuildOptions, changed: Changed | None, notes: list[str], room: Path
) -> tuple[BuildOptions, Read]:
    """What the source has, and what it stands for; a table that it lacks is taken of the file."""
    with opened(building) as source:
        given = {table.name: table for table in source.exports}
    if more := [name for name in given if name not in known.inbox.tables]:
        raise InputError(
            f"{building.output} was built without {' and '.join(more)}, which there is now; "
            "give --full to build it with that."
        )
    tables = dict(building.tables)
    for table in TABLES:
        if table.name in known.inbox.tables and table.name not in given:
            export = room / f"{table.name}.parquet"
            export_of_kept(building.output, table, export, building.resources)
            tables[table.name] = [str(export)]
    if changed is None:
        read = Read(list(given), notes=notes)
    else:
        read = Read(
            list(given),
            changed.leads,
            leads_asked=not changed.has_every_lead,
            every_campaign=True,
            every_reject=True,
            latest=changed.snapshot.latest,
            notes=notes,
        )
    return replace(building, tables=tables), read


@contextmanager
def _beside(path: Path) -> Iterator[Scratch]:
    """A private folder beside the file. Raises SettingsError where there can be none."""
    try:
        with scratch_folder(path.parent) as scratch:
            yield scratch
    except OSError as error:
        raise SettingsError(f"{path.parent} cannot be written to: {error.strerror}.") from error


def _put(fresh: Path, options: SyncOptions, scratch: Scratch, taken: Alone) -> None:
    """Let a file take the inbox's place, if nobody else has taken it meanwhile."""
    with scratch.alone(options.lock_timeout):
        check()
        taken.put(fresh)
    check()
