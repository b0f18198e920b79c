"""`timingctl list`: the leads to work on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Source, Target
from timingctl.cli.params import (
    JSON_SWITCH,
    BusinessArguments,
    RejectArguments,
    ResourceArguments,
    WritingArguments,
    csv_safe_option,
    quiet_option,
)
from timingctl.lists.kinds import KINDS

if TYPE_CHECKING:
    from timingctl.lists.figures import ListDocument

_ROWS_IN_TABLES = 20


@dataclass(frozen=True, kw_only=True)
class ListArguments(BusinessArguments, ResourceArguments, WritingArguments, RejectArguments):
    """What `timingctl list` is given."""

    inbox: str = argument("inbox", type=Source())
    kind: str = argument("kind", type=click.Choice([*KINDS]))
    campaign: tuple[str, ...] = option(
        "--campaign", group="Filters", metavar="ID", multiple=True,
        help="Only leads of this campaign. Repeatable.",
    )  # fmt: skip
    weekend: bool = option(
        "--weekend", group="Filters", is_flag=True,
        help="Only waits from before a Saturday to the Monday (open, slow).",
    )  # fmt: skip
    over: str | None = option(
        "--over", group="Filters", type=Target(),
        help="Only what waits, or waited, longer; in business time with --business-hours.",
    )  # fmt: skip
    limit: int | None = option(
        "--limit", group="Output", metavar="N", type=click.IntRange(min=1),
        help="Only the first so many. Default: 20 in tables, all in data.",
    )  # fmt: skip
    link: str | None = option(
        "--link", group="Output", metavar="URL",
        help="A link a row, such as 'https://app.example/leads/{leadId}'.",
    )  # fmt: skip
    format: str = option(
        "--format", group="Output", type=click.Choice(["table", "json", "csv", "markdown"]),
        default="table", show_default=True, also=[JSON_SWITCH], help="What is printed.",
    )  # fmt: skip
    csv_safe: bool = csv_safe_option()
    output: Path | None = option(
        "--output", "-o", group="Output", type=click.Path(path_type=Path, dir_okay=False),
        help="Write a workbook (.xlsx).",
    )  # fmt: skip
    fail_empty: bool = option(
        "--fail-empty", group="Output", is_flag=True, help="Exit 1 when the list is empty."
    )
    quiet: bool = quiet_option("No notes on stderr; with -o nothing on stdout.")


@command(
    "list",
    ListArguments,
    examples=(
        "timingctl list inbox.duckdb open",
        "timingctl list inbox.duckdb open --weekend --tz Europe/Berlin",
        'timingctl list x.duckdb slow --over 1h --business-hours "Mon-Fri 09:00-17:00"',
        "timingctl list inbox.duckdb unsent --format csv > unsent.csv",
        "timingctl list exports/ open --link 'https://app.example/leads/{leadId}'",
    ),
    exit_codes=(0, 1, 2, 10, 11, 12),
    found="an empty list (--fail-empty)",
)
def list_leads(given: ListArguments) -> int:
    """List the leads of INBOX to work on, the worst or longest first.

    KIND is `open` (who waits), `slow` (who waited), `late` and `unsent` (jobs that send drafts), or
    `neither` (anchors that neither a setter nor the AI answered). INBOX is an inbox, or exports
    as `timingctl build` takes them, which are built first.
    """
    from timingctl import api
    from timingctl.cli import render, terminal
    from timingctl.documents import as_json
    from timingctl.lists.figures import csv_text, list_grid
    from timingctl.reports.formats import markdown_of

    # A screen has the first rows; what -o writes beside it has all.
    most = _ROWS_IN_TABLES if given.format in {"table", "markdown"} and not given.limit else None
    with render.progress(quiet=given.quiet, verbose=False) as progress:
        found = api.list_leads(
            given.inbox,
            given.kind,
            client=given.client,
            channel=given.channel,
            campaign=given.campaign,
            from_=given.window_from,
            to=given.window_to,
            now=given.now,
            weekend=given.weekend,
            over=given.over,
            business_hours=given.hours,
            holidays=given.holidays,
            tz=given.zone,
            limit=given.limit or (None if given.output else most),
            link=given.link,
            output=given.output,
            allow_rejects=given.allow_rejects,
            lock_timeout=given.lock_timeout,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    written = [given.output] if given.output else []
    rows = found.document["rows"]
    if given.output and most and len(rows) > most:
        told = f"{most} of {len(rows):,} are shown; {given.output} has all."
        document: ListDocument = {**found.document, "rows": rows[:most]}
        found = replace(found, document=document, notes=[*found.notes, told])
    if not given.quiet:
        render.notes(found.notes)
        render.written(written)
    code = int(given.fail_empty and found.document["total"] == 0)
    if written and given.quiet:
        return code
    with render.printing(*written):
        if given.format == "json":
            click.echo(as_json(found.document), nl=False)
        elif given.format == "csv":
            click.echo(csv_text(found, safe=given.csv_safe), nl=False)
        elif given.format == "markdown":
            click.echo(markdown_of([list_grid(found)]), nl=False)
        else:
            terminal.show_list(found)
    return code
