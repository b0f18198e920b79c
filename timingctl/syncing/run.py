"""A whole sync on one screen: what has changed is read, compared, and takes the file's place."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.errors import InputError, SettingsError
from timingctl.exports.source import opened
from timingctl.options import BuildOptions
from timingctl.progress import Progress, Silence
from timingctl.replacing import check_output, replacing
from timingctl.schemas import TABLES
from timingctl.scratch import scratch_folder
from timingctl.stop import check
from timingctl.syncing.alone import Alone, alone
from timingctl.syncing.kept import Kept, export_of_kept, kept, options_of
from timingctl.syncing.quick import Read, Update, quick
from timingctl.syncing.state import State
from timingctl.syncing.whole import compared, created, history_file
from timingctl.warehouse import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.postgres.changed import Changed
    from timingctl.scratch import Scratch
    from timingctl.syncing.document import Synced
    from timingctl.syncing.options import SyncOptions


#: Why a sync that was not asked to reads everything.
_EVERYTHING = (
    "Everything was read: nobody knows what the file has of this database, or its tables or "
    "columns have changed."
)


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
    if options.tables and options.source is None:
        raise SettingsError("--table names files of SOURCE, and a database is read; leave it out.")
    # Where the name is a link, what it leads to is brought up to date, and the link stays.
    options = replace(options, inbox=Path(os.path.realpath(options.inbox)))
    inputs = [options.source] if options.source else []
    check_output(
        [options.inbox], inputs, make="make it, or give another INBOX", give="give another INBOX"
    )
    is_new = not os.path.lexists(options.inbox)
    made = _create(options, progress) if is_new else None
    with alone(options.inbox, options.lock_timeout) as taken:
        synced = made or _update(options, taken, progress)
        if not options.push or options.dsn is None:
            return synced
        from timingctl.syncing.pushing import push_changes

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
    with (
        _source(options, known, progress) as (path, changed, notes),
        _beside(options.inbox) as scratch,
    ):
        state = _state(known.state, options, changed)
        building = options_of(known.inbox, options, path)
        room = scratch.room
        everything = changed.everything if changed else options.full
        unasked = [_EVERYTHING] if changed and changed.is_new and not options.full else []
        fresh: Path | None
        if everything:
            update = Update(known, _as_built(known, building, room), state, room)
            synced, fresh = compared(update, changed, [*unasked, *notes], progress)
        else:
            building, read = _reading(known, building, changed, notes, room)
            synced, fresh = quick(Update(known, building, state, room), read, progress)
        if synced.wrote and fresh:
            _put(fresh, options, scratch, taken)
        return synced


@contextmanager
def _source(
    options: SyncOptions, known: Kept | None, progress: Progress
) -> Iterator[tuple[Path, Changed | None, list[str]]]:
    """Where the exports stand that are read, and what was pulled for that, gone afterwards."""
    if options.source is not None:
        yield options.source, None, []
        return
    if options.dsn is None:
        raise AssertionError("unreachable")
    # Newer exports need no driver of PostgreSQL, which is an extra.
    from timingctl.postgres.changed import Asking, Since, pull_changed

    with temporary_folder(options.resources.temp_dir) as folder:
        since, again = None, {}
        if known and known.state.place == options.place and known.state.read_at:
            since = Since(
                known.state.read_at - options.lookback,
                known.state.transaction,
                known.state.columns,
            )
            again = dict(known.again)
        asking = Asking(options.dsn, options.statement_timeout, since, again, options.full)
        changed = pull_changed(asking, folder, progress)
        yield folder, changed, changed.notes


def _state(before: State, options: SyncOptions, changed: Changed | None) -> State:
    """What the file remembers after a sync.

    After one of exports nobody knows what it has of a database.
    """
    if changed is None:
        return State(pushed_to=before.pushed_to)
    snapshot = changed.snapshot
    return replace(
        before,
        place=options.place,
        read_at=snapshot.at,
        transaction=snapshot.transaction,
        columns=changed.columns,
    )


def _as_built(known: Kept, building: BuildOptions, room: Path) -> BuildOptions:
    """The options by which the file was built, for building it anew."""
    label = known.inbox.options["delayWindows"]
    is_word = label in {"infer", "current"}
    windows = label if is_word else history_file(known.inbox.windows, room)
    return replace(building, delay_windows=windows, windows_from=label)


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
            leads_asked=True,
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
        _give_rights(fresh, options.inbox.stat())
        taken.put(fresh)
    check()


def _give_rights(fresh: Path, before: os.stat_result) -> None:
    """Let those read a file, and nobody else, who may read the one that it replaces."""
    fresh.chmod(0o600)
    with suppress(OSError):  # only root gives files away
        os.chown(fresh, before.st_uid, before.st_gid)
    fresh.chmod(stat.S_IMODE(before.st_mode))
