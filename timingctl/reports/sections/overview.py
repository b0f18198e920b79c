"""The overview: how many events, who answered, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from timingctl.grid import Grid, Heading, count, duration, instant
from timingctl.reports.head import Bounds  # noqa: TC001 - the types of columns are read off it
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Section
from timingctl.reports.spread import EDGES, SPREAD, Speed, SpeedByWho, sketch
from timingctl.reports.statistics import percentiles, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given


class _Counted(TypedDict):
    events: int
    leads: int
    clients: int
    firstInboundAt: str | None
    lastInboundAt: str | None
    bySetter: int
    byAi: int
    byBoth: int
    byNeither: int
    firstBySetter: int
    firstByAi: int


class Timed(TypedDict):
    """Response times as relations have them."""

    n: int
    meanMs: float | None
    quantilesMs: list[float] | None


class TimedByWho(TypedDict):
    """Those of setters, of the AI, and of whoever was first."""

    setter: Timed
    ai: Timed
    first: Timed


class _Opened(TypedDict):
    inbounds: int
    threads: int
    leftOut: int


class Opened(TypedDict):
    """Inbounds that nobody answered yet, and the threads in which they wait."""

    inbounds: int
    threads: int


COUNT = Relation("overview_count", _Counted)
SPEED = Relation("overview_speed", TimedByWho)
OPEN = Relation("open_count", _Opened)


class Answered(TypedDict):
    """Events by who answered at all."""

    bySetter: int
    byAi: int
    byBoth: int
    byNeither: int


class FirstBy(TypedDict):
    """Events by who answered first."""

    setter: int
    ai: int


class OverviewFigures(TypedDict):
    """The overview; `open` is there where exports are given."""

    events: int
    leads: int
    clients: int
    span: Bounds
    answered: Answered
    firstBy: FirstBy
    responseTime: SpeedByWho
    open: NotRequired[Opened]


class Fact(TypedDict):
    """A figure by its path in the document."""

    figure: str
    value: object


class Overview(Section[OverviewFigures]):
    """The overview."""

    name = "overview"
    relations = (COUNT, SPEED, OPEN, SPREAD)
    record = Fact

    def figures(self, given: Given) -> OverviewFigures:
        """The counts, the speeds, and with exports the open inbounds."""
        [counts], [speed] = given.rows(COUNT), given.rows(SPEED)
        figures: OverviewFigures = {
            "events": counts["events"],
            "leads": counts["leads"],
            "clients": counts["clients"],
            "span": {"from": counts["firstInboundAt"], "to": counts["lastInboundAt"]},
            "answered": {
                "bySetter": counts["bySetter"],
                "byAi": counts["byAi"],
                "byBoth": counts["byBoth"],
                "byNeither": counts["byNeither"],
            },
            "firstBy": {"setter": counts["firstBySetter"], "ai": counts["firstByAi"]},
            "responseTime": {
                "setter": speed_of(speed["setter"]),
                "ai": speed_of(speed["ai"]),
                "first": speed_of(speed["first"]),
            },
        }
        if given.has_exports:
            [opened] = given.rows(OPEN)
            figures["open"] = {"inbounds": opened["inbounds"], "threads": opened["threads"]}
            given.leaves_out(opened["leftOut"], "open inbounds")
        return figures

    def records(self, figures: OverviewFigures) -> Sequence[Fact]:
        """A row a figure."""
        return [{"figure": name, "value": value} for name, value in flat(figures)]

    def grids(self, figures: OverviewFigures, about: About) -> list[Grid]:
        """The counts, and the speeds."""
        del about
        answered, first, span = figures["answered"], figures["firstBy"], figures["span"]
        facts = [
            ("Events", count(figures["events"])),
            ("Leads", count(figures["leads"])),
            ("Clients", count(figures["clients"])),
            ("First inbound", instant(span["from"])),
            ("Last inbound", instant(span["to"])),
            ("Answered by a setter", count(answered["bySetter"])),
            ("Answered by the AI", count(answered["byAi"])),
            ("Answered by both", count(answered["byBoth"])),
            ("Answered by neither", count(answered["byNeither"])),
            ("A setter was first", count(first["setter"])),
            ("The AI was first", count(first["ai"])),
        ]
        if "open" in figures:
            inbounds, threads = (count(figures["open"][name]) for name in ("inbounds", "threads"))
            facts.append(("Open inbounds", f"{inbounds} in {threads} threads"))
        times = figures["responseTime"]
        speeds = [
            [
                who,
                count(row["n"]),
                *map(
                    duration,
                    (row["meanMs"], row["p50Ms"], row["p90Ms"], row["p95Ms"], row["p99Ms"]),
                ),
            ]
            for who, row in (
                ("Setter", times["setter"]),
                ("AI", times["ai"]),
                ("First responder", times["first"]),
            )
        ]
        titles = ("n", "Mean", "p50", "p90", "p95", "p99")
        who = Heading("By", number=False)
        return [
            Grid("Overview", (Heading("", number=False), Heading("")), facts),
            Grid("Response time", (who, *map(Heading, titles)), speeds),
        ]

    def frame(self, figures: OverviewFigures, about: About) -> pl.DataFrame:
        """One row, a column a figure by its path: ``responseTime.ai.p50Ms``."""
        from timingctl.reports.frames import frame

        del about
        row = dict(flat(figures))
        return frame([row], OverviewFigures, list(row))

    def sketches(self, figures: OverviewFigures, given: Given) -> list[Sketch]:
        """How response times are spread."""
        [spread] = given.rows(SPREAD, edges=list(EDGES))
        return sketch(spread, figures["responseTime"])


def speed_of(row: Timed) -> Speed:
    """The response times of one responder."""
    p50, p90, p95, p99 = percentiles(row["quantilesMs"], 4)
    return {
        "n": row["n"],
        "meanMs": plain(row["meanMs"]),
        "p50Ms": p50,
        "p90Ms": p90,
        "p95Ms": p95,
        "p99Ms": p99,
    }


def flat(figures: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Figures by their paths in a document."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
