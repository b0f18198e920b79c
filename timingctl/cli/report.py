"""`timingctl report`: what the events say, in the terminal, as data and as a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.arguments import MOST_DAYS
from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Dimensions, Given, Responder, Source, Target
from timingctl.cli.params import (
    JSON_SWITCH,
    BusinessArguments,
    RejectArguments,
    ResourceArguments,
    WritingArguments,
    csv_safe_option,
    quiet_option,
)
from timingctl.errors import UsageError
from timingctl.reports.dimensions import DIMENSIONS, RESPONSES, SORTS, TARGETS
from timingctl.reports.options import BOOKINGS, ONLY
from timingctl.reports.sections import NAMES, USUAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from timingctl.reports.figures import Report

_TOP_IN_TABLES = 20
_DAYS = click.IntRange(0, MOST_DAYS)


@dataclass(frozen=True, kw_only=True)
class ReportArguments(BusinessArguments, ResourceArguments, WritingArguments, RejectArguments):
    """What `timingctl report` is given."""

    events: str = argument("events", type=Source())
    leads: Path | str | None = option(
        "--leads", group="Input", type=Given(),
        help="The Lead table, for booking outcomes.",
    )  # fmt: skip
    exports: Path | str | None = option(
        "--exports", group="Input", type=Given(),
        help="The exports that the events were built from: lead data, and open inbounds.",
    )  # fmt: skip
    names: Path | str | None = option(
        "--names", group="Input", type=Given(),
        help="What people are called: userId, name.",
    )  # fmt: skip
    responder: tuple[str, ...] = option(
        "--responder", group="Filters", multiple=True, type=Responder(),
        help="Only first responses by all, ai or user:ID. Repeatable.",
    )  # fmt: skip
    only: str | None = option(
        "--only", group="Filters", type=click.Choice(ONLY),
        help="Only inbounds that came in business hours, or outside them.",
    )  # fmt: skip
    attribution_days: int = option(
        "--attribution-days", group="Figures", metavar="N", type=_DAYS, default=30,
        show_default=True, help="A booking counts up to so many days after the response.",
    )  # fmt: skip
    maturity_days: int | None = option(
        "--maturity-days", group="Figures", metavar="N", type=_DAYS,
        help="Without a booking a lead is pending for so many days. Default: the attribution days.",
    )  # fmt: skip
    bookings: str = option(
        "--bookings", group="Figures", type=click.Choice(BOOKINGS), default="kept",
        show_default=True, help="Whether a booking that was cancelled counts (any).",
    )  # fmt: skip
    by: tuple[tuple[str, ...], ...] = option(
        "--by", group="Breakdown", multiple=True, type=Dimensions(),
        help=f"A row each: {', '.join(DIMENSIONS)}. Repeatable.",
    )  # fmt: skip
    responses: str = option(
        "--responses", group="Breakdown", type=click.Choice(RESPONSES), default="first",
        show_default=True, help="Count first responses, or the second ones too (all).",
    )  # fmt: skip
    target: tuple[str, ...] = option(
        "--target", group="Breakdown", multiple=True, type=Target(), default=TARGETS,
        show_default=True, help="Tell the share of responses within this time. Repeatable.",
    )  # fmt: skip
    sort: str | None = option(
        "--sort", group="Breakdown", type=click.Choice(SORTS),
        help="The order of rows: key, or a measure, the greatest first.",
    )  # fmt: skip
    ascending: bool = option(
        "--ascending", group="Breakdown", is_flag=True, help="With --sort the least first."
    )
    min_n: int = option(
        "--min-n", group="Breakdown", metavar="N", type=click.IntRange(min=0), default=0,
        help="Only rows of N responses or more.",
    )  # fmt: skip
    section: tuple[str, ...] = option(
        "--section", group="Output", metavar="NAME", multiple=True, type=click.Choice(NAMES),
        help=f"Only this section: {', '.join(NAMES)}. Repeatable.",
    )  # fmt: skip
    versus: str | None = option(
        "--versus", group="Breakdown", metavar="OTHER",
        help="Compare with previous (the time before), FROM..TO, last-week, or other EVENTS.",
    )  # fmt: skip
    top: int | None = option(
        "--top", group="Output", metavar="N", type=click.IntRange(min=1),
        help="Only so many responders, or rows of --by. Default: 20 in tables, all in data.",
    )  # fmt: skip
    format: str = option(
        "--format", group="Output", type=click.Choice(["table", "json", "csv", "markdown"]),
        default="table", show_default=True, also=[JSON_SWITCH], help="What is printed.",
    )  # fmt: skip
    csv_safe: bool = csv_safe_option()
    html: Path | None = option(
        "--html",
        group="Output",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write a page, with charts.",
    )
    output: Path | None = option(
        "--output", "-o", group="Output", type=click.Path(path_type=Path),
        help="Write a CSV file a section into this folder, or a workbook (.xlsx).",
    )  # fmt: skip
    fail_empty: bool = option(
        "--fail-empty", group="Output", is_flag=True, help="Exit 1 when no event matches."
    )
    quiet: bool = quiet_option("No notes on stderr; with --html or -o nothing on stdout.")


@command(
    "report",
    ReportArguments,
    examples=(
        "timingctl report exports/",
        "timingctl report inbox.duckdb --html report.html",
        "timingctl report events.parquet --leads Lead.csv --section responders --top 10",
        "timingctl report inbox.duckdb --by client,week --min-n 20",
        "timingctl report inbox.duckdb --from this-week --versus previous --by client",
        "timingctl report events.parquet --from 2026-03-01 --tz Europe/Berlin",
        "timingctl report events.parquet --exports exports/ --json > report.json",
        "timingctl report events.parquet --leads Lead.csv --html report.html",
    ),
    exit_codes=(0, 1, 2, 10, 11, 12),
    found="no events (--fail-empty)",
)
def report(given: ReportArguments) -> int:
    """Report on EVENTS: how fast, by whom, and what was booked.

    EVENTS is an inbox, or a file or folder of events, that `timingctl build` wrote, an export of
    the app's ResponseTimingEvent table, or exports as `timingctl build` takes them, which are built
    first. All may be in a bucket (s3://bucket/inbox.duckdb). Booking outcomes and open inbounds
    need an inbox, or --leads or --exports. A bare date is midnight in --tz.
    """
    from timingctl import api
    from timingctl.cli import render, terminal
    from timingctl.reports import formats

    if given.format == "csv" and given.output is None and _sections(given) > 1:
        raise UsageError(
            "A CSV holds one section; name it by --section, or give -o DIR for a file a section."
        )
    with render.progress(quiet=given.quiet, verbose=False) as progress:
        found = api.report(
            given.events,
            leads=given.leads,
            exports=given.exports,
            names=given.names,
            client=given.client,
            channel=given.channel,
            responder=given.responder,
            from_=given.window_from,
            to=given.window_to,
            now=given.now,
            business_hours=given.hours,
            holidays=given.holidays,
            only=given.only,
            tz=given.zone,
            attribution_days=given.attribution_days,
            maturity_days=given.maturity_days,
            bookings=given.bookings,
            by=given.by,
            responses=given.responses,
            target=given.target,
            sort=given.sort,
            ascending=given.ascending,
            min_n=given.min_n,
            versus=given.versus,
            section=_asked(given),
            top=given.top or _usual_top(given),
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
    written = [path for path in (given.html, given.output) if path is not None and path.exists()]
    code = int(given.fail_empty and found.events == 0)
    if not given.quiet:
        render.notes(found.notes)
        render.written(written)
    if written and (given.quiet or given.format == "csv"):
        return code
    texts: dict[str, Callable[[Report], str]] = {
        "json": formats.json_text,
        "csv": partial(formats.csv_text, safe=given.csv_safe),
        "markdown": formats.markdown_text,
    }
    with render.printing(*written):
        if given.format in texts:
            click.echo(texts[given.format](found), nl=False)
        else:
            terminal.show_report(found, brief=_is_brief(given))
    return code


def _sections(given: ReportArguments) -> int:
    """How many sections are asked for."""
    named = given.section or (() if given.by or given.versus else USUAL)
    return len(set(named)) + len(set(given.by)) + bool(given.versus)


def _is_brief(given: ReportArguments) -> bool:
    """Whether the screen shows the summary alone: nothing else is named."""
    named = given.section or given.by or given.versus
    return given.format == "table" and not named


def _asked(given: ReportArguments) -> tuple[str, ...]:
    """The sections to compute: for a page or tables all, beside what the screen shows."""
    if not _is_brief(given):
        return given.section
    return ("summary", *USUAL) if given.html or given.output else ("summary",)


def _usual_top(given: ReportArguments) -> int | None:
    """How many rows there are unless it is said: data have all, and so have the tables of -o."""
    is_for_people = given.format in {"table", "markdown"} and given.output is None
    return _TOP_IN_TABLES if is_for_people else None
