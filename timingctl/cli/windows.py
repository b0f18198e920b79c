"""`timingctl windows`: the delay windows that were in force, recovered from the jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import command, option
from timingctl.cli.kinds import OutputFile
from timingctl.cli.params import (
    RejectArguments,
    SourceArguments,
    WritingArguments,
    csv_safe_option,
    json_option,
    quiet_option,
)

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class WindowsArguments(SourceArguments, RejectArguments, WritingArguments):
    """What `timingctl windows` is given."""

    output: Path | None = option(
        "--output", "-o", group="Output", type=OutputFile(),
        help="Write the history here, for build --delay-windows: .csv, .parquet or .ndjson.",
    )  # fmt: skip
    csv_safe: bool = csv_safe_option()
    json: bool = json_option("the history")
    quiet: bool = quiet_option("No table, no progress; only notes and errors.")


@command(
    "windows",
    WindowsArguments,
    examples=(
        "timingctl windows exports/",
        "timingctl windows exports/ -o windows.csv",
        "timingctl build exports/ --delay-windows windows.csv",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def windows(given: WindowsArguments) -> None:
    """Recover the history of delay windows from the jobs of SOURCE.

    The delay of a job that was not rescheduled is min + H mod (max - min + 1), and H follows from
    the message's id, so a handful of jobs tells min and max. One row a campaign (or client, for
    leads without one) and period; a period is said to be recovered only when six jobs or more
    speak for its window and no other window explains the same jobs.
    """
    from timingctl import api, documents, window_history
    from timingctl.cli import render, terminal

    with render.progress(quiet=given.quiet, verbose=False) as progress:
        history = api.windows(
            given.source,
            given.output,
            table=given.tables,
            client=given.client,
            allow_rejects=given.allow_rejects,
            csv_safe=given.csv_safe,
            lock_timeout=given.lock_timeout,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    render.notes(history.notes)
    with render.printing(given.output):
        if given.json:
            click.echo(documents.as_json(history.document()), nl=False)
        elif not given.quiet:
            if given.output is None:
                terminal.show_grids([window_history.history_grid(history)])
            for sentence in window_history.remarks(history):
                click.echo(render.printable(sentence))
