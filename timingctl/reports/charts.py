"""The page's charts: what sections sketch is drawn as SVG, and told to the page's scripts.

Drawn by Altair and vl-convert, offline. The SVG stands in the page; where scripts run they draw
the chart again, with values on hover. Colours are those of Okabe and Ito, told apart by the
colour-blind; shape or dash tells the same. Black and grey are left to the page's style, so that
they suit light, dark and paper.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Any

from timingctl.extras import extra

with extra("charts", "A page with charts"):
    import altair as alt
    import vl_convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timingctl.reports.outcomes import Rate

SETTER, AI, OTHER = "#0072B2", "#D55E00", "#009E73"
_WIDTH, _HEIGHT = 400, 220
_VEGALITE = "6.4"
#: The name of a chart's rows, which scripts put others for.
ROWS = "rows"

#: Seconds where a logarithmic axis of durations has its ticks, and what they are called.
_TICKS = {
    1: "1s", 10: "10s", 60: "1m", 300: "5m", 900: "15m", 3_600: "1h", 14_400: "4h",
    86_400: "1d", 604_800: "7d", 2_592_000: "30d", 31_536_000: "1y",
}  # fmt: skip
_SHORTEST = 1_000
#: Periods that have a dot each; of more the line says as much, and the page stays small.
_MOST_DOTS = 200


@dataclass(frozen=True)
class Series:
    """What a legend tells apart: the field, and of each value its colour and dash."""

    field: str
    names: Sequence[str]
    colours: Sequence[str]
    dashes: Sequence[Sequence[int]] = ()

    @property
    def colour(self) -> alt.Color:
        """The colours, as a chart's encoding."""
        scale = alt.Scale(domain=list(self.names), range=list(self.colours))
        return alt.Color(f"{self.field}:N", title=None, scale=scale)

    @property
    def dash(self) -> alt.StrokeDash:
        """The dashes, as a chart's encoding."""
        scale = alt.Scale(domain=list(self.names), range=[list(dash) for dash in self.dashes])
        return alt.StrokeDash(f"{self.field}:N", title=None, scale=scale)


@dataclass(frozen=True)
class Sketch:
    """A chart before it is drawn: its title, how to read it, and its specification.

    `series` are what its legend tells apart. A chart with a `key` has other rows for each client
    and channel that can be picked; one that `is_by_period` has the field ``period``. The upright
    axis of one that `is_fitted` is of the field ``ms``, and fits whatever rows there are.
    """

    title: str
    reading: str
    spec: alt.Chart | alt.LayerChart
    series: Series | None = None
    key: str = ""
    is_by_period: bool = False
    is_fitted: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawn chart: the SVG to stand in the page, and what scripts draw it from."""

    sketch: Sketch
    svg: str
    live: dict[str, Any]


def drawn(sketches: Sequence[Sketch]) -> list[Chart]:
    """The charts drawn, in order."""
    specs = [_told(sketch.spec) for sketch in sketches]
    return [
        Chart(sketch, _svg(deepcopy(spec), f"chart{number}"), _live(sketch, spec))
        for number, (sketch, spec) in enumerate(zip(sketches, specs, strict=True), 1)
    ]


def bundle() -> str:
    """The scripts of Vega that draw charts, as ``vegaEmbed``: text to stand in a page."""
    found = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=_VEGALITE)
    return str(found)


def _told(spec: alt.Chart | alt.LayerChart) -> dict[str, Any]:
    """The chart in the page's style, as Vega-Lite."""
    plain = spec.configure(
        aria=False, background="transparent", font="system-ui, sans-serif", padding=8
    )
    plain = plain.configure_view(stroke=None)
    plain = plain.configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
    plain = plain.configure_legend(
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal", orient="top", columns=1
    )
    told: dict[str, Any] = plain.to_dict()
    return told


def _svg(spec: dict[str, Any], name: str) -> str:
    """The chart as SVG that grows with the page and whose ids are its own."""
    hover = {view for param in spec.pop("params", ()) for view in param.get("views", ())}
    if hover:
        spec["layer"] = [layer for layer in spec["layer"] if layer.get("name") not in hover]
    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VEGALITE)
    svg = re.sub(r'(<svg[^>]*?) width="\d+" height="\d+"', r"\1", svg, count=1)
    ids = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for number, given in enumerate(ids, 1):  # vl-convert numbers them from wherever it is
        svg = svg.replace(f'id="{given}"', f'id="{name}-{number}"')
        svg = svg.replace(f"url(#{given})", f"url(#{name}-{number})")
    return svg


