"""Booking outcomes as several sections count and word them."""

from __future__ import annotations

from typing import TypedDict

from timingctl.grid import NOTHING, Heading, count, percent
from timingctl.reports.statistics import wilson


class Counts(TypedDict, total=False):
    """Leads by the outcome of the response that counts for them."""

    booked: int
    notBooked: int
    pending: int
    bookedNoTimestamp: int


class Rate(TypedDict, total=False):
    """The booked among the eligible (booked or not), with its 95 % interval; null of none."""

    eligible: int
    rate: float | None
    rateLow: float | None
    rateHigh: float | None


class Outcomes(Counts, Rate, total=False):
    """The outcomes of a row of figures; absent where there are no lead data."""


def rate(booked: int, not_booked: int) -> Rate:
    """The rate of booking."""
    found = wilson(booked, booked + not_booked)
    return {
        "eligible": booked + not_booked,
        "rate": found.rate,
        "rateLow": found.low,
        "rateHigh": found.high,
    }


def outcomes(row: Counts, *, has_bookings: bool) -> Outcomes:
    """The outcomes of what a relation counted; nothing where there are no lead data."""
    if not has_bookings:
        return {}
    return {
        "booked": row["booked"],
        "notBooked": row["notBooked"],
        "pending": row["pending"],
        "bookedNoTimestamp": row["bookedNoTimestamp"],
        **rate(row["booked"], row["notBooked"]),
    }


HEADINGS = (
    Heading("Booked", part=1),
    Heading("Not booked", part=1),
    Heading("Pending", part=1, short="Pend."),
    Heading("No time", part=1),
    Heading("Eligible", part=1, short="Elig."),
    Heading("Rate", part=1),
    Heading("95% interval", part=1),
)


def cells(row: Outcomes) -> list[str]:
    """The outcomes under HEADINGS."""
    counts = (row["booked"], row["notBooked"], row["pending"], row["bookedNoTimestamp"])
    return [*map(count, (*counts, row["eligible"])), percent(row["rate"]), interval(row)]


def interval(row: Rate) -> str:
    """The interval of a rate."""
    if row["rateLow"] is None or row["rateHigh"] is None:
        return NOTHING
    return f"{row['rateLow'] * 100:.1f}–{row['rateHigh'] * 100:.1f}%"
