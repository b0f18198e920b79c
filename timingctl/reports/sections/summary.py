"""The summary: what matters most, on one screen, and how to ask for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.reports.breakdown import (
    BREAKDOWN,
    COVERED,
    Counted,
    Partial,
    counted,
    following,
)
from timingctl.reports.by import OPEN_BREAKDOWN
from timingctl.reports.dimensions import milliseconds
from timingctl.reports.outcomes import Rate, interval, rate
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Section
from timingctl.reports.sections.overview import Fact, flat
from timingctl.reports.statistics import percentiles, waiting_median

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from timingctl.reports.given import Given


class _Length(TypedDict):
    waitMs: int
    isAnswered: bool


class Answers(TypedDict):
    """Events, and who answered them first."""

    events: int
    firstBySetter: int
    firstByAi: int
    byNeither: int


class JobShare(TypedDict):
    """Sending jobs: all, those with a delay window, and of all what was late, or not sent."""

    jobs: int
    withWindow: int
    late: int
    unsent: int
    unexplained: int


ANSWERS = Relation("answer_count", Answers)
LENGTH = Relation("waited_length", _Length)
JOB_SHARE = Relation("job_share", JobShare)

#: What to ask next: options that work as they stand.
MORE = (
    "--by setter, --by client, --section trend, --from this-week --versus previous, "
    "--html page.html"
)


class Week(TypedDict):
    """A week by its first day: its first responses, and their median in ms."""

    week: str
    n: int
    p50Ms: float | None


class SummaryFigures(TypedDict, total=False):
    """The summary. Waits and jobs are an inbox's, `booked` needs lead data.

    `medianWaitMs` counts open waits, too. `weeks` are the last one that is whole, and the one
    before. Times are in ms.
    """

    events: int
    firstBySetter: int
    firstByAi: int
    byNeither: int
    p50Ms: float | None
    p90Ms: float | None
    within: dict[str, float | None]
    medianWaitMs: int | None
    open: int
    longestOpenMs: int | None
    booked: Rate
    weeks: list[Week]
    jobs: JobShare


class Summary(Section[SummaryFigures]):
    """The summary."""

    name = "summary"
    relations = (ANSWERS, BREAKDOWN, COVERED, OPEN_BREAKDOWN, LENGTH, JOB_SHARE)
    tables = ("asked_wait", "open_wait", "job_inbound", "asked_job")
    record = Fact
    on_request = True

    def figures(self, given: Given) -> SummaryFigures:
        """What matters most, of what the sources tell."""
        [counts] = given.rows(ANSWERS)
        targets = {target: milliseconds(target) for target in given.options.targets}
        places = sorted(set(targets.values()))
        weeks = counted(given, ["week"], targets=places, total=True)
        row = next((one for one in weeks if one["isTotal"]), None)
        p50, p90 = percentiles(row["quantilesMs"] if row else None, 2)
        figures: SummaryFigures = {
            "events": counts["events"],
            "firstBySetter": counts["firstBySetter"],
            "firstByAi": counts["firstByAi"],
            "byNeither": counts["byNeither"],
            "p50Ms": p50,
            "p90Ms": p90,
            "within": {
                target: row["within"][places.index(ms)] / row["n"] if row else None
                for target, ms in targets.items()
            },
            "weeks": _weeks(given, weeks),
        }
        if given.has_inbox:
            opened = _open(given)
            [jobs] = given.rows(JOB_SHARE)
            figures["medianWaitMs"] = waiting_median(**given.columns(LENGTH))
            figures["open"] = opened["open"]
            figures["longestOpenMs"] = opened["longestOpenMs"]
            figures["jobs"] = jobs
        if given.has_bookings:
            booked = (row["booked"], row["notBooked"], row["bookedPending"]) if row else (0, 0, 0)
            figures["booked"] = rate(*booked)
        return figures

    def records(self, figures: SummaryFigures) -> Sequence[Mapping[str, object]]:
        """A row a figure."""
        return [{"figure": name, "value": value} for name, value in _told(figures)]

    def frame(self, figures: SummaryFigures, about: About) -> pl.DataFrame:
        """One row, a column a figure by its path: ``booked.rate``."""
        import polars as pl

        del about
        return pl.DataFrame([dict(_told(figures))])

    def tells_without_events(self, figures: SummaryFigures) -> bool:
        """What is open, if anything is."""
        del figures
        return True

    def grids(self, figures: SummaryFigures, about: About) -> list[Grid]:
        """A line a question."""
        del about
        lines = _now(figures)
        if figures["events"]:
            lines = [*_answers(figures), *lines, *_bookings(figures), *_troubles(figures)]
        headings = (Heading("", number=False), Heading("", number=False))
        return [Grid("Summary", headings, lines)] if lines else []


def _told(figures: SummaryFigures) -> Iterator[tuple[str, object]]:
    """Each figure by its path; a week's by its first day."""
    told: dict[str, Any] = {**figures}
    weeks = told.pop("weeks")
    told |= {f"week.{row['week']}": {"n": row["n"], "p50Ms": row["p50Ms"]} for row in weeks}
    return flat(told)


