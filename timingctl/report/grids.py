"""The figures worded for people: a document's sections as titled grids of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timingctl.grid import NOTHING, Grid, Heading, duration, instant, percent
from timingctl.report.figures import VERDICTS, camel
from timingctl.report.options import SECTIONS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from timingctl.report.figures import Report


def grids(report: Report) -> list[Grid]:
    """The grids of a report's sections, in order."""
    return [
        grid
        for section in SECTIONS
        if (figures := report.document.get(camel(section))) is not None
        for grid in _GRIDS[section](figures, report)
    ]


def _count(number: int) -> str:
    return f"{number:,}"


_OUTCOMES = (
    Heading("Booked", part=1),
    Heading("Not booked", part=1),
    Heading("Pending", part=1, short="Pend."),
    Heading("No time", part=1),
    Heading("Eligible", part=1, short="Elig."),
    Heading("Rate", part=1),
    Heading("95% interval", part=1),
)


def _outcomes(row: dict[str, Any]) -> list[str]:
    counts = [_count(row[name]) for name in _COUNTS]
    return [*counts, percent(row["rate"]), _interval(row)]


_COUNTS = ("booked", "notBooked", "pending", "bookedNoTimestamp", "eligible")


def _interval(row: dict[str, Any]) -> str:
    if row["rate"] is None:
        return NOTHING
    return f"{row['rateLow'] * 100:.1f}–{row['rateHigh'] * 100:.1f}%"


def _overview(figures: dict[str, Any], _: Report) -> list[Grid]:
    answered, first, span = figures["answered"], figures["firstBy"], figures["span"]
    facts = [
        ("Events", _count(figures["events"])),
        ("Leads", _count(figures["leads"])),
        ("Clients", _count(figures["clients"])),
        ("First inbound", instant(span["from"])),
        ("Last inbound", instant(span["to"])),
        ("Answered by a setter", _count(answered["bySetter"])),
        ("Answered by the AI", _count(answered["byAi"])),
        ("Answered by both", _count(answered["byBoth"])),
        ("Answered by neither", _count(answered["byNeither"])),
        ("A setter was first", _count(first["setter"])),
        ("The AI was first", _count(first["ai"])),
    ]
    if "open" in figures:
        opened = figures["open"]
        facts.append(
            (
                "Open inbounds",
                f"{_count(opened['inbounds'])} in {_count(opened['threads'])} threads",
            )
        )
    speed = [
        [label, _count(row["n"]), *(duration(row[name]) for name in _SPEEDS)]
        for who, label in (("setter", "Setter"), ("ai", "AI"), ("first", "First responder"))
        for row in [figures["responseTime"][who]]
    ]
    headings = ("n", "Mean", "p50", "p90", "p95", "p99")
    return [
        Grid("Overview", (Heading("", number=False), Heading("")), facts),
        Grid(
            "Response time of",
            (Heading("", number=False), *(Heading(title) for title in headings)),
            speed,
        ),
    ]


_SPEEDS = ("meanMs", "p50Ms", "p90Ms", "p95Ms", "p99Ms")


def _responders(figures: list[dict[str, Any]], report: Report) -> list[Grid]:
    titles = ("Responses", "Share", "p50", "p90", "Mean", "≤ 5 min")
    headings = [Heading("First responder", number=False, wide=True), *map(Heading, titles)]
    rows = [
        [
            row["label"],
            _count(row["responses"]),
            percent(row["responses"] / report.first_responses),
            duration(row["p50Ms"]),
            duration(row["p90Ms"]),
            duration(row["meanMs"]),
            percent(row["within5MinShare"]),
            *(_outcomes(row) if report.has_bookings else []),
        ]
        for row in figures
    ]
    if report.has_bookings:
        headings += _OUTCOMES
    return [Grid("Responders", headings, rows)]


def _buckets(title: str, column: str) -> Callable[[list[dict[str, Any]], Report], list[Grid]]:
    def grid(figures: list[dict[str, Any]], report: Report) -> list[Grid]:
        headings = [Heading(column, number=False), Heading("n")]
        rows = [
            [
                row["bucket"],
                _count(row["n"]),
                *(_outcomes(row) if report.has_bookings else []),
            ]
            for row in figures
        ]
        if report.has_bookings:
            headings += _OUTCOMES
        return [Grid(title, headings, rows)]

    return grid


_VERDICT_TITLES = dict(
    zip(VERDICTS, ("Match", "Later", "Earlier", "Outside window", "No window"), strict=True)
)


def _delay_check(figures: dict[str, Any], _: Report) -> list[Grid]:
    headings = [
        Heading("Window", number=False),
        Heading("Month", number=False),
        Heading("Jobs"),
        *(Heading(title) for title in _VERDICT_TITLES.values()),
        Heading("Match share", short="Share"),
    ]
    rows = [[_window(row), row["month"], *_verdicts(row)] for row in figures["byWindowAndMonth"]]
    rows.append(["All", "", *_verdicts(figures)])
    return [Grid("Delay check: runAt − inboundSentAt against the chosen delay", headings, rows)]


def _window(row: dict[str, Any]) -> str:
    if row["minSeconds"] is None:
        return "none"
    return f"{row['minSeconds']}–{row['maxSeconds']}s"


def _verdicts(row: dict[str, Any]) -> list[str]:
    with_window = row["jobs"] - row["noWindow"]
    share = row["match"] / with_window if with_window else None
    counts = [_count(row[name]) for name in ("jobs", *VERDICTS)]
    return [*counts, percent(share)]


def _trend(figures: list[dict[str, Any]], report: Report) -> list[Grid]:
    headings = [Heading("Starting", number=False), *map(Heading, ("n", "p50", "p90"))]
    if report.has_bookings:
        headings += map(Heading, ("Booked", "Eligible", "Rate", "95% interval"))
    rows = []
    for row in figures:
        cells = [row["period"], _count(row["n"]), duration(row["p50Ms"]), duration(row["p90Ms"])]
        if report.has_bookings:
            counts = [_count(row["booked"]), _count(row["eligible"])]
            cells += [*counts, percent(row["rate"]), _interval(row)]
        rows.append(cells)
    return [Grid("Trend", headings, rows)]


def _heatmap(figures: list[dict[str, Any]], report: Report) -> list[Grid]:
    medians = {(cell["weekday"], cell["hour"]): cell["p50Ms"] for cell in figures}
    zone = report.document["filters"]["timeZone"]
    headings = [Heading("Hour", number=False), *map(Heading, WEEKDAYS)]
    rows = [
        [f"{hour:02}:00", *(duration(medians[day, hour]) for day in WEEKDAYS)] for hour in range(24)
    ]
    return [
        Grid(f"Median first response by weekday and hour of the inbound ({zone})", headings, rows)
    ]


_GRIDS: dict[str, Callable[[Any, Report], list[Grid]]] = {
    "overview": _overview,
    "responders": _responders,
    "response-time": _buckets("First response time", "Within"),
    "chosen-delay": _buckets("Chosen delay, where the AI was first", "Delay"),
    "drift": _buckets("Drift (sent − scheduled), where the AI was first", "Drift"),
    "delay-check": _delay_check,
    "trend": _trend,
    "heatmap": _heatmap,
}
