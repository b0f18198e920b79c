"""Responders: who was first, how fast, and what was booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.reports.breakdown import BREAKDOWN, Counted, counted, setter_names
from timingctl.reports.outcomes import HEADINGS, Outcomes, cells, outcomes
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timingctl.reports.given import Given


class Responder(Outcomes):
    """A first responder: ``ai`` or ``user:ID``, with the response times in milliseconds."""

    key: str
    label: str
    responses: int
    meanMs: float | None
    p50Ms: float | None
    p90Ms: float | None
    within5MinShare: float


_WITHIN_MS = 300_000


class Responders(Listed[Responder]):
    """First responders, the one with the most eligible leads first."""

    name = "responders"
    relations = (BREAKDOWN,)
    record = Responder

    def figures(self, given: Given) -> list[Responder]:
        """The first so many as are asked for, and a note of the others.

        Without outcomes the one with the most responses is first; of equal ones the lesser key.
        """
        groups, top = counted(given, ["responder"], targets=[_WITHIN_MS]), given.options.top
        if top and len(groups) > top:
            given.notes.append(
                f"{top} of {len(groups):,} responders are shown; --top {len(groups)} shows all."
            )
        has_bookings, names = given.has_bookings, setter_names(given)

        def size(row: Counted) -> int:
            return row["booked"] + row["notBooked"] if has_bookings else row["n"]

        ordered = sorted(groups, key=lambda row: (-size(row), row["firstKey"] or ""))
        return [_responder(row, names, has_bookings=has_bookings) for row in ordered[:top]]

    def grids(self, figures: list[Responder], about: About) -> list[Grid]:
        """A row a responder."""
        titles = ("Responses", "Share", "p50", "p90", "Mean", "≤ 5 min")
        headings = [Heading("First responder", number=False, wide=True), *map(Heading, titles)]
        if about.has_bookings:
            headings += HEADINGS
        rows = [
            [
                row["label"],
                count(row["responses"]),
                percent(row["responses"] / about.first_responses),
                duration(row["p50Ms"]),
                duration(row["p90Ms"]),
                duration(row["meanMs"]),
                percent(row["within5MinShare"]),
                *(cells(row) if about.has_bookings else []),
            ]
            for row in figures
        ]
        return [Grid("Responders", headings, rows)]


def _responder(row: Counted, names: Mapping[str, str], *, has_bookings: bool) -> Responder:
    p50, p90 = percentiles(row["quantilesMs"], 2)
    key, [within] = row["firstKey"] or "", row["within"]
    return {
        "key": key,
        "label": "AI" if key == "ai" else names.get(key, key.removeprefix("user:")),
        "responses": row["n"],
        "meanMs": plain(row["meanMs"]),
        "p50Ms": p50,
        "p90Ms": p90,
        "within5MinShare": within / row["n"],
        **outcomes(row, has_bookings=has_bookings),
    }
