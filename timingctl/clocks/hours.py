"""Opening hours, as people write them. Light: the command line imports it to read options."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


def clock_words(hours: str | None, zone: str, holidays: int = 0) -> str:
    """By which clock durations are, as headers say it: business time, or elapsed time."""
    if hours is None:
        return f"elapsed time, {zone}"
    off = f", {holidays:,} holiday{'' if holidays == 1 else 's'}" if holidays else ""
    return f"business time, {' '.join(hours.split())} {zone}{off}"
