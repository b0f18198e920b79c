"""Parameter types shared by subcommands."""

from __future__ import annotations

import re
from datetime import UTC, datetime
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


#: Where the app's database is. The password of a DSN that is given here is hidden from `ps`.
dsn_option = click.option(
    "--dsn", required=True, metavar="URI", envvar=["TIMINGCTL_DSN", "DATABASE_URL"],
    show_envvar=True, help="Where the database is: postgresql://user:password@host/database.",
)  # fmt: skip
schema_option = option("--schema", help="The tables' schema. Default: the DSN's, else public.")


class Duration(click.ParamType[str]):
    """A duration as PostgreSQL's settings take it; 0 is none."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form."""
        if not re.fullmatch(r"0|\d{1,7}(ms|s|min|h)", str(value)):
            self.fail(f"{value!r} is no duration; write 500ms, 30s, 15min, 1h, or 0 for no limit.")
        return str(value)


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
