"""The keys of a report's JSON document that stand before its sections."""

from __future__ import annotations

from typing import TypedDict

#: Instants (ISO 8601, UTC); null: there is none.
Bounds = TypedDict("Bounds", {"from": str | None, "to": str | None})


class Filters(TypedDict):
    """What was asked for; empty or null: all.

    `clock` is business or elapsed: by which one durations are. `outsideHours` counts the inbounds
    of the events that came outside the business hours, before `only` is asked.
    """

    clients: list[str]
    channels: list[str]
    responders: list[str]
    businessHours: str | None
    timeZone: str
    clock: str
    holidays: list[str]
    only: str | None
    outsideHours: int | None


class Head(TypedDict):
    """What the figures are about."""

    window: Bounds
    asOf: str | None
    filters: Filters
    attributionDays: int
    maturityDays: int
