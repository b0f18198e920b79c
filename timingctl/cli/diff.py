"""`timingctl diff`: events against other events, or against the app's own table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Given, OutputFile, Source
from timingctl.cli.params import (
    ResourceArguments,
    WritingArguments,
    csv_safe_option,
    json_option,
    quiet_option,
    schema_option,
    verbose_option,
)
from timingctl.schemas import EVENT

_IGNORABLE = [column.name for column in EVENT if column.name != "inboundMessageId"]

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class DiffArguments(ResourceArguments, WritingArguments):
    """What `timingctl diff` is given."""

    events: Path | str = argument("events", type=Given())
    other: str = argument("other", type=Source())
    schema: str | None = schema_option()
    ignore: tuple[str, ...] = option(
        "--ignore", group="Filters", multiple=True, type=click.Choice(_IGNORABLE), metavar="COL",
        help="Do not compare this column. Repeatable.",
    )  # fmt: skip
    exact: bool = option(
        "--exact", group="Filters", is_flag=True,
        help="Count a number that a side cut to 32 bits as a difference, too.",
    )  # fmt: skip
    rows: Path | None = option(
        "--rows", group="Output", type=OutputFile(),
        help="Write every difference: .csv, .parquet or .ndjson.",
    )  # fmt: skip
    csv_safe: bool = csv_safe_option()
    json: bool = json_option("the counts and examples")
    quiet: bool = quiet_option("No summary, no progress; the exit code tells.")
    verbose: bool = verbose_option()


@command(
    "diff",
    DiffArguments,
    examples=(
        "timingctl diff events.parquet yesterday.parquet",
        "timingctl diff events.parquet app_table.csv --rows rows.csv",
        "timingctl diff events.parquet postgresql://reader@db.example/app --json",
        "timingctl diff events.parquet other.csv --ignore createdAt --ignore updatedAt",
    ),
    exit_codes=(0, 1, 2, 10, 11, 12),
    found="differences",
)
def diff(given: DiffArguments) -> int:
    """Compare EVENTS with OTHER, and say why they may differ.

    EVENTS is what `timingctl build` wrote (a file or a folder of events, or an inbox), or an export
    of the app's own ResponseTimingEvent. OTHER is such a one, too, or the DSN of the app's
    PostgreSQL, whose table is only read. Both may be in a bucket (s3://). The exit code is 0 when
    all events are the same, 1 when any differs. A number that a side cut to 32 bits is explained,
    and counts as a difference with --exact alone.
    """
    from timingctl import api
    from timingctl.cli import render, terminal
    from timingctl.differences import diff_grids
    from timingctl.documents import as_json

    with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
        found = api.diff(
            given.events,
            given.other,
            schema=given.schema,
            ignore=given.ignore,
            exact=given.exact,
            rows=given.rows,
            keep_rows=False,
            csv_safe=given.csv_safe,
            lock_timeout=given.lock_timeout,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    render.notes(found.notes)
    with render.printing(given.rows):
        if given.json:
            click.echo(as_json(found.document), nl=False)
        elif not given.quiet:
            terminal.show_sides(found.document)
            terminal.show_grids(diff_grids(found))
            terminal.show_differences(found.document["examples"])
    return 0 if found.equal else 1
