"""Times as people say them: ``yesterday``, ``-7d``, ``monday``, ``last-week``. Pure.

A word is read as of an instant, the reference, on the clock of a zone. It gives an instant, or a
time on that clock, which `timingctl.clocks.zones.instant_of` turns into one. The reference is the
as-of of the data, so that the same data give the same; only who asks for it has the clock of the
machine.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from timingctl.arguments import local_instant
from timingctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

#: An instant as it was given: a `datetime`, naive on a clock yet to be named; or a word.
Said = datetime | str

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
#: The days, as they are written; the first three letters will do.
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AGO = re.compile(r"-(?P<number>\d{1,5})(?P<unit>min|h|d|w)")
#: Minutes and hours pass alike everywhere; days and weeks are of the clock.
_PASSING = {"min": timedelta(minutes=1), "h": timedelta(hours=1)}
_OF_THE_CLOCK = {"d": _DAY, "w": _WEEK}


def _month_before(first: datetime) -> datetime:
    return (first - _DAY).replace(day=1)


def _month_after(first: datetime) -> datetime:
    return (first + 31 * _DAY).replace(day=1)


#: The periods that have a word: of a midnight, the one at which each starts, and the next one's.
_STARTS: dict[str, Callable[[datetime], tuple[datetime, datetime]]] = {
    "today": lambda day: (day, day + _DAY),
    "yesterday": lambda day: (day - _DAY, day),
    "this-week": lambda day: (_monday(day), _monday(day) + _WEEK),
    "last-week": lambda day: (_monday(day) - _WEEK, _monday(day)),
    "this-month": lambda day: (day.replace(day=1), _month_after(day.replace(day=1))),
    "last-month": lambda day: (_month_before(day.replace(day=1)), day.replace(day=1)),
}
NOW = "now"
#: What is read, as errors and help say it.
WORDS = f"{', '.join(_STARTS)}, {_WEEKDAYS[0]} to {_WEEKDAYS[-1]}, -30min, -12h, -7d, -4w, {NOW}"


def _monday(day: datetime) -> datetime:
    return day - day.weekday() * _DAY


def said(given: datetime | str) -> Said:
    """An instant in ISO 8601, or a word in small letters. Raises UsageError for anything else."""
    if isinstance(given, str):
        word = re.sub(r"[\s_-]+(?=\w)", "-", given.strip().lower())
        if word in _STARTS or word == NOW or _AGO.fullmatch(word):
            return word
        if (day := _weekday(word)) is not None:
            return _WEEKDAYS[day]
    try:
        return local_instant(given)
    except UsageError:
        raise UsageError(
            f"{given!r} is no instant; write 2026-02-10, 2026-02-10T12:34:56Z, or one of: {WORDS}."
        ) from None


def _weekday(word: str) -> int | None:
    """The number of a day by its name or the first three letters of it, from 0 for Monday."""
    found = (n for n, day in enumerate(_WEEKDAYS) if word in {day, day[:3]})
    return next(found, None)


def start(word: str, zone: str, reference: datetime) -> datetime:
    """The instant, or naive the time on the clock of the zone, at which what was said starts.

    A day is its midnight, a week starts on Monday, and ``monday`` is the latest one, which may be
    today. ``-7d`` is the same time of day seven days before, ``-12h`` twelve hours before.
    """
    local = reference.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    midnight = datetime.combine(local, time())
    if word in _STARTS:
        return _STARTS[word](midnight)[0]
    if word in _WEEKDAYS:
        return midnight - (midnight.weekday() - _WEEKDAYS.index(word)) % 7 * _DAY
    if ago := _AGO.fullmatch(word):
        number, unit = int(ago["number"]), ago["unit"]
        if unit in _PASSING:
            return reference.astimezone(UTC) - number * _PASSING[unit]
        return local - number * _OF_THE_CLOCK[unit]
    return reference.astimezone(UTC)


def window(
    since: Said | None, until: Said | None, zone: str, reference: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """[start, end) of what was said, as `start` gives them; null: unbounded.

    A period that is over, given as `since` alone, is meant as a whole: ``last-week`` ends where it
    ends. One that is not over has no end, and so has ``now``: nothing is known beyond the as-of.
    Any other word given as `until` is where that period starts. Without a reference, of no data,
    words mean nothing.
    """
    starts, ends = (
        (reference and start(word, zone, reference)) if isinstance(word, str) else word
        for word in (since, None if until == NOW else until)
    )
    if until is None and isinstance(since, str) and since in _STARTS and reference:
        local = reference.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        _, end = _STARTS[since](datetime.combine(local, time()))
        ends = end if end <= local else None
    return starts, ends
