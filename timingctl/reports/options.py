"""What a report is asked for. Light: the command line imports it to describe its options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.warehouse import Resources

PERIODS = ("day", "week", "month")
BOOKINGS = ("kept", "any")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_MINUTE_US = 60_000_000
_HOUR_MINUTES, _DAY_MINUTES = 60, 1_440
_SPAN = re.compile(r"(?P<days>\S+)\s+(?P<start>\d\d:\d\d)\s*-\s*(?P<end>\d\d:\d\d)")


@dataclass(frozen=True)
class Span:
    """Opening hours on one weekday (1: Monday): [startUs, endUs) microseconds after midnight."""

    weekday: int
    start_us: int
    end_us: int


@dataclass(frozen=True)
class BusinessHours:
    """When the business is open, by the clock on its wall."""

    text: str
    spans: tuple[Span, ...]


def business_hours(text: str) -> BusinessHours:
    """Read ``Mon-Fri 09:00-17:00``; several days or ranges by ``,``, several of all that by ``;``.

    ``24:00`` is the end of the day. Raises ValueError, with a sentence, for anything else.
    """
    spans: set[Span] = set()
    for part in text.split(";"):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"{part.strip()!r} is not like Mon-Fri 09:00-17:00")
        start, end = _minutes(found["start"]), _minutes(found["end"])
        if start >= end:
            raise ValueError(
                f"{part.strip()!r} ends before it starts; write the night as two parts, "
                "Mon 22:00-24:00; Tue 00:00-06:00"
            )
        for weekday in _weekdays(found["days"]):
            spans.add(Span(weekday, start * _MINUTE_US, end * _MINUTE_US))
    return BusinessHours(
        text, tuple(sorted(spans, key=lambda span: (span.weekday, span.start_us, span.end_us)))
    )


def _minutes(clock: str) -> int:
    hours, minutes = int(clock[:2]), int(clock[3:])
    if minutes >= _HOUR_MINUTES or hours * _HOUR_MINUTES + minutes > _DAY_MINUTES:
        raise ValueError(f"{clock} is no time of day")
    return hours * _HOUR_MINUTES + minutes


def _weekdays(text: str) -> list[int]:
    """The numbers of the days in ``Mon-Fri`` or ``Mon,Wed-Thu``; a range may run over Sunday."""
    numbers = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = _weekday(first), _weekday(last or first)
        numbers += [(start + step - 1) % 7 + 1 for step in range((end - start) % 7 + 1)]
    return numbers


def _weekday(name: str) -> int:
    if name.capitalize() not in WEEKDAYS:
        raise ValueError(f"{name!r} is no day; the days are {' '.join(WEEKDAYS)}")
    return WEEKDAYS.index(name.capitalize()) + 1


@dataclass(frozen=True)
class ReportOptions:
    """What a report is asked for; None and empty mean not given.

    `window_from` (included) and `window_to` (excluded): with an offset an instant, without one
    the time on the clock in `zone`. `clients`, `channels`, `responders` (``ai``, ``user:ID``)
    keep what is in the list. Of `bookings` that are ``kept`` the cancelled ones are none, of
    ``any`` they are. `by` has the dimensions of each breakdown, whose groups `sort`, `min_n` and
    `top` pick; `responses` says whether the first or all of an anchor count, `targets` are
    durations. `html` is where a page with charts is going to be written,
    `output` a workbook or the tables of a folder. `allow_rejects` goes on where a file loses
    all, or for one reason most, of its rows.
    """

    events: Path
    sections: Sequence[str] = ()
    leads: Path | None = None
    exports: Path | None = None
    names: Path | None = None
    clients: Sequence[str] = ()
    channels: Sequence[str] = ()
    responders: Sequence[str] = ()
    window_from: datetime | None = None
    window_to: datetime | None = None
    zone: str = "UTC"
    attribution_days: int = 30
    maturity_days: int | None = None
    bookings: str = "kept"
    hours: BusinessHours | None = None
    by: Sequence[Sequence[str]] = ()
    responses: str = "first"
    targets: Sequence[str] = ("1min", "5min", "15min", "1h")
    sort: str | None = None
    min_n: int = 0
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
