"""`timingctl push`: from response timing events to the app's database."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from timingctl.cli.params import Duration, dsn_option, option, schema_option

_EXAMPLES = """\b
Examples:
  timingctl push events.parquet --dsn postgresql://writer@db.example/app --create
  timingctl push events.parquet --prune --dry-run    (TIMINGCTL_DSN or DATABASE_URL is set)
"""


@click.command(epilog=_EXAMPLES)
@click.argument("events", type=click.Path(path_type=Path, dir_okay=False))
@dsn_option
@schema_option
@option("--create", is_flag=True, help="Make the table when absent, and the index on Message.")
@option("--dry-run", is_flag=True, help="Do everything, roll back, and say what would change.")
@option(
    "--prune", is_flag=True,
    help="Also delete rows of threads in EVENTS whose message is no anchor any more.",
)  # fmt: skip
@option("--mirror", is_flag=True, help="Let nulls overwrite values. By default a null never does.")
@option(
    "--batch-size", type=click.IntRange(min=1), metavar="ROWS",
    help="Commit after so many rows. Default: once.",
)  # fmt: skip
@option(
    "--lock-timeout", type=Duration(), default="30s", show_default=True,
    help="How long to wait for a lock of others; 0: for ever.",
)  # fmt: skip
@option(
    "--statement-timeout", type=Duration(), default="15min", show_default=True,
    help="How long one statement may take, and queueing behind another push; 0: for ever.",
)  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@option("--quiet", "-q", is_flag=True, help="No summary, no progress; only warnings and errors.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done, and every skipped row.")
def push(
    events: Path, dsn: str, schema: str | None, as_json: bool, quiet: bool, verbose: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Bring EVENTS, a file of `build`, into the table ResponseTimingEvent.

    New anchors are inserted, changed ones updated, the others left untouched: a second push writes
    nothing. All or nothing, unless --batch-size is given. Rows that refer to a lead, client or
    message that is gone are skipped.
    """
    from timingctl.cli import render
    from timingctl.postgres.dsn import parse
    from timingctl.postgres.push import PushOptions
    from timingctl.postgres.push import push as push_events

    place = parse(dsn)
    options = PushOptions(
        events=events,
        dsn=replace(place, schema=schema or place.schema),
        list_skipped=verbose,
        **given,
    )
    with render.progress(quiet=quiet, verbose=verbose) as progress:
        pushed = push_events(options, progress)
    render.warn(pushed.notes)
    render.skipped(pushed.skipped)
    with render.printing(None if pushed.dry_run else "ResponseTimingEvent"):
        if as_json:
            click.echo(json.dumps(pushed.document(), indent=2))
        elif not quiet:
            render.counts(pushed.events, "Would be" if pushed.dry_run else "Pushed")
