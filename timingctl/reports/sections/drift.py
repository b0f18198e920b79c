"""Drift of the AI's answers, sent minus scheduled, in buckets, with what was booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.grid import percent
from timingctl.reports.buckets import OPEN, Bucket, Buckets
from timingctl.reports.implausible import IMPLAUSIBLE, counted_apart
from timingctl.reports.outcomes import Counts, outcomes
from timingctl.reports.relation import Relation

if TYPE_CHECKING:
    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

_SECOND = 1_000_000
_ON_TIME = "on time ±10s"


class _Counted(Counts):
    n: int


APART = Relation("implausible_drift", _Counted)


class Drift(Buckets):
    """Drift. Upper bounds are included, and both ends of on time.

    Drifts that no clock gives have a row of their own, where there are any.
    """

    name = "drift"
    relations = (*Buckets.relations, APART)
    measure = "driftUs"
    greatest = (
        (">10s early", -10 * _SECOND - 1),
        (_ON_TIME, 10 * _SECOND),
        ("10-60s late", 60 * _SECOND),
        ("1-5min late", 300 * _SECOND),
        (">5min late", OPEN),
    )
    title = "Drift (sent − scheduled), where the AI was first"
    is_of_ai = True
    column = "Drift"

    def figures(self, given: Given) -> list[Bucket]:
        """A row a bucket, and one for what is implausible, if anything is."""
        found = super().figures(given)
        for row in given.rows(APART):
            counted = outcomes(row, has_bookings=given.has_bookings)
            found.append({"bucket": IMPLAUSIBLE, "n": row["n"], **counted})
            given.implausible.extend(counted_apart(self.name, row["n"], "answers"))
        return found

    def sketches(self, figures: list[Bucket], given: Given) -> list[Sketch]:
        """The share of answers in each bucket."""
        del given
        buckets = [row for row in figures if row["bucket"] != IMPLAUSIBLE]
        n = sum(row["n"] for row in buckets)
        return [_shares(buckets, n)] if n else []


def _shares(figures: list[Bucket], n: int) -> Sketch:
    import altair as alt

    from timingctl.reports.charts import AI, Sketch, broken_labels, chart, tips

    points = [
        {"bucket": row["bucket"], "share": row["n"] / n, "label": f"{row['n']:,}"}
        for row in figures
    ]
    base = chart(points).encode(
        x=alt.X("bucket:N", title="Sent − scheduled", sort=None, axis=broken_labels(" ")),
        y=alt.Y("share:Q", title="Share of answers", axis=alt.Axis(format="%", tickCount=4)),
        tooltip=tips(bucket="Sent", share="Share of answers|.1%", label="Answers"),
    )
    bars = base.mark_bar(color=AI)
    labels = base.mark_text(dy=-7, fontSize=12).encode(text="label:N")
    on_time = next(row["n"] for row in figures if row["bucket"] == _ON_TIME)
    reading = (
        f"Of n = {n:,} AI answers with a job, {percent(on_time / n)} were sent within ten seconds "
        "of when they were due."
    )
    return Sketch("Drift", reading, bars + labels)
