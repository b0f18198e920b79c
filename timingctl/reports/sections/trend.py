"""The trend: first responses and bookings by day, week or month of the inbound."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.reports.breakdown import (
    BREAKDOWN,
    COVERED,
    Counted,
    Partial,
    counted,
    every_period,
)
from timingctl.reports.outcomes import RATE_COUNTS, Rate, interval, rate
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given


class _Booked(TypedDict, total=False):
    booked: int
    bookedPending: int


class Period(_Booked, Rate):
    """A period by its first day, with the first response times in milliseconds.

    It is `partial` where the events, or the time asked for, cover a part of it.
    """

    period: str
    partial: bool
    n: int
    p50Ms: float | None
    p90Ms: float | None


class Trend(Listed[Period]):
    """The trend."""

    name = "trend"
    relations = (BREAKDOWN, COVERED)
    record = Period
    draws_last = True

    def figures(self, given: Given) -> list[Period]:
        """A row a period, from the first to the last with a response."""
        period, partial = given.options.period, Partial(given)
        groups = {row["firstKey"] or "": row for row in counted(given, [period])}
        return [
            _period(
                key, groups.get(key), partial=partial(period, key), has_bookings=given.has_bookings
            )
            for key in every_period(period, list(groups))
        ]

    def grids(self, figures: list[Period], about: About) -> list[Grid]:
        """A row a period."""
        headings = [Heading("Starting", number=False), *map(Heading, ("n", "p50", "p90"))]
        if about.has_bookings:
            headings += map(Heading, ("Booked", "Early", "Mature", "Rate", "95% interval"))
        rows = [
            [
                f"{row['period']}{' (part)' if row['partial'] else ''}",
                count(row["n"]),
                duration(row["p50Ms"]),
                duration(row["p90Ms"]),
                *(_bookings(row) if about.has_bookings else []),
            ]
            for row in figures
        ]
        return [Grid("Trend", headings, rows)]

    def sketches(self, figures: list[Period], given: Given) -> list[Sketch]:
        """First response times and rates of booking."""
        del given
        answered = [row for row in figures if row["n"]]
        return [*([_times(answered)] if answered else []), *_rates(figures)]


def _period(key: str, row: Counted | None, *, partial: bool, has_bookings: bool) -> Period:
    p50, p90 = percentiles(row["quantilesMs"] if row else None, 2)
    n = row["n"] if row else 0
    period: Period = {"period": key, "partial": partial, "n": n, "p50Ms": p50, "p90Ms": p90}
    if not has_bookings:
        return period
    booked, not_booked, pending = (row[name] if row else 0 for name in RATE_COUNTS)
    return {
        **period,
        "booked": booked,
        "bookedPending": pending,
        **rate(booked, not_booked, pending),
    }


def _bookings(row: Period) -> list[str]:
    counts = (row["booked"], row["bookedPending"], row["mature"])
    return [*map(count, counts), percent(row["rate"]), interval(row)]


def _times(rows: Sequence[Period]) -> Sketch:
    import altair as alt

    from timingctl.reports.charts import AI, OTHER, Sketch, chart, log_seconds

    points = [
        (row["period"], which, max(ms or 0, 1000) / 1000)
        for row in rows
        for which, ms in (("p50", row["p50Ms"]), ("p90", row["p90Ms"]))
    ]
    low = min(seconds for _, _, seconds in points) / 1.2
    high = max(seconds for _, _, seconds in points) * 1.2
    names = ["p50", "p90"]
    spec = (
        chart([dict(zip(("period", "which", "seconds"), point, strict=True)) for point in points])
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=25))
        .encode(
            x=alt.X("period:T", title="Inbound", axis=alt.Axis(labelOverlap=True, tickCount=6)),
            y=log_seconds("seconds", "First response time", low, high, alt.Y),
            color=alt.Color("which:N", title=None,
                            scale=alt.Scale(domain=names, range=[OTHER, AI])),
            strokeDash=alt.StrokeDash("which:N", title=None,
                                      scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]])),
        )
    )  # fmt: skip
    last = rows[-1]
    reading = (
        f"In the period from {last['period']}, the last, half of n = {last['n']:,} first responses "
        f"came within {duration(last['p50Ms'])} and nine in ten within {duration(last['p90Ms'])}."
    )
    return Sketch("Trend of first responses", reading, spec)


def _rates(figures: Sequence[Period]) -> list[Sketch]:
    import altair as alt

    from timingctl.reports.charts import rates

    points = [(row["period"], row) for row in figures]
    return rates(
        "Trend of bookings",
        points,
        alt.X("place:T", title="Inbound"),
        "each stands in the period of its response; leads that may still book are in no rate",
    )
