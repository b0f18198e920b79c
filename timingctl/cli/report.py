"""`timingctl report`: what the events say, in the terminal, as data and as a page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timingctl.cli.params import (
    Hours,
    LocalInstant,
    Responder,
    csv_safe_option,
    lock_timeout_option,
    option,
    resource_options,
)
from timingctl.report.options import PERIODS, ReportOptions
from timingctl.report.sections import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from timingctl.report.figures import Report

_EXAMPLES = """\b
Examples:
  timingctl report events.parquet
  timingctl report events.parquet --leads Lead.csv --section responders --top 10
  timingctl report events.parquet --from 2026-03-01 --to 2026-04-01 --tz Europe/Berlin
  timingctl report events.parquet --exports exports/ --format json > report.json
  timingctl report events.parquet --leads Lead.csv --html report.html
"""


_TOP_IN_TABLES = 20


@click.command(epilog=_EXAMPLES)
@click.argument("events", type=click.Path(path_type=Path))
@option(
    "--section", "sections", multiple=True, type=click.Choice(NAMES),
    help="Only this section. Repeatable.",
)  # fmt: skip
@option("--leads", type=click.Path(path_type=Path), help="The Lead table, for booking outcomes.")
@option(
    "--exports", type=click.Path(path_type=Path),
    help="The exports that the events were built from: lead data, and open inbounds.",
)  # fmt: skip
@option("--client", "clients", multiple=True, help="Only this client. Repeatable.")
@option("--channel", "channels", multiple=True, help="Only this channel. Repeatable.")
@option(
    "--responder", "responders", multiple=True, type=Responder(),
    help="Only first responses by all, ai or user:ID. Repeatable.",
)  # fmt: skip
@option("--from", "window_from", type=LocalInstant(), help="Only inbounds from this instant on.")
@option("--to", "window_to", type=LocalInstant(), help="Only inbounds before this instant.")
@option("--tz", "zone", default="UTC", show_default=True, help="The time zone of clocks and dates.")
@option(
    "--attribution-days", type=click.IntRange(0, 36_500), default=30, show_default=True,
    help="A booking counts so many days after the response.",
)  # fmt: skip
@option(
    "--maturity-days", type=click.IntRange(0, 36_500),
    help="Without a booking a lead is pending so many days. Default: the attribution days.",
)  # fmt: skip
@option(
    "--business-hours", "hours", type=Hours(),
    help='Only responses inside, such as "Mon-Fri 09:00-17:00", on the clock of --tz.',
)  # fmt: skip
@option("--by", "period", type=click.Choice(PERIODS), default="week", show_default=True,
        help="The periods of the trend.")  # fmt: skip
@option("--names", type=click.Path(path_type=Path), help="What people are called: userId, name.")
@option(
    "--top", type=click.IntRange(min=1),
    help="Only the first so many responders. Default: 20 in tables, all in data.",
)  # fmt: skip
@option(
    "--format", "text_format", type=click.Choice(["table", "json", "csv", "markdown"]),
    default="table", show_default=True, help="What is printed.",
)  # fmt: skip
@csv_safe_option
@option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page, with charts."
)
@lock_timeout_option
@resource_options
@option("--quiet", "-q", is_flag=True, help="No notes on stderr; with --html nothing on stdout.")
def report(
    text_format: str, csv_safe: bool, quiet: bool, html: Path | None, sections: tuple[str, ...],
    responders: tuple[str, ...], top: int | None, lock_timeout: str, **given: Any,
) -> None:  # fmt: skip
    """Report on EVENTS: how fast, by whom, through which channel, and what was booked.

    EVENTS is what `timingctl build` wrote, or an export of the app's ResponseTimingEvent table.
    Booking outcomes need lead data: --leads or --exports. A bare date is midnight in --tz.
    """
    from timingctl.cli import render, terminal
    from timingctl.report import formats
    from timingctl.report.figures import report as computed

    options = ReportOptions(
        sections=sections,
        responders=() if "all" in responders else responders,
        html=html,
        top=top or (_TOP_IN_TABLES if text_format in {"table", "markdown"} else None),
        **given,
    )
    if html is not None:
        from timingctl.report.page import write_page  # before the work: it may not be installed
    found = computed(options)
    if html is not None:
        write_page(found, html, lock_timeout)
    if not quiet:
        render.notes(found.notes)
    if html is not None and quiet:
        return
    texts: dict[str, Callable[[Report], str]] = {
        "json": formats.json_text,
        "csv": partial(formats.csv_text, safe=csv_safe),
        "markdown": formats.markdown_text,
    }
    with render.printing(html):
        if text_format in texts:
            click.echo(texts[text_format](found), nl=False)
        else:
            terminal.show_report(found)
