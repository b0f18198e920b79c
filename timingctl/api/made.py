"""What is made: events, exports, and rows of the app's database."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl import arguments, pipeline, window_history
from timingctl.api import given
from timingctl.api.read import read_events, read_rejects
from timingctl.buckets.mirror import mirrored
from timingctl.buckets.places import Place, is_bucket, place_of
from timingctl.engine.address import address
from timingctl.errors import SettingsError
from timingctl.options import BuildOptions, SourceOptions
from timingctl.postgres import dsn as dsns
from timingctl.reach import exports_of, file_source, together
from timingctl.scratch import LOCK_TIMEOUT, seconds
from timingctl.warehouse import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import polars as pl

    from timingctl.api.given import Tables
    from timingctl.buckets.mirror import Mirror
    from timingctl.made_up import Generated
    from timingctl.manifest import Manifest
    from timingctl.postgres.pulled import Pulled
    from timingctl.postgres.pushed import Pushed
    from timingctl.progress import Progress
    from timingctl.syncing.document import Synced
    from timingctl.window_history import WindowHistory

_PUSH_LOCK_TIMEOUT = "30s"
_STATEMENT_TIMEOUT = "15min"


@dataclass(frozen=True)
class Build:
    """What a build made. `output` is null where no file was to be written.

    `notes` are sentences on the exports. What stands in files is read when it is first asked for.
    """

    manifest: Manifest
    output: Path | str | None
    notes: list[str]
    _read_events: Callable[[], pl.DataFrame]
    _read_rejects: Callable[[], pl.DataFrame]

    @cached_property
    def events(self) -> pl.DataFrame:
        """The events, one row an anchor: the columns of ResponseTimingEvent, instants in UTC."""
        return self._read_events()

    @cached_property
    def rejects(self) -> pl.DataFrame:
        """The unusable rows, one row each: table, file, row, id, column, reason, value."""
        return self._read_rejects()

    def __repr__(self) -> str:
        return f"Build({self.manifest['events']['total']:,} events, output={self.output})"


def build(
    source: str | Path,
    output: str | Path | None = None,
    *,
    table: Tables | None = None,
    client: str | None = None,
    since: datetime | str | None = None,
    until: datetime | str | None = None,
    setter_rule: str | None = None,
    delay_windows: str | Path | None = None,
    strict: bool = False,
    allow_rejects: bool = False,
    keep_bounces: bool = False,
    as_of: datetime | str | None = None,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    engine: str | None = None,
    scratch: str | Path | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Build:
    """Build the events of a folder of exports, a DuckDB file, or the database of a DSN.

    A folder or a file may be in a bucket: s3://, gs://, az://. They are written to `output`
    (.parquet, .csv, .ndjson, or DIR/ for Parquet in parts), which may be there, too, with the
    manifest and the rejects beside it: all of it or, on any error, nothing. Without an output
    nothing is left on disk. With an `engine`, the URL of Spark Connect, the work is done there, and
    `scratch` is a place that it and this machine see. Raises InputError for exports that cannot be
    used, SettingsError for resources or an output folder that cannot be had, DatabaseError for a
    database that cannot be read or an engine that fails.
    """
    resources = given.resources(threads, memory_limit, temp_dir)
    target = None if output is None else arguments.build_output(output)
    tables = given.tables(table)
    sources = [source, *(pattern for patterns in tables.values() for pattern in patterns)]
    is_elsewhere = engine is not None and not address(engine).is_here
    if is_elsewhere and any(is_bucket(one) and place_of(one).scheme == "az" for one in sources):
        raise SettingsError(
            "--engine on another machine reads buckets of S3 and Google, none of Azure; give a "
            "folder that is mounted there and here, or build without --engine."
        )

    def built(
        path: Path, patterns: dict[str, list[str]], made: Path, notes: list[str], mirror: Mirror
    ) -> Build:
        options = BuildOptions(
            path,
            tables=patterns,
            since=given.instant(since),
            until=given.instant(until),
            client=given.client(client),
            setter_rule=given.setter_rule(setter_rule),
            delay_windows=given.delay_windows(delay_windows),
            resources=resources,
            output=made,
            as_of=given.instant(as_of),
            strict=strict,
            allow_rejects=allow_rejects,
            keep_bounces=keep_bounces,
            csv_safe=csv_safe,
            lock_timeout=arguments.duration(lock_timeout),
            engine=None if engine is None else address(engine).url,
            scratch=None if scratch is None else str(scratch),
            lake=mirror if is_elsewhere else None,
        )
        manifest = pipeline.build(options, progress)
        there = str(target) if isinstance(target, Place) else made
        return Build(
            manifest,
            there,
            [mirror.said(note) for note in together(notes, manifest["notes"])],
            lambda: read_events(there, temp_dir=temp_dir),
            lambda: read_rejects(there, temp_dir=temp_dir),
        )

    with (
        mirrored(resources.temp_dir, progress, only_ends=is_elsewhere) as mirror,
        ExitStack() as stack,
    ):
        made = None if target is None else mirror.output(target, source)
        patterns = mirror.tables(tables)
        near = mirror.exports(source, tables)
        path, notes = stack.enter_context(exports_of(near, resources, progress))
        if made is not None:
            found = built(path, patterns, made, notes, mirror)
            return replace(found, notes=[*found.notes, *mirror.send()])
        with temporary_folder(resources.temp_dir) as folder:
            found = built(path, patterns, folder / "events.parquet", notes, mirror)
            events, rejects = found.events, found.rejects
        return Build(found.manifest, None, found.notes, lambda: events, lambda: rejects)


def windows(
    source: str | Path,
    output: str | Path | None = None,
    *,
    table: Tables | None = None,
    client: str | None = None,
    allow_rejects: bool = False,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> WindowHistory:
    """Recover the history of delay windows from the jobs of a source, and write it to `output`.

    Raises InputError for exports that cannot be used, SettingsError for a file that cannot be
    written, DatabaseError for a database that cannot be read.
    """
    resources = given.resources(threads, memory_limit, temp_dir)
    target = None if output is None else arguments.output_file(output)
    timeout = arguments.duration(lock_timeout)
    named = given.tables(table)
    with mirrored(resources.temp_dir, progress) as mirror, ExitStack() as stack:
        tables = mirror.tables(named)
        near = mirror.exports(source, named)
        path, notes = stack.enter_context(exports_of(near, resources, progress))
        options = SourceOptions(
            path,
            tables=tables,
            client=given.client(client),
            allow_rejects=allow_rejects,
            resources=resources,
        )
        found = window_history.window_history(options, progress, target)
        if target:
            window_history.write_history(found, target, csv_safe=csv_safe, lock_timeout=timeout)
        said = [mirror.said(note) for note in together(notes, found.notes)]
        return replace(found, notes=said)


def pull(
    dsn: str,
    output: str | Path,
    *,
    schema: str | None = None,
    since: datetime | str | None = None,
    events: bool = False,
    statement_timeout: str = _STATEMENT_TIMEOUT,
    lock_timeout: str = LOCK_TIMEOUT,
    progress: Progress | None = None,
) -> Pulled:
    """Pull the app's tables out of PostgreSQL into a folder, as exports for `build`.

    All files are written or none. Raises DatabaseError for what is missing or refused,
    SettingsError for a folder that cannot be written to.
    """
    from timingctl.postgres import pull as pulling

    options = pulling.PullOptions(
        dsn=dsns.parse(dsn).within(schema),
        folder=arguments.place(output),
        since=given.instant(since),
        events=events,
        statement_timeout=arguments.duration(statement_timeout),
        lock_timeout=arguments.duration(lock_timeout),
    )
    return pulling.pull(options, progress)


def push(
    events: str | Path,
    dsn: str,
    *,
    schema: str | None = None,
    create: bool = False,
    dry_run: bool = False,
    prune: bool = False,
    mirror: bool = False,
    batch_size: int | None = None,
    lock_timeout: str = _PUSH_LOCK_TIMEOUT,
    statement_timeout: str = _STATEMENT_TIMEOUT,
    list_skipped: bool = False,
    progress: Progress | None = None,
) -> Pushed:
    """Bring a file of events into the app's table ResponseTimingEvent.

    With `list_skipped` the references that are gone are told of every skipped row. Raises
    InputError for a file that is not wholly events, SettingsError for what cannot be honoured,
    DatabaseError for what the server refuses; then nothing is changed, or, with a batch size,
    whole batches are.
    """
    from timingctl.postgres import push as pushing
    from timingctl.postgres.pushed import PushOptions

    options = PushOptions(
        events=Path("events"),
        dsn=dsns.parse(dsn).within(schema),
        create=create,
        dry_run=dry_run,
        prune=prune,
        mirror=mirror,
        batch_size=arguments.number("batch_size", batch_size, 1),
        lock_timeout=arguments.duration(lock_timeout),
        statement_timeout=arguments.duration(statement_timeout),
        list_skipped=list_skipped,
    )
    with mirrored(None, progress) as near:
        options = replace(options, events=Path(near.file(events)))
        found = pushing.push(options, progress)
        return replace(found, notes=[near.said(note) for note in found.notes])


def sync(
    inbox: str | Path,
    source: str | Path | None = None,
    *,
    table: Tables | None = None,
    dsn: str | None = None,
    schema: str | None = None,
    statement_timeout: str = _STATEMENT_TIMEOUT,
    lookback: str = "1h",
    full: bool = False,
    allow_rejects: bool = False,
    push: bool = False,
    prune: bool = False,
    mirror: bool = False,
    as_of: datetime | str | None = None,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Synced:
    """Bring an inbox up to date with the app's database, or with newer exports: a `source`.

    A file that is not there is made. With `push` the events of leads that changed are brought into
    the database. Raises InputError for a file or exports that cannot be used, DatabaseError for a
    database that cannot be read or written, SettingsError for the rest.
    """
    from timingctl.syncing.options import SyncOptions
    from timingctl.syncing.run import sync as syncing

    if source is not None and dsns.is_dsn(str(source)):
        source, dsn = None, str(source)
    named = given.tables(table)
    options = SyncOptions(
        arguments.output_file(inbox, (arguments.INBOX_SUFFIX,)),
        timedelta(seconds=seconds(arguments.duration(lookback)) or 0),
        dsn=None if dsn is None else dsns.parse(dsn).within(schema),
        tables=named,
        allow_rejects=allow_rejects,
        full=full,
        as_of=given.instant(as_of),
        push=push,
        prune=prune,
        mirror=mirror,
        statement_timeout=arguments.duration(statement_timeout),
        lock_timeout=arguments.duration(lock_timeout),
        resources=given.resources(threads, memory_limit, temp_dir),
    )
    with mirrored(options.resources.temp_dir, progress) as near:
        tables = near.tables(named)
        exports = None if source is None else file_source(near.tables_in(source))
        found = syncing(replace(options, source=exports, tables=tables), progress)
        return replace(found, notes=[near.said(note) for note in found.notes])


def generate(
    folder: str | Path,
    *,
    leads: int = 1000,
    seed: int = 1,
    start: datetime | str = "2025-01-01",
    until: datetime | str | None = None,
    format: str = "parquet",  # noqa: A002 - as the option is called
    effect: float | None = None,
    progress: Progress | None = None,
) -> Generated:
    """Make up the exports of an inbox in a new or an empty folder; all files or none.

    With `until` they are as they stood at that instant. `effect` is planted: points of booking for
    a minute more of chosen delay. Raises SettingsError for a folder that is not empty or cannot be
    written to.
    """
    from timingctl import made_up

    options = made_up.GenerateOptions(
        arguments.place(folder),
        arguments.number("leads", leads, 1) or 1,
        arguments.number("seed", seed, 0) or 0,
        arguments.instant(start),
        arguments.one_of("format", format, arguments.EXPORT_FORMATS),
        arguments.points("effect", effect),
        given.instant(until),
    )
    return made_up.Generated(options, made_up.generate(options, progress))
