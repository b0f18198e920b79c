"""The command line: one thin module a subcommand. Heavy imports wait until a command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timingctl import __version__
from timingctl.cli import settings
from timingctl.cli.build import build
from timingctl.cli.check import check
from timingctl.cli.command import HELP_NAMES, Group
from timingctl.cli.delay import delay
from timingctl.cli.diff import diff
from timingctl.cli.effects import effects
from timingctl.cli.explain import explain
from timingctl.cli.generate import generate
from timingctl.cli.help import show_help
from timingctl.cli.kinds import LocalFile
from timingctl.cli.lead import lead
from timingctl.cli.list_leads import list_leads
from timingctl.cli.pull import pull
from timingctl.cli.push import push
from timingctl.cli.report import report
from timingctl.cli.schema import schema
from timingctl.cli.sync import sync
from timingctl.cli.verify import verify
from timingctl.cli.windows import windows

if TYPE_CHECKING:
    from pathlib import Path


@click.group(
    cls=Group,
    context_settings={"help_option_names": HELP_NAMES, "auto_envvar_prefix": settings.PREFIX},
)
@click.version_option(__version__, prog_name="timingctl", allow_from_autoenv=False)
@click.option(
    "--config", metavar="FILE", type=LocalFile(),
    help="Options, a table a command. Default: timingctl.toml, if there is one.",
)  # fmt: skip
@click.option(
    "--debug", is_flag=True, expose_value=False, envvar="TIMINGCTL_DEBUG", show_envvar=True,
    help="After a bug, print where in the code it was.",
)  # fmt: skip
def cli(config: Path | None) -> None:
    """Prove how fast people and AI answer a sales inbox.

    timingctl reads exports of Message, AIDraft and BackgroundJob (usually with Lead and
    EmailCampaign) and builds one response timing event per answered inbound message. Start with
    `timingctl report exports/`; `timingctl generate exports/` makes some up.
    """


for command in (
    *(build, report, effects, list_leads, check, lead, explain, delay, windows, diff),
    *(sync, pull, push, schema, verify, generate, show_help),
):
    cli.add_command(command)
