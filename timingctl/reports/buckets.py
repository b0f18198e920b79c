"""Sections that sort first responses into buckets: one mechanism, the bounds are data."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from timingctl.grid import Grid, Heading, count, percent
from timingctl.reports.outcomes import HEADINGS, Counts, Outcomes, cells, outcomes
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

#: The greatest value of a bucket that has no upper bound.
OPEN = 2**63 - 1


class _Counted(Counts):
    bucket: str
    n: int


class Bucket(Outcomes):
    """A bucket of a measure, with the outcomes of the leads in it."""

    bucket: str
    n: int


BUCKET_COUNT = Relation("bucket_count", _Counted)


class Buckets(Listed[Bucket]):
    """A section that sorts first responses into buckets of a measure of bucket_count.sql.

    `greatest` has the buckets in order: the name, and the greatest whole value in it, in the
    measure's unit.
    """

    relations: ClassVar[Sequence[Relation[Any]]] = (BUCKET_COUNT,)
    record = Bucket
    measure: ClassVar[str]
    greatest: ClassVar[Sequence[tuple[str, int]]]
    title: ClassVar[str]
    column: ClassVar[str]
    is_of_ai: ClassVar[bool] = False

    def figures(self, given: Given) -> list[Bucket]:
        """A row a bucket, empty ones included."""
        counted = given.rows(
            BUCKET_COUNT,
            measure=self.measure,
            buckets=[name for name, _ in self.greatest],
            greatest=[value for _, value in self.greatest],
        )
        return [
            {
                "bucket": row["bucket"],
                "n": row["n"],
                **outcomes(row, has_bookings=given.has_bookings),
            }
            for row in counted
        ]

    def grids(self, figures: list[Bucket], about: About) -> list[Grid]:
        """A row a bucket; no table of the AI's answers where there are none."""
        if self.is_of_ai and not any(row["n"] for row in figures):
            return []
        headings = [Heading(self.column, number=False), Heading("n")]
        if about.has_bookings:
            headings += HEADINGS
        rows = [
            [row["bucket"], count(row["n"]), *(cells(row) if about.has_bookings else [])]
            for row in figures
        ]
        return [Grid(self.title, headings, rows)]


def rates(title: str, axis: str, buckets: Sequence[Bucket]) -> list[Sketch]:
    """A chart of the rates of booking by bucket, if there is any."""
    import altair as alt

    from timingctl.reports import charts

    known = [(rate, row) for row in buckets if (rate := row.get("rate")) is not None]
    if not known:
        return []
    highest, best = max(known, key=itemgetter(0))
    reading = (
        f"Of {sum(row['mature'] for row in buckets):,} mature leads, those of {best['bucket']} "
        f"booked most often, {percent(highest)} of {best['mature']:,}; whiskers are 95% "
        "intervals, and rates whose whiskers overlap may differ by chance alone."
    )
    x = alt.X("place:N", title=axis, sort=None, axis=charts.broken_labels("-"))
    rows = charts.rate_rows([(row["bucket"], row) for row in buckets])
    return [charts.Sketch(title, reading, charts.rates(rows, x, place=axis))]
