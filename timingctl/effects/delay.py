"""The delay's effect: leads by their first eligible inbound, checked and compared in strata."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from timingctl.effects.checks import Test, balance, evenness, indicators
from timingctl.effects.slopes import Slope, instrumented, slope
from timingctl.effects.tails import FOUND_IN_FOUR_OF_FIVE
from timingctl.reports.statistics import Z, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from timingctl.effects.document import (
        Check,
        Delay,
        Fifth,
        Half,
        Jobs,
        Leads,
        LongVersusShort,
        OfWindow,
        PerMinute,
        Ratio,
    )
    from timingctl.effects.slopes import Floats, Integers

    Booleans = npt.NDArray[np.bool_]

#: Windows of fewer values have no tenths, and no fifths.
_FEWEST_FOR_TENTHS, _FEWEST_FOR_FIFTHS = 10, 60
_TENTHS, _FIFTHS = 10, 5
#: The fewest of either outcome for any estimate, and the fewest leads for one of a part.
_FEWEST_OF_EACH, _FEWEST_LEADS = 5, 20
_DAY_US = 86_400_000_000
_MINUTE_S, _MINUTE_MS = 60, 60_000


@dataclass(frozen=True)
class Units:
    """Leads with an eligible inbound, one element each, in the order in which they are summed.

    `delay`, `low` and `high` in seconds, `waited` in milliseconds, `at` in microseconds.
    `happened`: the lead booked, or wrote back. `before`: it had booked by then; `analysed`: it is
    not left out.
    """

    at: Integers
    low: Integers
    high: Integers
    delay: Integers
    stratum: Integers
    channel: Integers
    earlier: Integers
    waited: Integers
    quarter: Integers
    weekday: Integers
    untimed: Booleans
    happened: Booleans
    before: Booleans
    analysed: Booleans

    def __len__(self) -> int:
        return len(self.at)

    def of(self, chosen: Booleans) -> Units:
        """Those that are chosen."""
        names = [column.name for column in fields(self)]
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    @property
    def delays(self) -> Integers:
        """m: how many delays each window has."""
        return self.high - self.low + 1

    @property
    def minutes(self) -> Floats:
        """d: the chosen delay."""
        return self.delay / _MINUTE_S

    @property
    def surplus(self) -> Floats:
        """D − μ: the delay less the middle of its window, in minutes."""
        return (2 * self.delay - self.low - self.high) / (2 * _MINUTE_S)

    @property
    def variance(self) -> Floats:
        """v: the variance of a delay as it was drawn, in minutes²."""
        m = self.delays.astype(np.float64)
        return (m**2 - 1) / 12 / _MINUTE_S**2

    @property
    def outcome(self) -> Floats:
        """Y."""
        return self.happened.astype(np.float64)

    @cached_property
    def numbered(self) -> Integers:
        """The strata that there are, from 0."""
        is_there = np.bincount(self.stratum) > 0
        return (np.cumsum(is_there) - 1)[self.stratum]

    @property
    def windows(self) -> list[tuple[int, int]]:
        """The windows that there are, in order; all leads of a stratum have one."""
        ends = np.zeros((int(np.max(self.numbered, initial=-1)) + 1, 2), np.int64)
        ends[self.numbered, 0], ends[self.numbered, 1] = self.low, self.high
        return sorted({(int(low), int(high)) for low, high in ends})


@dataclass(frozen=True)
class Steps:
    """Differences between successive delays of one window, modulo its width, by width and tenth."""

    delays: Integers
    tenth: Integers
    counts: Integers


def steps_of(minSeconds: Integers, delays: Integers, surplus: Integers) -> Steps:  # noqa: N803
    """The steps of the rows of sql/effects/delay_order.sql."""
    same = (minSeconds[1:] == minSeconds[:-1]) & (delays[1:] == delays[:-1])
    width = delays[1:][same].astype(np.int64)
    step = np.diff(surplus)[same] % width
    cells, counts = np.unique(width * _TENTHS + _TENTHS * step // width, return_counts=True)
    return Steps(cells // _TENTHS, cells % _TENTHS, counts)


def delay_effect(units: Units, steps: Steps, leads: Mapping[str, int], jobs: Jobs) -> Delay:
    """The section. `leads` are counts of leads by verdict."""
    analysed = units.of(units.analysed)
    tests = _tests(units, analysed, steps)
    status = _status(units, analysed, tests)
    is_given = status == "estimated"
    found = _compared(analysed, analysed.minutes, analysed.variance, is_given=is_given)
    first, waited = _by_waiting(analysed, is_given=is_given)
    return {
        "leads": _leads(leads),
        "jobs": jobs,
        "status": status,
        "checks": [_check(name, test) for name, test in tests.items()],
        "untimed": int(np.sum(analysed.untimed)),
        "perMinute": found,
        "firstStage": first,
        "perMinuteWaited": waited,
        "longVersusShort": _halves(analysed, is_given=is_given),
        "fifths": _fifths(analysed, is_given=is_given),
        "byWindow": _by_window(analysed, is_given=is_given),
    }


def _leads(counts: Mapping[str, int]) -> Leads:
    return {
        "noWindow": counts.get("noWindow", 0),
        "bookedBefore": counts.get("bookedBefore", 0),
        "tooRecent": counts.get("tooRecent", 0),
        "unproven": counts.get("unproven", 0),
        "alone": counts.get("alone", 0),
        "analysed": counts.get("analysed", 0),
    }


def _tests(units: Units, analysed: Units, steps: Steps) -> dict[str, Test]:
    """The checks, in the order in which they are told."""
    wide = analysed.of(analysed.delays >= _FEWEST_FOR_TENTHS)
    tenth = _TENTHS * (wide.delay - wide.low) // wide.delays
    days = (analysed.at - np.min(analysed.at, initial=np.iinfo(np.int64).max)) / _DAY_US
    known = {
        "sentAt": [days],
        "hour": indicators(analysed.quarter),
        "weekday": indicators(analysed.weekday),
        "channel": indicators(analysed.channel),
        "earlierMessages": [analysed.earlier.astype(np.float64)],
    }
    before = [units.before.astype(np.float64)]
    return {
        "uniform": evenness(wide.delays, tenth, np.ones(len(wide), np.int64)),
        "order": evenness(steps.delays, steps.tenth, steps.counts),
        **{name: _balance(columns, analysed) for name, columns in known.items()},
        "bookedBefore": _balance(before, units),
    }


def _balance(columns: list[Floats], units: Units) -> Test:
    return balance(columns, units.surplus, units.numbered, units.variance)


def _status(units: Units, analysed: Units, tests: Mapping[str, Test]) -> str:
    if not len(units):
        return "noWindow"
    if not all(test.passed for test in tests.values()):
        return "notRandom"
    booked = int(np.sum(analysed.happened))
    if None in (tests["uniform"].p, tests["order"].p) or not _has_both(len(analysed), booked):
        return "tooFew"
    return "estimated"


def _has_both(leads: int, booked: int) -> bool:
    return min(booked, leads - booked) >= _FEWEST_OF_EACH


def _check(name: str, test: Test) -> Check:
    return {
        "check": name,
        "n": test.n,
        "statistic": test.statistic,
        "df": test.degrees,
        "p": test.p,
        "passed": test.passed,
    }


def _compared(units: Units, dose: Floats, variance: Floats, *, is_given: bool) -> PerMinute:
    """The slope on a dose; without numbers where none may be given."""
    stratum = units.numbered
    found = slope(dose, units.outcome, stratum, variance) if is_given else Slope(None, None)
    low, high = _interval(found)
    return {
        "leads": len(units),
        "booked": int(np.sum(units.happened)),
        "strata": int(np.max(stratum, initial=-1)) + 1,
        "estimate": found.estimate,
        "se": found.se,
        "low": low,
        "high": high,
        "p": found.p,
        "mde": None if found.se is None else FOUND_IN_FOUR_OF_FIVE * found.se,
    }


def _interval(found: Slope) -> tuple[float | None, float | None]:
    if found.estimate is None or found.se is None:
        return None, None
    return found.estimate - Z * found.se, found.estimate + Z * found.se


def _ratio(found: Slope) -> Ratio:
    low, high = _interval(found)
    return {"estimate": found.estimate, "se": found.se, "low": low, "high": high}


def _by_waiting(units: Units, *, is_given: bool) -> tuple[Ratio, Ratio]:
    """How much longer leads wait for a minute of delay, and what a minute waited does."""
    if not is_given:
        return _ratio(Slope(None, None)), _ratio(Slope(None, None))
    waited = units.waited / _MINUTE_MS
    first = slope(units.minutes, waited, units.numbered, units.variance)
    acted = instrumented(units.minutes, units.outcome, waited, units.numbered)
    return _ratio(first), _ratio(acted)


def _is_enough(units: Units) -> bool:
    """Whether a part of the leads is enough for an estimate of its own."""
    booked = int(np.sum(units.happened))
    return len(units) >= _FEWEST_LEADS and _has_both(len(units), booked)


def _halves(units: Units, *, is_given: bool) -> LongVersusShort:
    """The upper half of each window against the lower; the exact middle is in neither."""
    twice, ends = 2 * units.delay, units.low + units.high
    apart = units.of(twice != ends)
    counts = np.bincount(apart.numbered)
    apart = apart.of(counts[apart.numbered] > 1)
    is_long = 2 * apart.delay > apart.low + apart.high
    given = is_given and _is_enough(apart)
    found = _compared(apart, is_long.astype(np.float64), np.full(len(apart), 0.25), is_given=given)
    mde = found["mde"]
    return {
        **found,
        "short": _half(apart.of(~is_long), is_given=given),
        "long": _half(apart.of(is_long), is_given=given),
        "leadsForOnePoint": None if mde is None else math.ceil(len(apart) * (mde / 0.01) ** 2),
    }


def _half(units: Units, *, is_given: bool) -> Half:
    booked = int(np.sum(units.happened))
    rate = booked / len(units) if is_given and len(units) else None
    return {"leads": len(units), "booked": booked, "rate": rate}


def _fifths(units: Units, *, is_given: bool) -> list[Fifth]:
    wide = units.of(units.delays >= _FEWEST_FOR_FIFTHS)
    fifth = _FIFTHS * (wide.delay - wide.low) // wide.delays
    return [_fifth(place + 1, wide.of(fifth == place), is_given) for place in range(_FIFTHS)]


def _fifth(number: int, units: Units, is_given: bool) -> Fifth:
    leads, booked = len(units), int(np.sum(units.happened))
    found = wilson(booked, leads if is_given else 0)
    return {
        "fifth": number,
        "leads": leads,
        "booked": booked,
        "rate": found.rate,
        "rateLow": found.low,
        "rateHigh": found.high,
        "meanDelaySeconds": int(np.sum(units.delay)) / leads if leads else None,
    }


def _by_window(units: Units, *, is_given: bool) -> list[OfWindow]:
    found: list[OfWindow] = []
    for low, high in units.windows:
        of_window = units.of((units.low == low) & (units.high == high))
        given = is_given and _is_enough(of_window)
        compared = _compared(of_window, of_window.minutes, of_window.variance, is_given=given)
        found.append({"minSeconds": low, "maxSeconds": high, **compared})
    return found