def _live(sketch: Sketch, spec: dict[str, Any]) -> dict[str, Any]:
    """What scripts draw: as wide as its place, its legend made of buttons, its rows filtered."""
    spec.pop("$schema", None)
    for part in (spec, *spec.get("layer", ())):
        part.pop("width", None)
    if "data" in spec:  # one for all layers
        [values] = spec.pop("datasets").values()
        spec["data"] = {"name": ROWS, "values": values, "format": {"parse": None}}
    spec["width"] = "container"
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    filters = []
    if sketch.series:
        spec["config"]["legend"]["disable"] = True
        filters.append(f"indexof(hidden, datum['{sketch.series.field}']) < 0")
        spec.setdefault("params", []).append({"name": "hidden", "value": []})
    if sketch.is_by_period:
        filters.append("(!since || datum.period >= since) && (!until || datum.period <= until)")
        limits = [{"name": name, "value": ""} for name in ("since", "until")]
        spec.setdefault("params", []).extend(limits)
    if sketch.is_fitted:
        _flexible(spec)
    spec["transform"] = [{"filter": one} for one in filters] + spec.get("transform", [])
    return spec


def chart(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    """A chart of rows, without a mark."""
    data = alt.InlineData(values=list(rows), format={"parse": None})
    return alt.Chart(data).properties(width=_WIDTH, height=_HEIGHT)


def log_seconds(field: str, title: str, low: float, high: float, channel: Any = alt.X) -> Any:
    """An axis of durations in seconds, logarithmic, from low to high."""
    axis = alt.Axis(**_ticks(low, high), labelOverlap=True)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return channel(f"{field}:Q", title=title, scale=scale, axis=axis)


def _ticks(low: float, high: float) -> dict[str, Any]:
    ticks = [second for second in _TICKS if low <= second <= high]
    words = " : ".join(f"datum.value == {second} ? '{_TICKS[second]}'" for second in ticks)
    return {"values": ticks, "labelExpr": f"{words} : ''" if ticks else ""}


def around(drawn: Iterable[float | None]) -> tuple[float, float]:
    """Where an axis of seconds begins and ends, so that some ms lie inside it."""
    seconds = [max(ms, _SHORTEST) / 1_000 for ms in drawn if ms is not None]
    return min(seconds) / 1.2, max(seconds) * 1.2


def _flexible(spec: dict[str, Any]) -> None:
    """Let scripts fit the upright axis of durations to the rows that they put, by params."""
    for layer in spec["layer"]:
        upright = layer["encoding"]["y"]
        low, high = upright["scale"]["domain"]
        params = {"low": low, "high": high, "ticks": upright["axis"]["values"]}
        upright["scale"]["domain"] = [{"expr": "low"}, {"expr": "high"}]
        upright["axis"] |= {"values": {"expr": "ticks"}, "labelExpr": _ticks(0, inf)["labelExpr"]}
    spec["params"] += [{"name": name, "value": value} for name, value in params.items()]


def seconds(ms: str) -> str:
    """An expression: a field of milliseconds as the seconds to draw, one at least."""
    return f"isValid(datum['{ms}']) ? max(datum['{ms}'], {_SHORTEST}) / 1000 : null"


def words(ms: str) -> str:
    """An expression: a field of milliseconds in words, as `timingctl.grid.duration` has them."""
    whole = f"floor(datum['{ms}'])"

    def units(great: int, first: str, small: int, second: str, most: int) -> str:
        rest = f"floor({whole} % {great} / {small})"
        padded = f"({rest} < 10 ? '0' : '') + {rest}" if most > 9 else rest  # noqa: PLR2004
        return f"floor({whole} / {great}) + '{first}' + {padded} + '{second}'"

    return (
        f"!isValid(datum['{ms}']) ? '–'"
        f" : {whole} < 60000 ? {units(1_000, '.', 100, 's', 9)}"
        f" : {whole} < 3600000 ? {units(60_000, 'm', 1_000, 's', 59)}"
        f" : {whole} < 86400000 ? {units(3_600_000, 'h', 60_000, 'm', 59)}"
        f" : {units(86_400_000, 'd', 3_600_000, 'h', 23)}"
    )


def strip() -> dict[str, Any]:
    """What scripts draw to choose periods on: how many responses there were in each."""
    brush = alt.selection_interval(name="brush", encodings=["x"])
    axis = alt.Axis(labelOverlap=True, tickCount=5, format="%-d %b %Y", grid=False)
    spec = (
        chart([])
        .properties(height=36)
        .mark_bar(color=SETTER, binSpacing=0)
        .encode(
            x=alt.X("at:T", title=None, scale=alt.Scale(type="utc"), axis=axis),
            x2="end:T",
            y=alt.Y("n:Q", title=None, axis=None, scale=alt.Scale(zero=True)),
            y2=alt.Y2Datum(0),
            opacity=alt.condition(brush, alt.value(0.8), alt.value(0.3)),
        )
        .add_params(brush)
    )
    return _live(Sketch("", "", spec), _told(spec))


def ticks() -> list[int]:
    """Seconds where an axis of durations may have its ticks."""
    return list(_TICKS)


def rows_of(live: Mapping[str, Any]) -> list[dict[str, object]]:
    """The rows of what scripts draw."""
    found: list[dict[str, object]] = live["data"]["values"]
    return found


def midnight(day: str) -> int:
    """The first instant of a day, as the field ``at`` has it: milliseconds since 1970, UTC."""
    return round(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp() * 1000)


def days(title: str = "Inbound") -> alt.X:
    """An axis of days: the field ``at`` has midnights, in milliseconds since 1970."""
    axis = alt.Axis(labelOverlap=True, tickCount=6, format="%-d %b %Y", grid=False)
    return alt.X("at:T", title=title, scale=alt.Scale(type="utc"), axis=axis)


def broken_labels(after: str) -> alt.Axis:
    """An axis of names that are broken into lines after a character."""
    lines = f"split(replace(datum.label, /{after}/g, '{after}\\n'), '\\n')"
    return alt.Axis(labelAngle=0, labelExpr=lines)


def tips(**fields: str) -> list[alt.Tooltip]:
    """What is said on hover: of each field its title, or its title and, after |, its format."""
    found = []
    for field, said in fields.items():
        title, _, form = said.partition("|")
        kind = "Q" if form else "N"
        found.append(alt.Tooltip(f"{field}:{kind}", title=title, format=form or alt.Undefined))
    return found


def line(base: alt.Chart, periods: int) -> Any:
    """A line through periods, with a dot at each where they are few; one by itself is a dot."""
    dots = alt.OverlayMarkDef(size=25) if periods <= _MOST_DOTS else False
    return base.mark_line(strokeWidth=2, strokeCap="round", point=dots)


def nearest(base: alt.Chart, fields: Sequence[str], tooltip: Sequence[alt.Tooltip]) -> alt.Chart:
    """Dots of a line that show where the pointer comes near, with what is said of them."""
    near = alt.selection_point(
        name="near", nearest=True, on="pointerover", clear="pointerout", fields=list(fields),
        empty=False,
    )  # fmt: skip
    shown = alt.condition(near, alt.value(1), alt.value(0))
    dots: alt.Chart = base.mark_point(filled=True, size=60)
    return dots.encode(opacity=shown, tooltip=list(tooltip)).add_params(near)


def rate_rows(points: Sequence[tuple[str, Rate]]) -> list[dict[str, object]]:
    """The rows of a chart of rates, each with its place on the axis."""
    return [
        {
            "place": place,
            "rate": rate["rate"],
            "rateLow": rate["rateLow"],
            "rateHigh": rate["rateHigh"],
            "mature": rate["mature"],
        }
        for place, rate in points
    ]


def rates(rows: Sequence[Mapping[str, object]], x: alt.X, **place: str) -> alt.LayerChart:
    """Rates of booking with their intervals, of such rows; what has no mature leads is a gap.

    `place` names the field of the place on the axis, and its title.
    """
    base = chart(rows)
    percents = alt.Axis(format="%", tickCount=5)
    said = tips(**place, rate="Booked|.1%", rateLow="At least|.1%", rateHigh="At most|.1%",
                mature="Mature leads|,")  # fmt: skip
    whiskers = base.mark_rule(color=SETTER, strokeWidth=2).encode(
        x=x, y=alt.Y("rateLow:Q", title="Booking rate", axis=percents), y2="rateHigh:Q",
        tooltip=said,
    )  # fmt: skip
    dots = base.mark_point(color=SETTER, filled=True, size=70, opacity=1).encode(
        x=x, y=alt.Y("rate:Q", title="Booking rate", axis=percents), tooltip=said
    )
    layers: alt.LayerChart = whiskers + dots
    return layers
