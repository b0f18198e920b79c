"""Simulated inboxes whose truth is known, as the arrays that estimators take.

In all of them leads differ: keen ones book more often, write again sooner and are answered sooner.
Windows differ by campaign, and so do rates of booking. Delays are those that the app would choose
for random ids. An effect is one of waiting, in points of booking a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.delay import chosen_seconds
from timingctl.effects.bookings import Responses
from timingctl.effects.delay import Steps, Units, steps_of
from timingctl.effects.waits import Waits
from timingctl.made_up_inbox.draws import uuids

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
#: A window a campaign: the wider, the fewer of its leads book.
_WINDOWS = np.array([(60, 180), (180, 420), (60, 420), (120, 900)] * 3)
_BASE = np.array([0.55, 0.45, 0.4, 0.3] * 3) - 0.02 * (np.arange(12) // 4)
_DAYS = 120


@dataclass(frozen=True)
class Simulated:
    """Leads by their first eligible inbound, and what others would make of their events.

    `chance` is what each lead's chance of the outcome was; `waited` in minutes, from the inbound
    to whatever answered first; `ai_first`: the inbound became an event in which the AI was first.
    """

    units: Units
    chance: Floats
    waited: Floats
    answered: Booleans
    ai_first: Booleans


def delays(
    rng: np.random.Generator, leads: int, points: float, *, replied: bool = False
) -> Simulated:
    """An inbox of leads, with so many points of booking a minute waited.

    Or, `replied`, with so many per cent less often an inbound a minute waited: the outcome is one
    in a week, once the delay and five minutes are over.
    """
    campaign = rng.integers(0, len(_WINDOWS), leads)
    low, high = _WINDOWS[campaign].T
    ids = uuids(rng, leads)
    delay = chosen_seconds(ids, pl.Series(low), pl.Series(high)).to_numpy()
    keen = rng.normal(size=leads)
    setter = np.exp(rng.normal(4.5 - 0.8 * keen, 1.5, leads))  # minutes
    ai = delay / 60 + rng.random(leads)
    again = rng.exponential(4 * np.exp(-keen))
    waits = np.minimum(np.minimum(ai, setter), (high + 300) / 60)
    chance = np.clip(_BASE[campaign] + 0.06 * np.tanh(keen) + points / 100 * waits, 0, 1)
    if replied:
        a_day = 0.1 * np.exp(0.5 * keen) * (1 + points / 100 * waits)
        chance = 1 - np.exp(-a_day * (7 - (high + 300) / 86_400))
    at = np.sort(rng.integers(0, _DAYS * DAY_US, leads))
    units = Units(
        at=at,
        low=low,
        high=high,
        delay=delay,
        stratum=campaign,
        channel=rng.integers(0, 3, leads),
        earlier=rng.integers(0, 4, leads),
        waited=(waits * 60_000).astype(np.int64),
        quarter=at // (DAY_US // 4) % 4,
        weekday=at // DAY_US % 7,
        untimed=np.zeros(leads, bool),
        happened=rng.random(leads) < chance,
        before=rng.random(leads) < 0.03,
        analysed=np.ones(leads, bool),
    )
    return Simulated(
        units,
        chance,
        np.minimum(ai, setter),
        rng.random(leads) < 0.9,
        (ai < setter) & (ai < again),
    )


def order_steps(units: Units) -> Steps:
    """The differences of delays that came in turn, of each window."""
    order = np.lexsort((units.at, units.high, units.low))
    low, high, delay = (column[order] for column in (units.low, units.high, units.delay))
    return steps_of(low, high - low + 1, delay - low)


#: Waits are followed for up to so many minutes; half of all leads ask three times.
_FOLLOWED = 30 * 1440


def waits(rng: np.random.Generator, leads: int) -> tuple[Waits, Floats, Integers]:
    """Waits of leads, and of each what the true time to an answer is (minutes) and by whom.

    Keen leads are answered sooner, each time; some waits nobody would ever answer; many are open
    because they are recent.
    """
    counts = 1 + 2 * (rng.random(leads) < 0.5)
    lead = np.repeat(np.arange(leads), counts)
    n = len(lead)
    keen = rng.normal(size=leads)[lead]
    setter = np.exp(rng.normal(6.0 - keen, 1.5, n))
    ai = np.where(rng.random(n) < 0.35, 3 + 5 * rng.random(n), np.inf)
    setter = np.where(rng.random(n) < 0.35, np.inf, setter)
    truth = np.minimum(ai, setter)
    by = np.where(np.isinf(truth), 0, np.where(ai < setter, 1, 2))
    age = _FOLLOWED * rng.random(n) ** 3  # most are recent
    end = np.where(truth <= age, by, 0)
    length = (np.minimum(truth, age) * 60_000).astype(np.int64)
    known, place = np.unique(length, return_inverse=True)
    order = np.lexsort((end, place, lead))
    number = np.zeros(n, np.int32)
    return (
        Waits(
            lead=lead[order].astype(np.int32),
            channel=number,
            client=number,
            windowed=np.ones(n, bool),
            end=end[order].astype(np.int8),
            place=place[order].astype(np.int32),
            length=known,
        ),
        truth,
        by,
    )


def responses(rng: np.random.Generator, leads: int) -> tuple[Responses, Booleans]:
    """Leads with a first response within a minute, of whom many are recent; and who books in time.

    Followed from 0 to 90 days, more of them lately; a third book within 30 days.
    """
    books_after = rng.exponential(30 / np.log(1.5), leads)  # days
    age = 90 * rng.random(leads) ** 2
    happened = books_after <= age
    return (
        Responses(
            first=np.zeros(leads, np.int64),
            before=np.zeros(leads, bool),
            untimed=np.zeros(leads, bool),
            happened=happened,
            followed=(np.minimum(books_after, age) * DAY_US).astype(np.int64),
        ),
        books_after <= 30,
    )
