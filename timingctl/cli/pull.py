"""`timingctl pull`: from the app's database to exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import command, option
from timingctl.cli.kinds import Duration, Instant
from timingctl.cli.params import (
    DatabaseArguments,
    WritingArguments,
    json_option,
    quiet_option,
    verbose_option,
)

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class PullArguments(DatabaseArguments, WritingArguments):
    """What `timingctl pull` is given."""

    statement_timeout: str = option(
        "--statement-timeout", group="Database", type=Duration(), default="15min",
        show_default=True, help="How long the pull of one table may take; 0: for ever.",
    )  # fmt: skip
    since: datetime | None = option(
        "--since", group="Filters", type=Instant(),
        help="Only leads active since then, with their whole threads and all that belongs to "
        "them.",
    )  # fmt: skip
    events: bool = option(
        "--events", group="Filters", is_flag=True,
        help="Also pull ResponseTimingEvent, in the form of build.",
    )  # fmt: skip
    output: Path = option(
        "--output", "-o", group="Output", type=click.Path(path_type=Path, file_okay=False),
        required=True, help="The folder for the Parquet files; made if need be.",
    )  # fmt: skip
    json: bool = json_option("the counts of rows")
    quiet: bool = quiet_option("No summary, no progress; only notes and errors.")
    verbose: bool = verbose_option()


@command(
    "pull",
    PullArguments,
    examples=(
        "timingctl pull --dsn postgresql://reader@db.example/app -o exports/",
        "timingctl pull -o exports/ --since 2026-03-01    # TIMINGCTL_DSN is set",
    ),
    exit_codes=(0, 2, 10, 12),
)
def pull(given: PullArguments) -> None:
    """Pull the app's tables from PostgreSQL, as exports for `build`.

    Message, AIDraft, BackgroundJob, Lead and EmailCampaign are written as Parquet. Only the
    columns that `build` uses are read, in one read-only transaction: one consistent snapshot. Lead
    and EmailCampaign may be missing. Either all files are written or none.
    """
    from timingctl import api
    from timingctl.cli import render
    from timingctl.documents import as_json

    with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
        pulled = api.pull(
            given.dsn,
            given.output,
            schema=given.schema,
            since=given.since,
            events=given.events,
            statement_timeout=given.statement_timeout,
            lock_timeout=given.lock_timeout,
            progress=progress,
        )
    render.notes(pulled.notes)
    with render.printing(given.output):
        if given.json:
            click.echo(as_json(pulled.document()), nl=False)
        elif not given.quiet:
            render.counts(pulled.rows, "Pulled")
