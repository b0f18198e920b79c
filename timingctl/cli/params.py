"""The types of options, and the options that subcommands share."""

from __future__ import annotations

import os
import zoneinfo
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.shell_completion import CompletionItem

from timingctl import arguments
from timingctl.buckets.places import is_bucket
from timingctl.cli.command import Option, argument, option
from timingctl.engine.address import address
from timingctl.errors import UsageError
from timingctl.postgres import dsn as dsns
from timingctl.reports import dimensions
from timingctl.schemas import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timingctl.buckets.places import Place
    from timingctl.clocks.hours import BusinessHours
    from timingctl.clocks.said_times import SaidTime
    from timingctl.warehouse import Resources


def _starting(incomplete: str, words: Iterable[str]) -> list[CompletionItem[str]]:
    """The words that begin as what is typed."""
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _paths(incomplete: str) -> list[CompletionItem[str]]:
    """What makes the shell complete the name of a file or folder."""
    return [CompletionItem(incomplete, type="file")]


@contextmanager
def _usage(kind: click.ParamType[Any]) -> Iterator[None]:
    """Let the command line say what an argument cannot be."""
    try:
        yield
    except UsageError as error:
        kind.fail(str(error))


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


class Source(click.types.StringParamType):
    """Exports: a folder or a DuckDB file; or a DSN, which no message may quote."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete paths."""
        return _paths(incomplete)


class EngineUrl(click.ParamType[str]):
    """Where an engine listens; no message quotes it, because it may have a token."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form."""
        with _usage(self):
            return address(str(value)).url


class Zone(Text):
    """A time zone; whether there is such a one is for the report to say."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the names of zones."""
        return _starting(incomplete, sorted(zoneinfo.available_timezones()))


class Duration(click.ParamType[str]):
    """A duration as PostgreSQL's settings take it; 0 is none."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form."""
        with _usage(self):
            return arguments.duration(str(value))


class Target(Duration):
    """A duration within which a response is in time."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it."""
        with _usage(self):
            return dimensions.target(value)


class RuleText(Text):
    """A rule of `timingctl check`; in a variable several are parted by a semicolon."""

    envvar_list_splitter = ";"


