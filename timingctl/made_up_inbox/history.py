"""What was said, in the order of threads: who answers an inbound, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from timingctl.made_up_inbox.draws import DAY
from timingctl.made_up_inbox.messages import (
    BOUNCE,
    BY_AI,
    BY_AI_ELSE,
    BY_LEAD,
    BY_SETTER,
    BY_UNKNOWN,
)

if TYPE_CHECKING:
    import polars as pl

    from timingctl.made_up_inbox.draws import Booleans, Integers
    from timingctl.made_up_inbox.exchanges import Exchanges
    from timingctl.made_up_inbox.world import World

#: An instant after all others: never.
NEVER = np.iinfo(np.int64).max
#: A key is whose a message is, and the milliseconds since some time before all of them: 34 years.
_INSTANT_BITS = 40
_INSTANT = (1 << _INSTANT_BITS) - 1
_BEFORE = 100 * DAY


@dataclass(frozen=True)
class History:
    """Grain: one message that is a person's or ours, no bounce, in the order of its thread."""

    zero: int  # the instant that keys count from
    lead: Integers
    thread: Integers
    at: Integers
    who: Integers

    @property
    def latest(self) -> int:
        """When the latest was sent; there always is one."""
        return int(self.at.max())

    @cached_property
    def is_inbound(self) -> Booleans:
        """Whether the lead says it."""
        inbound: Booleans = self.who == BY_LEAD
        return inbound

    @cached_property
    def is_setter(self) -> Booleans:
        """Whether a setter says it, known or not."""
        return np.isin(self.who, [BY_SETTER, BY_UNKNOWN])

    def first_outbound(self) -> Integers:
        """Who says the message right after each anchor."""
        follows = (self.thread[1:] == self.thread[:-1]) & ~self.is_inbound[1:]
        who: Integers = self.who[1:][self.is_inbound[:-1] & follows]
        return who

    def waits_ended_by(self) -> Integers:
        """Who ends each wait; BY_LEAD for those that nobody has ended."""
        counts = self.is_inbound | self.is_setter | np.isin(self.who, [BY_AI, BY_AI_ELSE])
        thread, who = np.append(self.thread[counts], -1), np.append(self.who[counts], BY_LEAD)
        here, there = who[:-1] == BY_LEAD, who[1:] == BY_LEAD
        same = thread[1:] == thread[:-1]
        ended, left_open = here & same & ~there, here & ~same
        return np.concatenate([who[1:][ended], np.full(left_open.sum(), BY_LEAD)])

    @cached_property
    def _setter_keys(self) -> Integers:
        return self._keys(self.lead[self.is_setter], self.at[self.is_setter])

    @cached_property
    def _inbound_keys(self) -> Integers:
        return self._keys(self.lead[self.is_inbound], self.at[self.is_inbound])

    @cached_property
    def _outbound_keys(self) -> Integers:
        return self._keys(self.thread[~self.is_inbound], self.at[~self.is_inbound])

    def setter_after(self, lead: Integers, at: Integers) -> Integers:
        """When a setter next writes to each lead, in any thread."""
        return self._after(self._setter_keys, lead, at)

    def inbound_after(self, lead: Integers, at: Integers) -> Integers:
        """When each lead next writes, in any thread."""
        return self._after(self._inbound_keys, lead, at)

    def outbound_after(self, thread: Integers, at: Integers) -> Integers:
        """When anything is next sent in each thread."""
        return self._after(self._outbound_keys, thread, at)

    def _keys(self, whose: Integers, at: Integers) -> Integers:
        return np.sort(whose << _INSTANT_BITS | (at - self.zero))

    def _after(self, keys: Integers, whose: Integers, at: Integers) -> Integers:
        place = np.searchsorted(keys, whose << _INSTANT_BITS | (at - self.zero), side="right")
        key = np.append(keys, -1)[place]
        return np.where(key >> _INSTANT_BITS == whose, (key & _INSTANT) + self.zero, NEVER)


def history(world: World, exchanges: Exchanges, said: pl.DataFrame) -> History:
    """What was said by the export.

    At one instant what is outbound comes first, and of that what is no part of a draft; then the
    parts in their order. No two messages of a thread are alike in all that.
    """
    zero = world.start - _BEFORE
    said = said.filter(said["who"] != BOUNCE)
    of, at = said["exchange"].to_numpy(), said["at"].to_numpy()
    who = said["who"].to_numpy()
    part = (said["aiDraftPartIndex"] + 1).fill_null(0).cast(int).to_numpy()
    thread = exchanges.thread[of]
    order = np.lexsort(
        ((thread << _INSTANT_BITS | (at - zero)) << 3 | (who == BY_LEAD) << 2 | part,)
    )
    return History(zero, exchanges.lead[of][order], thread[order], at[order], who[order])
