"""A report as one self-contained HTML page: no network, no scripts, readable on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from timingctl.grid import Grid, duration, percent
from timingctl.replacing import replacing
from timingctl.reports.charts import Chart, drawn
from timingctl.reports.grids import shown
from timingctl.reports.header import header
from timingctl.reports.outcomes import RATE_COUNTS, rate
from timingctl.scratch import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timingctl.reports.figures import Report

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --rule: #d0d7de;
  --paper: #fff; --card: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --rule: #3d444d;
  --paper: #0d1117; --card: #161b22; } }
@media print { :root { --ink: #000; --soft: #333; --rule: #999; --paper: #fff; --card: #fff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 70rem; background: var(--paper);
  color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
h3 { margin: 0 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; }
.soft, figcaption { color: var(--soft); overflow-wrap: anywhere; }
.cards { display: grid; gap: .75rem; margin: 1.25rem 0; padding: 0; list-style: none;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.cards li { padding: .75rem 1rem; border: 1px solid var(--rule); border-radius: .5rem;
  background: var(--card); }
.cards b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.charts { display: grid; gap: 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
figure { margin: 0; break-inside: avoid; min-width: 0; }
figcaption { font-size: .9rem; margin-bottom: .5rem; }
svg { display: block; width: 100%; height: auto; max-width: 36rem; }
svg text { fill: var(--ink); }
svg .role-axis-grid line, svg .role-axis-tick line, svg .role-axis-domain line {
  stroke: var(--rule); }
@media (prefers-color-scheme: dark) {
  svg [stroke="#0072B2"] { stroke: #56b4e9; } svg [fill="#0072B2"] { fill: #56b4e9; }
  svg [stroke="#D55E00"] { stroke: #ff8c3b; } svg [fill="#D55E00"] { fill: #ff8c3b; } }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; white-space: nowrap;
  border-bottom: 1px solid var(--rule); }
th { vertical-align: bottom; }
th.number, td.number { text-align: right; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } .table { overflow: visible; }
  table { font-size: 8pt; } tr, li { break-inside: avoid; } thead { display: table-header-group; }
  th, td { padding-right: .4rem; } }
"""


def write_page(report: Report, path: Path, lock_timeout: str = LOCK_TIMEOUT) -> None:
    """Write the page whole or not at all. Raises SettingsError when it cannot be written."""
    text = page(report)
    with replacing([path], (), lock_timeout) as [temporary]:
        temporary.write_text(text, encoding="utf-8")


def page(report: Report) -> str:
    """The page as text."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Response times</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield "<h1>Response times</h1>"
    for sentence in _about(report):
        yield f'<p class="soft">{_text(sentence)}</p>'
    if report.events == 0:
        yield "<p>No events match.</p>"
    yield from _body(report)
    yield "</body>\n</html>"


def _body(report: Report) -> Iterator[str]:
    headline = list(_headline(report)) if report.events else []
    if headline:
        yield '<ul class="cards">'
        yield from (f"<li><b>{_text(value)}</b> {_text(name)}</li>" for name, value in headline)
        yield "</ul>"
    if report.events and report.sketches:
        yield '<h2>Charts</h2>\n<div class="charts">'
        yield from map(_figure, drawn(report.sketches))
        yield "</div>"
    for grid in shown(report):
        yield f"<h2>{_text(grid.title)}</h2>"
        yield from _table(grid)


def _about(report: Report) -> Iterator[str]:
    """What the page is about, and what the reader should know."""
    document = report.document
    yield from header(report)
    if report.has_bookings:
        yield (
            f"A booking counts for {document['attributionDays']} days after the lead's first "
            f"response; without one the lead is pending for {document['maturityDays']} days."
        )
    yield from report.notes


def _headline(report: Report) -> Iterator[tuple[str, str]]:
    """The figures to remember: name and value."""
    overview = report.document.get("overview")
    if overview is None:
        return
    speed = overview["responseTime"]
    yield "events", f"{overview['events']:,}"
    yield "median first response", duration(speed["first"]["p50Ms"])
    yield "median of setters", duration(speed["setter"]["p50Ms"])
    yield "median of the AI", duration(speed["ai"]["p50Ms"])
    if report.first_responses:
        yield (
            "answered first by the AI",
            percent(overview["firstBy"]["ai"] / report.first_responses),
        )
    buckets = report.document.get("responseTime", [])
    if report.has_bookings:
        counts = (sum(row[name] for row in buckets) for name in RATE_COUNTS)
        found = rate(*counts)
        if found["mature"]:
            yield f"of {found['mature']:,} mature leads booked", percent(found["rate"])
    if "open" in overview:
        yield "open inbounds", f"{overview['open']['inbounds']:,}"


def _figure(chart: Chart) -> str:
    labelled = chart.svg.replace("<svg ", f'<svg role="img" aria-label="{_text(chart.title)}" ', 1)
    return (
        f"<figure>\n<h3>{_text(chart.title)}</h3>\n"
        f"<figcaption>{_text(chart.reading)}</figcaption>\n{labelled}\n</figure>"
    )


def _table(grid: Grid) -> Iterator[str]:
    kinds = [' class="number"' if heading.number else "" for heading in grid.headings]
    yield '<div class="table"><table>'
    if any(heading.title for heading in grid.headings):
        cells = "".join(
            f"<th{kind}>{_text(heading.title)}</th>"
            for kind, heading in zip(kinds, grid.headings, strict=True)
        )
        yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for row in grid.rows:
        cells = "".join(
            f"<td{kind}>{_text(text)}</td>" for kind, text in zip(kinds, row, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody>\n</table></div>"


def _text(text: str) -> str:
    """Text that is only text in HTML; control characters are shown, not obeyed."""
    return escape("".join(c if c.isprintable() else ascii(c)[1:-1] for c in text))
