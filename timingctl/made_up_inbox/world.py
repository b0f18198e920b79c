"""What all leads share: clients, campaigns, setters, and the delay windows that were in force."""

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
    either,
    instants,
    known,
    uuids,
)

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.made_up_inbox.draws import Booleans, Integers, Rng

#: From the start to the moment of the export.
DAYS = 365

_CLIENTS, CAMPAIGNS, SETTERS = 12, 60, 40
_WINDOWS = np.array([(180, 420), (60, 120), (300, 300), (120, 900), (30, 90)])
#: Delay windows that a campaign has one after the other, at most.
_PERIODS = 3


@dataclass(frozen=True)
class World:
    """What all leads share: an inbox from `start` to `end`, the moment of the export.

    `campaign` is EmailCampaign with the settings of today; `truth` is the delay windows that were
    in force, as --delay-windows takes them. A campaign's windows are its row of `low` and `high`,
    in seconds; the next one begins at its instant in `change`.
    """

    start: int
    end: int
    setters: pl.Series
    campaign: pl.DataFrame
    is_auto: Booleans
    change: Integers
    low: Integers
    high: Integers
    truth: pl.DataFrame

    def windows(self, campaign: Integers, at: Integers) -> tuple[pl.Series, pl.Series]:
        """The delay window in force; null without a campaign (−1) or one that is managed."""
        period = (at[:, None] >= self.change[campaign]).sum(axis=1)
        some = (campaign >= 0) & self.is_auto[campaign]
        low, high = (pl.Series(ends[campaign, period]) for ends in (self.low, self.high))
        return known(low, some), known(high, some)


def draw_world(rng: Rng, start: datetime) -> World:
    """An inbox from `start` on."""
    begin = int(start.timestamp()) * SECOND
    end = begin + DAYS * DAY
    ids = uuids(rng, CAMPAIGNS)
    client = uuids(rng, _CLIENTS).gather(rng.integers(0, _CLIENTS, CAMPAIGNS))
    is_auto = drawn(rng, [1, 2], CAMPAIGNS) == 1
    periods = 1 + drawn(rng, [5, 3, 2], CAMPAIGNS)
    days = np.sort(rng.integers(1, DAYS - _PERIODS, (CAMPAIGNS, _PERIODS - 1)))
    days += np.arange(_PERIODS - 1)  # no two changes on one day
    comes = np.arange(1, _PERIODS) < periods[:, None]
    change = np.where(comes, begin + days * DAY + 9 * HOUR, end)
    first = rng.integers(0, len(_WINDOWS), CAMPAIGNS)[:, None]
    step = rng.integers(1, len(_WINDOWS), CAMPAIGNS)[:, None]
    window = _WINDOWS[(first + step * np.arange(_PERIODS)) % len(_WINDOWS)]
    low, high = window[..., 0], window[..., 1]
    today = np.arange(CAMPAIGNS), periods - 1
    campaign = pl.DataFrame(
        {
            "id": ids,
            "clientId": client,
            "name": [f"Campaign {number}" for number in range(1, CAMPAIGNS + 1)],
            "responseMode": either(is_auto, "AI_AUTO_SEND", "SETTER_MANAGED"),
            "autoSendDelayMinSeconds": pl.Series(low[today], dtype=pl.Int32),
            "autoSendDelayMaxSeconds": pl.Series(high[today], dtype=pl.Int32),
        }
    )
    owner, period = counted(np.where(is_auto, periods, 0))
    bounds = np.pad(change, ((0, 0), (1, 1)), constant_values=end)
    truth = pl.DataFrame(
        {
            "campaignId": ids.gather(owner),
            "clientId": client.gather(owner),
            "minSeconds": low[owner, period],
            "maxSeconds": high[owner, period],
            "effectiveFrom": known(instants(bounds[owner, period]), period > 0),
            "effectiveTo": known(instants(bounds[owner, period + 1]), period + 1 < periods[owner]),
        }
    )
    setters = uuids(rng, SETTERS)
    return World(begin, end, setters, campaign, is_auto, change, low, high, truth)
