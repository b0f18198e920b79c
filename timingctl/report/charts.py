"""The page's charts: a report's figures as SVG, each with one sentence on how to read it.

Drawn by Altair and vl-convert, offline. Colours are those of Okabe and Ito, told apart by the
colour-blind; shape or dash tells the same. Black and grey are left to the page's style, so that
they suit light, dark and paper.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timingctl.extras import extra
from timingctl.report.grids import duration, percent
from timingctl.report.options import WEEKDAYS

with extra("charts", "A page with charts"):
    import altair as alt
    import vl_convert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timingctl.report.figures import Report

    Row = dict[str, Any]

SETTER, AI, OTHER = "#0072B2", "#D55E00", "#009E73"
_WIDTH, _HEIGHT = 400, 220
_VEGALITE = "6.4"

#: Seconds where a logarithmic axis of durations has its ticks, and what they are called.
_TICKS = {
    1: "1s", 10: "10s", 60: "1m", 300: "5m", 900: "15m", 3_600: "1h", 14_400: "4h",
    86_400: "1d", 604_800: "7d", 2_592_000: "30d", 31_536_000: "1y",
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its title, how to read it, and the SVG to stand in the page."""

    title: str
    reading: str
    svg: str


def charts(report: Report) -> list[Chart]:
    """The charts of the sections that the report has, in order; none that would be empty."""
    drawn = [make(report) for make in _CHARTS]
    return [
        Chart(title, reading, _svg(spec, f"chart{number}"))
        for number, (title, reading, spec) in enumerate(filter(None, drawn), 1)
    ]


#: A chart before it is drawn: title, reading, specification.
Sketch = tuple[str, str, Any]


def _svg(spec: Any, name: str) -> str:
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


def _chart(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(rows))).properties(width=_WIDTH, height=_HEIGHT)


def _log_seconds(field: str, title: str, low: float, high: float, channel: Any = alt.X) -> Any:
    """An axis of durations in seconds, logarithmic, from low to high."""
    ticks = [second for second in _TICKS if low <= second <= high]
    words = " : ".join(f"datum.value == {second} ? '{_TICKS[second]}'" for second in ticks)
    axis = alt.Axis(values=ticks, labelExpr=f"{words} : ''" if ticks else "", labelOverlap=True)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return channel(f"{field}:Q", title=title, scale=scale, axis=axis)


def _broken_labels(after: str) -> alt.Axis:
    """An axis of names that are broken into lines after a character."""
    lines = f"split(replace(datum.label, /{after}/g, '{after}\\n'), '\\n')"
    return alt.Axis(labelAngle=0, labelExpr=lines)


def _speed(report: Report) -> Sketch | None:
    rows = report.charts["speed_bin"]
    if "overview" not in report.document or not rows:
        return None
    totals = {who: sum(row["n"] for row in rows if row["who"] == who) for who in ("Setter", "AI")}
    counts = {(row["who"], row["bin"]): row["n"] for row in rows}
    first, last = min(row["bin"] for row in rows), max(row["bin"] for row in rows)
    points = [
        {
            "who": f"{who} (n = {total:,})",
            "seconds": 10 ** ((step + 0.5) / 10),
            "share": counts.get((who, step), 0) / total,
        }
        for who, total in totals.items()
        if total
        for step in range(first - 1, last + 2)
    ]
    names = list(dict.fromkeys(point["who"] for point in points))
    colours = [SETTER if name.startswith("Setter") else AI for name in names]
    low, high = 10 ** ((first - 1) / 10), 10 ** ((last + 2) / 10)
    spec = (
        _chart(points)
        .mark_line(strokeWidth=2.5, interpolate="monotone")
        .encode(
            x=_log_seconds("seconds", "Response time", low, high),
            y=alt.Y("share:Q", title="Share of responses", axis=alt.Axis(format="%", tickCount=4)),
            color=alt.Color("who:N", title=None, scale=alt.Scale(domain=names, range=colours)),
            strokeDash=alt.StrokeDash(
                "who:N",
                title=None,
                scale=alt.Scale(
                    domain=names,
                    range=[[1, 0] if name.startswith("Setter") else [6, 3] for name in names],
                ),
            ),
        )
    )
    speed = report.document["overview"]["responseTime"]
    halves = [
        f"half of the {speed[key]['n']:,} by {who} came within {duration(speed[key]['p50Ms'])}"
        for key, who in (("setter", "setters"), ("ai", "the AI"))
        if speed[key]["n"]
    ]
    return "Response time", f"Of the responses, {' and '.join(halves)}.", spec


