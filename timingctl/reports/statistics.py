"""Arithmetic on the figures that SQL counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The 97.5th percentile of the standard normal distribution: 95 % lies within ±Z.
Z = 1.959963984540054


@dataclass(frozen=True)
class Proportion:
    """A share of a sample, with its 95 % interval; all three null when the sample is empty."""

    rate: float | None
    low: float | None
    high: float | None


def wilson(hits: float, n: float) -> Proportion:
    """The share of hits among n, with Wilson's score interval (1927), uncorrected.

    With p = hits/n: (p + Z²/2n ± Z·√(p(1−p)/n + Z²/4n²)) / (1 + Z²/n).
    """
    if n == 0:
        return Proportion(None, None, None)
    share = hits / n
    middle = share + Z**2 / (2 * n)
    reach = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    # None and all hits reach 0 and 1, but for the last bits of the arithmetic.
    low = 0.0 if hits == 0 else (middle - reach) / scale
    high = 1.0 if hits == n else (middle + reach) / scale
    return Proportion(share, low, high)


def plain(value: float | None, digits: int | None = None) -> float | None:
    """The number, rounded where digits are given, as an int where it is whole."""
    if value is None:
        return None
    rounded = value if digits is None else round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


#: A percentile lies between two whole milliseconds, at a multiple of a hundredth of their gap.
_PERCENTILE_DIGITS = 2


def percentiles(values: Sequence[float] | None, number: int) -> list[float | None]:
    """So many percentiles as they are written, null where there was nothing to take them of."""
    if values is None:
        return [None] * number
    return [plain(value, _PERCENTILE_DIGITS) for value in values]
