"""Times as people say them: yesterday, -7d, monday, last-week, on the clock of a zone.

A command reads an option by `moment`, and once it knows the instant that the words are relative
to, asks `start` of it, and `period` where the words may stand for both ends of a window.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from timingctl import arguments
from timingctl.errors import UsageError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Words for a period, which has two ends.
PERIODS = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month")
#: As messages list what is read.
WORDS = f"{', '.join(PERIODS)}, monday to sunday, -7d, -12h, -4w or -30min"

_BACK = re.compile(r"-(\d{1,6})(min|h|d|w)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
#: Of these the same time on the clock is meant, however long its days are.
_BY_THE_CLOCK = ("d", "w")


@dataclass(frozen=True)
class SaidTime:
    """A time in words; `text` is lower case."""

    text: str

    def start(self, zone: str, reference: datetime) -> datetime:
        """When it is, or starts, seen from an instant with an offset.

        Naive, on the clock of the zone, but for hours and minutes back. A weekday is the latest
        one, today included. Raises OverflowError before the year 1.
        """
        back = _BACK.fullmatch(self.text)
        if back:
            passed = timedelta(**{_UNITS[back[2]]: int(back[1])})
            if back[2] in _BY_THE_CLOCK:
                return _clock(zone, reference) - passed
            return reference.astimezone(UTC) - passed
        today = _clock(zone, reference).replace(hour=0, minute=0, second=0, microsecond=0)
        if self.text in WEEKDAYS:
            return today - timedelta(days=(today.weekday() - WEEKDAYS.index(self.text)) % 7)
        return _period(self.text, today)[0]

    def period(self, zone: str, reference: datetime) -> tuple[datetime, datetime | None]:
        """Its start, and its end where it is a period that is over; else null."""
        if self.text not in PERIODS:
            return self.start(zone, reference), None
        now = _clock(zone, reference)
        start, end = _period(self.text, now.replace(hour=0, minute=0, second=0, microsecond=0))
        return start, end if end <= now else None


def before(word: str, moment: datetime) -> datetime:
    """The same time a day, a week or a month before, as the period of a word is long.

    Naive, on a clock. Of a month that has no such day it is the last one.
    """
    if word in {"today", "yesterday"}:
        return moment - timedelta(days=1)
    if word in {"this-week", "last-week"}:
        return moment - timedelta(days=7)
    last = moment.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(moment.day, last.day))


def said_time(text: str) -> SaidTime | None:
    """The time that a text says in words, in any case, with spaces or hyphens; else null."""
    words = "-".join(text.lower().split())
    known = words in PERIODS or words in WEEKDAYS or _BACK.fullmatch(words)
    return SaidTime(words) if known else None


def moment(given: datetime | str) -> datetime | SaidTime:
    """An instant in ISO 8601, naive where no offset is given, or a time in words.

    Raises UsageError, which names the words, for anything else.
    """
    said = said_time(given) if isinstance(given, str) else None
    if said:
        return said
    try:
        return arguments.local_instant(given)
    except UsageError:
        raise UsageError(
            f"{given!r} is no instant; write 2026-02-10, 2026-02-10T12:34:56Z, or {WORDS}."
        ) from None


def _clock(zone: str, reference: datetime) -> datetime:
    """What the clocks of a zone show at an instant."""
    return reference.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def _period(word: str, today: datetime) -> tuple[datetime, datetime]:
    """The start and the end of a period, from the midnight at which today starts."""
    day = timedelta(days=1)
    monday, first = today - today.weekday() * day, today.replace(day=1)
    match word:
        case "today":
            return today, today + day
        case "yesterday":
            return today - day, today
        case "this-week":
            return monday, monday + 7 * day
        case "last-week":
            return monday - 7 * day, monday
        case "this-month":
            return first, (first + 31 * day).replace(day=1)
        case _:
            return (first - day).replace(day=1), first
