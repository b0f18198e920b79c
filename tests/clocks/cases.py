"""Business time between pairs of instants, as commands compute it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from timingctl.clocks.business_time import BusinessTime, make_clocks
from timingctl.clocks.hours import business_hours
from timingctl.warehouse import Resources, open_warehouse

#: [since, until], naive UTC.
Pair = tuple[datetime, datetime]


def business_us(
    hours: str, zone: str, pairs: Sequence[Pair], holidays: Sequence[date] = ()
) -> list[tuple[int, bool]]:
    """How long the business was open in each pair, in microseconds; and whether it was at first."""
    with open_warehouse(Resources(threads=1)) as warehouse:
        warehouse.execute("create table pair (number integer, since timestamp, until timestamp)")
        for number, (since, until) in enumerate(pairs):
            warehouse.execute(
                "insert into pair values ($number, $since, $until)",
                {"number": number, "since": since, "until": until},
            )
        business_time = BusinessTime(business_hours(hours), zone, holidays)
        make_clocks(warehouse, zone, business_time, {"pair": ["since", "until"]})
        return [
            (passed, is_open)
            for passed, is_open in warehouse.execute("""
                select open_us(until, ending) - open_us(since, beginning), is_open(since, beginning)
                from pair
                left join open_stretch as beginning on falls_in(since, beginning)
                left join open_stretch as ending on falls_in(until, ending)
                order by number
            """)
        ]
