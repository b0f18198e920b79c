"""First response times in buckets, with what was booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.reports.buckets import OPEN, Bucket, Buckets, rates

if TYPE_CHECKING:
    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

_MINUTE, _HOUR = 60_000, 3_600_000


class ResponseTime(Buckets):
    """First response times. Lower bounds are included, so a day exactly is >24hr."""

    name = "response-time"
    measure = "firstMs"
    greatest = (
        ("<1min", _MINUTE - 1),
        ("1-5min", 5 * _MINUTE - 1),
        ("5-15min", 15 * _MINUTE - 1),
        ("15-60min", _HOUR - 1),
        ("1-4hr", 4 * _HOUR - 1),
        ("4-24hr", 24 * _HOUR - 1),
        (">24hr", OPEN),
    )
    title = "First response time"
    column = "Within"

    def sketches(self, figures: list[Bucket], given: Given) -> list[Sketch]:
        """The rate of booking in each bucket."""
        del given
        return rates("Does speed go with bookings?", "First response time", figures)
