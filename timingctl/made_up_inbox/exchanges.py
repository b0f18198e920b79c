"""The exchanges of leads: streaks of inbounds, and what answers each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.made_up_inbox.draws import (
    DAY,
    HOUR,
    SECOND,
    counted,
    drawn,
    heavy,
)
from timingctl.made_up_inbox.world import DAYS

if TYPE_CHECKING:
    from timingctl.made_up_inbox.draws import Booleans, Integers, Rng
    from timingctl.made_up_inbox.world import World

_CHANNELS = pl.Series(["email", "linkedin", "sms"])
#: Inbounds an hour of the day, UTC.
_HOURS = [2, 1, 1, 1, 1, 2, 6, 10, 14, 16, 16, 14, 12, 14, 16, 16, 14, 12, 10, 10, 10, 8, 5, 3]
#: What answers an exchange: the AI, the AI and a setter, a setter, a campaign, nobody.
_ANSWERS_AUTO = [45, 20, 12, 5, 18]
_ANSWERS_MANAGED = [0, 0, 65, 10, 25]
AI, BOTH, SETTER, SYSTEM, NOBODY = range(5)


@dataclass(frozen=True)
class Exchanges:
    """Grain: one exchange: a streak of inbounds, of which the last is the anchor, and an answer.

    In the order of leads, threads and time; those of a thread are days apart, so that an answer
    within a day stands in its own turn. `lead`, `thread` and `campaign` (−1: none) are places.
    """

    lead: Integers
    thread: Integers
    campaign: Integers
    channel: pl.Series
    opens: Booleans  # the first of its thread
    closes: Booleans  # the last of its thread
    first_at: Integers
    streak: Integers
    pause: Integers  # between the inbounds of the streak
    answer: Integers

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def anchor_at(self) -> Integers:
        """When the last inbound of the streak came."""
        return self.first_at + (self.streak - 1) * self.pause

    @property
    def by_ai(self) -> Booleans:
        """Whether the AI answers, with or without a setter."""
        return np.isin(self.answer, [AI, BOTH])


def draw_exchanges(rng: Rng, world: World, campaign: Integers) -> Exchanges:
    """The exchanges of leads with these campaigns; every lead has at least one."""
    lead_of_thread, place = counted(1 + drawn(rng, [1, 1], len(campaign)))
    threads = len(lead_of_thread)
    channel = (rng.integers(0, 3, len(campaign))[lead_of_thread] + place) % len(_CHANNELS)
    counts = 1 + drawn(rng, [20, 18, 15, 12, 10, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1], threads)
    thread, place = counted(counts)
    begin = rng.integers(0, DAYS - 1, threads)[thread]
    gap = np.where(place > 0, heavy(rng, 3, [4, 3, 2, 1], len(thread)), begin)
    through = np.cumsum(gap)
    day = through - np.repeat((through - gap)[place == 0], counts)
    time = drawn(rng, _HOURS, len(thread)) * HOUR + rng.integers(0, HOUR, len(thread))
    first_at = world.start + day * DAY + time
    happened = first_at < world.end - HOUR
    thread, opens, first_at = thread[happened], (place == 0)[happened], first_at[happened]
    count = len(thread)
    lead = lead_of_thread[thread]
    auto = (campaign[lead] >= 0) & world.is_auto[campaign[lead]]
    answers = drawn(rng, _ANSWERS_AUTO, count), drawn(rng, _ANSWERS_MANAGED, count)
    return Exchanges(
        lead=lead,
        thread=thread,
        campaign=campaign[lead],
        channel=_CHANNELS.gather(channel[thread]),
        opens=opens,
        closes=np.append(opens[1:], True),
        first_at=first_at,
        streak=1 + drawn(rng, [45, 30, 25], count),
        pause=heavy(rng, 5 * SECOND, [1, 2, 3, 2, 1], count),
        answer=np.where(auto, *answers),
    )
