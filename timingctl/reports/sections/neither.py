"""Neither: who answered first when neither a setter nor the AI did."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.inboxes.words import FIRST_OUTBOUND_BY
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import percentiles

if TYPE_CHECKING:
    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

_WORDS = {
    "setter": "A setter, with a user id",
    "setterUnknown": "A setter without a user id",
    "ai": "The AI, from the event's draft",
    "aiOther": "The AI, from another draft or none",
    "campaign": "A campaign",
    "other": "Somebody or something else",
}
#: The same below a bar.
_LABELS = {
    "setter": "setter",
    "setterUnknown": "setter without id",
    "ai": "AI",
    "aiOther": "AI, another draft",
    "campaign": "campaign",
    "other": "other",
}


class _Counted(TypedDict):
    firstOutboundBy: str
    n: int
    quantilesMs: list[float]
    exampleInboundMessageId: str


class FirstOutbound(TypedDict):
    """Anchors that neither answered, by who sent the first outbound after them.

    `share` is of all of them, `p50Ms` the median from the anchor to that outbound.
    """

    firstOutboundBy: str
    n: int
    share: float
    p50Ms: float | None
    exampleInboundMessageId: str


NEITHER = Relation("neither", _Counted)


class Neither(Listed[FirstOutbound]):
    """Who answered first when neither did. Kinds that do not occur are left out."""

    name = "neither"
    relations = (NEITHER,)
    record = FirstOutbound
    needs_inbox = True

    def figures(self, given: Given) -> list[FirstOutbound]:
        """A row a kind of sender, in the order of the inbox's contract."""
        counted = given.rows(NEITHER)
        rows = sorted(counted, key=lambda row: FIRST_OUTBOUND_BY.index(row["firstOutboundBy"]))
        n = sum(row["n"] for row in rows)
        return [
            {
                "firstOutboundBy": row["firstOutboundBy"],
                "n": row["n"],
                "share": row["n"] / n,
                "p50Ms": percentiles(row["quantilesMs"], 1)[0],
                "exampleInboundMessageId": row["exampleInboundMessageId"],
            }
            for row in rows
        ]

    def grids(self, figures: list[FirstOutbound], about: About) -> list[Grid]:
        """A row a kind of sender; nothing where there is none."""
        del about
        headings = [
            Heading("First outbound by", number=False),
            *map(Heading, ("n", "Share")),
            Heading("Median after", short="After"),
            Heading("For example, the answer to", number=False, wide=True, short="Example"),
        ]
        rows = [
            [
                _WORDS[row["firstOutboundBy"]],
                count(row["n"]),
                percent(row["share"]),
                duration(row["p50Ms"]),
                row["exampleInboundMessageId"],
            ]
            for row in figures
        ]
        return [Grid("Answered by neither", headings, rows)] if rows else []

    def sketches(self, figures: list[FirstOutbound], given: Given) -> list[Sketch]:
        """The share of each kind."""
        del given
        return [_shares(figures)] if figures else []


def _shares(figures: list[FirstOutbound]) -> Sketch:
    import altair as alt

    from timingctl.reports.charts import OTHER, Sketch, broken_labels, chart, tips

    points = [
        {"by": _LABELS[row["firstOutboundBy"]], "share": row["share"], "label": f"{row['n']:,}"}
        for row in figures
    ]
    base = chart(points).encode(
        x=alt.X("by:N", title="First outbound by", sort=None, axis=broken_labels(" ")),
        y=alt.Y("share:Q", title="Share", axis=alt.Axis(format="%", tickCount=4)),
        tooltip=tips(by="First outbound by", share="Share|.1%", label="Inbounds"),
    )
    bars = base.mark_bar(color=OTHER)
    labels = base.mark_text(dy=-7, fontSize=12).encode(text="label:N")
    n = sum(row["n"] for row in figures)
    most = max(figures, key=lambda row: row["n"])
    reading = (
        f"Of n = {n:,} anchors that neither a setter nor the AI's draft answered, "
        f"{percent(most['share'])} have as their first outbound: {_WORDS[most['firstOutboundBy']]}."
    )
    return Sketch("Answered by neither", reading, bars + labels)
