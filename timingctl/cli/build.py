"""`timingctl build`: from exports to response timing events."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from timingctl.cli.params import Instant, OutputFile, TableGlob, option

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
@click.argument("source")
@option(
    "--output", "-o", type=OutputFile(), default="events.parquet", show_default=True,
    help="Where the events go: .parquet, .csv or .ndjson.",
)  # fmt: skip
@option(
    "--table", "tables", multiple=True, type=TableGlob(), metavar="TABLE=GLOB",
    help="Files of a table, instead of those found by name. Repeatable.",
)  # fmt: skip
@option("--as-of", type=Instant(), help="createdAt and updatedAt. Default: the latest message.")
@option("--since", type=Instant(), help="Only anchors from this instant on.")
@option("--until", type=Instant(), help="Only anchors before this instant.")
@option("--client", help="The client of leads for which the exports name none.")
@option(
    "--setter-rule", type=click.Choice(["turn", "next"]), default="turn", show_default=True,
    help="A setter's first message of the turn, or only the message right after the anchor.",
)  # fmt: skip
@option(
    "--delay-windows", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="History of delay windows; goes before EmailCampaign.",
)  # fmt: skip
@option("--strict", is_flag=True, help="Fail when any row is unusable.")
@option("--threads", type=click.IntRange(min=1), help="Default: one a core.")
@option("--memory-limit", metavar="SIZE", help="Such as 2GB. Default: 80 % of the machine's.")
@option(
    "--temp-dir", type=click.Path(path_type=Path),
    help="Where to spill when memory is short. Default: the system's.",
)  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print the manifest instead of a summary.")
@option("--quiet", "-q", is_flag=True, help="No summary, no progress; only warnings and errors.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done, and every file read.")
def build(
    source: str, tables: tuple[tuple[str, str], ...], threads: int | None,
    memory_limit: str | None, temp_dir: Path | None, as_json: bool, quiet: bool, verbose: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Build the response timing events of SOURCE.

    SOURCE is a folder of exports, a DuckDB database file that has the tables, or the DSN of the
    app's PostgreSQL, which is pulled from first (see `timingctl pull`). Each table is
    found by its name in any case and style (Message.parquet, messages.csv.gz,
    AIDraft/part-*.parquet, background_jobs/dt=2026-02-01/...). Beside the events stand
    OUTPUT.manifest.json and, when rows are unusable, OUTPUT.rejects.ndjson.
    """
    if threads is not None:
        os.environ.setdefault("POLARS_MAX_THREADS", str(threads))
    from timingctl import manifest, pipeline
    from timingctl.cli import render
    from timingctl.postgres import dsn
    from timingctl.warehouse import Resources

    by_table: dict[str, list[str]] = {}
    for name, pattern in tables:
        by_table.setdefault(name, []).append(pattern)
    options = pipeline.BuildOptions(
        source=Path(source),
        tables=by_table,
        resources=Resources(threads, memory_limit, temp_dir),
        **given,
    )
    with render.progress(quiet=quiet, verbose=verbose) as progress:
        if dsn.is_dsn(source):
            from timingctl.postgres.pull import pulled

            with pulled(dsn.parse(source), temp_dir, progress) as (folder, notes):
                document = pipeline.build(replace(options, source=folder), progress)
        else:
            notes, document = [], pipeline.build(options, progress)
    render.warn(notes)
    render.warnings(document, options.output)
    if as_json:
        click.echo(manifest.as_json(document), nl=False)
    elif not quiet:
        render.summary(document, options.output, verbose=verbose)
