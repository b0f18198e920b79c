"""`timingctl check`: rules that an inbox must hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.arguments import MOST_DAYS
from timingctl.cli.command import argument, command, option
from timingctl.cli.params import (
    Hours,
    Moment,
    RejectArguments,
    ResourceArguments,
    Source,
    Zone,
    json_option,
    quiet_option,
)

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.clocks.hours import BusinessHours
    from timingctl.clocks.said_times import SaidTime

_DAYS = click.IntRange(0, MOST_DAYS)


@dataclass(frozen=True, kw_only=True)
class CheckArguments(ResourceArguments, RejectArguments):
    """What `timingctl check` is given."""

    inbox: str = argument("inbox", type=Source())
    rules: Path | None = argument("rules", required=False, type=click.Path(path_type=Path))
    rule: tuple[str, ...] = option(
        "--rule", group="Rules", metavar="RULE", multiple=True,
        help='A rule, such as "setter.p90 by client <= 15min". Repeatable.',
    )  # fmt: skip
    client: tuple[str, ...] = option(
        "--client", group="Filters", metavar="ID", multiple=True,
        help="Only this client. Repeatable.",
    )  # fmt: skip
    channel: tuple[str, ...] = option(
        "--channel", group="Filters", metavar="NAME", multiple=True,
        help="Only this channel. Repeatable.",
    )  # fmt: skip
    window_from: datetime | SaidTime | None = option(
        "--from", group="Filters", type=Moment(), help="Only inbounds from this instant on."
    )
    window_to: datetime | SaidTime | None = option(
        "--to", group="Filters", type=Moment(), help="Only inbounds before this instant."
    )
    now: bool = option(
        "--now", group="Filters", is_flag=True,
        help="Times such as -7d are seen from now, not from the as-of of the data.",
    )  # fmt: skip
    hours: BusinessHours | None = option(
        "--business-hours", group="Figures", type=Hours(),
        help='What "business" in a rule means, such as "Mon-Fri 09:00-17:00".',
    )  # fmt: skip
    holidays: Path | None = option(
        "--holidays", group="Figures", type=click.Path(path_type=Path),
        help="Days without business: a date a line, or a CSV with a column date.",
    )  # fmt: skip
    zone: str = option(
        "--tz", group="Figures", metavar="ZONE", type=Zone(), default="UTC", show_default=True,
        help="The time zone of clocks and dates.",
    )  # fmt: skip
    maturity_days: int | None = option(
        "--maturity-days", group="Figures", metavar="N", type=_DAYS,
        help="A lead is in no rate of booking before so many days. Default: 30.",
    )  # fmt: skip
    as_json: bool = json_option("The rules, and what breaks them, as JSON.")
    quiet: bool = quiet_option("Print only what is broken.")


@command(
    "check",
    CheckArguments,
    examples=(
        "timingctl check inbox.duckdb rules.toml",
        "timingctl check inbox.duckdb --rule 'setter.p90 by client <= 15min'",
        "timingctl check inbox.duckdb --from -7d --rule 'response.within(5min) >= 80%'",
        "timingctl check inbox.duckdb --rule 'jobs.late_share <= 5%' --json",
    ),
    exit_codes=(0, 1, 2, 10, 11, 12),
)
def check(given: CheckArguments) -> int:
    """Hold rules against INBOX, for cron and CI.

    It exits 1 when a rule is broken. RULES is a TOML file with a table [[rule]] each: measure,
    limit, and by, min_n, business, allow_empty as you like. docs/check.md has the measures. INBOX
    is an inbox, or exports as `timingctl build` takes them, which are built first.
    """
    from timingctl import api
    from timingctl.checks.figures import check_grids
    from timingctl.cli import render, terminal
    from timingctl.documents import as_json

    with render.progress(quiet=given.quiet, verbose=False) as progress:
        found = api.check(
            given.inbox,
            given.rules,
            rule=given.rule,
            client=given.client,
            channel=given.channel,
            from_=given.window_from,
            to=given.window_to,
            now=given.now,
            business_hours=given.hours,
            holidays=given.holidays,
            tz=given.zone,
            maturity_days=given.maturity_days,
            allow_rejects=given.allow_rejects,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    if not given.quiet:
        render.notes(found.notes)
    broken = found.document["broken"]
    with render.printing():
        if given.as_json:
            click.echo(as_json(found.document), nl=False)
        elif broken:
            terminal.show_grids(check_grids(found))
        elif not given.quiet:
            number = len(found.document["rules"])
            click.echo("The rule holds." if number == 1 else f"All {number} rules hold.")
    return int(bool(broken))
