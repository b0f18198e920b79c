"""Parameter types shared by subcommands."""

from __future__ import annotations

import functools
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from timingctl.report.options import BusinessHours

Command = TypeVar("Command", bound="Callable[..., Any]")


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """An option that can also be set from the environment, as TIMINGCTL_<NAME>."""
    long = next(name for name in names if name.startswith("--"))
    variable = "TIMINGCTL_" + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **settings)


#: Where the app's database is. The password of a DSN that is given here is hidden from `ps`.
dsn_option = click.option(
    "--dsn", required=True, metavar="URI", envvar=["TIMINGCTL_DSN", "DATABASE_URL"],
    show_envvar=True, help="Where the database is: postgresql://user:password@host/database.",
)  # fmt: skip
schema_option = option("--schema", help="The tables' schema. Default: the DSN's, else public.")


csv_safe_option = option(
    "--csv-safe", is_flag=True, help="In CSV, put ' before text that a spreadsheet would run."
)


def lock_timeout_option(command: Command) -> Command:
    """How long to wait for another run: `lock_timeout`."""
    lock_timeout = option(
        "--lock-timeout", type=Duration(), default="10min", show_default=True,
        help="How long to wait for another run that writes to the same place; 0: for ever.",
    )  # fmt: skip
    return lock_timeout(command)


class Text(click.ParamType[str]):
    """Any text: the bytes of the argument as UTF-8."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check that it is text; Python hands over other bytes as lone surrogates."""
        try:
            str(value).encode()
        except UnicodeEncodeError:
            self.fail(f"{value!r} is no UTF-8 text.")
        return str(value)


class Duration(click.ParamType[str]):
    """A duration as PostgreSQL's settings take it; 0 is none."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form."""
        if not re.fullmatch(r"0|\d{1,7}(ms|s|min|h)", str(value)):
            self.fail(f"{value!r} is no duration; write 500ms, 30s, 15min, 1h, or 0 for no limit.")
        return str(value)


class LocalInstant(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset, or as a bare date, on a clock yet to be named."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the instant; naive where no offset is given."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
            instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)  # may leave the years
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no instant; write 2026-02-10 or 2026-02-10T12:34:56Z.")
        return instant


class Instant(LocalInstant):
    """An instant in ISO 8601; without an offset it is UTC, a bare date is its midnight."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the instant as UTC."""
        instant = super().convert(value, param, ctx)
        return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)


class OutputFile(click.Path):
    """A file to write, whose suffix says in which format."""

    name = "file"
    suffixes = (".parquet", ".csv", ".ndjson")

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check the suffix."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path.suffix.lower() not in self.suffixes:
            self.fail(f"{str(path)!r} is none of {', '.join(self.suffixes)}.")
        return path


class DelayWindowsFile(click.Path):
    """A file of delay windows, or the word infer."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """Check that the file exists."""
        if value == "infer":
            return "infer"
        return Path(os.fsdecode(super().convert(value, param, ctx)))


class TableGlob(click.ParamType[tuple[str, str]]):
    """``Table=GLOB``: which files hold a table."""

    name = "table=glob"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the first equals sign."""
        if isinstance(value, tuple):
            return value
        name, equals, pattern = str(value).partition("=")
        if not (name and equals and pattern):
            self.fail(f"{value!r} is not of the form Message=GLOB.")
        return name, pattern


class Responder(click.ParamType[str]):
    """``all``, ``ai`` or ``user:ID``."""

    name = "responder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the word, or the user, as it is."""
        text = str(value)
        if text not in {"all", "ai"} and not re.fullmatch("user:.*", text, re.DOTALL):
            self.fail(f"{text!r} is neither all nor ai nor user:ID.")
        return text


class Hours(click.ParamType["BusinessHours"]):
    """Opening hours such as ``Mon-Fri 09:00-17:00``."""

    name = "hours"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> BusinessHours:
        """Parse the hours."""
        from timingctl.report.options import BusinessHours, business_hours

        if isinstance(value, BusinessHours):
            return value
        try:
            return business_hours(str(value))
        except ValueError as error:
            self.fail(f"{error}.")


def resource_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options on threads, memory and spilling, given to the command as `resources`."""

    @option("--threads", type=click.IntRange(min=1), help="Default: one a core.")
    @option("--memory-limit", metavar="SIZE", help="Such as 2GB. Default: 80 % of the machine's.")
    @option(
        "--temp-dir", type=click.Path(path_type=Path),
        help="Where to spill when memory is short. Default: the system's.",
    )  # fmt: skip
    @functools.wraps(command)
    def with_resources(
        threads: int | None, memory_limit: str | None, temp_dir: Path | None, **given: Any
    ) -> Any:
        from timingctl.warehouse import Resources

        return command(resources=Resources(threads, memory_limit, temp_dir), **given)

    return with_resources


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """SOURCE and the options on reading it: `source`, `tables`, `client` and `resources`."""

    @click.argument("source")
    @option(
        "--table", "tables", multiple=True, type=TableGlob(), metavar="TABLE=GLOB",
        help="Files of a table, instead of those found by name. Repeatable.",
    )  # fmt: skip
    @option("--client", help="The client of leads for which the exports name none.")
    @resource_options
    @functools.wraps(command)
    def with_source(tables: tuple[tuple[str, str], ...], **given: Any) -> Any:
        by_table: dict[str, list[str]] = {}
        for name, pattern in tables:
            by_table.setdefault(name, []).append(pattern)
        return command(tables=by_table, **given)

    return with_source


def rule_options(command: Command) -> Command:
    """The rules by which events are made: `setter_rule` and `delay_windows`."""
    setter_rule = option(
        "--setter-rule", type=click.Choice(["turn", "next"]), default="turn", show_default=True,
        help="A setter's first message of the turn, or only the message right after the anchor.",
    )  # fmt: skip
    delay_windows = option(
        "--delay-windows", type=DelayWindowsFile(), metavar="FILE|infer",
        help="History of delay windows, or infer it from the jobs; goes before EmailCampaign.",
    )  # fmt: skip
    return setter_rule(delay_windows(command))
