"""Arithmetic on the figures that SQL counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

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


def waiting_median(
    waitMs: npt.NDArray[np.int64],  # noqa: N803 - columns of relations
    isAnswered: npt.NDArray[np.bool_],  # noqa: N803
) -> int | None:
    """The time within which half of all waits are answered, in ms, open ones counted.

    Kaplan's and Meier's (1958): an open wait counts for as long as it has lasted, and at one time
    answers stand before what is still open. Between the lengths of open waits their product is the
    share of those waiting at the first that are not answered by then, so only these lengths are
    sorted. Null where less than half are known to be answered.
    """
    import numpy as np

    half = 0.5 + 1e-9
    answered, still_open = waitMs[isAnswered], waitMs[~isAnswered]
    if 2 * len(answered) >= len(waitMs) > 0:  # no later than if no open one is ever answered
        most = np.partition(answered, (len(waitMs) - 1) // 2)[(len(waitMs) - 1) // 2]
        still_open = still_open[still_open < most]
    length, leave = np.unique(still_open, return_counts=True)
    span = np.searchsorted(length, answered)
    ended = np.bincount(span, minlength=len(length) + 1)
    gone = np.cumsum(ended) - ended + np.cumsum([0, *leave])
    waiting = len(waitMs) - gone
    share = np.cumprod(1 - ended / np.maximum(waiting, 1))
    place = int(np.argmax(share <= half))
    if not share[place] <= half:
        return None
    before = share[place - 1] if place else 1.0
    needed = math.ceil(waiting[place] * (1 - half / before))
    return int(np.partition(answered[span == place], needed - 1)[needed - 1])


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
