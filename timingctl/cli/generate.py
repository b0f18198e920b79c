"""`timingctl generate`: made-up exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.params import Instant, option

if TYPE_CHECKING:
    from datetime import datetime

_EXAMPLES = """\b
Examples:
  timingctl generate demo/ --leads 1000
  timingctl build demo/ --delay-windows demo/delay_windows.csv
  timingctl generate big/ --leads 510000 --seed 7        (10 million messages)
"""


@click.command(epilog=_EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@option(
    "--leads", type=click.IntRange(min=1), default=1000, show_default=True,
    help="How many leads; each has about 20 messages.",
)  # fmt: skip
@option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True,
    help="The same seed gives the same bytes.",
)  # fmt: skip
@option(
    "--start", type=Instant(), default="2025-01-01", show_default=True,
    help="When the inbox begins; the exports are of a year later.",
)  # fmt: skip
@option(
    "--format", "file_format", type=click.Choice(["parquet", "csv", "ndjson"]), default="parquet",
    show_default=True, help="The format of the exports.",
)  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
@option("--quiet", "-q", is_flag=True, help="No summary, no progress; only errors.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done.")
def generate(
    folder: Path, leads: int, seed: int, start: datetime, file_format: str, as_json: bool,
    quiet: bool, verbose: bool,
) -> None:  # fmt: skip
    """Make up the exports of an inbox in DIR, a new or an empty folder.

    Message, AIDraft, BackgroundJob, Lead and EmailCampaign, of any size, to try things on, to
    measure and to test with. Beside them stands delay_windows.csv, the delay windows that were in
    force. Either everything is written or nothing.
    """
    from timingctl.cli import render
    from timingctl.generate import GenerateOptions
    from timingctl.generate import generate as generate_exports

    options = GenerateOptions(folder, leads, seed, start, file_format)
    with render.progress(quiet=quiet, verbose=verbose) as progress:
        rows = generate_exports(options, progress)
    with render.printing(folder):
        if as_json:
            click.echo(json.dumps({**options.document(), "rows": rows}, indent=2))
        elif not quiet:
            render.counts(rows, "Generated")
