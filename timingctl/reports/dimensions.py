"""What figures can be broken down by. Light: the command line imports it to describe its options.

The keys are those of sql/macros/dimension_key.sql.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl import arguments
from timingctl.clocks.hours import WEEKDAYS
from timingctl.errors import UsageError
from timingctl.reports.options import PERIODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Dimension:
    """A dimension: its name, what its column is called, and what its keys are like.

    Groups of one `in_order` follow its keys, others their size. Keys of one that `is_named` have
    a name beside them. One `of_responses` says nothing of what is open. One that `needs_inbox`
    is not known of a file of events.
    """

    name: str
    title: str
    in_order: bool = False
    is_named: bool = False
    of_responses: bool = False
    needs_inbox: bool = False

    @property
    def key(self) -> str:
        """The key in a document: first-responder is firstResponder."""
        first, *rest = self.name.split("-")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def name_key(self) -> str:
        """The key of the name of what the key stands for."""
        return f"{self.key}Name"

    @property
    def is_period(self) -> bool:
        """Whether its groups are periods, of which the first and the last may be partial."""
        return self.name in PERIODS

    def shown(self, key: str | None) -> str | None:
        """The key as documents have it: the weekday 1 is Mon."""
        return WEEKDAYS[int(key) - 1] if self.name == "weekday" and key else key

    def named(self, key: str | None, names: Mapping[str, str]) -> str:
        """A group worded for people, by the key that the relations have, and all names of keys."""
        return self.word(self.shown(key), names.get(key or ""), partial=False)

    def word(self, key: str | None, name: str | None, *, partial: bool) -> str:
        """A group worded for people, by the key that documents have."""
        if key is None:
            return _NONE.get(self.name, "none")
        if name:
            return name
        if self.name == "hour":
            return f"{key}:00"
        if self.name == "window":
            return f"{key} s"
        if self.name in _WORDED:
            return "AI" if key == "ai" else key.removeprefix("user:") or "without an id"
        return f"{key}{' (part)' if partial else ''}"


_WORDED = ("setter", "responder", "first-responder")
_NONE = {"window": "no window", "campaign": "no campaign"}

DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension("client", "Client"),
        Dimension("channel", "Channel"),
        Dimension("campaign", "Campaign", is_named=True, needs_inbox=True),
        Dimension("setter", "Setter", is_named=True, of_responses=True),
        Dimension("responder", "Responder", is_named=True, of_responses=True),
        Dimension("first-responder", "First", of_responses=True),
        Dimension("window", "Delay window", of_responses=True),
        Dimension("weekday", "Weekday", in_order=True),
        Dimension("hour", "Hour", in_order=True),
        Dimension("day", "Day", in_order=True),
        Dimension("week", "Week from", in_order=True),
        Dimension("month", "Month from", in_order=True),
    )
}
#: How many may be crossed.
MOST_DIMENSIONS = 2
RESPONSES = ("first", "all")
#: What groups can be sorted by.
SORTS = ("key", "n", "p50", "p90", "mean", "open", "booked", "rate", "wrote-back")
#: Within what a response is said to be in time, unless others are asked for.
TARGETS = ("1min", "5min", "15min", "1h")
_UNITS_MS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def milliseconds(duration: str) -> int:
    """The milliseconds of a duration as options take it: 90s, 5min, 1h, 2d."""
    number = duration.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(number) * _UNITS_MS[duration[len(number) :] or "s"]


def target(given: str) -> str:
    """A duration within which a response is in time."""
    if not re.fullmatch(r"\d{1,7}(ms|s|min|h|d)", given) or not given.strip("0dhmins"):
        raise UsageError(f"{given!r} is no duration; write 90s, 5min, 1h or 2d.")
    return given


def dimensions(given: str | Sequence[str]) -> tuple[str, ...]:
    """What to break down by: one dimension or two, parted by a comma."""
    names = (
        tuple(part.strip() for part in given.split(",")) if isinstance(given, str) else (*given,)
    )
    for name in names:
        arguments.one_of("by", name, tuple(DIMENSIONS))
    if len(names) > MOST_DIMENSIONS:
        raise UsageError(f"--by takes {MOST_DIMENSIONS} dimensions at most; give --by twice.")
    if len(set(names)) < len(names):
        raise UsageError(f"--by names {names[0]} twice.")
    return names
