"""How soon what is waited for comes, those counted for whom it has not come yet; pure, arrays.

A table of lengths has one row a distinct length, in order; `ended` has a column a cause: how many
waits of that length it ended. What is not ended by then is censored: it lasted at least so long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from timingctl.reports.statistics import Proportion, Z, wilson

if TYPE_CHECKING:
    import numpy.typing as npt

    from timingctl.effects.slopes import Floats, Integers

#: A share so near to 0 or 1 is none or all.
_NONE = 1e-12
_GREATEST = 700.0
#: What a share at the median may miss one half by, for the arithmetic.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Lengths:
    """Waits by their length: `length` in order, `ended` (lengths × causes), `censored`."""

    length: Integers
    ended: Integers
    censored: Integers

    @cached_property
    def all_ended(self) -> Floats:
        """How many waits ended at each length, whatever the cause."""
        total: Floats = np.sum(self.ended, axis=1, dtype=np.float64)
        return total

    @cached_property
    def at_risk(self) -> Floats:
        """Y: how many waits lasted at least so long."""
        here = self.all_ended + self.censored.astype(np.float64)
        return np.cumsum(here[::-1], dtype=np.float64)[::-1]

    @cached_property
    def left(self) -> Floats:
        """S: the share that lasts longer. Kaplan and Meier (1958): Π (1 − dN/Y)."""
        return np.cumprod(1 - self.all_ended / self.at_risk, dtype=np.float64)

    @cached_property
    def left_before(self) -> Floats:
        """S just before each length."""
        return np.concatenate(([1.0], self.left[:-1]))

    @cached_property
    def incidence(self) -> Floats:
        """F: the share that each cause has ended. Aalen and Johansen (1978): Σ S(u−) dN/Y."""
        found: Floats = np.cumsum(self._gain * self.ended.T, axis=1).T  # a cause after the other
        return found

    @cached_property
    def _gain(self) -> Floats:
        """S(u−)/Y: what one end adds to the share that its cause has ended."""
        return self.left_before / self.at_risk

    @cached_property
    def _gained(self) -> Floats:
        """Σ S(u−) dN/Y²: how each cause's ends pull down who lasts longer (causes × lengths)."""
        found: Floats = np.cumsum(self._gain * self.ended.T / self.at_risk, axis=1)
        return found

    @cached_property
    def _rest(self) -> Floats:
        """Y − dN: how many waits last longer; infinite where none does, which then lose nothing."""
        rest = self.at_risk - self.all_ended
        return np.where(rest > 0, rest, np.inf)

    def up_to(self, time: int) -> int:
        """How many of the lengths are no longer than a time."""
        return int(np.searchsorted(self.length, time, side="right"))

    def is_known(self, time: int) -> bool:
        """Whether shares within a time can be told: a wait lasted so long, or none is left."""
        if not len(self.length):
            return False
        return int(self.length[-1]) >= time or float(self.left[-1]) <= 0

    def lasting(self, time: int) -> int:
        """How many waits lasted at least so long."""
        reach = int(np.searchsorted(self.length, time))
        return int(np.sum(self.at_risk[reach : reach + 1]))

    def counted(self, time: int) -> int:
        """How many waits tell of a time: those that ended, and those at least so long."""
        reach = int(np.searchsorted(self.length, time))
        return int(np.sum(self.all_ended[:reach])) + self.lasting(time)

    def influence(self, cause: int, time: int) -> Floats:
        """What a wait of each length and end adds to the share that a cause has ended in a time.

        The infinitesimal jackknife (Jaeckel 1972) of Aalen and Johansen's estimator: the
        derivative of F(t) with respect to the wait's weight, as in docs/effects.md. Lengths up to
        the time, and a last row for all that are longer × (censored, each cause); in memory a
        column follows the other.
        """
        reach = self.up_to(time)
        found = np.zeros((1 + self.ended.shape[1], reach + 1))
        if reach == 0:
            return found.T
        share = self.incidence[:reach, cause]
        loss = (share[-1] - share) / self._rest[:reach]
        drift = np.cumsum(loss * self.all_ended[:reach] / self.at_risk[:reach])
        drift -= self._gained[cause, :reach]
        found[:, reach] = drift[-1]
        found[0, :reach] = drift
        found[1:, :reach] = drift - loss
        found[1 + cause, :reach] += self._gain[:reach]
        return found.T


@dataclass(frozen=True)
class Median:
    """The median length and its 95 % interval; null where it, or its end, is not reached."""

    length: int | None
    low: int | None = None
    high: int | None = None


def log_log(share: float, se: float, counted: int) -> Proportion:
    """The share with its 95 % interval on the scale of log(−log(1 − share)).

    Kalbfleisch and Prentice (1980), 1.3. Of none or all of `counted` it is Wilson's (1927).
    """
    if share <= _NONE or share >= 1 - _NONE:
        bounds = wilson(0 if share <= _NONE else counted, counted)
        return Proportion(share, bounds.low, bounds.high)
    left = 1 - share
    sigma = se / (left * abs(math.log(left)))
    low, high = (1 - left**power for power in _powers(sigma))
    return Proportion(share, max(low, 0.0), min(high, 1.0))


def _powers(sigma: float) -> tuple[float, float]:
    """exp(∓1.96 σ); of what is beyond all numbers the greatest that is one."""
    reach = min(Z * sigma, _GREATEST)
    return math.exp(-reach), math.exp(reach)


def median_place(lengths: Lengths) -> int | None:
    """The place of the least length that no more than half last longer than; null: none yet."""
    return _first_below(lengths, 0.5)


def median(lengths: Lengths, place: int | None, se: float) -> Median:
    """The median, by its place, and its interval from the error `se` of the share left there.

    Brookmeyer and Crowley (1982), on the scale of log(−log S). Where none is left the data say
    nothing of the ends.
    """
    if place is None:
        return Median(None)
    left = float(lengths.left[place])
    found = int(lengths.length[place])
    if left <= _NONE:
        return Median(found)
    sigma = se / (left * abs(math.log(left)))
    ends = (_first_below(lengths, 0.5**power) for power in _powers(sigma))
    low, high = (None if end is None else int(lengths.length[end]) for end in ends)
    return Median(found, low, high)


def usual_median(lengths: Integers, counts: npt.NDArray[np.int64]) -> float | None:
    """The median of lengths, of each of which there are so many: what all of them is halved by."""
    n = int(np.sum(counts))
    if n == 0:
        return None
    through = np.cumsum(counts)
    middle = np.searchsorted(through, [(n - 1) // 2, n // 2], side="right")
    return float(lengths[middle[0]] + lengths[middle[1]]) / 2


def _first_below(lengths: Lengths, share: float) -> int | None:
    """The place of the first length at which an end came and no more than a share is left."""
    reached = np.flatnonzero((lengths.left <= share + _ROUNDING) & (lengths.all_ended > 0))
    return int(reached[0]) if len(reached) else None
