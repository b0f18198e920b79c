"""Delays that the AI chose, in buckets, with what was booked; and how long they really were."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from timingctl.reports.buckets import OPEN, Bucket, Buckets, rates
from timingctl.reports.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given


class _Bin(TypedDict):
    n: int
    chosenSeconds: float
    actualSeconds: list[float]


BIN = Relation("delay_bin", _Bin)


class ChosenDelay(Buckets):
    """Chosen delays. Lower bounds are included, and 420 s belongs to 390-420s."""

    name = "chosen-delay"
    relations = (*Buckets.relations, BIN)
    measure = "aiChosenDelaySeconds"
    greatest = (
        ("<180s", 179),
        ("180-210s", 209),
        ("210-270s", 269),
        ("270-330s", 329),
        ("330-390s", 389),
        ("390-420s", 420),
        (">420s", OPEN),
    )
    title = "Chosen delay, where the AI was first (windows differ in more: see effects)"
    is_of_ai = True
    column = "Delay"

    def sketches(self, figures: list[Bucket], given: Given) -> list[Sketch]:
        """The rate of booking in each bucket, and the actual delays."""
        bins = given.rows(BIN)
        return [
            *rates("Does the chosen delay go with bookings?", "Chosen delay", figures),
            *([_against_actual(bins)] if bins else []),
        ]


def _against_actual(bins: Sequence[_Bin]) -> Sketch:
    import altair as alt

    from timingctl.grid import duration
    from timingctl.reports.charts import AI, Sketch, chart, log_seconds, tips

    points = [
        {
            "chosen": row["chosenSeconds"], "low": low, "mid": mid, "high": high, "n": row["n"],
            "chosenSaid": duration(row["chosenSeconds"] * 1000), "midSaid": duration(mid * 1000),
            "lowSaid": duration(low * 1000), "highSaid": duration(high * 1000),
        }
        for row in bins
        for low, mid, high in [row["actualSeconds"]]
    ]  # fmt: skip
    said = tips(chosenSaid="Chosen delay", midSaid="Actual: median", lowSaid="1 of 10 within",
                highSaid="9 of 10 within", n="Answers|,")  # fmt: skip
    ends = [(row["chosenSeconds"], *row["actualSeconds"]) for row in bins]
    low, high = min(map(min, ends)) / 1.1, max(map(max, ends)) * 1.1
    x = log_seconds("chosen", "Chosen delay", low, high)
    y_low = log_seconds("low", "Actual delay", low, high, alt.Y)
    y_mid = log_seconds("mid", "Actual delay", low, high, alt.Y)
    whiskers = (
        chart(points)
        .mark_rule(color=AI, strokeWidth=2, opacity=0.6)
        .encode(x=x, y=y_low, y2="high:Q", tooltip=said)
    )
    dots = (
        chart(points)
        .mark_point(color=AI, filled=True, size=40, opacity=1)
        .encode(x=x, y=y_mid, tooltip=said)
    )
    line = (
        chart([{"chosen": value, "mid": value} for value in (low, high)])
        .mark_line(color="#888", strokeDash=[4, 4])
        .encode(x=x, y=y_mid)
    )
    n = sum(row["n"] for row in bins)
    reading = (
        f"On the dashed line the AI answered exactly when it chose to; of n = {n:,} answers, dots "
        "are the median, whiskers the middle 80 %, and what lies above was late."
    )
    return Sketch("Chosen delay against actual", reading, line + whiskers + dots)
