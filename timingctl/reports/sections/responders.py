"""Responders: who was first, how fast, and what was booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.reports.outcomes import HEADINGS, Counts, Outcomes, cells, outcomes
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles, plain

if TYPE_CHECKING:
    from timingctl.reports.given import Given


class _Counted(Counts):
    key: str
    label: str
    responses: int
    meanMs: float
    quantilesMs: list[float]
    within5MinShare: float


class Responder(Outcomes):
    """A first responder: ``ai`` or ``user:ID``, with the response times in milliseconds."""

    key: str
    label: str
    responses: int
    meanMs: float | None
    p50Ms: float | None
    p90Ms: float | None
    within5MinShare: float


RESPONDER = Relation("responder", _Counted)


class Responders(Listed[Responder]):
    """First responders, the one with the most eligible leads first."""

    name = "responders"
    relations = (RESPONDER,)
    record = Responder

    def figures(self, given: Given) -> list[Responder]:
        """The first so many as are asked for, and a note of the others."""
        counted, top = given.rows(RESPONDER), given.options.top
        if top and len(counted) > top:
            given.notes.append(
                f"{top} of {len(counted):,} responders are shown; --top {len(counted)} shows all."
            )
        return [_responder(row, has_bookings=given.has_bookings) for row in counted[:top]]

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


def _responder(row: _Counted, *, has_bookings: bool) -> Responder:
    p50, p90 = percentiles(row["quantilesMs"], 2)
    return {
        "key": row["key"],
        "label": row["label"],
        "responses": row["responses"],
        "meanMs": plain(row["meanMs"]),
        "p50Ms": p50,
        "p90Ms": p90,
        "within5MinShare": row["within5MinShare"],
        **outcomes(row, has_bookings=has_bookings),
    }
