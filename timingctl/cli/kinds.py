"""The types of options and arguments: what each takes, and what a shell completes."""

from __future__ import annotations

import os
import zoneinfo
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from timingctl import arguments
from timingctl.buckets.places import is_bucket
from timingctl.engine.address import address
from timingctl.errors import UsageError
from timingctl.reports import dimensions
from timingctl.schemas import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timingctl.buckets.places import Place
    from timingctl.clocks.hours import BusinessHours
    from timingctl.clocks.said_times import SaidTime


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
    """A file of events to write, a folder of their parts, or an inbox."""

    def convert(  # type: ignore[override]
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | Place:
        """Check the suffix, or the slash that a folder ends in."""
        with _usage(self):
            output = arguments.build_output(value)
        if isinstance(output, Path) and not arguments.is_in_parts(output):
            click.Path.convert(self, value, param, ctx)
        return output


class Given(click.Path):
    """A file or folder to read, here or in a bucket."""

    def __init__(self, *, dir_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """Leave a bucket as it was written; a path would make something else of a DSN."""
        from timingctl.postgres.dsn import is_dsn

        if is_bucket(value):
            return str(value)
        if is_dsn(str(value)):
            self.fail("it cannot be a database; give a file or folder, as build or pull writes.")
        return Path(os.fsdecode(super().convert(value, param, ctx)))


class InboxFile(OutputFile):
    """An inbox to write."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check the suffix; a path would make something else of a URL."""
        with _usage(self):
            arguments.output_file(value, (arguments.INBOX_SUFFIX,))
        return Path(os.fsdecode(click.Path.convert(self, value, param, ctx)))


class LocalFile(click.Path):
    """A file to read that cannot be in a bucket."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check that the file exists, here."""
        with _usage(self):
            arguments.local_file(value)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


class DelayWindowsFile(LocalFile):
    """A file of delay windows, or a word for where else they come from."""

    def convert(  # type: ignore[override]
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """Check that the file exists."""
        if value in arguments.WINDOW_WORDS:
            return str(value)
        return super().convert(value, param, ctx)

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
