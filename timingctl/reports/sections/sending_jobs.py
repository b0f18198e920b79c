"""Sending jobs: what became of the jobs that send drafts, how they were scheduled, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.inboxes.words import OUTCOMES, SCHEDULES
from timingctl.reports.implausible import counted_apart
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Section
from timingctl.reports.statistics import percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

_OUTCOMES = {
    "sent": "Sent",
    "setterFirst": "A setter was first",
    "newInbound": "The lead wrote again",
    "otherOutbound": "Something else was sent",
    "failed": "Failed",
    "due": "Not due yet",
    "unexplained": "Unexplained",
}
_SCHEDULES = {
    "match": "As chosen",
    "clamped": "Later: 30 s from then",
    "opening": "Later: the next opening",
    "retried": "Later: tried again",
    "later": "Later",
    "earlier": "Earlier",
    "outsideWindow": "Outside the window",
    "noWindow": "No window",
}
#: What a job's columns are called, and their values.
WORDS = {"outcome": ("Outcome", _OUTCOMES), "schedule": ("Schedule", _SCHEDULES)}


class _Counted(TypedDict):
    by: str
    name: str | None
    period: str | None
    jobs: int
    sent: int
    due: int
    late: int
    withWindow: int
    queueMs: list[float] | None
    sendMs: list[float] | None


class _Odd(TypedDict):
    implausible: int
    withoutInbound: int
    leftOut: int


class Jobs(TypedDict):
    """Jobs that have something in common: the outcome or schedule of a `name`, or a period.

    `share` is of all jobs, `sentShare` of those that were due, `lateShare` of those with a window.
    The queue is from `runAt` to the start, sending from there to the first message; in ms.
    Null: there is none; of jobs that are in no figure all but `jobs`.
    """

    by: str
    name: str | None
    period: str | None
    jobs: int
    share: float | None
    sent: int | None
    sentShare: float | None
    late: int | None
    lateShare: float | None
    queueP50Ms: float | None
    queueP90Ms: float | None
    sendP50Ms: float | None
    sendP90Ms: float | None


class SendingJobsFigures(TypedDict):
    """Jobs: all, and by outcome, schedule and period.

    `implausible` ones, which no clock gives, are in no other figure; those without a known
    inbound are in no period and no time.
    """

    implausible: int
    withoutInbound: int
    all: Jobs
    byOutcome: list[Jobs]
    bySchedule: list[Jobs]
    byPeriod: list[Jobs]


COUNT = Relation("job_count", _Counted)
ODD = Relation("odd_job_count", _Odd)


class SendingJobs(Section[SendingJobsFigures]):
    """What became of the jobs that send drafts. What does not occur is left out."""

    name = "sending-jobs"
    tables = ("job_inbound", "asked_job")
    relations = (COUNT, ODD)
    record = Jobs
    needs_inbox = True
    places_jobs = True

    def figures(self, given: Given) -> SendingJobsFigures:
        """The jobs, counted and timed; a note where some are implausible."""
        counted, [odd] = given.rows(COUNT), given.rows(ODD)
        total = next(row["jobs"] for row in counted if row["by"] == "all")
        rows = [_jobs(row, total) for row in counted]
        by = {name: [row for row in rows if row["by"] == name] for name in ("all", "period")}
        given.implausible.extend(counted_apart(self.name, odd["implausible"], "jobs"))
        given.leaves_out(odd["leftOut"], "sending jobs")
        return {
            "implausible": odd["implausible"],
            "withoutInbound": odd["withoutInbound"],
            "all": by["all"][0],
            "byOutcome": _in_order(rows, "outcome", OUTCOMES),
            "bySchedule": _in_order(rows, "schedule", SCHEDULES),
            "byPeriod": by["period"],
        }

    def records(self, figures: SendingJobsFigures) -> Sequence[Jobs]:
        """All, then by outcome, schedule and period; last what is in no figure."""
        apart = [_apart(figures, name) for name in ("implausible", "withoutInbound")]
        return [
            figures["all"],
            *figures["byOutcome"],
            *figures["bySchedule"],
            *figures["byPeriod"],
            *apart,
        ]

    def grids(self, figures: SendingJobsFigures, about: About) -> list[Grid]:
        """A grid for the outcomes, the schedules and the periods; none without jobs."""
        del about
        if not (figures["all"]["jobs"] or figures["implausible"]):
            return []
        found = []
        for by, rows in (("outcome", figures["byOutcome"]), ("schedule", figures["bySchedule"])):
            title, words = WORDS[by]
            cells = [[words[row["name"] or ""], *_cells(row)] for row in rows]
            cells.append(["All", *_cells(figures["all"])])
            if figures["implausible"]:
                cells.append(["Implausible", count(figures["implausible"]), *[""] * 7])
            found.append(Grid(f"Sending jobs by {by}", _headings(title), cells))
        periods = [[row["period"] or "", *_cells(row)] for row in figures["byPeriod"]]
        if figures["withoutInbound"]:
            periods.append(["Inbound not known", count(figures["withoutInbound"]), *[""] * 7])
        return [*found, Grid("Sending jobs by period", _headings("Starting"), periods)]

    def sketches(self, figures: SendingJobsFigures, given: Given) -> list[Sketch]:
        """The shares of jobs that sent, and that were late, by period."""
        del given
        shown = [row for row in figures["byPeriod"] if row["sentShare"] is not None]
        return [_trend(shown, figures["all"])] if shown else []


def _jobs(row: _Counted, total: int) -> Jobs:
    due = row["jobs"] - row["due"]
    queue, send = percentiles(row["queueMs"], 2), percentiles(row["sendMs"], 2)
    return {
        "by": row["by"],
        "name": row["name"],
        "period": row["period"],
        "jobs": row["jobs"],
        "share": _share(row["jobs"], total),
        "sent": row["sent"],
        "sentShare": _share(row["sent"], due),
        "late": row["late"],
        "lateShare": _share(row["late"], row["withWindow"]),
        "queueP50Ms": queue[0],
        "queueP90Ms": queue[1],
        "sendP50Ms": send[0],
        "sendP90Ms": send[1],
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _in_order(rows: Sequence[Jobs], by: str, values: Sequence[str]) -> list[Jobs]:
    return sorted(
        (row for row in rows if row["by"] == by), key=lambda row: values.index(row["name"] or "")
    )


def _apart(figures: SendingJobsFigures, name: str) -> Jobs:
    number = figures["implausible"] if name == "implausible" else figures["withoutInbound"]
    return {
        "by": name, "name": None, "period": None, "jobs": number, "share": None,
        "sent": None, "sentShare": None, "late": None, "lateShare": None,
        "queueP50Ms": None, "queueP90Ms": None, "sendP50Ms": None, "sendP90Ms": None,
    }  # fmt: skip


def _headings(first: str) -> list[Heading]:
    return [
        Heading(first, number=False),
        *map(Heading, ("Jobs", "Share", "Sent", "Late")),
        Heading("Queue p50", part=1),
        Heading("p90", part=1),
        Heading("Send p50", part=1),
        Heading("p90", part=1),
    ]


def _cells(row: Jobs) -> list[str]:
    return [
        count(row["jobs"]),
        percent(row["share"]),
        percent(row["sentShare"]),
        percent(row["lateShare"]),
        *map(
            duration,
            (row["queueP50Ms"], row["queueP90Ms"], row["sendP50Ms"], row["sendP90Ms"]),
        ),
    ]


def _trend(rows: Sequence[Jobs], total: Jobs) -> Sketch:
    import altair as alt

    from timingctl.reports.charts import (
        AI,
        SETTER,
        Series,
        Sketch,
        chart,
        days,
        line,
        midnight,
        nearest,
        tips,
    )

    series = Series("which", ["Sent", "Scheduled late"], [SETTER, AI], [[1, 0], [6, 3]])
    points = [
        {"period": row["period"], "at": midnight(row["period"] or ""), "which": which,
         "share": share, "jobs": row["jobs"]}
        for row in rows
        for which, share in zip(
            series.names, (row["sentShare"], row["lateShare"]), strict=True
        )
    ]  # fmt: skip
    base = chart(points).encode(
        x=days(),
        y=alt.Y("share:Q", title="Share of jobs", axis=alt.Axis(format="%", tickCount=5)),
        color=series.colour,
    )
    said = tips(period="Starting", which="Jobs that were", share="Share|.1%", jobs="Jobs|,")
    lines = line(base, len(rows)).encode(strokeDash=series.dash)
    spec = lines + nearest(base, ["period", "which"], said)
    reading = (
        f"Of n = {total['jobs']:,} jobs, {percent(total['sentShare'])} of those that were due sent "
        f"their draft; {percent(total['lateShare'])} of those with a window were scheduled after "
        "the chosen delay."
    )
    return Sketch("Trend of sending jobs", reading, spec, series, is_by_period=True)
