"""The keys of a report's JSON document that stand before its sections."""

from __future__ import annotations

from typing import TypedDict

from timingctl.reports.relation import Relation

#: Instants (ISO 8601, UTC); null: there is none.
Bounds = TypedDict("Bounds", {"from": str | None, "to": str | None})


class Came(TypedDict):
    """The inbounds of the events that pass the other filters, by business hours."""

    inHours: int
    afterHours: int


HOURS = Relation("hours_count", Came)


class Filters(TypedDict):
    """What was asked for; empty or null: all.

    `clock` is business or elapsed: by which one durations are. `inHours` and `afterHours` count the
    inbounds of events by when they came, before `only` is asked; null without business hours.
    """

    clients: list[str]
    channels: list[str]
    responders: list[str]
    businessHours: str | None
    timeZone: str
    bookings: str
    clock: str
    holidays: list[str]
    only: str | None
    inHours: int | None
    afterHours: int | None


class Head(TypedDict):
    """What the figures are about."""

    window: Bounds
    asOf: str | None
    filters: Filters
    attributionDays: int
    maturityDays: int
