"""The page's pictures: rates by fifth of the delay, the curve of answered shares, bookings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from timingctl.grid import count
from timingctl.reports.charts import AI, OTHER, SETTER, Sketch, broken_labels, chart, log_seconds

if TYPE_CHECKING:
    from timingctl.effects.document import Booking, Delay, Document
    from timingctl.effects.waits import Curve

_PERCENTS = alt.Axis(format="%", tickCount=5)
#: What is under a second is drawn at a second.
_LEAST_MS = 1_000


def sketches(document: Document, curve: Curve | None) -> list[Sketch]:
    """The pictures of the sections that were asked for; none that would be empty."""
    is_booked = document["filters"]["outcome"] == "booked"
    found = []
    delay = document.get("delay")
    if delay and delay["status"] == "estimated" and any(row["leads"] for row in delay["fifths"]):
        found.append(_by_fifth(delay, is_booked=is_booked))
    if curve and len(curve.rows) > 1:
        found.append(_answered(curve))
    bookings = document.get("bookings") or []
    if any(row["rate"] is not None for row in bookings):
        found.append(_by_bucket(bookings, is_booked=is_booked))
    return found


def _by_fifth(delay: Delay, *, is_booked: bool) -> Sketch:
    """The rate in each fifth of the window, with its interval."""
    rows = [{**row, "place": f"{row['fifth']} of 5"} for row in delay["fifths"] if row["leads"]]
    title = "Booking rate" if is_booked else "Wrote back"
    x = alt.X("place:N", title="Fifth of the window: short delays first", sort=None,
              axis=alt.Axis(labelAngle=0))  # fmt: skip
    base = chart(rows)
    low = alt.Y("rateLow:Q", title=title, axis=_PERCENTS)
    whiskers = base.mark_rule(color=SETTER, strokeWidth=2).encode(x=x, y=low, y2="rateHigh:Q")
    dots = base.mark_point(color=SETTER, filled=True, size=70, opacity=1).encode(
        x=x, y=alt.Y("rate:Q", title=title, axis=_PERCENTS)
    )
    leads = sum(row["leads"] for row in delay["fifths"])
    reading = (
        f"Of {count(leads)} leads, by the delay that chance chose for them; whiskers are 95% "
        "intervals. Fifths mix windows; the estimate compares leads of one campaign and window."
    )
    return Sketch("Does a longer delay matter?", reading, whiskers + dots)


def _answered(curve: Curve) -> Sketch:
    """Shares answered by the AI and by a setter, one on the other; open ones are above."""
    names = ["AI", "Setter"]
    rows = []
    for row in curve.rows:
        seconds = max(row["ms"], _LEAST_MS) / 1000
        by_ai, both = row["byAi"], row["byAi"] + row["bySetter"]
        rows.append({"who": "AI", "seconds": seconds, "low": 0.0, "high": by_ai})
        rows.append({"who": "Setter", "seconds": seconds, "low": by_ai, "high": both})
    first, last = rows[0]["seconds"], rows[-1]["seconds"]
    x = log_seconds("seconds", "Time since the lead began to wait", float(str(first)),
                    float(str(last)))  # fmt: skip
    colour = alt.Color("who:N", title=None, scale=alt.Scale(domain=names, range=[AI, SETTER]))
    y = alt.Y("low:Q", title="Answered", axis=_PERCENTS, scale=alt.Scale(domain=[0, 1]))
    area = (
        chart(rows)
        .mark_area(interpolate="step-after", opacity=0.75)
        .encode(x=x, y=y, y2="high:Q", color=colour)
    )
    risk = "; ".join(f"{count(n)} {name}" for name, n in curve.at_risk)
    reading = (
        "Of all waits, open ones counted: by the AI below, by a setter on top of it, and what is "
        f"above is still open. Waits that lasted at least so long: {risk}."
    )
    return Sketch("How soon is a lead answered?", reading, area)


def _by_bucket(bookings: list[Booking], *, is_booked: bool) -> Sketch:
    """The rate followed as far as known, beside the plain share of the leads that are counted."""
    names = ["Recent leads counted", "Plain share"]
    rows: list[dict[str, object]] = []
    for row in bookings:
        whole = row["followed"] - row["censored"]
        plain = row["booked"] / whole if whole else None
        ends = {"low": row["rateLow"], "high": row["rateHigh"]}
        rows += [
            {"place": row["bucket"], "what": names[0], "rate": row["rate"], **ends},
            {"place": row["bucket"], "what": names[1], "rate": plain, "low": None, "high": None},
        ]
    shown = [row for row in rows if row["rate"] is not None]
    title = "Booking rate" if is_booked else "Wrote back"
    x = alt.X("place:N", title="First response time", sort=None, axis=broken_labels("-"))
    scale = alt.Scale(domain=names, range=[SETTER, OTHER])
    base = chart(shown).encode(x=x, xOffset=alt.XOffset("what:N", sort=names))
    whiskers = (
        base.transform_filter("datum.low !== null")
        .mark_rule(strokeWidth=2)
        .encode(
            y=alt.Y("low:Q", title=title, axis=_PERCENTS),
            y2="high:Q",
            color=alt.Color("what:N", title=None, scale=scale),
        )
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        y=alt.Y("rate:Q", title=title, axis=_PERCENTS),
        color=alt.Color("what:N", title=None, scale=scale),
        shape=alt.Shape("what:N", title=None, scale=alt.Scale(domain=names)),
    )
    followed = sum(row["followed"] for row in bookings)
    reading = (
        f"Of {count(followed)} leads. Descriptive, no effect of speed: leads answered fast differ "
        "in other ways. The plain share leaves out recent leads that have not "
        f"{'booked' if is_booked else 'written'}, and counts those that have: it is too high."
    )
    return Sketch("Response time and what came of it", reading, whiskers + dots)
