"""Grids in a terminal: rich tables that fit its width."""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.cells import cell_len
from rich.table import Table

from timingctl.cli.render import Console, printable
from timingctl.effects.formats import about
from timingctl.effects.parts import parts
from timingctl.grid import NOTHING, Grid
from timingctl.lists.figures import list_grid, list_header
from timingctl.reports.grids import shown
from timingctl.reports.header import header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from timingctl.differences import DiffDocument, Difference
    from timingctl.effects.figures import Effects
    from timingctl.lists.figures import List
    from timingctl.reports.figures import Report
    from timingctl.verify.matrix import Verdict

#: Longer text is shortened where it may be.
_WIDE = 18
#: Of what is no terminal: lines are as long as they have to be.
_ANY_WIDTH = 100_000
#: Sentences are broken into lines of so many characters at most.
_PROSE = 80
#: Where a title may be broken: not between ≤ and its number.
_WORDS = re.compile(r"≤ \S+|\S+")
#: Blanks between columns; one of them is the box's own.
_GAP = 2


def show_report(report: Report, *, brief: bool = False) -> None:
    """Print a report to stdout; a brief one is its summary."""
    console = stdout()
    for sentence in header(report):
        console.print(
            printable(sentence), style="dim", highlight=False, soft_wrap=not console.is_terminal
        )
    if report.events == 0:
        console.print("No events match.")
    show_grids(shown(report, brief=brief))


def show_effects(found: Effects) -> None:
    """Print effects to stdout: of each section what it says, then its tables."""
    console = stdout()
    _show_text(console, about(found.document), style="dim")
    for part in parts(found.document):
        console.print()
        console.print(f"[bold]{printable(part.title)}[/bold]")
        for sentence in part.sentences:
            _show_text(console, sentence)
        for grid in part.grids:
            show(console, grid)


def _show_text(console: Console, text: str, style: str | None = None) -> None:
    """Print a sentence, its lines broken at blanks and never wider than the screen."""
    for line in textwrap.wrap(text, min(console.width, _PROSE)):
        console.print(printable(line), style=style, highlight=False, soft_wrap=True)


def show_list(found: List) -> None:
    """Print a list to stdout."""
    console = stdout()
    document = found.document
    for line in list_header(found):
        console.print(printable(line), style="dim", soft_wrap=not console.is_terminal)
    if document["rows"]:
        show(console, list_grid(found))
    else:
        console.print("Nothing is on the list.")


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
    """Print a grid; one too wide for a terminal in parts, each with the grid's keys.

    Numbers are never cut, and ids only on a terminal. Elsewhere lines are as long as they have to
    be, and end without blanks.
    """
    if not console.is_terminal:
        wide = Console(width=_ANY_WIDTH, force_terminal=False, highlight=False)
        with wide.capture() as captured:
            wide.print()
            wide.print(f"[bold]{printable(grid.title)}[/bold]")
            for number, columns in enumerate(_parts(grid, console.width, may_shorten=False)):
                if number:
                    wide.print()
                wide.print(_table(columns))
        lines = captured.get().split("\n")
        print("\n".join(line.rstrip(" ") for line in lines), end="")
        return
    console.print()
    console.print(f"[bold]{printable(grid.title)}[/bold]")
    for number, columns in enumerate(_parts(grid, console.width, may_shorten=True)):
        if _width(columns) > console.width:
            _show_records(console, columns)
            continue
        if number:
            console.print()
        console.print(_table(columns))


def _show_records(console: Console, columns: Sequence[_Column]) -> None:
    """Print a line a cell, for a screen on which no two columns have room."""
    for cells in zip(*(column.cells for column in columns), strict=True):
        console.print()
        for column, cell in zip(columns, cells, strict=True):
            console.print(f"{column.title}: {cell}" if column.title else cell, soft_wrap=True)


def _parts(grid: Grid, width: int, *, may_shorten: bool) -> Iterator[list[_Column]]:
    """The grid's columns, in parts where they do not fit the width; what never fits is by itself.

    The lines of sentences are broken.
    """
    every = range(len(grid.headings))
    keys = every[: grid.keys]
    layouts = [layout for layout in _LAYOUTS if may_shorten or not layout.shortened]

    def fitting(places: Sequence[int]) -> list[_Column] | None:
        laid_out = (_columns(grid, places, layout) for layout in layouts)
        return next((columns for columns in laid_out if _width(columns) <= width), None)

    if whole := fitting(every):
        yield whole
        return
    if may_shorten and not any(heading.title or heading.number for heading in grid.headings):
        *before, sentences = columns = _columns(grid, every, layouts[0])
        narrowed = sentences.width - (_width(columns) - width)
        yield [*before, replace(sentences, width=max(narrowed, 1))]
        return
    parts = groupby(every[grid.keys :], key=lambda place: grid.headings[place].part)
    for places in _groups(
        [list(part) for _, part in parts],
        lambda places: fitting([*keys, *places]) is not None,
        may_split=may_shorten,
    ):
        yield fitting([*keys, *places]) or _columns(grid, [*keys, *places], layouts[-1])


def _groups(
    parts: Sequence[list[int]], fits: Callable[[Sequence[int]], bool], *, may_split: bool
) -> Iterator[list[int]]:
    """The columns of parts, of as many parts as fit; one that does not is split where it may be."""
    group: list[int] = []
    for part in parts:
        if fits([*group, *part]):
            group = [*group, *part]
            continue
        if group:
            yield group
        group = part
        while may_split and (
            n := next((n for n in range(len(group)) if not fits(group[: n + 1])), 0)
        ):
            yield group[:n]
            group = group[n:]
    yield group


def _width(columns: Sequence[_Column]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)


@dataclass(frozen=True)
class _Layout:
    """How space is saved: titles by wrapping and by their short form, ids by shortening."""

    wrap: bool
    short: bool
    shortened: bool = False


_LAYOUTS = (
    _Layout(False, False),
    _Layout(True, False),
    _Layout(True, True),
    _Layout(True, False, True),
    _Layout(True, True, True),
)


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
        is_shortened = layout.shortened and heading.wide
        cells = [printable(shortened(text) if is_shortened else text) for text in texts]
        words = _WORDS.findall(title) if layout.wrap else [title]
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
