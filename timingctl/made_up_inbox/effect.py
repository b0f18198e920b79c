"""A planted effect: leads book the less, or the more, the longer the delay that was chosen.

It acts on the chosen delay of a lead's first inbound whose delay could matter, and on nothing else,
so that what `timingctl effects` finds can be held against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.delay import chosen_seconds
from timingctl.made_up_inbox.draws import DAY, HOUR, MINUTE, SECOND, chance
from timingctl.made_up_inbox.messages import BY_LEAD

if TYPE_CHECKING:
    import numpy.typing as npt

    from timingctl.made_up_inbox.draws import Booleans, Integers, Rng
    from timingctl.made_up_inbox.exchanges import Exchanges
    from timingctl.made_up_inbox.world import World

#: Of a hundred such leads, how many book in the middle of the window: by campaign, from the least.
#: The widest window reaches 6.5 minutes from its middle, which arguments.MOST_POINTS allows for.
_LEAST_BOOKED, _STEPS = 35, 16
#: Of a hundred, how many had booked before; and of the others that do not book, how many cancel.
_BEFORE, _CANCELLED = 5, 5
_HUNDREDTHS = 100_000  # of a per cent


@dataclass(frozen=True)
class Picks:
    """Grain: one lead with an inbound whose delay could matter, by its first, in order of leads.

    `at` is when that came; `off` is its chosen delay less the middle of the window, in minutes.
    """

    lead: Integers
    at: Integers
    campaign: Integers
    off: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.lead)


@dataclass(frozen=True)
class Bookings:
    """Grain: one of the picked leads: whether it books, cancels and had booked before, and when."""

    books: Booleans
    cancels: Booleans
    before: Booleans
    at: Integers


def picks(world: World, exchanges: Exchanges, said: pl.DataFrame) -> Picks:
    """The leads' first inbounds whose delay could matter.

    In a window with room, and no other of the thread follows in less than its lower end.
    """
    inbound = said.filter(pl.col("who") == BY_LEAD).sort("id")
    of, at = inbound["exchange"].to_numpy(), inbound["at"].to_numpy()
    lead, thread, campaign = exchanges.lead[of], exchanges.thread[of], exchanges.campaign[of]
    order = np.lexsort((at, thread))
    follows = np.full(len(of), np.iinfo(np.int64).max)
    same = thread[order][1:] == thread[order][:-1]
    follows[order[:-1][same]] = (at[order][1:] - at[order][:-1])[same]
    low, high = world.windows(campaign, at)
    lowest, highest = (ends.fill_null(0).cast(pl.Int64).to_numpy() for ends in (low, high))
    found = np.flatnonzero((highest > lowest) & (follows >= lowest * SECOND))
    found = found[np.lexsort((at[found], lead[found]))]
    found = found[np.flatnonzero(np.diff(lead[found], prepend=-1))]
    places = pl.Series(found)
    chosen = chosen_seconds(*(column.gather(places) for column in (inbound["id"], low, high)))
    off = (chosen.to_numpy() * 2 - lowest[found] - highest[found]) * SECOND / (2 * MINUTE)
    return Picks(lead[found], at[found], campaign[found], off)


def bookings(rng: Rng, found: Picks, points: float) -> Bookings:
    """What the picked leads book, with so many points of booking a minute of chosen delay."""
    count = len(found)
    percent = _LEAST_BOOKED + found.campaign % _STEPS + points * found.off
    before = chance(rng, _BEFORE, count)
    books = rng.integers(0, 100 * _HUNDREDTHS, count) < percent * _HUNDREDTHS
    cancels = ~before & ~books & chance(rng, _CANCELLED, count)
    after = rng.integers(HOUR, 25 * DAY, count)
    earlier = -rng.integers(DAY, 6 * DAY, count)
    at = found.at + np.where(before, earlier, after)
    return Bookings(before | books | cancels, cancels, before, at)
