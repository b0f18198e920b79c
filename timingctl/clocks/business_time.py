"""Business time: the relations of sql/clocks, which tell how long a business was open in between.

What asks for it calls `make_clocks`, with a source for each column of instants that it will join,
and then joins ``open_stretch`` as sql/clocks/open_stretch.sql says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.relations import in_order
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from timingctl.clocks.hours import BusinessHours
    from timingctl.warehouse import Warehouse

#: What Python fills: the hours, the days without any, and the time in which clocks are asked.
FILLED = ("business_span", "holiday", "clock_range")
#: The relations of sql/clocks, in order.
RELATIONS = in_order("clocks", "clock_change", "open_stretch")


@dataclass(frozen=True)
class BusinessTime:
    """When a business is open: its hours on the clock of a zone, but for its holidays."""

    hours: BusinessHours
    zone: str
    holidays: Sequence[date] = ()


def make_clocks(
    warehouse: Warehouse,
    zone: str,
    business_time: BusinessTime | None,
    sources: Mapping[str, Sequence[str]],
    as_of: datetime | None = None,
) -> None:
    """Make ``clock_change`` and ``open_stretch``, and what they are made from.

    `sources` are columns of instants, by what they are read from: all that will be asked of these
    clocks, beside the as-of. Without business time there are no stretches.
    """
    warehouse.execute("create table business_span (weekday integer, startUs bigint, endUs bigint)")
    warehouse.execute("create table holiday (day date)")
    if business_time:
        for span in business_time.hours.spans:
            warehouse.execute(
                "insert into business_span values ($weekday, $start, $end)",
                {"weekday": span.weekday, "start": span.start_us, "end": span.end_us},
            )
        warehouse.execute(
            "insert into holiday select unnest(cast($days as date[]))",
            {"days": list(business_time.holidays)},
        )
    bounds = [
        f"select {_nearest('least', 'min', columns)}, {_nearest('greatest', 'max', columns)} "
        f"from {source}"
        for source, columns in sources.items()
    ]
    warehouse.execute(
        "create table clock_range as select min(startsAt) as startsAt, max(endsAt) as endsAt from ("
        "select cast($as_of as timestamp) as startsAt, cast($as_of as timestamp) as endsAt "
        f"union all {' union all '.join(bounds)})",
        {"as_of": as_of and as_of.replace(tzinfo=None)},
    )
    for folder, relation in RELATIONS:
        warehouse.create(relation, folder, {"zone": zone})


def _nearest(most: str, aggregate: str, columns: Sequence[str]) -> str:
    return f"{most}({', '.join(f'{aggregate}({quoted(column)})' for column in columns)})"
