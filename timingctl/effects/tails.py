"""Tails of distributions, by the standard library: the normal and the chi-square distribution."""

from __future__ import annotations

import math

#: The 97.5th and the 80th percentile of the normal distribution together: an effect of so many
#: standard errors is found 4 times in 5.
FOUND_IN_FOUR_OF_FIVE = 2.801585218112968


def normal_tails(z: float) -> float:
    """The probability that a standard normal variable lies as far from 0 as z, on either side.

    erfc(|z| / √2), Abramowitz and Stegun (1964), 26.2.29.
    """
    return math.erfc(abs(z) / math.sqrt(2))


def chi_square_tail(statistic: float, degrees: int) -> float:
    """The probability that a chi-square variable is greater, for whole degrees of freedom from 1.

    Abramowitz and Stegun (1964), 26.4.4 for odd and 26.4.5 for even degrees: finite sums of
    positive terms, so that small tails are as exact as large ones; by logarithms, because powers
    and factorials of many degrees are no floats.
    """
    if statistic <= 0:
        return 1.0
    half = statistic / 2
    powers = [i + degrees % 2 / 2 for i in range(degrees // 2)]
    terms = (math.exp(k * math.log(half) - math.lgamma(k + 1) - half) for k in powers)
    return math.fsum(terms) + (math.erfc(math.sqrt(half)) if degrees % 2 else 0.0)
