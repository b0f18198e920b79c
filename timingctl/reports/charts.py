"""The page's charts: what sections sketch is drawn as SVG, with a sentence on how to read it.

Drawn by Altair and vl-convert, offline. Colours are those of Okabe and Ito, told apart by the
colour-blind; shape or dash tells the same. Black and grey are left to the page's style, so that
they suit light, dark and paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timingctl.extras import extra

with extra("charts", "A page with charts"):
    import altair as alt
    import vl_convert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.reports.outcomes import Rate

SETTER, AI, OTHER = "#0072B2", "#D55E00", "#009E73"
_WIDTH, _HEIGHT = 400, 220
_VEGALITE = "6.4"

#: Seconds where a logarithmic axis of durations has its ticks, and what they are called.
_TICKS = {
    1: "1s", 10: "10s", 60: "1m", 300: "5m", 900: "15m", 3_600: "1h", 14_400: "4h",
    86_400: "1d", 604_800: "7d", 2_592_000: "30d", 31_536_000: "1y",
}  # fmt: skip


@dataclass(frozen=True)
class Sketch:
    """A chart before it is drawn: its title, how to read it, and its specification."""

    title: str
    reading: str
    spec: alt.Chart | alt.LayerChart


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its title, how to read it, and the SVG to stand in the page."""

    title: str
    reading: str
    svg: str


def drawn(sketches: Sequence[Sketch]) -> list[Chart]:
    """The charts drawn, in order."""
    return [
        Chart(sketch.title, sketch.reading, _svg(sketch.spec, f"chart{number}"))
        for number, sketch in enumerate(sketches, 1)
    ]


def _svg(spec: alt.Chart | alt.LayerChart, name: str) -> str:
    """The chart as SVG that grows with the page and whose ids are its own."""
    plain = spec.configure(aria=False, background="transparent", font="system-ui, sans-serif")
    plain = plain.configure_view(stroke=None)
    plain = plain.configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
    plain = plain.configure_legend(
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal", orient="top", columns=1
    )
    svg = vl_convert.vegalite_to_svg(plain.to_dict(), vl_version=_VEGALITE)
    svg = re.sub(r'(<svg[^>]*?) width="\d+" height="\d+"', r"\1", svg, count=1)
    ids = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for number, given in enumerate(ids, 1):  # vl-convert numbers them from wherever it is
        svg = svg.replace(f'id="{given}"', f'id="{name}-{number}"')
        svg = svg.replace(f"url(#{given})", f"url(#{name}-{number})")
    return svg


def chart(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    """A chart of rows, without a mark."""
    return alt.Chart(alt.InlineData(values=list(rows))).properties(width=_WIDTH, height=_HEIGHT)


def log_seconds(field: str, title: str, low: float, high: float, channel: Any = alt.X) -> Any:
    """An axis of durations in seconds, logarithmic, from low to high."""
    ticks = [second for second in _TICKS if low <= second <= high]
    words = " : ".join(f"datum.value == {second} ? '{_TICKS[second]}'" for second in ticks)
    axis = alt.Axis(values=ticks, labelExpr=f"{words} : ''" if ticks else "", labelOverlap=True)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return channel(f"{field}:Q", title=title, scale=scale, axis=axis)


def broken_labels(after: str) -> alt.Axis:
    """An axis of names that are broken into lines after a character."""
    lines = f"split(replace(datum.label, /{after}/g, '{after}\\n'), '\\n')"
    return alt.Axis(labelAngle=0, labelExpr=lines)


def rates(title: str, points: Sequence[tuple[str, Rate]], x: alt.X, reading: str) -> list[Sketch]:
    """Rates of booking with their intervals, by a place on the axis; none that are all null.

    `x` shows the field ``place``; `reading` goes on after the number of mature leads.
    """
    if all(rate.get("rate") is None for _, rate in points):
        return []
    base = chart(
        [
            {"place": place, **{name: rate[name] for name in ("rate", "rateLow", "rateHigh")}}
            for place, rate in points
        ]
    )
    percents = alt.Axis(format="%", tickCount=5)
    whiskers = base.mark_rule(color=SETTER, strokeWidth=2).encode(
        x=x,
        y=alt.Y("rateLow:Q", title="Booking rate", axis=percents),
        y2="rateHigh:Q",
    )
    dots = base.mark_point(color=SETTER, filled=True, size=70, opacity=1).encode(
        x=x, y=alt.Y("rate:Q", title="Booking rate", axis=percents)
    )
    mature = sum(rate["mature"] for _, rate in points)
    return [Sketch(title, f"Of {mature:,} mature leads, {reading}.", whiskers + dots)]
