"""`timingctl help`: what the tool and its commands do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from timingctl.cli.command import Group


class _CommandName(click.ParamType[str]):
    """The name of a command."""

    name = "command"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take it as it is: the group says what it does not know."""
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the names."""
        return ctx.find_root().command.shell_complete(ctx.find_root(), incomplete)


@dataclass(frozen=True, kw_only=True)
class HelpArguments:
    """What `timingctl help` is given."""

    name: str | None = argument(
        "command", metavar="[COMMAND]", required=False, type=_CommandName()
    )  # fmt: skip


@command(
    "help",
    HelpArguments,
    examples=("timingctl help", "timingctl help report"),
    exit_codes=(0, 2),
)
def show_help(given: HelpArguments) -> None:
    """Show this help, or that of a COMMAND."""
    context = click.get_current_context().find_root()
    if given.name is not None:
        group: Group = context.command  # type: ignore[assignment]
        name, asked, _ = group.resolve_command(context, [given.name])
        assert asked is not None  # noqa: S101 - or it would have raised
        context = click.Context(asked, info_name=name, parent=context)
    click.echo(context.get_help())
