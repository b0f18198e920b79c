"""`timingctl check`: rules that an inbox must hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from timingctl.arguments import MOST_DAYS
from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import RuleText, Source
from timingctl.cli.params import (
    BusinessArguments,
    RejectArguments,
    ResourceArguments,
    json_option,
    quiet_option,
)

_DAYS = click.IntRange(0, MOST_DAYS)


@dataclass(frozen=True, kw_only=True)
class CheckArguments(BusinessArguments, ResourceArguments, RejectArguments):
    """What `timingctl check` is given."""

    inbox: str = argument("inbox", type=Source())
    rules: Path | None = argument("rules", required=False, type=click.Path(path_type=Path))
    rule: tuple[str, ...] = option(
        "--rule", group="Rules", metavar="RULE", multiple=True, type=RuleText(),
        help='A rule, such as "setter.p90 by client <= 15min". Repeatable.',
    )  # fmt: skip
    maturity_days: int | None = option(
        "--maturity-days", group="Figures", metavar="N", type=_DAYS,
        help="A lead is in no rate of booking before so many days. Default: 30.",
    )  # fmt: skip
    as_json: bool = json_option("the rules, and what breaks them,")
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
    found="a broken rule",
)
def check(given: CheckArguments) -> int:
    """Hold rules against INBOX, for cron and CI.

    It exits 1 when a rule is broken. RULES is a TOML file with a table [[rule]] each: measure,
    limit, and by, min_n, business, allow_empty as you like; a rule with `business` is in business
    time, the others are not. docs/check.md has the measures. INBOX is an inbox, or exports as
    `timingctl build` takes them, which are built first.
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