def _open(given: Given) -> Mapping[str, Any]:
    rows = given.rows(OPEN_BREAKDOWN, first=None, second=None)
    return rows[0] if rows else {"open": 0, "longestOpenMs": None}


def _weeks(given: Given, counts: Sequence[Counted]) -> list[Week]:
    """The last week that is whole, and the one before it; fewer where there are none."""
    partial = Partial(given)
    weeks: dict[str, Counted] = {row["firstKey"]: row for row in counts if row["firstKey"]}
    whole = [week for week in sorted(weeks) if not partial(("week", week))]
    pair = [week for week in whole[-2:] if following("week", week) >= whole[-1]]
    return [
        {
            "week": week,
            "n": weeks[week]["n"],
            "p50Ms": percentiles(weeks[week]["quantilesMs"], 2)[0],
        }
        for week in pair
    ]


def _answers(figures: SummaryFigures) -> list[tuple[str, str]]:
    first = figures["firstBySetter"] + figures["firstByAi"]
    who = f"{count(figures['firstBySetter'])} by a setter"
    if figures["firstByAi"]:
        who += f", {count(figures['firstByAi'])} by the AI"
    within = ", ".join(f"{percent(share)} in {name}" for name, share in figures["within"].items())
    lines = [("Answered first", f"{who}, of {count(figures['events'])} answered messages")]
    if first:
        times = f"half within {duration(figures['p50Ms'])}, 9 in 10 within "
        lines += [
            ("How fast", times + duration(figures["p90Ms"])),
            ("In time", within),
        ]
    return lines


def _now(figures: SummaryFigures) -> list[tuple[str, str]]:
    lines = []
    if "open" in figures and (figures["events"] or figures["open"]):
        median = figures["medianWaitMs"]
        waited = "less than half are answered so far"
        if median is not None:
            waited = f"half are answered within {duration(median)}, open ones counted"
        lines.append(("Leads wait", waited))
        waiting = count(figures["open"])
        if figures["open"]:
            longest = duration(figures["longestOpenMs"])
            waiting += f", the longest {longest} (who: timingctl list INBOX open)"
        lines.append(("Waiting now", waiting))
    if len(figures["weeks"]) == 2:  # noqa: PLR2004 - the last, and the one before
        before, last = figures["weeks"]
        lines.append(
            (
                "Last whole week",
                f"{count(last['n'])} responses, half within {duration(last['p50Ms'])}; "
                f"before {count(before['n'])}, {duration(before['p50Ms'])}",
            )
        )
    return lines


def _bookings(figures: SummaryFigures) -> list[tuple[str, str]]:
    if "booked" not in figures or not figures["booked"]["mature"]:
        return []
    found = figures["booked"]
    return [
        (
            "Booked",
            f"{percent(found['rate'])} of {count(found['mature'])} mature leads "
            f"({interval(found)})",
        )
    ]


def late_share(jobs: JobShare) -> float | None:
    """The share of late jobs, of those with a delay window; null where none has one."""
    return jobs["late"] / jobs["withWindow"] if jobs["withWindow"] else None


def _troubles(figures: SummaryFigures) -> list[tuple[str, str]]:
    """What to look at, each with how to ask for more."""
    lines = []
    if figures["byNeither"]:
        lines.append(
            ("Neither", f"{count(figures['byNeither'])} answered by neither (--section neither)")
        )
    jobs = figures.get("jobs")
    if jobs and jobs["jobs"]:
        late = percent(late_share(jobs))
        lines.append(
            (
                "Sending jobs",
                f"{late} late, {count(jobs['unexplained'])} unsent for no known reason "
                "(--section sending-jobs)",
            )
        )
    lines.append(("More", MORE))
    return lines
