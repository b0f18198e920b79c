"""`timingctl generate`: made-up exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.arguments import EXPORT_FORMATS, MOST_POINTS
from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Instant
from timingctl.cli.params import json_option, quiet_option, verbose_option

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class GenerateArguments:
    """What `timingctl generate` is given."""

    folder: Path = argument(
        "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False)
    )
    leads: int = option(
        "--leads", group="Contents", metavar="N", type=click.IntRange(min=1), default=1000,
        show_default=True, help="How many leads; each has about 20 messages.",
    )  # fmt: skip
    seed: int = option(
        "--seed", group="Contents", metavar="N", type=click.IntRange(min=0), default=1,
        show_default=True, help="The same seed gives the same bytes.",
    )  # fmt: skip
    start: datetime = option(
        "--start", group="Contents", type=Instant(), default="2025-01-01", show_default=True,
        help="When the inbox begins; the exports are of a year later.",
    )  # fmt: skip
    until: datetime | None = option(
        "--until", group="Contents", type=Instant(),
        help="The inbox as it stood at this instant: the same seed lets it grow.",
    )  # fmt: skip
    effect: float | None = option(
        "--effect", group="Contents", metavar="POINTS",
        type=click.FloatRange(-MOST_POINTS, MOST_POINTS),
        help="Plant an effect: so many points more of booking for a minute more of chosen delay, "
        "such as -1.5. Default: the delay has none.",
    )  # fmt: skip
    format: str = option(
        "--format", group="Output", type=click.Choice(EXPORT_FORMATS),
        default="parquet", show_default=True, help="The format of the exports.",
    )  # fmt: skip
    json: bool = json_option("what was made")
    quiet: bool = quiet_option("No summary, no progress; only errors.")
    verbose: bool = verbose_option()


@command(
    "generate",
    GenerateArguments,
    examples=(
        "timingctl generate demo/ --leads 1000",
        "timingctl build demo/ --delay-windows demo/delay_windows.csv",
        "timingctl generate monday/ --until 2025-06-02        # as it stood then",
        "timingctl generate big/ --leads 510000 --seed 7      # 10 million messages",
    ),
    exit_codes=(0, 2, 10),
)
def generate(given: GenerateArguments) -> None:
    """Make up the exports of an inbox in DIR, a new or an empty folder.

    Message, AIDraft, BackgroundJob, Lead and EmailCampaign, of any size, to try things on, to
    measure and to test with. Beside them stand delay_windows.csv, the delay windows that were in
    force, and causes.csv, how many rows have which cause; with --effect also effect.csv, the
    effect of the delay on booking. Either everything is written or nothing.
    """
    from timingctl import api
    from timingctl.cli import render
    from timingctl.documents import as_json

    with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
        made = api.generate(
            given.folder,
            leads=given.leads,
            seed=given.seed,
            start=given.start,
            until=given.until,
            format=given.format,
            effect=given.effect,
            progress=progress,
        )
    with render.printing(given.folder):
        if given.json:
            click.echo(as_json(made.document()), nl=False)
        elif not given.quiet:
            render.counts(made.rows, "Generated")
