"""`timingctl lead`: one lead's latest anchors and open waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Given, Source, Text
from timingctl.cli.params import JSON_SWITCH, RejectArguments, ResourceArguments, quiet_option

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class LeadArguments(ResourceArguments, RejectArguments):
    """What `timingctl lead` is given."""

    events: str = argument("events", type=Source())
    lead_id: str = argument("lead_id", type=Text())
    names: Path | str | None = option(
        "--names", group="Input", type=Given(),
        help="What people are called: userId, name.",
    )  # fmt: skip
    limit: int = option(
        "--limit", group="Filters", metavar="N", type=click.IntRange(min=1), default=10,
        show_default=True, help="The latest so many anchors of each channel.",
    )  # fmt: skip
    format: str = option(
        "--format", group="Output", type=click.Choice(["table", "json"]), default="table",
        show_default=True, also=[JSON_SWITCH], help="What is printed.",
    )  # fmt: skip
    quiet: bool = quiet_option("No notes on stderr.")


@command(
    "lead",
    LeadArguments,
    examples=(
        "timingctl lead events.parquet 6f1c0f4e-7f0e-4b52-9f0b-1d1c9f1f6a10",
        "timingctl lead inbox.duckdb 6f1c0f4e-7f0e-4b52-9f0b-1d1c9f1f6a10 --json",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def lead(given: LeadArguments) -> None:
    """Show the latest anchors of LEAD_ID, and its open waits.

    They are those in EVENTS, by channel, with what answered them: an inbox, a file or folder of
    events, or exports as `timingctl build` takes them. A file or folder of events does not tell
    of waits. Drift is when the AI's answer was sent minus when its job was due: + is late,
    − early.
    """
    from timingctl import api
    from timingctl.cli import render, terminal
    from timingctl.documents import as_json
    from timingctl.reports.lead import lead_grids

    with render.progress(quiet=given.quiet, verbose=False) as progress:
        found = api.lead(
            given.events,
            given.lead_id,
            names=given.names,
            limit=given.limit,
            allow_rejects=given.allow_rejects,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    if not given.quiet:
        render.notes(found.notes)
    if given.format == "json":
        click.echo(as_json(found.document), nl=False)
    else:
        terminal.show_grids(lead_grids(found))
