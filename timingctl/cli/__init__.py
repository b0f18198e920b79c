"""The command line: one thin module a subcommand. Heavy imports wait until a command runs."""

from __future__ import annotations

import click

from timingctl import __version__
from timingctl.cli.build import build
from timingctl.cli.delay import delay
from timingctl.cli.diff import diff
from timingctl.cli.explain import explain
from timingctl.cli.generate import generate
from timingctl.cli.lead import lead
from timingctl.cli.pull import pull
from timingctl.cli.push import push
from timingctl.cli.report import report
from timingctl.cli.schema import schema
from timingctl.cli.verify import verify
from timingctl.cli.windows import windows

_EXIT_CODES = """\b
Exit codes:
  0    fine
  1    a check found differences
  2    wrong usage
  10   a setting cannot be honoured: memory, folders, threads
  11   input that cannot be used
  12   a database that cannot be reached or refuses
  70   a bug of timingctl
  130  interrupted
  141  nobody reads stdout any more
"""


@click.group(epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="timingctl")
@click.option(
    "--debug", is_flag=True, expose_value=False, envvar="TIMINGCTL_DEBUG", show_envvar=True,
    help="After a bug, print where in the code it was.",
)  # fmt: skip
def cli() -> None:
    """Prove how fast people and AI answer a sales inbox.

    timingctl reads exports of Message, AIDraft and BackgroundJob (usually with Lead and
    EmailCampaign) and builds one response timing event per answered inbound message.
    """


for command in (
    *(build, report, lead, explain, delay, windows, diff),
    *(pull, push, schema, verify, generate),
):
    cli.add_command(command)
