"""`timingctl pull`: from the app's database to exports."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.params import (
    Duration,
    Instant,
    dsn_option,
    lock_timeout_option,
    option,
    schema_option,
)

if TYPE_CHECKING:
    from datetime import datetime

_EXAMPLES = """\b
Examples:
  timingctl pull --dsn postgresql://reader@db.example/app -o exports/
  timingctl pull -o exports/ --since 2026-03-01      (TIMINGCTL_DSN or DATABASE_URL is set)
"""


@click.command(epilog=_EXAMPLES)
@dsn_option
@option(
    "--output", "-o", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="The folder for the Parquet files; made if need be.",
)  # fmt: skip
@schema_option
@option(
    "--since", type=Instant(),
    help="Only leads active since then, with their whole threads and all that belongs to them.",
)  # fmt: skip
@option("--events", is_flag=True, help="Also pull ResponseTimingEvent, in the form of build.")
@option(
    "--statement-timeout", type=Duration(), default="15min", show_default=True,
    help="How long the pull of one table may take; 0: for ever.",
)  # fmt: skip
@lock_timeout_option
@option("--json", "as_json", is_flag=True, help="Print the counts of rows as JSON.")
@option("--quiet", "-q", is_flag=True, help="No summary, no progress; only warnings and errors.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done.")
def pull(
    dsn: str, output: Path, schema: str | None, since: datetime | None, events: bool,
    statement_timeout: str, lock_timeout: str, as_json: bool, quiet: bool, verbose: bool,
) -> None:  # fmt: skip
    """Pull Message, AIDraft, BackgroundJob, Lead and EmailCampaign as Parquet that `build` reads.

    Only the columns that `build` uses are read, in one read-only transaction: one consistent
    snapshot. Lead and EmailCampaign may be missing. Either all files are written or none.
    """
    from timingctl.cli import render
    from timingctl.postgres.dsn import parse
    from timingctl.postgres.pull import PullOptions
    from timingctl.postgres.pull import pull as pull_tables

    place = parse(dsn)
    options = PullOptions(
        dsn=replace(place, schema=schema or place.schema),
        folder=output,
        since=since,
        events=events,
        statement_timeout=statement_timeout,
        lock_timeout=lock_timeout,
    )
    with render.progress(quiet=quiet, verbose=verbose) as progress:
        pulled = pull_tables(options, progress)
    render.warn(pulled.notes)
    with render.printing(output):
        if as_json:
            click.echo(json.dumps({"rows": pulled.rows, "notes": pulled.notes}, indent=2))
        elif not quiet:
            render.counts(pulled.rows, "Pulled")
