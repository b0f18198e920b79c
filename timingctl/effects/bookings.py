"""Booking after the first response: recent leads counted as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timingctl.effects.incidence import Lengths, log_log
from timingctl.reports.sections.response_time import ResponseTime
from timingctl.reports.statistics import Proportion

if TYPE_CHECKING:
    import numpy.typing as npt

    from timingctl.effects.document import Booking
    from timingctl.effects.slopes import Integers

    Booleans = npt.NDArray[np.bool_]

_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Responses:
    """Leads with a response, one element each.

    `first` is the response time (ms); `followed` how long the lead was followed since, or until it
    booked (us), which `happened` says.
    """

    first: Integers
    before: Booleans
    untimed: Booleans
    happened: Booleans
    followed: Integers


def booked_after(responses: Responses, days: int) -> list[Booking]:
    """A row a bucket of the response time, empty ones included."""
    names = [name for name, _ in ResponseTime.greatest]
    greatest = np.array([value for _, value in ResponseTime.greatest])
    bucket = np.searchsorted(greatest, responses.first)
    return [
        _bucket(name, responses, bucket == place, days * _DAY_US)
        for place, name in enumerate(names)
    ]


def _bucket(name: str, responses: Responses, here: Booleans, reach_us: int) -> Booking:
    known = here & ~responses.before & ~responses.untimed
    followed, happened = responses.followed[known], responses.happened[known]
    found = _rate(followed, happened, reach_us)
    return {
        "bucket": name,
        "leads": int(np.sum(here)),
        "bookedBefore": int(np.sum(here & responses.before)),
        "untimed": int(np.sum(here & responses.untimed)),
        "followed": int(np.sum(known)),
        "booked": int(np.sum(happened & (followed <= reach_us))),
        "censored": int(np.sum(~happened & (followed < reach_us))),
        "rate": found.rate,
        "rateLow": found.low,
        "rateHigh": found.high,
    }


def _rate(followed: Integers, happened: Booleans, reach_us: int) -> Proportion:
    """The share that has booked within a time, of all; each lead by itself."""
    length, place = np.unique(followed, return_inverse=True)
    ended = np.bincount(place[happened], minlength=len(length))
    censored = np.bincount(place[~happened], minlength=len(length))
    lengths = Lengths(length, ended[:, None], censored)
    if not lengths.is_known(reach_us):
        return Proportion(None, None, None)
    reach = lengths.up_to(reach_us)
    share = 1 - float(lengths.left[reach - 1]) if reach else 0.0
    influence = lengths.influence(0, reach_us)
    rows = np.minimum(np.arange(len(length)), reach)
    squares = influence[rows, 0] ** 2 * censored + influence[rows, 1] ** 2 * ended
    return log_log(share, float(np.sqrt(np.sum(squares))), lengths.counted(reach_us))
