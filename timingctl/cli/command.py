"""Commands whose options are the fields of a dataclass, and whose help is data for the docs, too.

A command is a function of one frozen dataclass. Its fields are made by `option` and `argument`, so
that the name, the type and the help of an option stand in one place, and dataclasses that several
commands inherit from are the options that they share.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from dataclasses import field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from timingctl.cli import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from _typeshed import DataclassInstance

Given = TypeVar("Given", bound="DataclassInstance")

#: The headings of options, in the order of help.
GROUPS = (
    "Input", "Database", "Window", "Contents", "Filters", "Rules", "Figures", "Breakdown",
    "Changes", "Output", "Resources", "General",
)  # fmt: skip
#: The exit codes of all commands: what each says in a word, and what it means.
EXIT_CODES = {
    0: ("fine", ""),
    1: ("found", "differences, a broken rule, or with --fail-empty nothing"),
    2: ("wrong usage", "of a command, an option, a variable or a file of options"),
    10: ("settings", "memory, folders, threads that cannot be had; a missing option"),
    11: ("input", "a file that cannot be used"),
    12: ("database", "one, or an engine, that cannot be reached or that refuses"),
    70: ("bug", "an error in timingctl itself"),
    129: ("hung up", "the terminal was closed"),
    130: ("interrupted", "by Ctrl-C"),
    141: ("closed pipe", "whoever read the output stopped reading"),
    143: ("terminated", "by SIGTERM"),
}
HELP_NAMES = ("-h", "--help")

_PARAMETERS = "parameters"


class Option(click.Option):
    """An option under one of GROUPS.

    With `typed_only` it counts only where it is typed: no variable and no file can set it, because
    it deletes or rewrites. `secret` says whether a value must not stand in a file. An option with
    an `envvar` has no variable by command besides, nor has a switch, which is one value of another.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        group: str,
        typed_only: bool = False,
        secret: Callable[[str], bool] = lambda _: False,
        **settings: Any,
    ) -> None:
        super().__init__(names, **settings)
        self.group = group
        self.typed_only = typed_only
        self.secret = secret
        self.allow_from_autoenv = not (typed_only or self.envvar or self.is_switch)

    @property
    def long(self) -> str:
        """The long name without its dashes: the key in a file of options."""
        return max(self.opts, key=len).removeprefix("--")

    @property
    def shared(self) -> list[str]:
        """The variables that it has in common with options of other commands."""
        return [self.envvar] if isinstance(self.envvar, str) else list(self.envvar or ())

    @property
    def is_switch(self) -> bool:
        """Whether it is one value of another option, whose name it shares."""
        return self.name != self.long.replace("-", "_")

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """The option, with the variable that its value came from, or those it could come from."""
        hint = super().get_error_hint(ctx)
        if self.shared:
            return f"{hint} (or {' or '.join(self.shared)})"
        source = ctx and ctx.get_parameter_source(self.name or "")
        if ctx and self.allow_from_autoenv and source is ParameterSource.ENVIRONMENT:
            return f"{hint} (from {settings.variable(ctx.command, self)})"
        return hint


def option(*names: str, group: str, also: Sequence[Option] = (), **settings: Any) -> Any:
    """A field that is an option; `also` are switches for single values of it."""
    made = Option(names, group=group, **settings)
    return field(metadata={_PARAMETERS: (made, *also)})


def argument(name: str, **settings: Any) -> Any:
    """A field that is a positional argument."""
    return field(metadata={_PARAMETERS: (click.Argument([name], **settings),)})


