"""What a report is asked for. Light: the command line imports it to describe its options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.clocks.hours import BusinessHours
    from timingctl.clocks.said_times import SaidTime
    from timingctl.warehouse import Resources

PERIODS = ("day", "week", "month")
BOOKINGS = ("kept", "any")
#: What --only may be: when an inbound came.
ONLY = ("in-hours", "after-hours")


@dataclass(frozen=True)
class Compared:
    """What a report is compared with: the time before it, another time, or other events.

    `notes` are of what the events were built from.
    """

    name: str
    events: Path | None = None
    window_from: datetime | SaidTime | None = None
    window_to: datetime | SaidTime | None = None
    notes: Sequence[str] = ()

    @property
    def is_previous(self) -> bool:
        """Whether it is the time before, as long as the window."""
        return self.events is None and self.window_from is None


@dataclass(frozen=True)
class ReportOptions:
    """What a report is asked for; None and empty mean not given.

    `named` is what the user called the events, where they were built for this.

    `window_from` (included) and `window_to` (excluded): with an offset an instant, without one
    the time on the clock in `zone`; what is said in words is seen from `now`, without it from the
    data's as-of. `clients`, `channels`, `responders` (``ai``, ``user:ID``)
    keep what is in the list. With `hours` durations are business time, which leaves out the days
    of the file `holidays`; `only` keeps inbounds of ONLY. Of `bookings` that are ``kept`` the
    cancelled ones are none, of ``any`` they are. `by` has the dimensions of each breakdown, whose
    groups `sort`, `min_n` and `top` pick; `responses` says whether the first or all of an anchor
    count, `targets` are durations. `html` is where a page with charts is going to be written,
    `output` a workbook or the tables of a folder. `allow_rejects` goes on where a file loses
    all, or for one reason most, of its rows.
    """

    events: Path
    named: str = ""
    sections: Sequence[str] = ()
    leads: Path | None = None
    exports: Path | None = None
    names: Path | None = None
    clients: Sequence[str] = ()
    channels: Sequence[str] = ()
    responders: Sequence[str] = ()
    window_from: datetime | SaidTime | None = None
    window_to: datetime | SaidTime | None = None
    now: datetime | None = None
    zone: str = "UTC"
    attribution_days: int = 30
    maturity_days: int | None = None
    bookings: str = "kept"
    hours: BusinessHours | None = None
    holidays: Path | None = None
    only: str | None = None
    by: Sequence[Sequence[str]] = ()
    responses: str = "first"
    targets: Sequence[str] = ("1min", "5min", "15min", "1h")
    sort: str | None = None
    ascending: bool = False
    min_n: int = 0
    versus: Compared | None = None
    answered_until: datetime | None = None
    top: int | None = None
    html: Path | None = None
    output: Path | None = None
    allow_rejects: bool = False
    resources: Resources | None = None

    @property
    def period(self) -> str:
        """The periods of what is told by period: those that are broken down by, or weeks."""
        named = [name for by in self.by for name in by if name in PERIODS]
        return named[0] if named else "week"

    @property
    def tells_open(self) -> bool:
        """Whether open inbounds are asked for, of sections that are named."""
        return "overview" in self.sections

    @property
    def matures_after_days(self) -> int:
        """Days after which a lead that has not booked counts as not booked."""
        return self.attribution_days if self.maturity_days is None else self.maturity_days
