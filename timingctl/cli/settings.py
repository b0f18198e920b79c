"""Options that are not typed: the environment, and the file timingctl.toml. See docs/cli.md."""

from __future__ import annotations

import difflib
import os
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timingctl.errors import TimingctlError, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from timingctl.cli.command import Command, Option

FILE = Path("timingctl.toml")
PREFIX = "TIMINGCTL"
#: The variables that belong to no one command.
_SHARED = (f"{PREFIX}_CONFIG", f"{PREFIX}_DEBUG", f"{PREFIX}_DSN")
_REFUSED = "has a password; give it by TIMINGCTL_DSN, PGPASSWORD or ~/.pgpass instead."


def prefix(command: click.Command) -> str:
    """What the variables of a command begin with."""
    return f"{PREFIX}_{(command.name or '').upper()}"


def variable(command: click.Command, option: Option) -> str:
    """The variable of an option of a command, as click reads it."""
    return f"{prefix(command)}_{option.long.replace('-', '_').upper()}"


def settings(ctx: click.Context) -> dict[str, Any]:
    """What the file of options says of a command that is going to run, by the options' names.

    Raises click's UsageError for a variable that nothing reads and for whatever a file may not
    say.
    """
    root = ctx.find_root()
    commands: dict[str, Command] = getattr(root.command, "commands", {})
    _check_environment(commands, ctx)
    given = root.params.get("config")
    if given is None and not FILE.is_file():
        return {}
    return _File(given or FILE).defaults(commands, ctx)


def _check_environment(commands: Mapping[str, Command], ctx: click.Context) -> None:
    """Refuse variables that look like ours and that nothing would read."""
    # Of commands that have an option of the same name, the one that is to run comes first.
    running_first = sorted(commands.values(), key=lambda command: command is not ctx.command)
    options = {
        variable(command, option): (command, option)
        for command in running_first
        for option in command.options
    }
    read = [name for name, (_, option) in options.items() if option.allow_from_autoenv]
    for name in sorted(os.environ):
        if name.startswith(f"{PREFIX}_") and name not in (*read, *_SHARED):
            named = [own for own in options if own.endswith(name.removeprefix(PREFIX))]
            typed = [option for _, option in map(options.__getitem__, named) if option.typed_only]
            if typed:
                raise _error(f"{name} is not read: {_typed_only(typed[0])}")
            instead = [known for own in named for known in _read_instead(*options[own])]
            # The beginning that all share would make any two of them look alike.
            short = {known.removeprefix(PREFIX): known for known in (*read, *_SHARED)}
            near = [short[found] for found in _near(name.removeprefix(PREFIX), short)]
            raise _error(f"{name} is read by no command{_did_you_mean(instead or near)}")


def _read_instead(command: Command, option: Option) -> list[str]:
    """The variables that do set an option, or the one of which it is a switch."""
    return option.shared or [f"{prefix(command)}_{(option.name or '').upper()}"]


class _File:
    """A file of options: a table a command, the long names of options as keys."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise _error(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise _error(f"{path} is no UTF-8.") from error
        except tomllib.TOMLDecodeError as error:
            raise _error(f"{path} is no TOML: {error}.") from error

    def defaults(self, commands: Mapping[str, Command], ctx: click.Context) -> dict[str, Any]:
        """The values for the command of a context; raises UsageError for any fault in the file."""
        found: dict[str, Any] = {}
        for name, table in self._tables.items():
            if name not in commands:
                if not isinstance(table, dict):
                    raise _error(
                        f"{self._path}: {name} stands outside of a table; write it below the "
                        "command that it is for, such as [report]."
                    )
                near = _did_you_mean([f"[{near}]" for near in _near(name, commands)])
                raise _error(f"{self._path}: {name} is no command{near}")
            if not isinstance(table, dict):
                raise _error(f"{self._path}: {name} is no table; write [{name}], then its options.")
            values = self._values(commands[name], table)
            if commands[name] is ctx.command:
                found = {
                    option.name or "": self._checked(ctx, option, value)
                    for option, value in values.items()
                }
        return found

    def _values(self, command: Command, table: Mapping[str, Any]) -> dict[Option, Any]:
        """The values of one table, each of the type that its option has."""
        options = {option.long: option for option in command.options if not option.is_switch}
        for key, value in table.items():
            if key not in options:
                near = _did_you_mean(_near(key, options))
                raise self._fault(command, key, f"is no option of {command.name}{near}")
            option = options[key]
            if option.typed_only:
                raise self._fault(command, key, f"is not read: {_typed_only(option)}")
            self._check_type(command, option, value)
        return {options[key]: _plain(value) for key, value in table.items()}

    def _check_type(self, command: Command, option: Option, value: object) -> None:
        kinds, says = _kinds(option)
        values = value if option.multiple and isinstance(value, list) else [value]
        if option.multiple and not isinstance(value, list):
            raise self._fault(command, option.long, f"must be a list, each of it {says}.")
        for one in values:
            if not isinstance(one, kinds) or isinstance(one, bool) is not option.is_flag:
                raise self._fault(command, option.long, f"must be {says}.")
            if "\0" in str(one):  # what is typed, and the environment, cannot have one
                raise self._fault(command, option.long, "has a NUL; leave it out.")
            try:
                is_secret = option.secret(str(one))
            except TimingctlError as error:
                raise self._fault(command, option.long, f"is wrong: {error}") from error
            if is_secret:
                instead = _REFUSED
                if option.allow_from_autoenv:
                    instead = f"has a secret; give it by {variable(command, option)} instead."
                raise self._fault(command, option.long, instead)

    def _checked(self, ctx: click.Context, option: Option, value: Any) -> Any:
        """The value, if the option takes it."""
        try:
            option.type_cast_value(ctx, value)
        except click.BadParameter as error:
            says = f"is wrong: {error.message}"
            raise self._fault(ctx.command, option.long, says) from error
        return value

    def _fault(self, command: click.Command, key: str, says: str) -> click.UsageError:
        return _error(f"{self._path}: {key} in [{command.name}] {says}")


def _kinds(option: Option) -> tuple[tuple[type, ...], str]:
    """The types that TOML has for an option's values, and what to call them."""
    if option.is_flag:
        return (bool,), "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return (int,), "a whole number"
    if option.type.name == "instant":
        return (str, date), "a date, a time or text"
    return (str,), "text"


def _plain(value: Any) -> Any:
    """TOML's dates and times as the text that options take."""
    return value.isoformat() if isinstance(value, date) else value


def _typed_only(option: Option) -> str:
    return f"--{option.long} deletes or rewrites, so it must be typed on the command line."


def _near(name: str, known: Collection[str]) -> list[str]:
    return difflib.get_close_matches(name, known, n=1)


def _did_you_mean(near: Collection[str]) -> str:
    return f"; did you mean {' or '.join(near)}?" if near else "."


def _error(says: str) -> click.UsageError:
    return click.UsageError(visible(says))