class Command(click.Command):
    """A subcommand. `examples` are command lines, `exit_codes` those that it may end with.

    `found` says what exit code 1 means of this one.
    """

    def __init__(
        self,
        name: str,
        given: type[DataclassInstance],
        run: Callable[[Any], int | None],
        examples: Sequence[str],
        exit_codes: Sequence[int],
        *,
        found: str = "",
    ) -> None:
        self._fields = {entry.name: entry.metadata[_PARAMETERS] for entry in fields(given)}
        super().__init__(
            name, params=[param for made in self._fields.values() for param in made],
            help=run.__doc__, callback=run,
        )  # fmt: skip
        self._given, self._run = given, run
        self.examples = tuple(examples)
        self.exit_codes, self.found = tuple(exit_codes), found

    @property
    def options(self) -> list[Option]:
        """Its options, in the order in which they are declared."""
        return [param for param in self.params if isinstance(param, Option)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; what is neither typed nor in the environment comes from the file of options."""
        asks_for_help = not self.options or set(HELP_NAMES) & set(args)
        if not (ctx.resilient_parsing or asks_for_help):
            ctx.default_map = settings.settings(ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> int | None:
        """Run it on the dataclass of what it was given."""
        given = {name: ctx.params[made[0].name] for name, made in self._fields.items()}
        return self._run(self._given(**given))

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first line of the help."""
        return (self.help or "").partition("\n")[0]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings."""
        groups: dict[str, list[click.Parameter]] = {group: [] for group in GROUPS}
        for made in self.options:
            groups[made.group].append(made)
        groups[GROUPS[-1]].append(_help_option(self, ctx))
        for group, members in groups.items():
            records = [record for made in members if (record := made.get_help_record(ctx))]
            if records:
                with formatter.section(group):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, the exit codes and the environment."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{example}\n")
        words = {code: word for code, (word, _) in EXIT_CODES.items()} | {1: self.found}
        codes = ", ".join(f"{code} {words[code]}" for code in self.exit_codes)
        formatter.write_paragraph()
        formatter.write_text(f"Exit codes: {codes}.")
        if any(made.allow_from_autoenv for made in self.options):
            formatter.write_paragraph()
            formatter.write_text(self._environment())

    def _environment(self) -> str:
        """Where the variables of the options are said, in one line."""
        typed = [f"--{made.long}" for made in self.options if made.typed_only]
        variables = f"{settings.prefix(self)}_<OPTION>"
        if typed:
            return f"Environment: {variables}, but not {', '.join(typed)}."
        return f"Environment: each option, as {variables}."


def command(
    name: str,
    given: type[Given],
    *,
    examples: Sequence[str],
    exit_codes: Sequence[int],
    found: str = "",
) -> Callable[[Callable[[Given], int | None]], Command]:
    """Make a command of a function of such a dataclass, whose docstring is its help."""
    return lambda run: Command(name, given, run, examples, exit_codes, found=found)


class Group(click.Group):
    """The whole of the commands, in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of help."""
        return list(self.commands)

    def main(self, *arguments: Any, **more: Any) -> Any:
        """As click does; asked by a shell to complete, it knows our own scripts."""
        sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - as below
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is None:  # closed by who started us
                setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
            elif isinstance(stream, io.TextIOWrapper):  # the same bytes in every locale
                stream.reconfigure(encoding="utf-8", errors=stream.errors)
        if instruction := os.environ.get("_TIMINGCTL_COMPLETE"):
            from timingctl.cli import completion

            completion.check(instruction)
        return super().main(*arguments, **more)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """As click does, quiet at a closed pipe: this prints help and version."""
        with _quiet_at_a_closed_pipe():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; whatever is still to be written is written before it returns."""
        with _quiet_at_a_closed_pipe():
            return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write all exit codes, and where options may come from."""
        with formatter.section("Exit codes"):
            for code, (word, meaning) in EXIT_CODES.items():
                formatter.write(f"  {code:<5}{': '.join(filter(None, (word, meaning)))}\n")
        formatter.write_paragraph()
        formatter.write_text(
            "Options come from the command line, else from the environment "
            "(TIMINGCTL_REPORT_FORMAT for --format of report), else from timingctl.toml."
        )


def _help_option(made: click.Command, ctx: click.Context) -> click.Option:
    option = made.get_help_option(ctx)
    assert option is not None  # noqa: S101 - every command has it
    return option


@contextmanager
def _quiet_at_a_closed_pipe() -> Iterator[None]:
    """Say nothing where nobody reads any more; raises click's Exit."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise click.exceptions.Exit(closed_pipe()) from None


def closed_pipe() -> int:
    """The exit code of who writes to a closed pipe; what is still to be written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    return 141  # as shells report a process that SIGPIPE has ended
