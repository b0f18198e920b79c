"""`timingctl sync`: an inbox, brought up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Duration, InboxFile, Instant, Source
from timingctl.cli.params import (
    ResourceArguments,
    WritingArguments,
    dsn_option,
    json_option,
    patterns,
    quiet_option,
    schema_option,
    table_option,
    verbose_option,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class SyncArguments(ResourceArguments, WritingArguments):
    """What `timingctl sync` is given."""

    inbox: Path = argument("inbox", type=InboxFile())
    source: str | None = argument("source", type=Source(), required=False)
    table: tuple[tuple[str, str], ...] = table_option(" in SOURCE")
    dsn: str | None = dsn_option("The database to read, and to push to:")
    schema: str | None = schema_option()
    statement_timeout: str = option(
        "--statement-timeout", group="Database", type=Duration(), default="15min",
        show_default=True, help="How long one statement may take; 0: for ever.",
    )  # fmt: skip
    lookback: str = option(
        "--lookback", group="Filters", type=Duration(), default="1h", show_default=True,
        help="How far before the last sync to look for what changed.",
    )  # fmt: skip
    full: bool = option(
        "--full", group="Filters", is_flag=True,
        help="Read and compare everything; finds what was deleted, too. Weekly, say.",
    )  # fmt: skip
    allow_rejects: bool = option(
        "--allow-rejects", group="Rules", is_flag=True,
        help="Go on without unusable rows, however many.",
    )  # fmt: skip
    push: bool = option(
        "--push", group="Changes", is_flag=True, typed_only=True,
        help="Then bring the events of leads that changed into ResponseTimingEvent.",
    )  # fmt: skip
    prune: bool = option(
        "--prune", group="Changes", is_flag=True, typed_only=True,
        help="With --push: also delete their rows whose message is no anchor any more.",
    )  # fmt: skip
    mirror: bool = option(
        "--mirror", group="Changes", is_flag=True, typed_only=True,
        help="With --push: let nulls overwrite values. By default a null never does.",
    )  # fmt: skip
    watch: str | None = option(
        "--watch", group="Output", type=Duration(), metavar="DURATION",
        help="Do it again so long after each end, such as 10min, until stopped.",
    )  # fmt: skip
    as_of: datetime | None = option(
        "--as-of", group="Output", type=Instant(),
        help="As of when open waits are told. Default: the latest message.",
    )  # fmt: skip
    json: bool = json_option("what was read and what changed")
    quiet: bool = quiet_option("No summary, no progress; only notes, warnings and errors.")
    verbose: bool = verbose_option()


@command(
    "sync",
    SyncArguments,
    examples=(
        "timingctl sync inbox.duckdb --dsn postgresql://reader@db.example/app",
        "timingctl sync inbox.duckdb --push --prune -q  # TIMINGCTL_DSN is set",
        "timingctl sync inbox.duckdb --full             # weekly: what was deleted",
        "timingctl sync inbox.duckdb exports/           # newer ones, of some leads",
        "timingctl sync inbox.duckdb --watch 10min",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def sync(given: SyncArguments) -> None:
    """Bring INBOX up to date with the database, or with SOURCE.

    INBOX is a file that `build` made; one that is not there is made. Leads of which anything was
    written or happened since the last sync are read again, whole, and replace what the file had of
    them. The file then says what one build of everything would say, but for what was deleted: only
    --full finds that. Whoever reads the file meanwhile sees it as it was, and if anything fails it
    stays so.
    """
    from timingctl import api
    from timingctl.cli import render
    from timingctl.cli.synced import told
    from timingctl.cli.watching import repeated
    from timingctl.scratch import seconds

    if (given.prune or given.mirror) and not given.push:
        raise click.UsageError("--prune and --mirror say how to push; give --push as well.")

    if given.watch is not None and seconds(given.watch) is None:
        raise click.UsageError("--watch needs a pause, such as 10min.")

    def once() -> None:
        with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
            synced = api.sync(
                given.inbox,
                given.source,
                table=patterns(given.table),
                dsn=given.dsn,
                schema=given.schema,
                statement_timeout=given.statement_timeout,
                lookback=given.lookback,
                full=given.full,
                allow_rejects=given.allow_rejects,
                push=given.push,
                prune=given.prune,
                mirror=given.mirror,
                as_of=given.as_of,
                lock_timeout=given.lock_timeout,
                threads=given.threads,
                memory_limit=given.memory_limit,
                temp_dir=given.temp_dir,
                progress=progress,
            )
        told(synced, given.inbox, json=given.json, quiet=given.quiet)

    repeated(once, given.watch)
