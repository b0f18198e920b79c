"""The figures to remember, which stand at the top of the page."""

from __future__ import annotations

from dataclasses import dataclass

from timingctl.grid import count, duration, percent
from timingctl.reports.outcomes import rate


@dataclass(frozen=True)
class Headline:
    """What the headline is made of. `bookings` are the counts of a rate.

    `waiting` are waits that nobody has answered; where they are not known, `open` are inbounds
    after which nothing was sent. Null: not known.
    """

    events: int
    first: int
    first_by_ai: int
    setter: int
    ai: int
    first_ms: float | None
    setter_ms: float | None
    ai_ms: float | None
    bookings: tuple[int, int, int] | None = None
    open: int | None = None
    waiting: int | None = None

    @property
    def cards(self) -> list[tuple[str, str]]:
        """A value and what it is, a figure; what does not occur is left out."""
        cards = [
            (count(self.events), "answered inbounds"),
            (duration(self.first_ms), "median first response"),
        ]
        if self.setter and self.ai:
            cards.append((duration(self.setter_ms), "median of setters"))
        if self.ai:
            cards.append((duration(self.ai_ms), "median of the AI"))
            cards.append((percent(self.first_by_ai / self.first), "answered first by the AI"))
        if self.bookings:
            found = rate(*self.bookings)
            if found["mature"]:
                cards.append(
                    (percent(found["rate"]), f"of {found['mature']:,} mature leads booked")
                )
        if self.waiting is not None:
            cards.append((count(self.waiting), "leads' waits open now"))
        elif self.open is not None:
            cards.append((count(self.open), "open inbounds"))
        return cards
