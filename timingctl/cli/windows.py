"""`timingctl windows`: the delay windows that were in force, recovered from the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from timingctl.cli.params import (
    OutputFile,
    csv_safe_option,
    lock_timeout_option,
    option,
    source_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.warehouse import Resources

_EXAMPLES = """\b
Examples:
  timingctl windows exports/
  timingctl windows exports/ -o windows.csv
  timingctl build exports/ --delay-windows windows.csv
"""


@click.command(epilog=_EXAMPLES)
@option(
    "--output", "-o", type=OutputFile(),
    help="Write the history here, for build --delay-windows: .csv, .parquet or .ndjson.",
)  # fmt: skip
@csv_safe_option
@lock_timeout_option
@option("--json", "as_json", is_flag=True, help="Print one JSON document instead of a table.")
@option("--quiet", "-q", is_flag=True, help="No table, no progress; only warnings and errors.")
@source_options
def windows(
    source: str, output: Path | None, resources: Resources, csv_safe: bool, as_json: bool,
    quiet: bool, lock_timeout: str, **given: Any,
) -> None:  # fmt: skip
    """Recover the history of delay windows from the jobs of SOURCE.

    The delay of a job that was not rescheduled is min + H mod (max - min + 1), and H follows from
    the message's id, so a handful of jobs tells min and max. One row a campaign (or client, for
    leads without one) and period; a period is said to be recovered only when six jobs or more
    speak for its window and no other window explains the same jobs.
    """
    from timingctl import documents, window_history
    from timingctl.cli import render, terminal
    from timingctl.cli.source import local
    from timingctl.pipeline import SourceOptions

    with (
        render.progress(quiet=quiet, verbose=False) as progress,
        local(source, resources, progress) as (path, notes),
    ):
        options = SourceOptions(path, resources=resources, **given)
        history = window_history.window_history(options, progress)
        if output:
            window_history.write_history(
                history, output, csv_safe=csv_safe, lock_timeout=lock_timeout
            )
    render.warn([*notes, *history.notes])
    with render.printing(output):
        if as_json:
            click.echo(documents.as_json(history.document()), nl=False)
        elif not quiet:
            if output is None:
                terminal.show_grids([window_history.history_grid(history)])
            for sentence in window_history.remarks(history):
                click.echo(render.printable(sentence))