def _rates(section: str, field: str, title: str, axis: str) -> Callable[[Report], Sketch | None]:
    """A chart of booking rates with their intervals, a point a bucket."""

    def sketch(report: Report) -> Sketch | None:
        rows = report.document.get(section) or []
        known = [row for row in rows if row.get("rate") is not None]
        if not known:
            return None
        points = [
            {"place": row[field], **{name: row[name] for name in ("rate", "rateLow", "rateHigh")}}
            for row in rows
        ]
        x = alt.X("place:N", title=axis, sort=None, axis=_broken_labels("-"))
        if section == "trend":
            x = alt.X("place:T", title=axis)
        percents = alt.Axis(format="%", tickCount=5)
        base = _chart(points)
        whiskers = base.mark_rule(color=SETTER, strokeWidth=2).encode(
            x=x,
            y=alt.Y("rateLow:Q", title="Booking rate", axis=percents),
            y2="rateHigh:Q",
        )
        dots = base.mark_point(color=SETTER, filled=True, size=70, opacity=1).encode(
            x=x, y=alt.Y("rate:Q", title="Booking rate", axis=percents)
        )
        eligible = sum(row["eligible"] for row in rows)
        reading = f"Of {eligible:,} eligible leads, {_noteworthy(section, field, known)}."
        return title, reading, whiskers + dots

    return sketch


def _noteworthy(section: str, field: str, rows: Sequence[Row]) -> str:
    if section == "trend":
        return (
            "each stands in the period of its response; of the latest only those that have "
            "booked already are eligible, which makes their rates too high"
        )
    best = max(rows, key=lambda row: row["rate"])
    return (
        f"those of {best[field]} booked most often, {percent(best['rate'])} of "
        f"{best['eligible']:,}; whiskers are 95 % intervals, and rates whose whiskers overlap may "
        "differ by chance alone"
    )


def _delay(report: Report) -> Sketch | None:
    rows = report.charts["delay_bin"]
    if "chosenDelay" not in report.document or not rows:
        return None
    marks = ("low", "mid", "high")
    points = [
        {"chosen": row["chosenSeconds"], **dict(zip(marks, row["actualSeconds"], strict=True))}
        for row in rows
    ]
    low = min(min(point["chosen"], point["low"]) for point in points) / 1.1
    high = max(max(point["chosen"], point["high"]) for point in points) * 1.1
    x = _log_seconds("chosen", "Chosen delay", low, high)
    y_low = _log_seconds("low", "Actual delay", low, high, alt.Y)
    y_mid = _log_seconds("mid", "Actual delay", low, high, alt.Y)
    whiskers = (
        _chart(points)
        .mark_rule(color=AI, strokeWidth=2, opacity=0.6)
        .encode(x=x, y=y_low, y2="high:Q")
    )
    dots = _chart(points).mark_point(color=AI, filled=True, size=40, opacity=1).encode(x=x, y=y_mid)
    line = (
        _chart([{"chosen": value, "mid": value} for value in (low, high)])
        .mark_line(color="#888", strokeDash=[4, 4])
        .encode(x=x, y=y_mid)
    )
    n = sum(row["n"] for row in rows)
    reading = (
        f"On the dashed line the AI answered exactly when it chose to; of n = {n:,} answers, dots "
        "are the median, whiskers the middle 80 %, and what lies above was late."
    )
    return "Chosen delay against actual", reading, line + whiskers + dots