class Dimensions(click.ParamType[tuple[str, ...]]):
    """One dimension or two, parted by a comma."""

    name = "dim[,dim]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read it."""
        with _usage(self):
            return dimensions.dimensions(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The dimensions, also the second."""
        before, comma, start = incomplete.rpartition(",")
        return [
            CompletionItem(f"{before}{comma}{item.value}")
            for item in _starting(start, dimensions.DIMENSIONS)
        ]


class LocalInstant(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset, or as a bare date, on a clock yet to be named."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the instant; naive where no offset is given."""
        with _usage(self):
            return arguments.local_instant(value)


class Moment(click.ParamType["datetime | SaidTime"]):
    """An instant as LocalInstant reads it, or a time in words: yesterday, -7d, last-week."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | SaidTime:
        """Parse the instant, or the words, which are relative to an instant yet to be known."""
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]  # parsed already
        with _usage(self):
            from timingctl.clocks.said_times import moment

            return moment(value)


class Instant(LocalInstant):
    """An instant in ISO 8601; without an offset it is UTC, a bare date is its midnight."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the instant as UTC."""
        with _usage(self):
            return arguments.instant(value)


class OutputFile(click.Path):
    """A file to write, whose suffix says in which format."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check the suffix; a path would make something else of a URL."""
        with _usage(self):
            arguments.output_file(value)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


class BuildOutput(OutputFile):
    """A file of events to write, or an inbox."""

    def convert(  # type: ignore[override]
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | Place:
        """Check the suffix."""
        with _usage(self):
            if is_bucket(value):
                return arguments.build_output(value)
            return arguments.build_output(os.fsdecode(click.Path.convert(self, value, param, ctx)))


class Given(click.Path):
    """A file or folder to read, here or in a bucket."""

    def __init__(self, *, dir_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """Leave a bucket as it was written."""
        if is_bucket(value):
            return str(value)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


class InboxFile(OutputFile):
    """An inbox to write."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check the suffix; a path would make something else of a URL."""
        with _usage(self):
            arguments.output_file(value, (arguments.INBOX_SUFFIX,))
        return Path(os.fsdecode(click.Path.convert(self, value, param, ctx)))


class DelayWindowsFile(click.Path):
    """A file of delay windows, or a word for where else they come from."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """Check that the file exists."""
        if value in arguments.WINDOW_WORDS:
            return str(value)
        return Path(os.fsdecode(super().convert(value, param, ctx)))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the words, or else paths."""
        words = incomplete and _starting(incomplete, arguments.WINDOW_WORDS)
        return words or _paths(incomplete)


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

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the table, then paths."""
        if "=" in incomplete:
            return _paths(incomplete.partition("=")[2])
        return _starting(incomplete, [f"{table.name}=" for table in TABLES])


class Responder(click.ParamType[str]):
    """``all``, ``ai`` or ``user:ID``."""

    name = "responder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the word, or the user, as it is."""
        with _usage(self):
            return arguments.responder(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the words."""
        return _starting(incomplete, ["all", "ai", "user:"])


class Hours(click.ParamType["BusinessHours"]):
    """Opening hours such as ``Mon-Fri 09:00-17:00``."""

    name = "hours"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> BusinessHours:
        """Parse the hours."""
        from timingctl.clocks.hours import BusinessHours, business_hours

        if isinstance(value, BusinessHours):
            return value
        try:
            return business_hours(str(value))
        except ValueError as error:
            self.fail(f"{error}.")


def has_password(text: str) -> bool:
    """Whether a DSN holds one."""
    return dsns.parse(text).has_secret


def schema_option(default: str = "Default: the DSN's, else public.") -> Any:
    """The field for ``--schema``."""
    return option(
        "--schema", group="Database", metavar="NAME", help=f"The tables' schema. {default}"
    )


@dataclass(frozen=True, kw_only=True)
class DatabaseArguments:
    """Where the app's database is. The password of a DSN that is typed is hidden from `ps`."""

    dsn: str = option(
        "--dsn", group="Database", required=True, metavar="URI", secret=has_password,
        envvar=["TIMINGCTL_DSN", "DATABASE_URL"],
        help="Where the database is: postgresql://user:password@host/database. "
        "Also TIMINGCTL_DSN or DATABASE_URL.",
    )  # fmt: skip
    schema: str | None = schema_option()


@dataclass(frozen=True, kw_only=True)
class ResourceArguments:
    """What a command may use; no byte of a result depends on it."""

    threads: int | None = option(
        "--threads", group="Resources", metavar="N", type=click.IntRange(min=1),
        help="Default: one a core.",
    )  # fmt: skip
    memory_limit: str | None = option(
        "--memory-limit", group="Resources", metavar="SIZE",
        help="Such as 2GB. Default: 80 % of the machine's.",
    )  # fmt: skip
    temp_dir: Path | None = option(
        "--temp-dir", group="Resources", type=click.Path(path_type=Path),
        help="Where to spill when memory is short. Default: the system's.",
    )  # fmt: skip

    @property
    def resources(self) -> Resources:
        """As sessions take it."""
        from timingctl.warehouse import Resources

        return Resources(self.threads, self.memory_limit, self.temp_dir)


@dataclass(frozen=True, kw_only=True)
class SourceArguments(ResourceArguments):
    """What is read, and with what."""

    source: str = argument("source", type=Source())
    table: tuple[tuple[str, str], ...] = option(
        "--table", group="Input", multiple=True, type=TableGlob(), metavar="TABLE=GLOB",
        help="Files of a table, instead of those found by name. Repeatable.",
    )  # fmt: skip
    client: str | None = option(
        "--client", group="Input", metavar="ID",
        help="The client of leads for which the exports name none.",
    )  # fmt: skip

    @property
    def tables(self) -> dict[str, list[str]]:
        """The patterns of each table that is named."""
        return patterns(self.table)


def patterns(given: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The patterns of ``--table``, by the table that each is for."""
    found: dict[str, list[str]] = {}
    for name, pattern in given:
        found.setdefault(name, []).append(pattern)
    return found


@dataclass(frozen=True, kw_only=True)
class BounceArguments:
    """Whether what came back is a message."""

    keep_bounces: bool = option(
        "--keep-bounces", group="Rules", is_flag=True,
        help="Keep messages whose source is `bounce`; else they are left out.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RuleArguments(BounceArguments):
    """The rules by which events are made."""

    setter_rule: str | None = option(
        "--setter-rule", group="Rules", type=click.Choice(arguments.SETTER_RULES),
        help="A setter's first message of the turn, or only the message right after the anchor. "
        "Default: turn; of an inbox its own.",
    )  # fmt: skip
    delay_windows: Path | Literal["infer", "current"] | None = option(
        "--delay-windows", group="Rules", type=DelayWindowsFile(), metavar="infer|current|FILE",
        help="Where delay windows come from: the jobs, else EmailCampaign; EmailCampaign as it is "
        "today, as the app does; or a history, else EmailCampaign. Default: infer; of an inbox its "
        "own.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class InboundArguments:
    """Which inbounds are asked for."""

    client: tuple[str, ...] = option(
        "--client", group="Filters", metavar="ID", multiple=True,
        help="Only this client. Repeatable.",
    )  # fmt: skip
    channel: tuple[str, ...] = option(
        "--channel", group="Filters", metavar="NAME", multiple=True,
        help="Only this channel. Repeatable.",
    )  # fmt: skip
    window_from: datetime | SaidTime | None = option(
        "--from", group="Filters", type=Moment(),
        help="Only inbounds from this instant on: 2026-02-10, yesterday, -7d, monday, last-week.",
    )  # fmt: skip
    window_to: datetime | SaidTime | None = option(
        "--to", group="Filters", type=Moment(), help="Only inbounds before this instant."
    )
    zone: str = option(
        "--tz", group="Figures", metavar="ZONE", type=Zone(), default="UTC", show_default=True,
        help="The time zone of clocks and dates.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BusinessArguments(InboundArguments):
    """Which inbounds are asked for, from when words are seen, and what business time is."""

    now: bool = option(
        "--now", group="Filters", is_flag=True,
        help="Times such as yesterday are seen from now, not from the as-of of the data.",
    )  # fmt: skip
    hours: BusinessHours | None = option(
        "--business-hours", group="Figures", type=Hours(),
        help='Durations in business time: "Mon-Fri 09:00-17:00", on the clock of --tz.',
    )  # fmt: skip
    holidays: Path | None = option(
        "--holidays", group="Figures", type=click.Path(path_type=Path),
        help="Days without business hours: a date a line, or a CSV with a column date.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RejectArguments:
    """Whether a table may lose most of its rows."""

    allow_rejects: bool = option(
        "--allow-rejects", group="Rules", is_flag=True,
        help="Go on when a table loses all, or for one reason most, of its rows.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WritingArguments:
    """What holds wherever files are written."""

    lock_timeout: str = option(
        "--lock-timeout", group="Resources", type=Duration(), default="10min", show_default=True,
        metavar="DURATION",
        help="How long to wait for another run that writes to the same place; 0: for ever.",
    )  # fmt: skip


def csv_safe_option() -> Any:
    """The field for ``--csv-safe``."""
    return option(
        "--csv-safe", group="Output", is_flag=True,
        help="In CSV, put ' before text that a spreadsheet would run.",
    )  # fmt: skip


#: For a ``--format`` that has JSON.
JSON_SWITCH = Option(
    ["--json", "format"], group="Output", flag_value="json", help="The same as --format json."
)


def json_option(what: str) -> Any:
    """The field for ``--json``, which prints what is said instead of text for people."""
    return option("--json", group="Output", is_flag=True, help=f"Print {what} as JSON.")


def quiet_option(what: str) -> Any:
    """The field for ``--quiet``."""
    return option("--quiet", "-q", group="General", is_flag=True, help=what)


def verbose_option(what: str = "Say what is being done.") -> Any:
    """The field for ``--verbose``."""
    return option("--verbose", "-v", group="General", is_flag=True, help=what)
