"""The trend: first responses and bookings by day, week or month of the inbound."""

from __future__ import annotations

from dataclasses import dataclass
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
from timingctl.reports.outcomes import Rate, interval, rate
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given


class _Booked(TypedDict, total=False):
    booked: int
    bookedPending: int


@dataclass(frozen=True)
class Grouped:
    """The responses of a period: their number, median and 90th percentile, and bookings.

    `bookings` are the counts of a rate; null: there are no lead data.
    """

    n: int
    quantiles_ms: Sequence[float] | None
    bookings: tuple[int, int, int] | None


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
            period_of(
                key,
                grouped(groups.get(key), has_bookings=given.has_bookings),
                partial=partial((period, key)),
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
        """First response times and rates of booking; what a period lacks is a gap."""
        del given
        is_answered = any(row["n"] for row in figures)
        is_mature = any(row.get("rate") is not None for row in figures)
        return [
            *([_times(figures)] if is_answered else []),
            *([_rates(figures)] if is_mature else []),
        ]


class Time(TypedDict):
    """A point of the chart of response times: a percentile of a period, null of none."""

    period: str
    at: int
    which: str
    ms: float | None
    n: int


NAMES = ("Median", "9 of 10 within")


def time_rows(figures: Sequence[Period]) -> list[Time]:
    """The points of the chart of response times."""
    from timingctl.reports.charts import midnight

    return [
        {
            "period": row["period"],
            "at": midnight(row["period"]),
            "which": which,
            "ms": None if ms is None else round(ms),
            "n": row["n"],
        }
        for which, name in zip(NAMES, ("p50Ms", "p90Ms"), strict=True)
        for row in figures
        for ms in [row[name]]  # type: ignore[literal-required]
    ]


def time_reading(figures: Sequence[Period]) -> str:
    """The chart of response times in a sentence."""
    answered = [row for row in figures if row["n"]]
    if not answered:
        return "There is no response."
    last = answered[-1]
    return (
        f"In the period from {last['period']}, the last, half of n = {last['n']:,} first responses "
        f"came within {duration(last['p50Ms'])} and nine in ten within {duration(last['p90Ms'])}."
    )


class RatePoint(Rate):
    """A point of the chart of bookings."""

    period: str
    at: int


def rate_rows(figures: Sequence[Period]) -> list[RatePoint]:
    """The points of the chart of bookings; a period without mature leads has no rate."""
    from timingctl.reports.charts import midnight

    return [
        {
            "period": row["period"],
            "at": midnight(row["period"]),
            "rate": row["rate"],
            "rateLow": row["rateLow"],
            "rateHigh": row["rateHigh"],
            "mature": row["mature"],
        }
        for row in figures
    ]


def rate_reading(figures: Sequence[Period]) -> str:
    """The chart of bookings in a sentence."""
    mature = sum(row["mature"] for row in figures)
    booked = sum(row["booked"] - row["bookedPending"] for row in figures)
    return (
        f"{percent(booked / mature if mature else None)} of {mature:,} leads that have had the "
        "time to book did; each stands in the period of its response, and leads that may still "
        "book are in no rate."
    )


def period_of(key: str, row: Grouped, *, partial: bool) -> Period:
    """The figures of a period."""
    p50, p90 = percentiles(row.quantiles_ms, 2)
    period: Period = {"period": key, "partial": partial, "n": row.n, "p50Ms": p50, "p90Ms": p90}
    if row.bookings is None:
        return period
    booked, _, pending = row.bookings
    return {**period, "booked": booked, "bookedPending": pending, **rate(*row.bookings)}


def grouped(row: Counted | None, *, has_bookings: bool) -> Grouped:
    """The responses of a period as the breakdown counts them; null: none."""
    counts = (row["booked"], row["notBooked"], row["bookedPending"]) if row else (0, 0, 0)
    return Grouped(
        row["n"] if row else 0,
        row["quantilesMs"] if row else None,
        counts if has_bookings else None,
    )


def _bookings(row: Period) -> list[str]:
    counts = (row["booked"], row["bookedPending"], row["mature"])
    return [*map(count, counts), percent(row["rate"]), interval(row)]


def _times(figures: Sequence[Period]) -> Sketch:
    import altair as alt

    from timingctl.reports import charts

    rows = time_rows(figures)
    low, high = charts.around(row["ms"] for row in rows)
    series = charts.Series("which", NAMES, [charts.OTHER, charts.AI], [[1, 0], [6, 3]])
    axis = charts.log_seconds("seconds", "First response time", low, high, alt.Y)
    base = (
        charts.chart(rows)
        .transform_calculate(seconds=charts.seconds("ms"), said=charts.words("ms"))
        .encode(x=charts.days(), y=axis, color=series.colour)
    )
    said = charts.tips(period="Starting", which="What", said="First response", n="Responses|,")
    lines = charts.line(base, len(figures)).encode(strokeDash=series.dash)
    spec = lines + charts.nearest(base, ["period", "which"], said)
    title, reading = "Trend of first responses", time_reading(figures)
    return charts.Sketch(
        title, reading, spec, series, key="trend", is_by_period=True, is_fitted=True
    )


def _rates(figures: Sequence[Period]) -> Sketch:
    from timingctl.reports import charts

    spec = charts.rates(rate_rows(figures), charts.days(), period="Starting")
    title, reading = "Trend of bookings", rate_reading(figures)
    return charts.Sketch(title, reading, spec, key="bookings", is_by_period=True)
