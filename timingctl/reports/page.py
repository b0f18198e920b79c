"""A report as one self-contained HTML page: no network, readable without scripts and on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from timingctl.replacing import replacing
from timingctl.reports import scripts, wording
from timingctl.reports.charts import Chart, drawn
from timingctl.reports.grids import shown
from timingctl.reports.headline import Headline
from timingctl.reports.outcomes import RATE_COUNTS
from timingctl.scratch import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from timingctl.grid import Grid, Heading
    from timingctl.reports.figures import Report
    from timingctl.reports.picks import Picks


def write_page(report: Report, path: Path, lock_timeout: str = LOCK_TIMEOUT) -> None:
    """Write the page whole or not at all. Raises SettingsError when it cannot be written."""
    text = page(report)
    with replacing([path], (), lock_timeout) as [temporary]:
        temporary.write_text(text, encoding="utf-8")


def page(report: Report) -> str:
    """The page as text."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    # First those that the pickers change; the others stand by themselves.
    sketches = sorted(report.sketches, key=lambda sketch: not sketch.key)
    charts = drawn(sketches) if report.events else []
    style, script = scripts.asset("page.css"), scripts.asset("page.js")
    vega = scripts.vega() if charts else ""
    policy = scripts.policy([style], filter(None, [vega, script]))
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Response times</title>\n<style>{style}</style>\n</head>\n<body>"
    yield "<h1>Response times</h1>"
    if finding := wording.finding(report):
        yield f'<p class="finding">{html_text(finding)}</p>'
    for sentence in wording.about(report):
        yield f'<p class="soft">{html_text(sentence)}</p>'
    notes = [f'<p class="soft">{html_text(said)}</p>' for said in wording.notes(report)]
    if report.events == 0:
        yield from ("<p>No events match.</p>", *notes)
    yield from _body(report, charts)
    if report.events and notes:
        yield from ("<h2>Notes</h2>", *notes)
    if report.events:
        told = scripts.told(charts, report.picks, _cards(report))
        yield f'<script type="application/json" id="told">{told}</script>'
    if vega:
        yield f"<script>{vega}</script>"
    yield f"<script>{script}</script>"
    yield "</body>\n</html>"


def _body(report: Report, charts: Sequence[Chart]) -> Iterator[str]:
    if report.picks:
        yield from _pickers(report.picks)
    if cards := _cards(report):
        yield '<ul class="cards">'
        yield from (
            f"<li><b>{html_text(value)}</b> {html_text(name)}</li>" for value, name in cards
        )
        yield "</ul>"
    of_picks = [chart for chart in charts if chart.sketch.key]
    others = [chart for chart in charts if not chart.sketch.key]
    for title, found in (("Speed and trend", of_picks), ("More charts", others)):
        if found:
            yield f'<h2>{title}</h2>\n<div class="charts">'
            yield from map(html_figure, found)
            yield "</div>"
    for grid in shown(report, on_page=True):
        yield f"<h2>{html_text(wording.table(grid.title))}</h2>"
        yield from html_table(grid, wording.rows(grid, of_ai=wording.has_ai(report)))


def _cards(report: Report) -> list[tuple[str, str]]:
    """The figures to remember."""
    overview = report.document.get("overview")
    if overview is None or not report.events:
        return []
    speed = overview["responseTime"]
    buckets, waits = report.document.get("responseTime", []), report.document.get("waits", [])
    booked, not_booked, pending = (sum(row.get(name, 0) for row in buckets) for name in RATE_COUNTS)
    return Headline(
        events=overview["events"],
        first=report.first_responses,
        first_by_ai=overview["firstBy"]["ai"],
        setter=speed["setter"]["n"],
        ai=speed["ai"]["n"],
        first_ms=speed["first"]["p50Ms"],
        setter_ms=speed["setter"]["p50Ms"],
        ai_ms=speed["ai"]["p50Ms"],
        bookings=(booked, not_booked, pending) if report.has_bookings else None,
        open=overview["open"]["inbounds"] if "open" in overview else None,
        waiting=next((row["n"] for row in waits if row["endedBy"] == "open"), None),
    ).cards


def _pickers(picks: Picks) -> Iterator[str]:
    """A list of clients and one of channels, which scripts show; null in a list: the others."""
    yield '<form class="pickers" hidden>'
    for name, offered in (("client", picks.clients), ("channel", picks.channels)):
        if len(offered) > 1:
            names = ["All others" if one is None else html_text(one) for one in offered]
            options = "".join(
                f'<option value="{place}">{title}</option>' for place, title in enumerate(names)
            )
            yield (
                f'<label>{name.capitalize()} <select id="{name}" name="{name}">'
                f'<option value="">All {name}s</option>{options}</select></label>'
            )
    yield '<span class="soft" role="status"></span></form>'


def html_figure(chart: Chart) -> str:
    """A chart with its title and its finding, which screen readers read, too."""
    sketch = chart.sketch
    said = html_text(f"{sketch.title}. {sketch.reading}")
    labelled = chart.svg.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)
    return (
        f"<figure>\n<h3>{html_text(sketch.title)}</h3>\n"
        f"<figcaption>{html_text(sketch.reading)}</figcaption>\n"
        f'<div class="still">{labelled}</div>\n</figure>'
    )


def html_table(grid: Grid, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A grid as a table in a box of its own, which scrolls where the screen is narrow."""
    kinds = list(map(_kind, grid.headings))
    yield '<div class="table"><table>'
    if any(heading.title for heading in grid.headings):
        cells = "".join(
            f"<th{kind}>{html_text(wording.column(heading.title))}</th>"
            for kind, heading in zip(kinds, grid.headings, strict=True)
        )
        yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for row in rows:
        cells = "".join(
            f"<td{kind}>{html_text(text)}</td>" for kind, text in zip(kinds, row, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody>\n</table></div>"


def _kind(heading: Heading) -> str:
    """What a column is, for the page's style and for sorting."""
    if heading.number:
        return ' class="number"'
    return ' class="wide"' if heading.wide else ""


def html_text(text: str) -> str:
    """Text that is only text in HTML; control characters are shown, not obeyed."""
    return escape("".join(c if c.isprintable() else ascii(c)[1:-1] for c in text))
