"""Effects worded for people: a part a section, with sentences and grids; and as records for CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.effects.words import of_bookings, of_counts, of_delay, of_waits, points, probability
from timingctl.grid import NOTHING, Grid, Heading, count, duration, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timingctl.effects.document import Booking, Delay, Document, Waited

#: What the reasons to leave a lead out are called.
_LEADS = {
    "noWindow": "no eligible inbound",
    "bookedBefore": "booked before it",
    "tooRecent": "too recent",
    "unproven": "window not proven",
    "alone": "alone in its stratum",
    "analysed": "analysed",
}
_WITHIN = {60_000: "1 min", 300_000: "5 min", 3_600_000: "1 h", 86_400_000: "24 h"}


@dataclass(frozen=True)
class Part:
    """A section: its title, what it says, and its tables."""

    title: str
    sentences: Sequence[str]
    grids: Sequence[Grid]


def parts(document: Document) -> list[Part]:
    """The sections that were asked for, in order."""
    found = []
    outcome = document["filters"]["outcome"]
    if "delay" in document:
        delay = document["delay"]
        sentences = [*of_delay(delay, outcome), *(of_counts(delay) if delay else [])]
        grids = _of_delay(delay, outcome) if delay else []
        found.append(Part("The delay's effect", sentences, grids))
    if "waits" in document:
        waits = document["waits"]
        grids = [_of_waits(waits), _of_shares(waits)] if waits[0]["waits"] else []
        found.append(Part("Waits, open ones counted", of_waits(waits), grids))
    if "bookings" in document:
        title = "Bookings after the first response"
        if outcome == "replied":
            title = "Replies after the first response"
        bookings = document["bookings"]
        grids = [_of_bookings(bookings, outcome)] if bookings else []
        found.append(Part(title, of_bookings(document), grids))
    return found


def _of_delay(delay: Delay, outcome: str) -> list[Grid]:
    leads = Grid(
        "Leads by their first eligible inbound",
        [Heading("", number=False), Heading("Leads")],
        [[_LEADS[name], count(int(str(n)))] for name, n in delay["leads"].items()],
    )
    if delay["status"] == "noWindow":
        return [leads]
    checks = Grid(
        "Is it an experiment?",
        [Heading("Check", number=False), Heading("n"), Heading("Chi²"), Heading("df"), Heading("p"),
         Heading("", number=False)],
        [
            [
                row["check"],
                count(row["n"]),
                NOTHING if row["statistic"] is None else f"{row['statistic']:.2f}",
                NOTHING if row["df"] is None else str(row["df"]),
                _p(row["p"]),
                ("not told" if row["p"] is None else "passed") if row["passed"] else "fails",
            ]
            for row in delay["checks"]
        ],
    )  # fmt: skip
    if delay["status"] != "estimated":
        return [leads, checks]
    done = "Booked" if outcome == "booked" else "Wrote back"
    fifths = Grid(
        "By fifth of the window",
        [Heading("Fifth", number=False), Heading("Mean delay"), Heading("Leads"), Heading(done),
         Heading("Rate"), Heading("95% interval")],
        [
            [
                str(row["fifth"]),
                NOTHING if row["meanDelaySeconds"] is None else f"{row['meanDelaySeconds']:.0f}s",
                count(row["leads"]),
                count(row["booked"]),
                percent(row["rate"]),
                interval(row["rateLow"], row["rateHigh"]),
            ]
            for row in delay["fifths"]
        ],
    )  # fmt: skip
    windows = Grid(
        "By window: points a minute more of delay",
        [Heading("Window", number=False), Heading("Leads"), Heading(done), Heading("Points"),
         Heading("95% interval"), Heading("p")],
        [
            [
                f"{row['minSeconds']}–{row['maxSeconds']}s",
                count(row["leads"]),
                count(row["booked"]),
                NOTHING
                if row["estimate"] is None or row["p"] is None
                else points(row["estimate"], row["se"]),
                NOTHING
                if row["low"] is None or row["high"] is None or row["p"] is None
                else f"{points(row['low'], row['se'])} to {points(row['high'], row['se'])}",
                _p(row["p"]),
            ]
            for row in delay["byWindow"]
        ],
    )  # fmt: skip
    by_fifth = [fifths] if any(row["leads"] for row in delay["fifths"]) else []
    return [leads, checks, *by_fifth, windows]


def _p(p: float | None) -> str:
    return NOTHING if p is None else probability(p).removeprefix("p ").removeprefix("= ")


def interval(low: float | None, high: float | None) -> str:
    """The interval of a share."""
    return NOTHING if low is None or high is None else f"{low * 100:.1f}–{high * 100:.1f}%"


def _named(row: Waited) -> str:
    match row["group"], row["key"]:
        case "all", _:
            return "all"
        case "window", key:
            return "with window" if key == "yes" else "without window"
        case group, key:
            return f"{group} {key}"


def _of_waits(waits: list[Waited]) -> Grid:
    headings = [
        Heading("Waits", number=False, wide=True),
        *map(Heading, ("n", "AI", "Setter", "Open", "Median", "95% interval")),
        Heading("Answered only", short="Answ. only"),
    ]
    rows = [
        [
            _named(row),
            *map(count, (row["waits"], row["byAi"], row["bySetter"], row["open"])),
            duration(row["medianMs"]),
            NOTHING
            if row["medianLowMs"] is None
            else f"{duration(row['medianLowMs'])}–{_end(row['medianHighMs'])}",
            duration(row["answeredOnlyMedianMs"]),
        ]
        for row in waits
    ]
    return Grid("Half are answered within", headings, rows)


def _end(ms: int | None) -> str:
    return "…" if ms is None else duration(ms)


def _of_shares(waits: list[Waited]) -> Grid:
    """The shares within each time; of all waits with their intervals, and by whom."""
    headings = [Heading("Waits", number=False, wide=True)]
    headings += [Heading(name, part=1) for name in _WITHIN.values()]
    rows = []
    for row in waits:
        rows.append([_named(row), *(percent(one["share"]) for one in row["within"])])
        if row["group"] == "all":
            ends = (interval(one["shareLow"], one["shareHigh"]) for one in row["within"])
            rows.append(["  95% interval", *ends])
            rows.append(["  by the AI", *(percent(one["byAi"]) for one in row["within"])])
            rows.append(["  by a setter", *(percent(one["bySetter"]) for one in row["within"])])
    return Grid("Answered within", headings, rows)


def _of_bookings(bookings: list[Booking], outcome: str) -> Grid:
    done = "Booked" if outcome == "booked" else "Wrote back"
    headings = [Heading("Within", number=False), Heading("Leads")]
    if outcome == "booked":
        headings += [Heading("Booked before", short="Before"), Heading("No time")]
    headings += [Heading(title) for title in (done, "Censored", "Rate", "95% interval")]
    rows = [
        [
            row["bucket"],
            count(row["leads"]),
            *([count(row["bookedBefore"]), count(row["untimed"])] if outcome == "booked" else []),
            count(row["booked"]),
            count(row["censored"]),
            percent(row["rate"]),
            interval(row["rateLow"], row["rateHigh"]),
        ]
        for row in bookings
    ]
    return Grid("By response time: descriptive, no effect of speed", headings, rows)


def records(document: Document, section: str) -> list[dict[str, object]]:
    """A section as rows of a table: of the delay a row a figure, else a row a group or bucket."""
    match section:
        case "delay":
            flat = _flat(document.get("delay") or {})
            return [{"figure": name, "value": value} for name, value in flat]
        case "waits":
            return [_wait_record(row) for row in document.get("waits", [])]
        case _:
            return [dict(row) for row in document.get("bookings") or []]


def _wait_record(row: Waited) -> dict[str, object]:
    record: dict[str, object] = {name: value for name, value in row.items() if name != "within"}
    for one in row["within"]:
        record |= {f"{n}.{one['ms']}": value for n, value in one.items() if n != "ms"}
    return record


#: What tells the rows of a list from each other, in the path of a figure.
_KEYS = ("check", "fifth", "minSeconds", "maxSeconds")


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Each figure with the path to it."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for row in value:
            key = "-".join(str(row[name]) for name in _KEYS if name in row)
            rest = {name: one for name, one in row.items() if name not in _KEYS}
            yield from _flat(rest, f"{path}.{key}")
    else:
        yield path, value
