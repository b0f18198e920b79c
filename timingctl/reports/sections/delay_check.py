"""The delay check: scheduled jobs against chosen delays, by window and month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from timingctl.grid import Grid, Heading, count, percent
from timingctl.reports.implausible import counted_apart
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.given import Given


class WindowMonth(TypedDict):
    """A delay window (null: none was known) in a month, with its jobs by verdict."""

    minSeconds: int | None
    maxSeconds: int | None
    month: str
    jobs: int
    match: int
    later: int
    earlier: int
    outsideWindow: int
    noWindow: int


class _Apart(TypedDict):
    implausible: int


class DelayCheckFigures(TypedDict):
    """All jobs by verdict, and by window and month.

    `implausible` counts those with a runAt that no clock gives, if there are any; they are in no
    other figure.
    """

    jobs: int
    match: int
    later: int
    earlier: int
    outsideWindow: int
    noWindow: int
    implausible: NotRequired[int]
    byWindowAndMonth: list[WindowMonth]


CHECK = Relation("delay_check", WindowMonth)
APART = Relation("implausible_run", _Apart)


class DelayCheck(Section[DelayCheckFigures]):
    """The delay check."""

    name = "delay-check"
    relations = (CHECK, APART)
    record = WindowMonth

    def figures(self, given: Given) -> DelayCheckFigures:
        """The jobs of each window and month, and their sums."""
        rows, [odd] = given.rows(CHECK), given.rows(APART)
        figures: DelayCheckFigures = {
            "jobs": sum(row["jobs"] for row in rows),
            "match": sum(row["match"] for row in rows),
            "later": sum(row["later"] for row in rows),
            "earlier": sum(row["earlier"] for row in rows),
            "outsideWindow": sum(row["outsideWindow"] for row in rows),
            "noWindow": sum(row["noWindow"] for row in rows),
            "byWindowAndMonth": rows,
        }
        if odd["implausible"]:
            figures["implausible"] = odd["implausible"]
            given.implausible.extend(counted_apart(self.name, odd["implausible"], "jobs"))
        return figures

    def records(self, figures: DelayCheckFigures) -> Sequence[WindowMonth]:
        """A row a window and month."""
        return figures["byWindowAndMonth"]

    def grids(self, figures: DelayCheckFigures, about: About) -> list[Grid]:
        """A row a window and month, and their sum."""
        del about
        implausible = figures.get("implausible", 0)
        if not (figures["jobs"] or implausible):
            return []
        titles = ("Jobs", "Match", "Later", "Earlier", "Outside window", "No window")
        headings = [
            Heading("Window", number=False),
            Heading("Month", number=False),
            *map(Heading, titles),
            Heading("Match share", short="Share"),
        ]
        rows = [
            [_window(row), row["month"], *_verdicts(row)] for row in figures["byWindowAndMonth"]
        ]
        rows.append(["All", "", *_verdicts(figures)])
        if implausible:
            rows.append(["Implausible", "", count(implausible), *[""] * 6])
        return [Grid("Delay check: runAt − inboundSentAt against the chosen delay", headings, rows)]


def _window(row: WindowMonth) -> str:
    return "none" if row["minSeconds"] is None else f"{row['minSeconds']}–{row['maxSeconds']}s"


def _verdicts(row: WindowMonth | DelayCheckFigures) -> list[str]:
    with_window = row["jobs"] - row["noWindow"]
    counts = (
        *(row["jobs"], row["match"], row["later"], row["earlier"]),
        *(row["outsideWindow"], row["noWindow"]),
    )
    return [*map(count, counts), percent(row["match"] / with_window if with_window else None)]
