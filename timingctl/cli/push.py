"""`timingctl push`: from response timing events to the app's database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Duration, Given
from timingctl.cli.params import DatabaseArguments, json_option, quiet_option, verbose_option

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class PushArguments(DatabaseArguments):
    """What `timingctl push` is given."""

    events: Path | str = argument("events", type=Given())
    lock_timeout: str = option(
        "--lock-timeout", group="Database", type=Duration(), default="30s", show_default=True,
        help="How long to wait for a lock of others; 0: for ever.",
    )  # fmt: skip
    statement_timeout: str = option(
        "--statement-timeout", group="Database", type=Duration(), default="15min",
        show_default=True,
        help="How long one statement may take, and queueing behind another push; 0: for ever.",
    )  # fmt: skip
    batch_size: int | None = option(
        "--batch-size", group="Database", type=click.IntRange(min=1), metavar="ROWS",
        help="Commit after so many rows. Default: once.",
    )  # fmt: skip
    create: bool = option(
        "--create", group="Changes", is_flag=True, typed_only=True,
        help="Make the table when absent, and the index on Message.",
    )  # fmt: skip
    dry_run: bool = option(
        "--dry-run", group="Changes", is_flag=True,
        help="Do everything, roll back, and say what would change.",
    )  # fmt: skip
    prune: bool = option(
        "--prune", group="Changes", is_flag=True, typed_only=True,
        help="Also delete rows of threads in EVENTS whose message is no anchor any more.",
    )  # fmt: skip
    mirror: bool = option(
        "--mirror", group="Changes", is_flag=True, typed_only=True,
        help="Let nulls overwrite values. By default a null never does.",
    )  # fmt: skip
    json: bool = json_option("the counts")
    quiet: bool = quiet_option("No summary, no progress; only notes and errors.")
    verbose: bool = verbose_option("Say what is being done, and every skipped row.")


@command(
    "push",
    PushArguments,
    examples=(
        "timingctl push events.parquet --dsn postgresql://db.example/app --create",
        "timingctl push s3://bucket/events.parquet --dsn postgresql://db.example/app",
        "timingctl push events.parquet --prune --dry-run  # TIMINGCTL_DSN is set",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def push(given: PushArguments) -> None:
    """Bring EVENTS of `build` into the app's table ResponseTimingEvent.

    New anchors are inserted, changed ones updated, the others left untouched: a second push writes
    nothing. All or nothing, unless --batch-size is given. Rows that refer to a lead, client or
    message that is gone are skipped.
    """
    from timingctl import api
    from timingctl.cli import render
    from timingctl.documents import as_json

    with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
        pushed = api.push(
            given.events,
            given.dsn,
            schema=given.schema,
            create=given.create,
            dry_run=given.dry_run,
            prune=given.prune,
            mirror=given.mirror,
            batch_size=given.batch_size,
            lock_timeout=given.lock_timeout,
            statement_timeout=given.statement_timeout,
            list_skipped=given.verbose,
            progress=progress,
        )
    render.notes(pushed.notes)
    render.skipped(pushed.skipped)
    with render.printing(None if pushed.dry_run else "ResponseTimingEvent"):
        if given.json:
            click.echo(as_json(pushed.document()), nl=False)
        elif not given.quiet:
            render.counts(pushed.events, "Would be" if pushed.dry_run else "Pushed")
