"""`timingctl effects`: whether the delay mattered, and waits and bookings with the open counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.arguments import MOST_DAYS
from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Source
from timingctl.cli.params import (
    JSON_SWITCH,
    InboundArguments,
    RejectArguments,
    ResourceArguments,
    WritingArguments,
    csv_safe_option,
    quiet_option,
)
from timingctl.effects.options import NAMES, OUTCOMES
from timingctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from timingctl.effects.figures import Effects


@dataclass(frozen=True, kw_only=True)
class EffectsArguments(InboundArguments, ResourceArguments, WritingArguments, RejectArguments):
    """What `timingctl effects` is given."""

    inbox: str = argument("inbox", type=Source())
    outcome: str = option(
        "--outcome", group="Figures", type=click.Choice(OUTCOMES), default="booked",
        show_default=True, help="What comes of a lead: it books, or it writes back.",
    )  # fmt: skip
    attribution_days: int = option(
        "--attribution-days", group="Figures", metavar="N", type=click.IntRange(0, MOST_DAYS),
        default=30, show_default=True,
        help="A booking counts up to so many days after the inbound; in section bookings after "
        "the response.",
    )  # fmt: skip
    reply_days: int = option(
        "--reply-days", group="Figures", metavar="N", type=click.IntRange(1, MOST_DAYS),
        default=7, show_default=True,
        help="With --outcome replied a reply counts for so many days.",
    )  # fmt: skip
    section: tuple[str, ...] = option(
        "--section", group="Output", metavar="NAME", multiple=True, type=click.Choice(NAMES),
        help=f"Only this section: {', '.join(NAMES)}. Repeatable.",
    )  # fmt: skip
    format: str = option(
        "--format", group="Output", type=click.Choice(["table", "json", "csv", "markdown"]),
        default="table", show_default=True, also=[JSON_SWITCH], help="What is printed.",
    )  # fmt: skip
    csv_safe: bool = csv_safe_option()
    html: Path | None = option(
        "--html", group="Output", type=click.Path(path_type=Path, dir_okay=False),
        help="Write a page, with charts.",
    )  # fmt: skip
    output: Path | None = option(
        "--output", "-o", group="Output", type=click.Path(path_type=Path),
        help="Write a CSV file a section into this folder, or a workbook (.xlsx).",
    )  # fmt: skip
    quiet: bool = quiet_option("No notes on stderr; with --html or -o nothing on stdout.")


@command(
    "effects",
    EffectsArguments,
    examples=(
        "timingctl effects inbox.duckdb",
        "timingctl effects inbox.duckdb --section delay --outcome replied",
        "timingctl effects inbox.duckdb --json > effects.json",
        "timingctl effects exports/ --tz Europe/Berlin --html effects.html",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def effects(given: EffectsArguments) -> int:
    """Tell whether the delay mattered, and how long leads wait.

    INBOX is what `timingctl build SOURCE -o inbox.duckdb` wrote, or exports, which are built first.
    The chosen delay is drawn by a hash of the message's id, so leads with long and short delays are
    alike but for the delay: section delay compares them, once checks say that it is so. Sections
    waits and bookings count who is not answered, and who has not booked, as far as they are known.
    """
    from timingctl import api
    from timingctl.cli import render, terminal
    from timingctl.effects import formats

    if given.format == "csv" and given.output is None and len(set(given.section or NAMES)) > 1:
        raise UsageError(
            "A CSV holds one section; name it by --section, or give -o DIR for a file a section."
        )
    with render.progress(quiet=given.quiet, verbose=False) as progress:
        found = api.effects(
            given.inbox,
            client=given.client,
            channel=given.channel,
            from_=given.window_from,
            to=given.window_to,
            tz=given.zone,
            outcome=given.outcome,
            attribution_days=given.attribution_days,
            reply_days=given.reply_days,
            section=given.section,
            allow_rejects=given.allow_rejects,
            html=given.html,
            output=given.output,
            csv_safe=given.csv_safe,
            lock_timeout=given.lock_timeout,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    written = [path for path in (given.html, given.output) if path is not None]
    if not given.quiet:
        render.notes(found.notes)
        render.written(written)
    if written and (given.quiet or given.format == "csv"):
        return 0
    texts: dict[str, Callable[[Effects], str]] = {
        "json": formats.json_text,
        "csv": partial(formats.csv_text, safe=given.csv_safe),
        "markdown": formats.markdown_text,
    }
    with render.printing(*written):
        if given.format in texts:
            click.echo(texts[given.format](found), nl=False)
        else:
            terminal.show_effects(found)
    return 0
