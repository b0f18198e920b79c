"""A slow, obvious model of the report, written from docs/report.md alone: loops and fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Event:
    """An event; instants are naive UTC."""

    id: str
    lead: str
    client: str
    channel: str
    inbound: datetime
    setter: datetime | None
    user: str | None
    ai: datetime | None
    window: tuple[int, int] | None
    chosen: int | None
    due: datetime | None

    @property
    def first(self) -> tuple[datetime, str] | None:
        """When the first response came, and whose it was."""
        if self.setter is not None and (self.ai is None or self.setter <= self.ai):
            return self.setter, f"user:{self.user}"
        return (self.ai, "ai") if self.ai is not None else None


@dataclass(frozen=True)
class Lead:
    """A lead's booking."""

    id: str
    booked: datetime | None
    cancelled: datetime | None
    status: str | None
    appointment: str | None


@dataclass(frozen=True)
class Hours:
    """A business that is open on weekdays (0: Monday) from an hour to another, in UTC."""

    text: str
    weekdays: tuple[int, ...]
    opens: int
    closes: int

    def passed(self, since: datetime, until: datetime) -> timedelta:
        """The open time between two instants: day by day what of it lies between them."""
        total, midnight = timedelta(), datetime(since.year, since.month, since.day)
        while midnight < until:
            if midnight.weekday() in self.weekdays:
                opens = midnight + timedelta(hours=self.opens)
                closes = midnight + timedelta(hours=self.closes)
                total += max(min(until, closes) - max(since, opens), timedelta())
            midnight += timedelta(days=1)
        return total

    def are_at(self, instant: datetime) -> bool:
        """Whether the business is open at an instant; when it closes it is not."""
        return instant.weekday() in self.weekdays and self.opens <= instant.hour < self.closes


@dataclass(frozen=True)
class Question:
    """What is asked for."""

    since: datetime
    until: datetime
    attribution: int
    maturity: int
    clients: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    period: str = "week"
    hours: Hours | None = None
    only: str | None = None

    def passed(self, since: datetime, until: datetime) -> timedelta:
        """How long an answer took, by the clock that is asked for."""
        return self.hours.passed(since, until) if self.hours else until - since

    def is_asked(self, inbound: datetime) -> bool:
        """Whether an inbound came when it is asked for."""
        if self.hours is None or self.only is None:
            return True
        return self.hours.are_at(inbound) == (self.only == "in-hours")


def percentile(values: list[int], q: Fraction) -> float:
    """Linear interpolation between the two neighbours of rank q·(n − 1)."""
    ordered = sorted(values)
    rank = q * (len(ordered) - 1)
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (rank - below))


def interval(hits: int, n: int) -> tuple[float, float]:
    """The two p from which the share lies Z standard errors away: (share − p)² = Z² p(1 − p)/n."""
    z = Fraction("1.959963984540054")
    share = Fraction(hits, n)
    # (1 + z²/n) p² − (2 share + z²/n) p + share² = 0
    a, b, c = 1 + z**2 / n, -(2 * share + z**2 / n), share**2
    root = math.sqrt(b**2 - 4 * a * c)
    return (float(-b) - root) / float(2 * a), (float(-b) + root) / float(2 * a)


def outcome(response: datetime, lead: Lead, question: Question) -> str | None:
    """What became of a lead after its earliest response; null when it is left out."""
    if lead.booked is not None and lead.booked <= response:
        return None
    cancelled = lead.cancelled is not None or lead.status == "canceled"
    if lead.booked is not None and not cancelled:
        last = min(question.until, response + timedelta(days=question.attribution))
        if lead.booked <= last:
            return "booked"
    if lead.booked is None and lead.appointment and not cancelled:
        return "bookedNoTimestamp"
    if response >= question.until - timedelta(days=question.maturity):
        return "pending"
    return "notBooked"


def is_mature(event: Event, question: Question) -> bool:
    """Whether a lead without a booking would count as not booked by the window's end."""
    limit = question.until - timedelta(days=question.maturity)
    return event.first is not None and event.first[0] < limit


RESPONSE = [
    ("<1min", 60), ("1-5min", 300), ("5-15min", 900), ("15-60min", 3_600), ("1-4hr", 14_400),
    ("4-24hr", 86_400), (">24hr", None),
]  # fmt: skip
CHOSEN = [
    ("<180s", 180), ("180-210s", 210), ("210-270s", 270), ("270-330s", 330), ("330-390s", 390),
    ("390-420s", 421), (">420s", None),
]  # fmt: skip
DRIFT = [
    (">10s early", -10), ("on time ±10s", 10), ("10-60s late", 60), ("1-5min late", 300),
    (">5min late", None),
]  # fmt: skip


def below(value: Fraction, buckets: list[tuple[str, int | None]]) -> str:
    """The bucket of a value where upper bounds are not included."""
    return next(name for name, end in buckets if end is None or value < end)


def drift_bucket(value: Fraction) -> str:
    """The bucket of a drift in seconds, where upper bounds are included but the first."""
    if value < -10:
        return ">10s early"
    return next(name for name, end in DRIFT[1:] if end is None or value <= end)


