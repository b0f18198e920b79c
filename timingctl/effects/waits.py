"""Waits: how soon leads are answered, those counted that nobody has answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from timingctl.effects.incidence import (
    Lengths,
    log_log,
    median,
    median_place,
    usual_median,
)
from timingctl.reports.statistics import Proportion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from timingctl.effects.document import Waited, Within
    from timingctl.effects.slopes import Floats, Integers

    Booleans = npt.NDArray[np.bool_]
    Small = npt.NDArray[np.int32]

#: Within how many milliseconds: a minute, five, an hour, a day.
WITHIN = (60_000, 300_000, 3_600_000, 86_400_000)
#: The causes that end a wait: columns of Lengths.ended.
AI, SETTER = 0, 1
#: Where the picture tells how many waits are left.
_AT_RISK = {0: "at first", 60_000: "at 1 min", 300_000: "at 5 min", 3_600_000: "at 1 h",
            86_400_000: "at 24 h"}  # fmt: skip
#: Numbers up to this fit 16 bits.
_SMALL = 65_535
#: Of fewer waits than so many lengths a wait the lengths are sorted, not counted.
_FEW = 8
_ENDS = 3  # not yet, by the AI, by a setter


@dataclass(frozen=True)
class Waits:
    """Waits, one element each, by lead, then length, then end: the order in which they are summed.

    `lead`, `channel` and `client` are numbers; `place` is that of the length among `length`, all
    lengths in order (ms); `end` is 0 (open), 1 (the AI) or 2 (a setter).
    """

    lead: Small
    channel: Small
    client: Small
    windowed: Booleans
    end: npt.NDArray[np.int8]
    place: Small
    length: Integers

    def __len__(self) -> int:
        return len(self.lead)

    def of(self, chosen: Booleans | Integers) -> Waits:
        """Those that are chosen, by a mask or by their places."""
        columns = {name: value[chosen] for name, value in vars(self).items() if name != "length"}
        return replace(self, **columns)


class CurvePoint(TypedDict):
    """The shares answered by the AI and by a setter within a time."""

    ms: int
    byAi: float
    bySetter: float


@dataclass(frozen=True)
class Curve:
    """How the shares grow with time, and how many waits lasted at least so long at some times."""

    rows: list[CurvePoint]
    at_risk: list[tuple[str, int]]


def curve_of(waits: Waits) -> Curve:
    """The curve of all waits, at twenty times a decade: enough to draw."""
    lengths = _group(waits).lengths
    if not len(lengths.length):
        return Curve([], [])
    last = int(lengths.length[-1])
    times = sorted({*(int(10 ** (step / 20)) for step in range(60, 20 * 11)), last})
    rows: list[CurvePoint] = []
    for ms in (time for time in times if time <= last):
        reach = lengths.up_to(ms)
        by = lengths.incidence[reach - 1] if reach else (0.0, 0.0)
        rows.append({"ms": ms, "byAi": float(by[AI]), "bySetter": float(by[SETTER])})
    at_risk = [(name, lengths.lasting(ms)) for ms, name in _AT_RISK.items()]
    return Curve(rows, at_risk)


def wait_groups(
    waits: Waits, channels: Mapping[int, str], clients: Mapping[int, str]
) -> list[Waited]:
    """A row a group, in order: all, with a window or without, each channel, each client."""
    return [_waited(group, key, part) for group, key, part in _parts(waits, channels, clients)]


def _parts(
    waits: Waits, channels: Mapping[int, str], clients: Mapping[int, str]
) -> Iterator[tuple[str, str | None, Waits]]:
    yield "all", None, waits
    for key, chosen in (("no", ~waits.windowed), ("yes", waits.windowed)):
        if chosen.any():
            yield "window", key, waits.of(chosen)
    for group, column, names in (
        ("channel", waits.channel, channels),
        ("client", waits.client, clients),
    ):
        for number, part in _by(waits, column):
            yield group, names[number], part


def _by(waits: Waits, column: Small) -> Iterator[tuple[int, Waits]]:
    """The waits of each number of a column, each in their order."""
    numbers = np.flatnonzero(np.bincount(column)) if len(column) else np.zeros(0, np.int64)
    if len(numbers) <= 1:
        for number in numbers:
            yield int(number), waits
        return
    codes = column.astype(np.uint16) if numbers[-1] <= _SMALL else column  # far faster to sort
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(column)[numbers])
    for number, start, end in zip(numbers, [0, *ends[:-1]], ends, strict=True):
        yield int(number), waits.of(order[start:end])


@dataclass(frozen=True)
class _Group:
    """The waits of a group: their table of lengths, and each wait's place in it, end and lead.

    `starts` are the places at which the waits of the next lead start.
    """

    lengths: Lengths
    place: Small
    end: npt.NDArray[np.int8]
    starts: Integers

    def by_lead(self, time: int) -> tuple[Floats, Floats]:
        """The influences on the shares that the AI and setters have ended in a time, by lead."""
        if not len(self.place):
            return np.zeros(0), np.zeros(0)
        reach = self.lengths.up_to(time)
        cell = np.minimum(self.place, reach, dtype=np.intp)
        cell += self.end * np.intp(reach + 1)
        by_ai, by_setter = (
            np.add.reduceat(self.lengths.influence(cause, time).ravel("K")[cell], self.starts)
            for cause in (AI, SETTER)
        )
        return by_ai, by_setter


def _waited(group: str, key: str | None, waits: Waits) -> Waited:
    found = _group(waits)
    lengths = found.lengths
    by_ai, by_setter = (int(np.sum(lengths.ended[:, cause])) for cause in (AI, SETTER))
    place = median_place(lengths)
    error = 0.0
    if place is not None:
        half = int(lengths.length[place])
        error = _error(np.add(*found.by_lead(half)))
    middle = median(lengths, place, error)
    return {
        "group": group,
        "key": key,
        "waits": len(waits),
        "leads": len(found.starts),
        "answered": by_ai + by_setter,
        "byAi": by_ai,
        "bySetter": by_setter,
        "open": len(waits) - by_ai - by_setter,
        "medianMs": middle.length,
        "medianLowMs": middle.low,
        "medianHighMs": middle.high,
        "answeredOnlyMedianMs": usual_median(lengths.length, lengths.all_ended.astype(np.int64)),
        "within": [_within(ms, found) for ms in WITHIN],
    }


def _group(waits: Waits) -> _Group:
    """The table of lengths of a group: of few waits, or of many, by which is faster."""
    place: Small
    if len(waits) * _FEW < len(waits.length):
        places, inverse = np.unique(waits.place, return_inverse=True)
        place = inverse.astype(np.int32)
    else:
        is_there = np.zeros(len(waits.length), bool)
        is_there[waits.place] = True
        places = np.flatnonzero(is_there).astype(np.int32)
        place = (np.cumsum(is_there, dtype=np.int32) - np.int32(1))[waits.place]
    cell = place.astype(np.int64) * _ENDS + waits.end
    counts = np.bincount(cell, minlength=len(places) * _ENDS).reshape(len(places), _ENDS)
    lengths = Lengths(waits.length[places], counts[:, 1:], counts[:, 0])
    starts = np.flatnonzero(np.diff(waits.lead, prepend=-1))
    return _Group(lengths, place, waits.end, starts)


def _error(by_lead: Floats) -> float:
    """The standard error: influences were summed by lead, since waits of one lead are alike."""
    return float(np.sqrt(np.sum(by_lead**2)))


def _within(ms: int, group: _Group) -> Within:
    lengths = group.lengths
    if not lengths.is_known(ms):
        nothing = Proportion(None, None, None)
        return _told(ms, nothing, nothing, nothing)
    reach, counted = lengths.up_to(ms), lengths.counted(ms)
    shares = [float(lengths.incidence[reach - 1, c]) if reach else 0.0 for c in (AI, SETTER)]
    share = 1 - float(lengths.left[reach - 1]) if reach else 0.0
    by_ai, by_setter = group.by_lead(ms)
    return _told(
        ms,
        log_log(share, _error(by_ai + by_setter), counted),
        log_log(shares[AI], _error(by_ai), counted),
        log_log(shares[SETTER], _error(by_setter), counted),
    )


def _told(ms: int, share: Proportion, by_ai: Proportion, by_setter: Proportion) -> Within:
    return {
        "ms": ms,
        "share": share.rate,
        "shareLow": share.low,
        "shareHigh": share.high,
        "byAi": by_ai.rate,
        "byAiLow": by_ai.low,
        "byAiHigh": by_ai.high,
        "bySetter": by_setter.rate,
        "bySetterLow": by_setter.low,
        "bySetterHigh": by_setter.high,
    }
