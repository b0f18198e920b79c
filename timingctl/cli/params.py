"""Parameter types shared by subcommands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click


class Instant(click.ParamType):
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


class TableGlob(click.ParamType):
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