def seconds(passed: timedelta) -> Fraction:
    """A duration in seconds, exactly."""
    return Fraction(passed // timedelta(microseconds=1), 1_000_000)


def speed(times: list[int]) -> dict[str, Any]:
    """How many response times, their mean and their percentiles, in milliseconds."""
    names = {"p50Ms": 50, "p90Ms": 90, "p95Ms": 95, "p99Ms": 99}
    return {
        "n": len(times),
        "meanMs": float(Fraction(sum(times), len(times))) if times else None,
    } | {
        name: round(percentile(times, Fraction(share, 100)), 2) if times else None
        for name, share in names.items()
    }


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970, as the app keeps instants."""
    return (instant - datetime(1970, 1, 1)) // MS


def implausible(event: Event, at: datetime | None) -> bool:
    """Whether no clock gives an instant in the answering of an event."""
    if at is None:
        return False
    day = timedelta(days=1)
    return at < event.inbound - day or at >= event.inbound + 365 * day


def has_drift(event: Event) -> bool:
    """Whether there is a drift, implausible or not."""
    return event.due is not None and event.ai is not None


def drift_is_odd(event: Event) -> bool:
    """Whether no clock gives the drift."""
    return implausible(event, event.due) or implausible(event, event.ai)


def verdict(event: Event) -> str:
    """What the schedule of a job says of its chosen delay."""
    if event.chosen is None or event.window is None or event.due is None:
        return "noWindow"
    scheduled = milliseconds(event.due) - milliseconds(event.inbound)
    if scheduled == event.chosen * 1000:
        return "match"
    if scheduled > event.chosen * 1000:
        return "later"
    return "outsideWindow" if scheduled < event.window[0] * 1000 else "earlier"


def delay_check(asked: list[Event]) -> dict[str, Any]:
    """The jobs of events against their chosen delays, by window and month of the inbound."""
    names = ("match", "later", "earlier", "outsideWindow", "noWindow")
    rows: dict[Any, dict[str, Any]] = {}
    for event in asked:
        if event.due is not None and not implausible(event, event.due):
            low, high = event.window or (None, None)
            month = f"{event.inbound:%Y-%m}"
            row = {"minSeconds": low, "maxSeconds": high, "month": month, "jobs": 0}
            key = (low is None, low, high, month)
            found = rows.setdefault(key, row | dict.fromkeys(names, 0))
            found["jobs"] += 1
            found[verdict(event)] += 1
    ordered = [rows[key] for key in sorted(rows)]
    totals = {name: sum(row[name] for row in ordered) for name in ("jobs", *names)}
    odd = sum(implausible(event, event.due) for event in asked)
    return totals | {"byWindowAndMonth": ordered} | ({"implausible": odd} if odd else {})


def start_of(period: str, instant: datetime) -> datetime:
    """The midnight at which an instant's day, week or month starts."""
    day = datetime(instant.year, instant.month, instant.day)
    if period == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if period == "week" else day


def starts(period: str, instants: list[datetime]) -> list[datetime]:
    """The periods from that of the first to that of the last instant, without a gap."""
    found = {start_of(period, instant) for instant in instants}
    days = (max(found) - min(found)).days if found else -1
    every = {start_of(period, min(found) + timedelta(days=day)) for day in range(days + 1)}
    return sorted(every)


def is_partial(start: datetime, events: list[Event], question: Question) -> bool:
    """Whether a period is cut by the start or the end of the events, or of what is asked for."""
    instants = [at for event in events for at in (event.inbound, event.setter, event.ai) if at]
    begins = max(question.since, min(event.inbound for event in events))
    ends = min(question.until, max(instants))
    days = {"day": 1, "week": 7, "month": 31}[question.period]
    return begins > start or ends < start_of(question.period, start + timedelta(days=days))


def figures(events: list[Event], leads: list[Lead], question: Question) -> dict[str, Any]:
    """The sections as the document has them."""
    known = {lead.id: lead for lead in leads}
    windowed = [
        event
        for event in events
        if question.since <= event.inbound < question.until
        and (not question.clients or event.client in question.clients)
    ]
    counts_for: dict[str, Event] = {}
    for event in windowed:
        if event.first:
            best = counts_for.get(event.lead)
            key = (event.first[0], event.id)
            if best is None or best.first is None or key < (best.first[0], best.id):
                counts_for[event.lead] = event
    asked = [
        event
        for event in windowed
        if question.is_asked(event.inbound)
        and (not question.channels or event.channel in question.channels)
        and (not question.responders or (event.first and event.first[1] in question.responders))
    ]

    def became(event: Event) -> str | None:
        if event.first is None or counts_for[event.lead] is not event or event.lead not in known:
            return None
        return outcome(event.first[0], known[event.lead], question)

    def cell(members: list[Event]) -> dict[str, Any]:
        results = [became(event) for event in members]
        names = ("booked", "notBooked", "pending", "bookedNoTimestamp")
        row: dict[str, Any] = {name: results.count(name) for name in names}
        row["bookedPending"] = sum(
            became(event) == "booked" and not is_mature(event, question) for event in members
        )
        eligible = row["booked"] + row["notBooked"]
        mature, hits = eligible - row["bookedPending"], row["booked"] - row["bookedPending"]
        rate = Fraction(hits, mature) if mature else None
        low, high = interval(hits, mature) if mature else (None, None)
        return row | {
            "eligible": eligible,
            "mature": mature,
            "rate": float(rate) if rate is not None else None,
            "rateLow": low,
            "rateHigh": high,
        }

    def table(names: list[tuple[str, int | None]], placed: list[tuple[str, Event]]) -> list[Any]:
        rows = []
        for name, _ in names:
            members = [event for place, event in placed if place == name]
            rows.append({"bucket": name, "n": len(members), **cell(members)})
        return rows

    first = [(event, *event.first) for event in asked if event.first]
    by_ai = [event for event, _, who in first if who == "ai"]
    odd_drifts = [event for event in by_ai if has_drift(event) and drift_is_odd(event)]
    responders = []
    for who in {who for _, _, who in first}:
        members = [event for event, _, whose in first if whose == who]
        times = [
            question.passed(event.inbound, at) // MS for event, at, whose in first if whose == who
        ]
        responders.append(
            {
                "key": who,
                "label": "AI" if who == "ai" else who.removeprefix("user:"),
                "responses": len(members),
                "meanMs": float(Fraction(sum(times), len(times))),
                "p50Ms": percentile(times, Fraction(1, 2)),
                "p90Ms": percentile(times, Fraction(9, 10)),
                "within5MinShare": float(Fraction(sum(t <= 300_000 for t in times), len(times))),
                **cell(members),
            }
        )
    responders.sort(key=lambda row: (-row["eligible"], row["key"]))

    def taken(at: datetime | None, event: Event) -> list[int]:
        return [] if at is None else [question.passed(event.inbound, at) // MS]

    def span(pick: Any) -> str | None:
        instants = [event.inbound for event in asked]
        return f"{pick(instants):%Y-%m-%dT%H:%M:%S.%fZ}" if instants else None

    trend = []
    for start in starts(question.period, [event.inbound for event, _, _ in first]):
        members = [e for e, _, _ in first if start_of(question.period, e.inbound) == start]
        found = speed([t for e in members for t in taken(e.first[0] if e.first else None, e)])
        counted = cell(members)
        told = ("booked", "bookedPending", "eligible", "mature", "rate", "rateLow", "rateHigh")
        trend.append(
            {
                "period": f"{start:%Y-%m-%d}",
                "partial": is_partial(start, events, question),
                **{name: found[name] for name in ("n", "p50Ms", "p90Ms")},
                **{name: counted[name] for name in told},
            }
        )
    heatmap = []
    for number, weekday in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        for hour in range(24):
            members = [
                e for e, _, _ in first if (e.inbound.weekday(), e.inbound.hour) == (number, hour)
            ]
            found = speed([t for e in members for t in taken(e.first[0] if e.first else None, e)])
            heatmap.append(
                {"weekday": weekday, "hour": hour, "n": found["n"], "p50Ms": found["p50Ms"]}
            )
    return {
        "overview": {
            "events": len(asked),
            "leads": len({event.lead for event in asked}),
            "clients": len({event.client for event in asked}),
            "span": {"from": span(min), "to": span(max)},
            "answered": {
                "bySetter": sum(event.setter is not None for event in asked),
                "byAi": sum(event.ai is not None for event in asked),
                "byBoth": sum(None not in (event.setter, event.ai) for event in asked),
                "byNeither": sum(event.first is None for event in asked),
            },
            "firstBy": {
                "setter": sum(who != "ai" for _, _, who in first),
                "ai": sum(who == "ai" for _, _, who in first),
            },
            "responseTime": {
                "setter": speed([t for event in asked for t in taken(event.setter, event)]),
                "ai": speed([t for event in asked for t in taken(event.ai, event)]),
                "first": speed([t for event, at, _ in first for t in taken(at, event)]),
            },
        },
        "delayCheck": delay_check(asked),
        "trend": trend,
        "heatmap": heatmap,
        "responders": responders,
        "responseTime": table(
            RESPONSE,
            [
                (below(seconds(question.passed(event.inbound, at)), RESPONSE), event)
                for event, at, _ in first
            ],
        ),
        "chosenDelay": table(
            CHOSEN,
            [
                (below(Fraction(event.chosen), CHOSEN), event)
                for event in by_ai
                if event.chosen is not None
            ],
        ),
        "drift": table(
            DRIFT,
            [
                (drift_bucket(seconds(event.ai - event.due)), event)
                for event in by_ai
                if event.due is not None and event.ai is not None and not drift_is_odd(event)
            ],
        )
        + (
            [{"bucket": "implausible", "n": len(odd_drifts), **cell(odd_drifts)}]
            if odd_drifts
            else []
        ),
    }
