"""The options that subcommands share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from timingctl import arguments
from timingctl.cli.command import Option, argument, option
from timingctl.cli.kinds import DelayWindowsFile, Duration, Hours, Moment, Source, TableGlob, Zone
from timingctl.postgres import dsn as dsns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from timingctl.clocks.hours import BusinessHours
    from timingctl.clocks.said_times import SaidTime


def _has_password(text: str) -> bool:
    """Whether a DSN holds one."""
    return dsns.parse(text).has_secret


def dsn_option(what: str, *, required: bool = False) -> Any:
    """The field for ``--dsn``. The password of one that is typed is hidden from `ps`."""
    return option(
        "--dsn", group="Database", required=required, metavar="URI", secret=_has_password,
        envvar=["TIMINGCTL_DSN", "DATABASE_URL"],
        help=f"{what} postgresql://user:password@host/database. "
        "Also TIMINGCTL_DSN or DATABASE_URL.",
    )  # fmt: skip


def table_option(where: str = "") -> Any:
    """The field for ``--table``."""
    return option(
        "--table", group="Input", multiple=True, type=TableGlob(), metavar="TABLE=GLOB",
        help=f"Files of a table{where}, instead of those found by name. Repeatable.",
    )  # fmt: skip


def schema_option(default: str = "Default: the DSN's, else public.") -> Any:
    """The field for ``--schema``."""
    return option(
        "--schema", group="Database", metavar="NAME", help=f"The tables' schema. {default}"
    )


@dataclass(frozen=True, kw_only=True)
class DatabaseArguments:
    """Where the app's database is."""

    dsn: str = dsn_option("Where the database is:", required=True)
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


@dataclass(frozen=True, kw_only=True)
class SourceArguments(ResourceArguments):
    """What is read, and with what."""

    source: str = argument("source", type=Source())
    table: tuple[tuple[str, str], ...] = table_option()
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
class RuleArguments:
    """The rules by which events are made."""

    keep_bounces: bool = option(
        "--keep-bounces", group="Rules", is_flag=True,
        help="Keep messages whose source is `bounce`; else they are left out.",
    )  # fmt: skip
    setter_rule: str | None = option(
        "--setter-rule", group="Rules", type=click.Choice(arguments.SETTER_RULES),
        help="turn: the first message of the turn by a setter counts; next: only the message right "
        "after the anchor. Default: turn, or what an inbox was built with.",
    )  # fmt: skip
    delay_windows: Path | Literal["infer", "current"] | None = option(
        "--delay-windows", group="Rules", type=DelayWindowsFile(), metavar="infer|current|FILE",
        help="Where delay windows come from. infer: the jobs; FILE: a history; where these know "
        "none, EmailCampaign. current: EmailCampaign as it is today, as the app does. Default: "
        "infer, or what an inbox was built with.",
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
