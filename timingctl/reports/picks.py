"""What the page's pickers offer: figures of each client and channel, computed beforehand.

The most frequent have a pick of their own, the others are one. There are as many as keep the
page small.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from timingctl.reports import spread
from timingctl.reports.headline import Headline
from timingctl.reports.relation import Relation
from timingctl.reports.sections import trend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.reports.given import Given
    from timingctl.reports.sections.trend import Period

#: Clients and channels with a pick of their own, at most.
MOST_CLIENTS, MOST_CHANNELS = 30, 6
#: Points of a chart that all picks have together, at most: some forty bytes of the page each.
MOST_POINTS = 20_000


class _Size(TypedDict):
    clientId: str
    channel: str
    events: int


class _Picked(TypedDict):
    isAllClients: bool
    isAllChannels: bool
    client: str | None
    channel: str | None
    booked: int
    notBooked: int
    bookedPending: int


class _Speed(_Picked):
    events: int
    firstByAi: int
    first: int
    setter: int
    ai: int
    firstP50Ms: float | None
    setterP50Ms: float | None
    aiP50Ms: float | None
    setterCounts: list[int] | None
    aiCounts: list[int] | None


class _Period(_Picked):
    period: str
    n: int
    quantilesMs: list[float]


SIZE = Relation("pick_size", _Size)
SPEED = Relation("pick_speed", _Speed)
PERIOD = Relation("pick_period", _Period)
RELATIONS = (SIZE, SPEED, PERIOD)

#: The places of a client and of a channel in the lists that are offered; null: all.
Place = tuple[int | None, int | None]


@dataclass(frozen=True)
class Drawn:
    """A chart of a pick: how to read it, and its rows."""

    reading: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Pick:
    """The figures of one pick: the headline, and the charts that go with it by their keys."""

    headline: Headline
    charts: Mapping[str, Drawn]


@dataclass(frozen=True)
class Picks:
    """Clients and channels to pick, the most frequent first, and the figures of each pair.

    Null in a list: the others.
    """

    clients: Sequence[str | None]
    channels: Sequence[str | None]
    found: dict[Place, Pick]

    def place(self, row: _Picked) -> Place:
        """Where a row's client and channel stand in the lists."""
        client = None if row["isAllClients"] else self.clients.index(row["client"])
        channel = None if row["isAllChannels"] else self.channels.index(row["channel"])
        return client, channel


def picks(given: Given, trend_figures: Sequence[Period]) -> Picks | None:
    """The picks of a report with its trend; none where there is one client and one channel."""
    sizes = given.rows(SIZE)
    clients, channels = _by_size(sizes, "clientId"), _by_size(sizes, "channel")
    if max(len(clients), len(channels)) <= 1:
        return None
    shown_channels = channels[:MOST_CHANNELS]
    points = 2 * (len(trend_figures) + len(spread.EDGES))
    most = MOST_POINTS // (points * (len(shown_channels) + 2)) - 2
    shown_clients = clients[: max(min(most, MOST_CLIENTS), 1)]
    params = {"shown_clients": shown_clients, "shown_channels": shown_channels}
    offered = Picks(
        [*shown_clients, *([None] if len(clients) > len(shown_clients) else [])],
        [*shown_channels, *([None] if len(channels) > len(shown_channels) else [])],
        {},
    )
    periods: dict[Place, dict[str, _Period]] = {}
    for row in given.rows(PERIOD, **params):
        periods.setdefault(offered.place(row), {})[row["period"]] = row
    keys = [row["period"] for row in trend_figures]
    for speed in given.rows(SPEED, edges=list(spread.EDGES), **params):
        place = offered.place(speed)
        found = [
            _period(key, periods.get(place, {}).get(key), has_bookings=given.has_bookings)
            for key in keys
        ]
        offered.found[place] = Pick(
            _headline(speed, has_bookings=given.has_bookings),
            _charts(speed, found, has_bookings=given.has_bookings),
        )
    return offered


def _by_size(sizes: Sequence[_Size], name: Literal["clientId", "channel"]) -> list[str]:
    """The clients or channels, the one with the most events first, of equal ones the lesser."""
    events: Counter[str] = Counter()
    for row in sizes:
        events[row[name]] += row["events"]
    return sorted(events, key=lambda key: (-events[key], key))


def _headline(row: _Speed, *, has_bookings: bool) -> Headline:
    bookings = (row["booked"], row["notBooked"], row["bookedPending"]) if has_bookings else None
    return Headline(
        events=row["events"], first=row["first"], first_by_ai=row["firstByAi"],
        setter=row["setter"], ai=row["ai"], first_ms=row["firstP50Ms"],
        setter_ms=row["setterP50Ms"], ai_ms=row["aiP50Ms"], bookings=bookings,
    )  # fmt: skip


def _period(key: str, row: _Period | None, *, has_bookings: bool) -> Period:
    counts = (row["booked"], row["notBooked"], row["bookedPending"]) if row else (0, 0, 0)
    grouped = trend.Grouped(
        row["n"] if row else 0,
        row["quantilesMs"] if row else None,
        counts if has_bookings else None,
    )
    return trend.period_of(key, grouped, partial=False)


def _charts(row: _Speed, periods: Sequence[Period], *, has_bookings: bool) -> dict[str, Drawn]:
    speed: spread.Halves = {
        "setter": {"n": row["setter"], "p50Ms": row["setterP50Ms"]},
        "ai": {"n": row["ai"], "p50Ms": row["aiP50Ms"]},
    }
    counts: spread.Spread = {"setter": row["setterCounts"], "ai": row["aiCounts"]}
    found = {
        "spread": Drawn(spread.reading(speed), spread.rows(counts, speed)),
        "trend": Drawn(trend.time_reading(periods), trend.time_rows(periods)),
    }
    if has_bookings:
        found["bookings"] = Drawn(trend.rate_reading(periods), trend.rate_rows(periods))
    return found
