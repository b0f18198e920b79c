"""Parameter types shared by subcommands."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable


Command = TypeVar("Command", bound="Callable[..., Any]")


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """An option that can also be set from the environment, as TIMINGCTL_<NAME>."""
    long = next(name for name in names if name.startswith("--"))
    variable = "TIMINGCTL_" + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=True, **settings)


class Instant(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset it is UTC, a bare date is its midnight."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the instant as UTC."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant; write 2026-02-10 or 2026-02-10T12:34:56Z.")
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
        if path.suffix not in self.suffixes:
            self.fail(f"{str(path)!r} is none of {', '.join(self.suffixes)}.")
        return path


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
