"""The heatmap: the median first response by weekday and hour of the inbound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

from timingctl.clocks.hours import WEEKDAYS
from timingctl.grid import Grid, Heading, duration
from timingctl.reports.breakdown import BREAKDOWN, Counted, counted
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given


class Cell(TypedDict):
    """An hour (0 to 23) of a weekday (Mon), with the median first response in milliseconds."""

    weekday: str
    hour: int
    n: int
    p50Ms: float | None


class Heatmap(Listed[Cell]):
    """The heatmap."""

    name = "heatmap"
    relations = (BREAKDOWN,)
    record = Cell

    def figures(self, given: Given) -> list[Cell]:
        """A row an hour, all 168 of a week."""
        groups = {
            (row["firstKey"], row["secondKey"]): row for row in counted(given, ["weekday", "hour"])
        }
        return [
            _cell(weekday, hour, groups.get((f"{place}", f"{hour:02}")))
            for place, weekday in enumerate(WEEKDAYS, 1)
            for hour in range(24)
        ]

    def grids(self, figures: list[Cell], about: About) -> list[Grid]:
        """A row an hour, a column a weekday."""
        medians = {(cell["weekday"], cell["hour"]): cell["p50Ms"] for cell in figures}
        headings = [Heading("Hour", number=False), *map(Heading, WEEKDAYS)]
        rows = [
            [f"{hour:02}:00", *(duration(medians[day, hour]) for day in WEEKDAYS)]
            for hour in range(24)
        ]
        title = f"Median first response by weekday and hour of the inbound ({about.zone})"
        return [Grid(title, headings, rows)]

    def sketches(self, figures: list[Cell], given: Given) -> list[Sketch]:
        """The hours that have a first response, by colour."""
        del given
        cells = [cell for cell in figures if cell["n"]]
        return [_week(cells)] if cells else []


def _cell(weekday: str, hour: int, row: Counted | None) -> Cell:
    [p50] = percentiles(row["quantilesMs"][:1] if row else None, 1)
    return {"weekday": weekday, "hour": hour, "n": row["n"] if row else 0, "p50Ms": p50}


def _week(cells: Sequence[Cell]) -> Sketch:
    import altair as alt

    from timingctl.reports.charts import Sketch, chart, tips

    seconds = [max(_median(cell), 1000) / 1000 for cell in cells]
    points = [
        {
            "day": cell["weekday"], "hour": cell["hour"], "seconds": median, "n": cell["n"],
            "clock": f"{cell['hour']:02}:00", "said": duration(cell["p50Ms"]),
        }
        for cell, median in zip(cells, seconds, strict=True)
    ]  # fmt: skip
    low = math.floor(min(seconds))
    high = max(math.ceil(max(seconds)), low + 1)
    spec = (
        chart(points)
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title="Hour of the inbound",
                    scale=alt.Scale(domain=list(range(24))),
                    axis=alt.Axis(labelAngle=0, values=list(range(0, 24, 3)))),
            y=alt.Y("day:O", title=None, scale=alt.Scale(domain=list(WEEKDAYS))),
            color=alt.Color(
                "seconds:Q",
                title="Median first response",
                scale=alt.Scale(type="log", scheme="cividis", domain=[low, high]),
                legend=_legend(low, high),
            ),
            tooltip=tips(day="Day", clock="Hour", said="Median first response", n="Responses|,"),
        )
    )  # fmt: skip
    slowest = max(cells, key=_median)
    n = sum(cell["n"] for cell in cells)
    reading = (
        f"Of n = {n:,} first responses, those to inbounds of {slowest['weekday']} "
        f"{slowest['hour']:02}:00 took longest, {duration(slowest['p50Ms'])} at the median "
        f"of {slowest['n']:,}."
    )
    return Sketch("When answers are slow", reading, spec)


def _median(cell: Cell) -> float:
    """The median of a cell that has a first response."""
    return cell["p50Ms"] or 0


def _legend(low: int, high: int) -> altair.Legend:
    """A legend of durations in seconds that names both ends."""
    import altair as alt

    marks = {low: duration(low * 1000), high: duration(high * 1000)}
    words = "".join(f"datum.value == {second} ? '{name}' : " for second, name in marks.items())
    return alt.Legend(values=list(marks), labelExpr=f"{words}''", gradientLength=200)
