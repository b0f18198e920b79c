"""Waits: how long leads waited for a setter or the AI, beside the response time from the anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from timingctl.grid import NOTHING, Grid, Heading, count, duration, percent
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

_WORDS = {"setter": "A setter", "ai": "The AI", "answered": "Either", "open": "Open"}


class _Waited(TypedDict):
    endedBy: str
    n: int
    meanMs: float
    quantilesMs: list[float]
    longestMs: int
    withWindow: int


class _Answered(TypedDict):
    firstBy: str
    n: int
    meanMs: float
    quantilesMs: list[float]


class _LeftOut(TypedDict):
    leftOut: int


class Waited(TypedDict):
    """Waits by who ended them, in milliseconds; open ones until the as-of.

    Beside them the first responses of the same responder to anchors. `share` is of all waits,
    `withWindowShare` of these. Null: there is none.
    """

    endedBy: str
    n: int
    share: float | None
    meanMs: float | None
    p50Ms: float | None
    p90Ms: float | None
    longestMs: int | None
    withWindow: int
    withWindowShare: float | None
    responses: int | None
    responseMeanMs: float | None
    responseP50Ms: float | None
    responseP90Ms: float | None


WAITED = Relation("wait_speed", _Waited)
ANSWERED = Relation("anchor_speed", _Answered)
LEFT_OUT = Relation("left_out_wait", _LeftOut)


class Waits(Listed[Waited]):
    """Waits of leads: ended by a setter, by the AI, by either (answered), and open."""

    name = "waits"
    tables = ("asked_wait",)
    relations = (WAITED, ANSWERED, LEFT_OUT)
    record = Waited
    needs_inbox = True

    def figures(self, given: Given) -> list[Waited]:
        """Four rows, also where there are none."""
        waited = {row["endedBy"]: row for row in given.rows(WAITED)}
        answered = {row["firstBy"]: row for row in given.rows(ANSWERED)}
        [left_out] = given.rows(LEFT_OUT)
        given.leaves_out(left_out["leftOut"], "waits")
        n = sum(row["n"] for by, row in waited.items() if by in {"answered", "open"})
        return [_waited(by, waited.get(by), answered.get(by), n) for by in _WORDS]

    def grids(self, figures: list[Waited], about: About) -> list[Grid]:
        """A row a way to end; no table without waits."""
        del about
        if not any(row["n"] for row in figures):
            return []
        titles = ("p50", "p90", "Mean", "Longest", "With window")
        headings = [
            Heading("Ended by", number=False),
            *map(Heading, ("Waits", "Share")),
            *(Heading(title, part=1) for title in titles),
            Heading("Responses", part=2),
            *(Heading(title, part=2) for title in ("p50", "p90", "Mean")),
        ]
        rows = [
            [
                _WORDS[row["endedBy"]],
                count(row["n"]),
                percent(row["share"]),
                *map(duration, (row["p50Ms"], row["p90Ms"], row["meanMs"], row["longestMs"])),
                percent(row["withWindowShare"]),
                NOTHING if row["responses"] is None else count(row["responses"]),
                *map(duration, (row["responseP50Ms"], row["responseP90Ms"], row["responseMeanMs"])),
            ]
            for row in figures
        ]
        return [Grid("Waits of leads, beside responses to anchors", headings, rows)]

    def sketches(self, figures: list[Waited], given: Given) -> list[Sketch]:
        """The wait and the response time beside each other, from median to 90th percentile."""
        del given
        points = [point for row in figures for point in _points(row)]
        return [_beside(points, figures)] if points else []


def _waited(by: str, waited: _Waited | None, answered: _Answered | None, n: int) -> Waited:
    p50, p90 = percentiles(waited and waited["quantilesMs"], 2)
    response50, response90 = percentiles(answered and answered["quantilesMs"], 2)
    number = waited["n"] if waited else 0
    with_window = waited["withWindow"] if waited else 0
    responses = answered["n"] if answered else 0
    return {
        "endedBy": by,
        "n": number,
        "share": number / n if n else None,
        "meanMs": plain(waited and waited["meanMs"]),
        "p50Ms": p50,
        "p90Ms": p90,
        "longestMs": waited and waited["longestMs"],
        "withWindow": with_window,
        "withWindowShare": with_window / number if number else None,
        "responses": None if by == "open" else responses,
        "responseMeanMs": plain(answered and answered["meanMs"]),
        "responseP50Ms": response50,
        "responseP90Ms": response90,
    }


def _points(row: Waited) -> list[dict[str, object]]:
    """What is drawn of a row: the wait, and the response where there is one."""
    by = _WORDS[row["endedBy"]]
    spans = (
        ("Wait of the lead", row["p50Ms"], row["p90Ms"]),
        ("Response to the anchor", row["responseP50Ms"], row["responseP90Ms"]),
    )
    return [
        {
            "by": by, "what": what, "low": max(low, 1000) / 1000, "high": max(high, 1000) / 1000,
            "median": duration(low), "most": duration(high),
        }
        for what, low, high in spans
        if low is not None and high is not None
    ]  # fmt: skip


def _beside(points: Sequence[dict[str, object]], figures: Sequence[Waited]) -> Sketch:
    import altair as alt

    from timingctl.reports.charts import OTHER, SETTER, Series, Sketch, chart, log_seconds, tips

    names = ["Wait of the lead", "Response to the anchor"]
    ends = [float(str(point[end])) for point in points for end in ("low", "high")]
    x = log_seconds("low", "From the median to the 90th percentile", min(ends) / 1.5,
                    max(ends) * 1.5)  # fmt: skip
    series = Series("what", names, [SETTER, OTHER])
    base = chart(points).encode(
        y=alt.Y("by:N", title=None, sort=None),
        yOffset=alt.YOffset("what:N", sort=names),
        color=series.colour,
        tooltip=tips(by="Ended by", what="What", median="Median", most="9 of 10 within"),
    )
    bars = base.mark_bar(height=8).encode(x=x, x2="high:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=x, shape=alt.Shape("what:N", title=None, scale=alt.Scale(domain=names))
    )
    rows = {row["endedBy"]: row for row in figures}
    answered, still = rows["answered"], rows["open"]
    said = []
    if answered["n"]:
        beside = "."
        if answered["responses"]:
            beside = (
                f"; half of {answered['responses']:,} responses came within "
                f"{duration(answered['responseP50Ms'])} of the last, the anchor."
            )
        said.append(
            f"Half of n = {answered['n']:,} answered waits lasted {duration(answered['p50Ms'])} or "
            f"less, from the first message that waited{beside}"
        )
    if still["n"]:
        said.append(
            f"Of {still['n']:,} leads that still wait half have waited for "
            f"{duration(still['p50Ms'])} or more."
        )
    return Sketch("Waits", " ".join(said), bars + dots, series)
