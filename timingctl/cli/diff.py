"""`timingctl diff`: events against other events, or against the app's own table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.params import (
    OutputFile,
    csv_safe_option,
    lock_timeout_option,
    option,
    resource_options,
    schema_option,
)
from timingctl.schemas import EVENT

if TYPE_CHECKING:
    from timingctl.warehouse import Resources

_EXAMPLES = """\b
Examples:
  timingctl diff events.parquet yesterday.parquet
  timingctl diff events.parquet app_table.csv --rows rows.csv
  timingctl diff events.parquet postgresql://reader@db.example/app --json
  timingctl diff events.parquet other.csv --ignore createdAt --ignore updatedAt
"""
_IGNORABLE = [column.name for column in EVENT if column.name != "inboundMessageId"]


@click.command(epilog=_EXAMPLES)
@click.argument("events", type=click.Path(path_type=Path))
@click.argument("other")
@option(
    "--ignore", "ignored", multiple=True, type=click.Choice(_IGNORABLE), metavar="COL",
    help="Do not compare this column. Repeatable.",
)  # fmt: skip
@option("--rows", type=OutputFile(), help="Write every difference: .csv, .parquet or .ndjson.")
@csv_safe_option
@lock_timeout_option
@schema_option
@resource_options
@option("--json", "as_json", is_flag=True, help="Print the counts and examples as JSON.")
@option("--quiet", "-q", is_flag=True, help="No summary, no progress; the exit code tells.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done.")
def diff(
    events: Path, other: str, ignored: tuple[str, ...], rows: Path | None, csv_safe: bool,
    lock_timeout: str, schema: str | None, resources: Resources, as_json: bool, quiet: bool,
    verbose: bool,
) -> int:  # fmt: skip
    """Compare EVENTS with OTHER, and say why they may differ.

    EVENTS is a file of events: of `timingctl build`, or an export of the app's own
    ResponseTimingEvent. OTHER is such a file too, or the DSN of the app's PostgreSQL, whose
    table is only read. The exit code is 0 when all events are the same, 1 when any differs.
    """
    from timingctl.cli import render, terminal
    from timingctl.diff import DiffOptions, diff_grids
    from timingctl.diff import diff as compared
    from timingctl.documents import as_json as json_text
    from timingctl.postgres import dsn

    place = dsn.parse(other) if dsn.is_dsn(other) else None
    options = DiffOptions(
        events=events,
        other=replace(place, schema=schema or place.schema) if place else Path(other),
        ignored=ignored,
        rows=rows,
        csv_safe=csv_safe,
        lock_timeout=lock_timeout,
        resources=resources,
    )
    with render.progress(quiet=quiet, verbose=verbose) as progress:
        found = compared(options, progress)
    with render.printing(rows):
        if as_json:
            click.echo(json_text(found.document), nl=False)
        elif not quiet:
            terminal.show_sides(found.document)
            terminal.show_grids(diff_grids(found))
            terminal.show_differences(found.document["examples"])
    return 0 if found.equal else 1
