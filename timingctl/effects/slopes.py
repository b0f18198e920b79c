"""How an outcome changes with the delay that was chosen, within strata; pure, arrays.

All arrays have one element a lead, in the order in which they are summed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timingctl.effects.tails import normal_tails

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

#: A lead whose residual has no more freedom than this says nothing of the error.
_NO_FREEDOM = 1e-9
#: An instrument must move what it acts through by so many standard errors.
_STRONG = 10


@dataclass(frozen=True)
class Slope:
    """The change of an outcome with a unit of the delay, its standard error, and the test of none.

    Null: the delays are all alike (estimate, se), or no outcome could have differed (p).
    """

    estimate: float | None
    se: float | None
    p: float | None = None


def within(values: Floats, stratum: Integers) -> Floats:
    """Deviations of the values from the means of their strata, which are numbered from 0."""
    counts = np.bincount(stratum)
    sums = np.bincount(stratum, values)
    return values - (sums / np.maximum(counts, 1))[stratum]


def slope(dose: Floats, outcome: Floats, stratum: Integers, variance: Floats) -> Slope:
    """The slope of the outcome on the dose within strata, with its error and its test.

    Least squares with a constant a stratum: b = Σ d̃Ỹ / Σ d̃². The error is HC2 of MacKinnon and
    White (1985), which for one stratum and two doses is Neyman's (1923). The test is that of no
    effect on anyone under randomisation: z = Σ d̃Ỹ / √(Σ v Ỹ²), where `variance` has the exact
    variance v of each dose as it was drawn (Rosenbaum 2002, Observational Studies, 2.4).
    """
    deviation, response = within(dose, stratum), within(outcome, stratum)
    total = float(np.sum(deviation * response))
    spread = float(np.sum(deviation**2))
    drawn = float(np.sum(variance * response**2))
    p = normal_tails(total / math.sqrt(drawn)) if drawn > 0 else None
    if spread <= 0:
        return Slope(None, None, p)
    estimate = total / spread
    return Slope(estimate, _hc2(deviation, response - estimate * deviation, stratum), p)


def instrumented(dose: Floats, outcome: Floats, waited: Floats, stratum: Integers) -> Slope:
    """The change of the outcome with a unit waited, where the dose acts through the wait alone.

    The instrumental variable of Wald (1940): the slope of the outcome over that of the wait. Its
    error is that of the slope of what the wait leaves unexplained (Angrist and Pischke 2009,
    Mostly Harmless Econometrics, 4.1). Null unless the dose moves the wait by 10 standard errors.
    """
    nothing = np.zeros(len(dose))
    first = slope(dose, waited, stratum, nothing)
    reduced = slope(dose, outcome, stratum, nothing)
    if first.estimate is None or first.se is None or reduced.estimate is None:
        return Slope(None, None)
    if first.estimate <= 0 or first.estimate < _STRONG * first.se:
        return Slope(None, None)
    estimate = reduced.estimate / first.estimate
    rest = slope(dose, outcome - estimate * waited, stratum, nothing)
    return Slope(estimate, None if rest.se is None else rest.se / first.estimate)


def _hc2(deviation: Floats, residual: Floats, stratum: Integers) -> float:
    """The standard error of a slope: each squared residual over what it has left of its freedom."""
    spread = float(np.sum(deviation**2))
    leverage = (1 / np.bincount(stratum))[stratum] + deviation**2 / spread
    freedom = 1 - leverage
    counts = freedom >= _NO_FREEDOM
    terms = deviation[counts] ** 2 * residual[counts] ** 2 / freedom[counts]
    return math.sqrt(float(np.sum(terms))) / spread
