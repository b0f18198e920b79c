"""How response times are spread: the share of responses that came within each of some times."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Literal, TypedDict

from timingctl.grid import duration
from timingctl.reports.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch


class Half(TypedDict):
    """How many responses there are, and the time within which half of them came."""

    n: int
    p50Ms: float | None


class Halves(TypedDict):
    """Those of setters and of the AI."""

    setter: Half
    ai: Half


class Speed(TypedDict):
    """Response times in milliseconds, null where there is none."""

    n: int
    meanMs: float | None
    p50Ms: float | None
    p90Ms: float | None
    p95Ms: float | None
    p99Ms: float | None


class SpeedByWho(TypedDict):
    """Response times of setters, of the AI, and of whoever was first."""

    setter: Speed
    ai: Speed
    first: Speed


class Spread(TypedDict):
    """How many responses of setters and of the AI lie up to each of EDGES, over the one before."""

    setter: list[int] | None
    ai: list[int] | None


class Within(TypedDict):
    """The share of the responses by one that came within a time; null of none."""

    who: str
    ms: int
    within: str
    n: int
    share: float | None


SPREAD = Relation("speed_spread", Spread)

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
#: The times, in ms, as people speak of them. The share within is exact at each, and there are no
#: bins that whole seconds or minutes could miss.
EDGES = (
    *(_SECOND * n for n in (1, 2, 3, 5, 7, 10, 15, 20, 30, 45)),
    *(_MINUTE * n for n in (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45)),
    *(_HOUR * n for n in (1, 2, 3, 4, 6, 8, 12, 18)),
    *(_DAY * n for n in (1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365)),
)
_WHO: tuple[tuple[Literal["setter", "ai"], str, str], ...] = (
    ("setter", "Setters", "setters"),
    ("ai", "The AI", "the AI"),
)
#: Shares are drawn, not reckoned with.
_DIGITS = 4


def rows(spread: Spread, speed: Halves) -> list[Within]:
    """The share within each time, of setters and of the AI."""
    found: list[Within] = []
    for who, name, _ in _WHO:
        n, counts = speed[who]["n"], spread[who] or [0] * len(EDGES)
        found += [
            {
                "who": name,
                "ms": edge,
                "within": duration(edge),
                "n": n,
                "share": round(so_far / n, _DIGITS) if n else None,
            }
            for edge, so_far in zip(EDGES, accumulate(counts), strict=True)
        ]
    return found


def reading(speed: Halves) -> str:
    """The chart in a sentence."""
    halves = [
        f"half of the {speed[who]['n']:,} by {called} came within {duration(speed[who]['p50Ms'])}"
        for who, _, called in _WHO
        if speed[who]["n"]
    ]
    return f"Of the responses, {' and '.join(halves)}." if halves else "There is no response."


def sketch(spread: Spread, times: SpeedByWho) -> list[Sketch]:
    """The chart, of who has responded; none without a response."""
    speed: Halves = {
        "setter": {"n": times["setter"]["n"], "p50Ms": times["setter"]["p50Ms"]},
        "ai": {"n": times["ai"]["n"], "p50Ms": times["ai"]["p50Ms"]},
    }
    there = [(who, name) for who, name, _ in _WHO if speed[who]["n"]]
    if not there:
        return []
    names = [name for _, name in there]
    found = [row for row in rows(spread, speed) if row["who"] in names]
    return [_drawn(_reaching(found), names, speed)]


def _reaching(found: Sequence[Within]) -> list[Within]:
    """The rows from the last time within which none came to the first within which all did."""
    some = min((row["ms"] for row in found if row["share"]), default=EDGES[0])
    low = max((edge for edge in EDGES if edge < some), default=some)
    late = max((row["ms"] for row in found if (row["share"] or 0) < 1), default=low)
    high = min((edge for edge in EDGES if edge > max(late, low)), default=EDGES[-1])
    return [row for row in found if low <= row["ms"] <= high]


def _drawn(found: Sequence[Within], names: Sequence[str], speed: Halves) -> Sketch:
    import altair as alt

    from timingctl.reports import charts

    styles = {"Setters": (charts.SETTER, [1, 0]), "The AI": (charts.AI, [6, 3])}
    colours, dashes = zip(*(styles[name] for name in names), strict=True)
    series = charts.Series("who", names, colours, dashes)
    low, high = (end(row["ms"] for row in found) / 1000 for end in (min, max))
    percents = alt.Axis(format="%", tickCount=5)
    base = (
        charts.chart(found)
        .transform_calculate(seconds=charts.seconds("ms"))
        .encode(
            x=charts.log_seconds("seconds", "Answered within", low, high),
            y=alt.Y("share:Q", title="Share of responses", axis=percents,
                    scale=alt.Scale(domain=[0, 1])),
            color=series.colour,
        )
    )  # fmt: skip
    said = charts.tips(who="By", within="Within", share="Share|.1%", n="Responses|,")
    lines = base.mark_line(strokeWidth=2.5).encode(strokeDash=series.dash)
    spec = lines + charts.nearest(base, ["who", "ms"], said)
    return charts.Sketch("Response time", reading(speed), spec, series, key="spread")
