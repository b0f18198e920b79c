"""Grids in a terminal: rich tables that fit its width."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.cells import cell_len
from rich.table import Table

from timingctl.cli.render import Console, printable
from timingctl.grid import NOTHING, Grid, instant
from timingctl.reports.grids import grids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.differences import DiffDocument, Difference
    from timingctl.reports.figures import Report
    from timingctl.verify.matrix import Verdict

#: Longer text is shortened where it may be.
_WIDE = 18
#: Blanks between columns; one of them is the box's own.
_GAP = 2


def show_report(report: Report) -> None:
    """Print a report to stdout."""
    console = stdout()
    window = report.document["window"]
    since = instant(window["from"]) if window["from"] else "the first"
    console.print(
        f"Inbounds from {since} to {instant(window['to'])}, "
        f"as of {instant(report.document['asOf'])}",
        style="dim",
        highlight=False,
    )
    if report.events == 0:
        console.print("No events match.")
        return
    show_grids(grids(report))


def show_grids(found: Sequence[Grid]) -> None:
    """Print grids to stdout."""
    console = stdout()
    for grid in found:
        show(console, grid)


def show_sides(document: DiffDocument) -> None:
    """Print what a comparison calls here and there, and what it leaves out."""
    console = stdout()
    for label, side in (("− here ", document["here"]), ("+ there", document["there"])):
        console.print(f"{label}  {printable(side['name'])}", soft_wrap=True)
    if document["notCompared"]:
        console.print(f"Not compared: {', '.join(document['notCompared'])}", soft_wrap=True)


def show_differences(examples: Sequence[Difference]) -> None:
    """Print differences to stdout: an event, its columns, and what here (−) and there (+) say."""
    console = stdout()
    for (anchor, lead, channel), group in groupby(
        examples, key=itemgetter("inboundMessageId", "leadId", "channel")
    ):
        console.print()
        console.print(f"[bold]{printable(anchor)}[/bold]", soft_wrap=True)
        console.print(
            f"  lead {printable(lead)}, {printable(channel)}", style="dim", soft_wrap=True
        )
        for row in group:
            reason = f" · {row['reason']}" if row["reason"] else ""
            if row["column"] is None:
                console.print(f"  {row['kind']}{reason}")
                continue
            console.print(f"  {row['column']}{reason}")
            for sign, value in (("−", row["here"]), ("+", row["there"])):
                shown = NOTHING if value is None else printable(value)
                console.print(f"    {sign} {shown}", soft_wrap=True)


def show_findings(verdicts: Sequence[Verdict]) -> None:
    """Print what differs between the runs of cases, or from what is expected of them."""
    console = stdout()
    for verdict in verdicts:
        findings = {f"as given (−) and {name} (+)": f for name, f in verdict.runs.items()}
        findings["expected (−) and built (+)"] = verdict.expectation
        for sides, finding in findings.items():
            if finding is None:
                continue
            console.print()
            title = f"[bold]{printable(verdict.case.name)}[/bold], {sides}:"
            console.print(f"{title} {printable(finding.says)}", soft_wrap=True)
            if finding.diff:
                show_differences(finding.diff.document["examples"])


def stdout() -> Console:
    """A console on stdout; without a terminal it writes no escape codes, whatever is set."""
    return Console(force_terminal=sys.stdout.isatty(), highlight=False)


def show(console: Console, grid: Grid) -> None:
    """Print a grid; one too wide for the console in parts, each with the first column."""
    console.print()
    console.print(f"[bold]{printable(grid.title)}[/bold]")
    every = range(len(grid.headings))
    whole = _fitting(grid, every, console.width)
    if whole:
        console.print(_table(whole))
        return
    for part in sorted({heading.part for heading in grid.headings}):
        places = [0, *(place for place in every[1:] if grid.headings[place].part == part)]
        columns = _fitting(grid, places, console.width) or _columns(grid, places, _LAYOUTS[-1])
        console.print(_table(columns))


def _fitting(grid: Grid, places: Sequence[int], width: int) -> list[_Column] | None:
    """The columns in the roomiest layout that fits the width, if any does."""
    for layout in _LAYOUTS:
        columns = _columns(grid, places, layout)
        if sum(column.width for column in columns) + _GAP * (len(places) - 1) <= width:
            return columns
    return None


@dataclass(frozen=True)
class _Layout:
    """How titles save space: by wrapping, and by their short form."""

    wrap: bool
    short: bool


_LAYOUTS = (_Layout(False, False), _Layout(True, False), _Layout(True, True))


@dataclass(frozen=True)
class _Column:
    """A column as it is laid out; its figures never wrap."""

    title: str
    number: bool
    cells: Sequence[str]
    width: int


def _columns(grid: Grid, places: Sequence[int], layout: _Layout) -> list[_Column]:
    columns = []
    for place in places:
        heading = grid.headings[place]
        title = heading.short if layout.short and heading.short else heading.title
        texts = [row[place] for row in grid.rows]
        cells = [printable(shortened(text) if heading.wide else text) for text in texts]
        words = title.split() if layout.wrap else [title]
        width = max(map(cell_len, ["", *words, *cells]))
        columns.append(_Column(title, heading.number, cells, width))
    return columns


def _table(columns: Sequence[_Column]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, _GAP - 1, 0, 0),
        pad_edge=False,
        show_edge=False,
        show_header=any(column.title for column in columns),
    )
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.number else "left"
        table.add_column(column.title, justify=justify, width=column.width)
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*cells, style="dim" if set(cells[1:]) == {NOTHING} else None)
    return table


def shortened(text: str) -> str:
    """Text of at most _WIDE characters; of longer text the beginning and the end."""
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 7]}…{text[-6:]}"
