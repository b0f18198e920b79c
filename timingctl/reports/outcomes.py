"""Booking outcomes as several sections count and word them."""

from __future__ import annotations

from typing import Literal, TypedDict

from timingctl.grid import NOTHING, Heading, count, percent
from timingctl.reports.statistics import wilson


class Counts(TypedDict, total=False):
    """Leads by the outcome of the response that counts for them.

    `bookedPending` are those of the booked that are not mature: they booked while others still may.
    """

    booked: int
    notBooked: int
    pending: int
    bookedNoTimestamp: int
    bookedPending: int


class Rate(TypedDict, total=False):
    """The booked among the mature leads, with its 95 % interval; null of none.

    `eligible` are the booked and the not booked, as the app counts them; `mature` those of them
    that have had the time to book.
    """

    eligible: int
    mature: int
    rate: float | None
    rateLow: float | None
    rateHigh: float | None


class Outcomes(Counts, Rate, total=False):
    """The outcomes of a row of figures; absent where there are no lead data."""


#: The counts that a rate is made of, as `rate` takes them.
RATE_COUNTS: tuple[Literal["booked", "notBooked", "bookedPending"], ...] = (
    "booked", "notBooked", "bookedPending",
)  # fmt: skip


def rate(booked: int, not_booked: int, pending: int) -> Rate:
    """The rate of booking, without the `pending` ones of the booked.

    A lead that books is counted at once, one that does not only when it is mature. So a rate over
    all of the latest would be far too high.
    """
    mature = booked - pending + not_booked
    found = wilson(booked - pending, mature)
    return {
        "eligible": booked + not_booked,
        "mature": mature,
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
        "bookedPending": row["bookedPending"],
        **rate(row["booked"], row["notBooked"], row["bookedPending"]),
    }


HEADINGS = (
    Heading("Booked", part=1),
    Heading("Not booked", part=1),
    Heading("Pending", part=1, short="Pend."),
    Heading("No time", part=1),
    Heading("Booked early", part=1, short="Early"),
    Heading("Mature", part=1, short="Mat."),
    Heading("Rate", part=1),
    Heading("95% interval", part=1),
)


def cells(row: Outcomes) -> list[str]:
    """The outcomes under HEADINGS."""
    counts = (
        *(row["booked"], row["notBooked"], row["pending"], row["bookedNoTimestamp"]),
        *(row["bookedPending"], row["mature"]),
    )
    return [*map(count, counts), percent(row["rate"]), interval(row)]


def interval(row: Rate) -> str:
    """The interval of a rate."""
    if row["rateLow"] is None or row["rateHigh"] is None:
        return NOTHING
    return f"{row['rateLow'] * 100:.1f}–{row['rateHigh'] * 100:.1f}%"
