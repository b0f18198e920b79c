"""Whether the delays were drawn at random: tests that an experiment passes; pure, arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timingctl.effects.slopes import within
from timingctl.effects.tails import chi_square_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.effects.slopes import Floats, Integers

#: A check fails where chance alone gives so uneven delays less often than once in a thousand.
FAILS_BELOW = 0.001
#: Fewer numbers say nothing of their evenness.
_FEWEST = 50
_TENTHS = 10
#: Directions in which columns have no more variance than this are none.
_NO_VARIANCE = 1e-9


@dataclass(frozen=True)
class Test:
    """A chi-square test of n leads or inbounds; null: too few of them, or nothing that varies."""

    n: int
    statistic: float | None = None
    degrees: int | None = None
    p: float | None = None

    @property
    def passed(self) -> bool:
        """Whether chance alone may have given this."""
        return self.p is None or self.p >= FAILS_BELOW


def _test(n: int, statistic: float, degrees: int) -> Test:
    return Test(n, statistic, degrees, chi_square_tail(statistic, degrees))


def evenness(delays: Integers, tenth: Integers, counts: Integers) -> Test:
    """Whether numbers that are 0 … delays − 1 lie in the tenths as often as chance has them.

    Grain one width of window (`delays`, from 10 on) and tenth, with the `counts` of numbers in it.
    Pearson's statistic (1900) for cells whose probabilities differ from number to number: with p
    the exact shares of the tenths, O − E over V = Σ (diag p − ppᵀ), without the last tenth.
    """
    n = int(np.sum(counts))
    if n < _FEWEST:
        return Test(n)
    observed = np.bincount(tenth, counts, _TENTHS)
    expected, variance = np.zeros(_TENTHS), np.zeros((_TENTHS, _TENTHS))
    for width in np.unique(delays):
        times = float(np.sum(counts[delays == width]))
        values = np.arange(width)
        shares = np.bincount(_TENTHS * values // width, minlength=_TENTHS) / width
        expected += times * shares
        variance += times * (np.diag(shares) - np.outer(shares, shares))
    apart = (observed - expected)[:-1]
    solved = np.linalg.solve(variance[:-1, :-1], apart)
    return _test(n, float(np.sum(apart * solved)), _TENTHS - 1)


def balance(
    columns: Sequence[Floats], surplus: Floats, stratum: Integers, variance: Floats
) -> Test:
    """Whether what was known before is alike for long and for short delays.

    `columns` describe the leads; `surplus` is a delay less the middle of its window, `variance`
    its variance as it was drawn. The randomisation test of Hansen and Bowers (2008): with x the
    columns less their strata's means, g = Σ surplus·x and V = Σ v x xᵀ, the statistic is gᵀV⁺g,
    and its degrees of freedom the rank of V.
    """
    n = len(surplus)
    scaled = []
    for column in columns:
        x = within(column, stratum)
        size = float(np.sum(variance * x**2))
        if size > _NO_VARIANCE:
            scaled.append(x / np.sqrt(size))
    if not scaled:
        return Test(n)
    pull = np.array([np.sum(surplus * x) for x in scaled])
    spread = np.array([[np.sum(variance * x * y) for y in scaled] for x in scaled])
    sizes, directions = np.linalg.eigh(spread)
    kept = sizes > _NO_VARIANCE
    along = np.array([np.sum(direction * pull) for direction in directions.T[kept]])
    return _test(n, float(np.sum(along**2 / sizes[kept])), int(np.sum(kept)))


def indicators(values: Integers) -> list[Floats]:
    """A column a value but the first: 1 where it is the value."""
    return [
        (values == value).astype(np.float64) for value in np.flatnonzero(np.bincount(values))[1:]
    ]
