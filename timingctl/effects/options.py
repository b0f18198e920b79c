"""What `timingctl effects` is asked for. Light: the command line imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.clocks.said_times import SaidTime
    from timingctl.warehouse import Resources

#: The sections, in order.
NAMES = ("delay", "waits", "bookings")
#: What may come of an inbound: the lead books, or writes back.
OUTCOMES = ("booked", "replied")


@dataclass(frozen=True)
class EffectsOptions:
    """What is asked for; None and empty mean not given.

    `window_from` (included) and `window_to` (excluded): with an offset an instant, without one the
    time on the clock in `zone`, or one in words, seen from the as-of. `output` is a folder for a
    CSV a section.
    """

    inbox: Path
    sections: Sequence[str] = ()
    clients: Sequence[str] = ()
    channels: Sequence[str] = ()
    window_from: datetime | SaidTime | None = None
    window_to: datetime | SaidTime | None = None
    zone: str = "UTC"
    attribution_days: int = 30
    outcome: str = "booked"
    reply_days: int = 7
    html: Path | None = None
    output: Path | None = None
    resources: Resources | None = None

    @property
    def now(self) -> datetime | None:
        """Times in words are seen from the as-of."""
        return None

    @property
    def follow_days(self) -> int:
        """For how long a lead is followed."""
        return self.reply_days if self.outcome == "replied" else self.attribution_days
