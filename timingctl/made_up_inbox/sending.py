"""The drafts of exchanges, and when the app was to send each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.delay import chosen_seconds
from timingctl.made_up_inbox.draws import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    chance,
    drawn,
    heavy,
    known,
    rare,
    uuids,
)

if TYPE_CHECKING:
    from timingctl.made_up_inbox.draws import Booleans, Integers, Rng
    from timingctl.made_up_inbox.exchanges import Exchanges
    from timingctl.made_up_inbox.world import World

#: When the app sends: from this hour on, before that one.
_SENDING_HOURS = 6, 22
#: A job whose computed time has passed is due so much after it was made.
_SOON = 30 * SECOND
#: Of a thousand jobs, how many are due for no known reason: too early, earlier than the window
#: allows, too late, in 1970.
_EARLIER, _OUTSIDE, _LATER, _IN_1970 = 8, 6, 6, 6
#: Of a hundred inbounds that another follows before the answer is due, how many have a draft.
_OVERTAKEN = 15


@dataclass(frozen=True)
class Sending:
    """Grain: one inbound that may have a draft: when the app was to send that, and would.

    First the anchors, in the order of `exchanges`; then inbounds that others followed. `draft_id`
    is null where no draft was written before the export. `chosen` (ms) is 0 without a window.
    """

    exchange: Integers
    trigger_id: pl.Series
    trigger_at: Integers
    draft_id: pl.Series
    windowed: Booleans
    low: Integers
    chosen: Integers
    written_at: Integers
    run_at: Integers
    started_at: Integers
    attempts: Integers
    sent_at: Integers
    parts: Integers
    part_pause: Integers

    def __len__(self) -> int:
        return len(self.exchange)

    @property
    def finished_at(self) -> Integers:
        """When all parts would be sent."""
        return self.sent_at + (self.parts - 1) * self.part_pause + 200

    @property
    def drafted(self) -> Booleans:
        """Whether there is a draft."""
        return self.draft_id.is_not_null().to_numpy()


def draw_sending(rng: Rng, world: World, exchanges: Exchanges, inbound_id: pl.Series) -> Sending:
    """How the app would send its drafts: those of exchanges that the AI answers, and others.

    `inbound_id` are the inbounds of all streaks.
    """
    ends = np.cumsum(exchanges.streak)
    longer = np.flatnonzero((exchanges.streak > 1) & (exchanges.pause >= 20 * SECOND))
    of = np.concatenate([np.arange(len(exchanges)), longer])
    is_anchor = np.arange(len(of)) < len(exchanges)
    trigger_id = inbound_id.gather(
        np.where(is_anchor, ends[of], (ends - exchanges.streak)[of] + 1) - 1
    )
    trigger_at = np.where(is_anchor, exchanges.anchor_at[of], exchanges.first_at[of])
    low, high = world.windows(exchanges.campaign[of], trigger_at)
    delay = chosen_seconds(trigger_id, low, high)
    windowed = delay.is_not_null().to_numpy()
    chosen = delay.fill_null(0).to_numpy() * SECOND
    count = len(of)
    # Without a window it is due after any delay.
    due = trigger_at + np.where(windowed, chosen, rng.integers(MINUTE, 10 * MINUTE, count))
    too_late = chance(rng, 3, count) & is_anchor
    written_at = np.where(
        too_late,
        due + rng.integers(SECOND, 10 * MINUTE, count),
        trigger_at + rng.integers(2 * SECOND, 20 * SECOND, count),
    )
    run_at = _in_sending_hours(np.where(too_late, written_at + _SOON, due))
    retried = chance(rng, 2, count)
    run_at += retried * heavy(rng, MINUTE, [2, 1, 1], count)
    low_ms = low.fill_null(0).cast(pl.Int64).to_numpy() * SECOND
    ordinary = is_anchor & windowed & (run_at == trigger_at + chosen)
    run_at = _oddly(rng, run_at, trigger_at, low_ms, ordinary)
    woken_at = -(-np.maximum(run_at, written_at) // MINUTE) * MINUTE  # it wakes every minute
    started_at = woken_at + chance(rng, 10, count) * MINUTE + rng.integers(0, 2000, count)
    wanted = np.where(
        is_anchor,
        exchanges.by_ai[of] | chance(rng, 35, count),
        windowed & (chosen > exchanges.pause[of]) & chance(rng, _OVERTAKEN, count),
    )
    return Sending(
        exchange=of,
        trigger_id=trigger_id,
        trigger_at=trigger_at,
        draft_id=known(uuids(rng, count), wanted & (written_at < world.end)),
        windowed=windowed,
        low=low_ms,
        chosen=chosen,
        written_at=written_at,
        run_at=run_at,
        started_at=started_at,
        attempts=1 + retried * (1 + drawn(rng, [3, 1], count)),
        sent_at=started_at + rng.integers(300, 3 * SECOND, count),
        parts=1 + drawn(rng, [55, 35, 10], count),
        part_pause=drawn(rng, [1, 9], count) * 2 * SECOND,
    )


def next_opening(at: Integers) -> Integers:
    """When sending hours next begin."""
    opening = _SENDING_HOURS[0] * HOUR
    time = at % DAY
    return at - time + np.where(time < opening, 0, DAY) + opening


def _in_sending_hours(run_at: Integers) -> Integers:
    """What is due at night is moved to the next opening."""
    opening, closing = (hour * HOUR for hour in _SENDING_HOURS)
    time = run_at % DAY
    return np.where((time < opening) | (time >= closing), next_opening(run_at), run_at)


def _oddly(
    rng: Rng, run_at: Integers, trigger_at: Integers, low: Integers, ordinary: Booleans
) -> Integers:
    """A few of the jobs that are due as chosen are due at another time, for no known reason."""
    late = rng.integers(3 * MINUTE, 40 * MINUTE, len(run_at)) // SECOND * SECOND + 7 * SECOND
    span = run_at - trigger_at - low
    for per_mille, eligible, moved_to in (
        (_EARLIER, span > 0, trigger_at + low + span // (2 * SECOND) * SECOND),
        (_OUTSIDE, True, trigger_at + low - 5 * SECOND),
        (_LATER, True, run_at + late),
        (_IN_1970, True, np.zeros_like(run_at)),
    ):
        moved = rare(rng, per_mille, ordinary & eligible)
        run_at = np.where(moved, moved_to, run_at)
        ordinary &= ~moved
    return run_at
