"""The window of a report, in UTC."""

from __future__ import annotations

import difflib
import zoneinfo
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import duckdb

from timingctl.clocks.said_times import SaidTime
from timingctl.documents import iso
from timingctl.errors import SettingsError

if TYPE_CHECKING:
    from timingctl.warehouse import Warehouse

#: Clocks are behind or ahead of UTC by less. A clock keeps its offset within a minute.
_MOST_MINUTES = 16 * 60
#: The first instant at which the zone's clocks show a time, or a later one.
_FIRST_INSTANT = f"""
    with
        minute as (
            select date_trunc('minute', cast($given as timestamp))
                + to_minutes(unnest(range(-{_MOST_MINUTES}, {_MOST_MINUTES}))) as startsAt),
        shown as (
            select startsAt, greatest(
                startsAt,
                cast($given as timestamp) - (timezone($zone, timezone('UTC', startsAt)) - startsAt)
            ) as shownAt
            from minute)
    select min(shownAt) from shown where shownAt < startsAt + interval 1 minute
"""


@dataclass(frozen=True)
class Window:
    """[start, end) in UTC; null: unbounded."""

    start: datetime | None = None
    end: datetime | None = None

    def why_empty(
        self, as_of: datetime | None, ends: tuple[str, str] = ("--from", "--to")
    ) -> str | None:
        """Why no inbound that came by the as-of can be in it; null where one can.

        `ends` is what the user calls its start and its end.
        """
        start, (since, until) = self.start, ends
        if start and self.end and start >= self.end:
            return f"{since} ({iso(start)}) is not before {until} ({iso(self.end)})"
        if start and as_of and start > as_of:
            return f"{since} ({iso(start)}) is after the as-of ({iso(as_of)})"
        return None

    @property
    def params(self) -> dict[str, object]:
        """As the SQL of reports has it, naive."""
        return {
            "since": self.start and self.start.replace(tzinfo=None),
            "until": self.end and self.end.replace(tzinfo=None),
        }


class Asked(Protocol):
    """What asks for a window: instants, times on the clock of the zone, or times in words."""

    @property
    def zone(self) -> str:
        """The name of the time zone."""

    @property
    def window_from(self) -> datetime | SaidTime | None:
        """The start, included."""

    @property
    def window_to(self) -> datetime | SaidTime | None:
        """The end, excluded."""

    @property
    def now(self) -> datetime | None:
        """From when times in words are seen; null: from the as-of."""


def window_of(warehouse: Warehouse, options: Asked, as_of: datetime | None) -> Window:
    """The window asked for, of data that are known until an instant (UTC; null: there are none).

    Said in words, a period that is over has both its ends, unless another end is given. Raises
    SettingsError for a year that is none.
    """
    start, end = options.window_from, options.window_to
    reference = options.now or as_of
    if isinstance(start, SaidTime):
        start, until = _said(start, options.zone, reference)
        end = end or until
    if isinstance(end, SaidTime):
        end, _ = _said(end, options.zone, reference)
    return Window(_utc(warehouse, start, options.zone), _utc(warehouse, end, options.zone))


def _said(
    said: SaidTime, zone: str, reference: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """The start and, of a period that is over, the end; null where nothing is known."""
    if reference is None:
        return None, None
    try:
        return said.period(zone, reference)
    except OverflowError:
        raise SettingsError(
            f"{said.text} in {zone} is no instant of the years 1 to 9999."
        ) from None


def _utc(warehouse: Warehouse, given: datetime | None, zone: str) -> datetime | None:
    """The instant, in UTC, of a time that without an offset is on the clock in the zone.

    Of a time that the clock shows twice the first is meant. Of one that it leaves out the next
    instant is meant, at which the clock goes on.
    """
    if given is None:
        return None
    if given.tzinfo is not None:
        return given.astimezone(UTC)
    [(instant,)] = warehouse.execute(_FIRST_INSTANT, {"zone": zone, "given": given})
    if not isinstance(instant, datetime):  # DuckDB knows more years than Python
        raise SettingsError(f"{given} in {zone} is no instant of the years 1 to 9999.")
    return instant.replace(tzinfo=UTC)


def check_zone(warehouse: Warehouse, zone: str) -> None:
    """Raise SettingsError for a time zone that is no name of the IANA's."""
    if zone == "UTC" or zone in zoneinfo.available_timezones():  # which reads some 600 files
        with suppress(duckdb.Error):
            warehouse.execute(
                "select timezone($zone, timezone('UTC', timestamp '2026-01-01'))", {"zone": zone}
            )
            return
    known = zoneinfo.available_timezones()
    asked = zone.strip().lower().replace(" ", "_")
    named = {name.lower().rpartition("/")[2]: name for name in sorted(known, reverse=True)}
    alike = {**named, **{name.lower(): name for name in sorted(known)}}.get(asked)
    near = [alike] if alike else difflib.get_close_matches(zone, sorted(known), n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else "give a name such as Europe/Berlin, or UTC."
    raise SettingsError(f"{zone!r} is no time zone; {hint}")