def _drift(report: Report) -> Sketch | None:
    rows = report.document.get("drift") or []
    n = sum(row["n"] for row in rows)
    if not n:
        return None
    points = [
        {"bucket": row["bucket"], "share": row["n"] / n, "label": f"{row['n']:,}"} for row in rows
    ]
    base = _chart(points).encode(
        x=alt.X("bucket:N", title="Sent − scheduled", sort=None, axis=_broken_labels(" ")),
        y=alt.Y("share:Q", title="Share of answers", axis=alt.Axis(format="%", tickCount=4)),
    )
    bars = base.mark_bar(color=AI)
    labels = base.mark_text(dy=-7, fontSize=12).encode(text="label:N")
    on_time = next(row["n"] for row in rows if row["bucket"].startswith("on time"))
    reading = (
        f"Of n = {n:,} AI answers with a job, {percent(on_time / n)} were sent within ten seconds "
        "of when they were due."
    )
    return "Drift", reading, bars + labels


def _heatmap(report: Report) -> Sketch | None:
    cells = [cell for cell in report.document.get("heatmap") or [] if cell["n"]]
    if not cells:
        return None
    points = [
        {"day": c["weekday"], "hour": c["hour"], "seconds": max(c["p50Ms"], 1000) / 1000}
        for c in cells
    ]
    low = math.floor(min(point["seconds"] for point in points))
    high = max(math.ceil(max(point["seconds"] for point in points)), low + 1)
    spec = (
        _chart(points)
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
        )
    )  # fmt: skip
    slowest = max(cells, key=lambda cell: cell["p50Ms"])
    n = sum(cell["n"] for cell in cells)
    reading = (
        f"Of n = {n:,} first responses, those to inbounds of {slowest['weekday']} "
        f"{slowest['hour']:02}:00 took longest, {duration(slowest['p50Ms'])} at the median "
        f"of {slowest['n']:,}."
    )
    return "When answers are slow", reading, spec


def _legend(low: int, high: int) -> alt.Legend:
    """A legend of durations in seconds that names both ends."""
    marks = {low: duration(low * 1000), high: duration(high * 1000)}
    words = "".join(f"datum.value == {second} ? '{name}' : " for second, name in marks.items())
    return alt.Legend(values=list(marks), labelExpr=f"{words}''", gradientLength=200)


def _trend(report: Report) -> Sketch | None:
    rows = [row for row in report.document.get("trend") or [] if row["n"]]
    if not rows:
        return None
    points = [
        {"period": row["period"], "which": which, "seconds": max(row[name], 1000) / 1000}
        for row in rows
        for which, name in (("p50", "p50Ms"), ("p90", "p90Ms"))
    ]
    low = min(point["seconds"] for point in points) / 1.2
    high = max(point["seconds"] for point in points) * 1.2
    names = ["p50", "p90"]
    spec = (
        _chart(points)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=25))
        .encode(
            x=alt.X("period:T", title="Inbound", axis=alt.Axis(labelOverlap=True, tickCount=6)),
            y=_log_seconds("seconds", "First response time", low, high, alt.Y),
            color=alt.Color("which:N", title=None,
                            scale=alt.Scale(domain=names, range=[OTHER, AI])),
            strokeDash=alt.StrokeDash("which:N", title=None,
                                      scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]])),
        )
    )  # fmt: skip
    last = rows[-1]
    reading = (
        f"In the period from {last['period']}, the last, half of n = {last['n']:,} first responses "
        f"came within {duration(last['p50Ms'])} and nine in ten within {duration(last['p90Ms'])}."
    )
    return "Trend of first responses", reading, spec


_CHARTS: tuple[Callable[[Report], Sketch | None], ...] = (
    _speed,
    _rates("responseTime", "bucket", "Does speed go with bookings?", "First response time"),
    _rates("chosenDelay", "bucket", "Does the chosen delay go with bookings?", "Chosen delay"),
    _delay,
    _drift,
    _heatmap,
    _trend,
    _rates("trend", "period", "Trend of bookings", "Inbound"),
)
