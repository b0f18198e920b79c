"""`timingctl lead`: one lead's latest anchors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.params import option, resource_options

if TYPE_CHECKING:
    from timingctl.warehouse import Resources

_EXAMPLES = """\b
Examples:
  timingctl lead events.parquet 6f1c0f4e-7f0e-4b52-9f0b-1d1c9f1f6a10
  timingctl lead events.parquet 6f1c0f4e-7f0e-4b52-9f0b-1d1c9f1f6a10 --limit 3 --format json
"""


@click.command(epilog=_EXAMPLES)
@click.argument("events", type=click.Path(path_type=Path))
@click.argument("lead_id")
@option("--limit", type=click.IntRange(min=1), default=10, show_default=True,
        help="The latest so many anchors of each channel.")  # fmt: skip
@option("--names", type=click.Path(path_type=Path), help="What people are called: userId, name.")
@option(
    "--format", "text_format", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="What is printed.",
)  # fmt: skip
@resource_options
def lead(
    events: Path, lead_id: str, limit: int, names: Path | None, text_format: str,
    resources: Resources,
) -> None:  # fmt: skip
    """Show the latest anchors of LEAD_ID in EVENTS, by channel, and what answered them.

    Drift is when the AI's answer was sent minus when its job was due: + is late, − early.
    """
    from timingctl.cli import render, terminal
    from timingctl.documents import as_json
    from timingctl.report.lead import lead_anchors, lead_grids

    found = lead_anchors(events, lead_id, limit, names, resources)
    render.notes(found.notes)
    if text_format == "json":
        click.echo(as_json(found.document), nl=False)
    else:
        terminal.show_grids(lead_grids(found))
