"""`timingctl build`: from exports to response timing events."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from timingctl.cli.params import (
    Instant,
    OutputFile,
    csv_safe_option,
    lock_timeout_option,
    option,
    rule_options,
    source_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.warehouse import Resources

_EXAMPLES = """\b
Examples:
  timingctl build exports/
  timingctl build exports/ -o march.csv --since 2026-03-01 --until 2026-04-01
  timingctl build exports/ --delay-windows history.csv --strict --json
  timingctl build exports/ --table Message='archive/messages-*.csv.gz'
  timingctl build inbox.duckdb --client acme -q
  timingctl build postgresql://reader@db.example/app
"""


@click.command(epilog=_EXAMPLES)
@option(
    "--output", "-o", type=OutputFile(), default="events.parquet", show_default=True,
    help="Where the events go: .parquet, .csv or .ndjson.",
)  # fmt: skip
@option("--as-of", type=Instant(), help="createdAt and updatedAt. Default: the latest message.")
@option("--since", type=Instant(), help="Only anchors from this instant on.")
@option("--until", type=Instant(), help="Only anchors before this instant.")
@rule_options
@option("--strict", is_flag=True, help="Fail when any row is unusable.")
@source_options
@csv_safe_option
@lock_timeout_option
@option("--json", "as_json", is_flag=True, help="Print the manifest instead of a summary.")
@option("--quiet", "-q", is_flag=True, help="No summary, no progress; only warnings and errors.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done, and every file read.")
def build(
    source: str, output: Path, resources: Resources, as_json: bool, quiet: bool, verbose: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Build the response timing events of SOURCE.

    SOURCE is a folder of exports, a DuckDB database file that has the tables, or the DSN of the
    app's PostgreSQL, which is pulled from first (see `timingctl pull`). Each table is
    found by its name in any case and style (Message.parquet, messages.csv.gz,
    AIDraft/part-*.parquet, background_jobs/dt=2026-02-01/...). Beside the events stand
    OUTPUT.manifest.json and, when rows are unusable, OUTPUT.rejects.ndjson.
    """
    if resources.threads is not None:
        os.environ.setdefault("POLARS_MAX_THREADS", str(resources.threads))
    from timingctl import documents, pipeline
    from timingctl.cli import render
    from timingctl.cli.source import local

    with (
        render.progress(quiet=quiet, verbose=verbose) as progress,
        local(source, resources, progress) as (path, notes),
    ):
        options = pipeline.BuildOptions(path, output=output, resources=resources, **given)
        document = pipeline.build(options, progress)
    render.warn(notes)
    render.warnings(document, output)
    with render.printing(output):
        if as_json:
            click.echo(documents.as_json(document), nl=False)
        elif not quiet:
            render.summary(document, output, verbose=verbose)
