"""Recovering the delay windows that were in force from the delays that jobs were scheduled with.

A job that was not rescheduled has delay = min + H mod width, with H = |hash(id)| and width =
max − min + 1 (docs/definitions.md, "The deterministic delay"). So H − delay leaves one remainder
by the width for all jobs of a window: the width divides every difference of those numbers. Four
jobs close in time whose differences have a common divisor wider than their delays are spread
propose a window, the jobs it explains prove it, and the order of the jobs in time says when it
was in force. Jobs that were rescheduled agree on nothing, and so they bend nothing.

Everything works on arrays with one entry a job, ordered by owner (a campaign, or a client) and
time; Python loops over rounds, offsets and doubtful periods, never over jobs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.delay import id_hash

if TYPE_CHECKING:
    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

WIDEST = 86_401  # a window's bounds lie at most 24 hours apart
FEWEST = 4  # jobs that must speak for a window, or for a change, to look at it
ENOUGH = 6  # jobs that must speak for a window to say that it was in force
_NEAR = ((1, 2, 3),)  # which jobs after a job are asked whether they agree with it
_FAR = tuple(combinations(range(1, 8), 3))
_PARTS = (1, 2, 3, 4, 5, 6, 7)
_PROPOSALS = 4  # of an owner that are tried on its jobs in one round
_REACH = 3  # jobs on either side that say which window a job stands in
_SECOND = 1_000_000


class Verdict(StrEnum):
    """What can be said of a period."""

    RECOVERED = "recovered"  # one window explains its jobs, and no other explains the same
    AMBIGUOUS = "ambiguous"  # several windows explain the same jobs
    TOO_FEW = "too few jobs"  # that agree
    DISAGREEING = "no agreement"  # no window explains more than a few
    SILENT = "no jobs"


#: Grain one period of an owner, in the order of owner and time. `minSeconds` and `maxSeconds` are
#: null unless the verdict is `recovered`; `effectiveFrom` is null for the first period and
#: `effectiveTo` for the last. The change at the start of a period came after `changedAfter` and
#: not after `changedBy`. `others` counts other windows that explain the same jobs.
PERIOD_SCHEMA = pl.Schema(
    {
        "isCampaign": pl.Boolean(),
        "key": pl.String(),
        "minSeconds": pl.Int64(),
        "maxSeconds": pl.Int64(),
        "effectiveFrom": pl.Datetime("us", "UTC"),
        "effectiveTo": pl.Datetime("us", "UTC"),
        "jobs": pl.Int64(),
        "explained": pl.Int64(),
        "share": pl.Float64(),
        "changedAfter": pl.Datetime("us", "UTC"),
        "changedBy": pl.Datetime("us", "UTC"),
        "others": pl.Int64(),
        "verdict": pl.String(),
    }
)


@dataclass(frozen=True)
class _Jobs:
    """One entry a job: its owner's number, |hash| of its message, and its delay in seconds.

    A delay that no window can give (negative, or not whole) is −1.
    """

    owner: Integers
    magnitude: Integers
    delay: Integers

    def low_end(self, rows: Integers, width: Integers) -> Integers:
        """The lower end that a window of this width must have to explain each of the jobs."""
        ends: Integers = self.delay[rows] - self.magnitude[rows] % width
        return ends

    def residue(self, rows: Integers) -> Integers:
        """The number that leaves one remainder by the width for all jobs of one window."""
        numbers: Integers = self.magnitude[rows] - self.delay[rows]
        return numbers


@dataclass(frozen=True)
class _Windows:
    """One entry a window that may have been in force for an owner; the last explains nothing.

    So the index −1 stands for no window.
    """

    owner: Integers
    low: Integers
    width: Integers

    def explain(self, jobs: _Jobs, rows: Integers, windows: Integers) -> Flags:
        """Whether each job has exactly the delay that its window gives."""
        fits: Flags = jobs.low_end(rows, self.width[windows]) == self.low[windows]
        return fits


@dataclass(frozen=True)
class _Spans:
    """One entry a period: its owner, its window (−1: none), and its jobs [start, end).

    The change at its start came after the job `after` and not after the job `by`.
    """

    owner: Integers
    window: Integers
    start: Integers
    end: Integers
    after: Integers
    by: Integers


def recover(scheduled: pl.DataFrame) -> pl.DataFrame:
    """The periods of the windows in force, as PERIOD_SCHEMA, from sql/windows/scheduled_delay."""
    if scheduled.is_empty():
        return PERIOD_SCHEMA.to_frame()
    delay = pl.col("delayMicroseconds")
    possible = (delay >= 0) & (delay % _SECOND == 0)
    numbers = scheduled.select(
        owner=pl.struct("isCampaign", "key").rle_id().cast(pl.Int64),
        delay=pl.when(possible).then(delay // _SECOND).otherwise(-1),
    )
    jobs = _Jobs(
        owner=numbers["owner"].to_numpy(),
        magnitude=id_hash(scheduled["messageId"]).abs().to_numpy(),
        delay=numbers["delay"].to_numpy(),
    )
    windows, explained = _propose(jobs)
    label = _label(jobs, windows, explained)
    spans = _refine(
        jobs, windows, _span(jobs, explained, _dissolve(jobs, windows, explained, label))
    )
    return _periods(scheduled, jobs, windows, spans)


def _propose(jobs: _Jobs) -> tuple[_Windows, Integers]:
    """The windows that FEWEST jobs or more agree on, and the jobs that some window explains.

    In rounds: the window that explains most of an owner's jobs takes them away.
    """
    found = []
    left = possible = np.flatnonzero(jobs.delay >= 0)
    taken = np.zeros(len(jobs.delay), dtype=np.bool_)
    while left.size:
        proposals = _agreements(jobs, left, _NEAR)
        silent = left[~np.isin(jobs.owner[left], proposals["owner"].to_numpy())]
        proposals = pl.concat([proposals, _agreements(jobs, silent, _FAR)])
        best = _best(jobs, left, proposals)
        found.append(best)
        at = np.full(jobs.owner[-1] + 1, -1)
        at[best["owner"].to_numpy()] = np.arange(len(best))
        which = at[jobs.owner[left]]
        explained = _windows(best).explain(jobs, left, which)
        taken[left[explained]] = True
        left = left[~explained & (which >= 0)]
    every = pl.concat(found) if found else _PROPOSAL_SCHEMA.to_frame()
    return _windows(every.sort("owner", "width", "low")), possible[taken[possible]]


_PROPOSAL_SCHEMA = pl.Schema(
    {"owner": pl.Int64(), "low": pl.Int64(), "width": pl.Int64(), "votes": pl.UInt32()}
)


def _windows(proposals: pl.DataFrame) -> _Windows:
    return _Windows(
        owner=np.append(proposals["owner"].to_numpy(), -1),
        low=np.append(proposals["low"].to_numpy(), -2),  # below what even a delay of −1 asks for
        width=np.append(proposals["width"].to_numpy(), 1),
    )


def _agreements(jobs: _Jobs, rows: Integers, patterns: tuple[tuple[int, ...], ...]) -> pl.DataFrame:
    """The windows on which four jobs agree, with how many such fours: the first of each owner.

    A pattern says how far behind the first of the rows the other three stand.
    """
    agreed = [np.empty((3, 0), dtype=np.int64)]
    for pattern in patterns:
        size = max(len(rows) - pattern[-1], 0)
        four = np.stack([rows[behind : behind + size] for behind in (0, *pattern)])
        four = four[:, jobs.owner[four[0]] == jobs.owner[four[-1]]]
        if not four.size:
            continue
        delay, residue = jobs.delay[four], jobs.residue(four)
        spread = delay.max(axis=0) - delay.min(axis=0)
        divisor = np.gcd.reduce(residue[1:] - residue[0])
        for part in _PARTS:  # by chance the differences may share a small factor more
            fit = (divisor % part == 0) & (divisor // part > spread) & (divisor // part <= WIDEST)
            agreed.append(_agreed(jobs, four[:, fit], divisor[fit] // part))
        constant = spread == 0
        agreed.append(_agreed(jobs, four[:, constant], np.ones(constant.sum(), dtype=np.int64)))
    owner, low, width = np.concatenate(agreed, axis=1)
    proposals = pl.DataFrame({"owner": owner, "low": low, "width": width})
    votes = proposals.group_by("owner", "low", "width").agg(votes=pl.len())
    order = votes.sort("owner", "votes", "width", "low", descending=[False, True, False, False])
    return order.group_by("owner", maintain_order=True).head(_PROPOSALS)


def _agreed(jobs: _Jobs, four: Integers, width: Integers) -> Integers:
    """Owner, lower end and width of these windows, where they explain all four jobs."""
    low = jobs.low_end(four, width)
    fit = (low == low[0]).all(axis=0) & (low[0] >= 0)
    return np.stack([jobs.owner[four[0, fit]], low[0, fit], width[fit]])


def _best(jobs: _Jobs, rows: Integers, proposals: pl.DataFrame) -> pl.DataFrame:
    """Of each owner's proposals the one that explains most of the rows."""
    windows = _windows(proposals)
    place = proposals.select(pl.int_range(pl.len()).over("owner")).to_series().to_numpy()
    explained = np.zeros(len(proposals), dtype=np.int64)
    for nth in range(_PROPOSALS):
        at = np.full(jobs.owner[-1] + 1, -1)
        nths = np.flatnonzero(place == nth)
        at[windows.owner[nths]] = nths
        which = at[jobs.owner[rows]]
        hits = windows.explain(jobs, rows, which)
        explained += np.bincount(which[hits], minlength=len(proposals))
    return (
        proposals.with_columns(explained=explained)
        .sort("owner", "explained", "width", "low", descending=[False, True, False, False])
        .unique("owner", keep="first", maintain_order=True)
        .drop("explained")
    )


def _label(jobs: _Jobs, windows: _Windows, rows: Integers) -> Integers:
    """For each row the window that explains most of the rows around it.

    Of equals the one that explains most of the owner's rows, then the narrower.
    """
    owner = jobs.owner[rows]
    first = np.searchsorted(windows.owner[:-1], owner, "left")
    count = np.searchsorted(windows.owner[:-1], owner, "right") - first
    label, most, total = (np.full(len(rows), -1) for _ in range(3))
    for nth in range(count.max(initial=0)):
        has = np.flatnonzero(count > nth)  # whole owners, so still in order
        which, mine = first[has] + nth, owner[has]
        before = np.concatenate(([0], np.cumsum(windows.explain(jobs, rows[has], which))))
        start, end = np.searchsorted(mine, mine, "left"), np.searchsorted(mine, mine, "right")
        here = np.arange(len(has))
        around = (
            before[np.minimum(here + _REACH + 1, end)] - before[np.maximum(here - _REACH, start)]
        )
        overall = before[end] - before[start]
        wins = (around > most[has]) | ((around == most[has]) & (overall > total[has]))
        winners = has[wins]
        label[winners], most[winners], total[winners] = which[wins], around[wins], overall[wins]
    return label


def _dissolve(jobs: _Jobs, windows: _Windows, rows: Integers, label: Integers) -> Integers:
    """The labels without runs that explain fewer than FEWEST rows more than a neighbour would."""
    while True:
        run, first = _runs(jobs.owner[rows], label)
        owner, window = jobs.owner[rows[first]], label[first]
        same = owner[1:] == owner[:-1]
        left = np.concatenate(([-1], np.where(same, window[:-1], -1)))[: len(first)]
        right = np.concatenate((np.where(same, window[1:], -1), [-1]))[: len(first)]
        own, by_left, by_right = (
            np.bincount(run, windows.explain(jobs, rows, which[run]), minlength=len(first))
            for which in (window, left, right)
        )
        gain = own - np.maximum(by_left, by_right)
        weak = np.flatnonzero((gain < FEWEST) & ((left >= 0) | (right >= 0)))
        if not weak.size:
            return label
        weak = weak[np.lexsort((gain[weak], owner[weak]))]
        weakest = weak[np.unique(owner[weak], return_index=True)[1]]  # one an owner and round
        to_left = (left >= 0) & ((by_left >= by_right) | (right < 0))
        window = window.copy()
        window[weakest] = np.where(to_left, left, right)[weakest]
        label = window[run]


def _runs(owner: Integers, label: Integers) -> tuple[Integers, Integers]:
    """For each row the number of its run of one owner and label, and where each run starts."""
    changes = (owner[1:] != owner[:-1]) | (label[1:] != label[:-1])
    starts = np.concatenate(([True], changes))[: len(owner)]
    return np.cumsum(starts) - 1, np.flatnonzero(starts)


def _span(jobs: _Jobs, rows: Integers, label: Integers) -> _Spans:
    """The runs as spans over all jobs: one goes on until the next starts. No run: no window."""
    _, first = _runs(jobs.owner[rows], label)
    bare = np.setdiff1d(jobs.owner, jobs.owner[rows[first]])
    owner = np.concatenate((jobs.owner[rows[first]], bare))
    window = np.concatenate((label[first], np.full(len(bare), -1)))
    start = np.concatenate((rows[first], np.searchsorted(jobs.owner, bare)))
    order = np.lexsort((start, owner))
    owner, window, start = owner[order], window[order], start[order]
    opens = np.concatenate(([True], owner[1:] != owner[:-1]))
    start = np.where(opens, np.searchsorted(jobs.owner, owner), start)
    end = np.append(start[1:], len(jobs.owner))
    return _Spans(owner, window, start, end, after=start, by=start)


def _refine(jobs: _Jobs, windows: _Windows, spans: _Spans) -> _Spans:
    """The spans with each change where the old window before and the new one after explain most.

    Where several places do, the change is put before the first job that only the new one explains.
    `after` and `by` also allow one job beside the change to have its delay by accident.
    """
    changes = np.flatnonzero(spans.owner[1:] == spans.owner[:-1])
    if not changes.size:
        return spans
    length = spans.end[changes + 1] - spans.start[changes]
    opens = np.cumsum(length) - length
    row = np.arange(length.sum()) + np.repeat(spans.start[changes] - opens, length)
    old, new = (
        windows.explain(jobs, row, np.repeat(spans.window[which], length)).astype(np.int64)
        for which in (changes, changes + 1)
    )
    total = np.cumsum(old - new)
    score = total - np.repeat(total[opens] - (old - new)[opens], length)  # of a change after row
    best = np.repeat(np.maximum.reduceat(score, opens), length)
    start, after, by = spans.start.copy(), spans.after.copy(), spans.by.copy()
    start[changes + 1] = np.maximum.reduceat(np.where(score == best, row, -1), opens) + 1
    near = score >= best - 1
    after[changes + 1] = np.minimum.reduceat(np.where(near, row, len(jobs.owner)), opens)
    by[changes + 1] = np.maximum.reduceat(np.where(near, row, -1), opens) + 1
    end = np.append(start[1:], len(jobs.owner))
    return _Spans(spans.owner, spans.window, start, end, after, by)


def _periods(
    scheduled: pl.DataFrame, jobs: _Jobs, windows: _Windows, spans: _Spans
) -> pl.DataFrame:
    """The spans in words and instants."""
    run = np.repeat(np.arange(len(spans.start)), spans.end - spans.start)
    every = np.arange(len(jobs.owner))
    hit = windows.explain(jobs, every, spans.window[run])
    possible = np.bincount(run, jobs.delay >= 0, minlength=len(spans.start))
    few = possible < FEWEST  # of so few all are taken to speak for one window
    proof = np.where(spans.window[run] >= 0, hit, few[run] & (jobs.delay >= 0))
    fitting = _fitting(jobs, windows, spans, run, every[proof])
    opens = np.concatenate(([True], spans.owner[1:] != spans.owner[:-1]))
    explained = np.bincount(run, proof, minlength=len(spans.start)).astype(np.int64)
    sent = scheduled["sentAt"].dt.replace_time_zone("UTC")
    frame = pl.DataFrame(
        {
            "isCampaign": scheduled["isCampaign"].gather(spans.start),
            "key": scheduled["key"].gather(spans.start),
            "minSeconds": windows.low[spans.window],
            "maxSeconds": windows.low[spans.window] + windows.width[spans.window] - 1,
            "effectiveFrom": sent.gather(spans.start),
            "jobs": spans.end - spans.start,
            "explained": np.where(fitting > 0, explained, 0),
            "changedAfter": sent.gather(spans.after),
            "changedBy": sent.gather(spans.by),
            "others": fitting - 1,
            "opens": opens,
            "known": spans.window >= 0,
            "possible": possible,
        }
    )
    verdict = (
        pl.when(pl.col("possible") < FEWEST).then(pl.lit(Verdict.TOO_FEW))
        .when(~pl.col("known")).then(pl.lit(Verdict.DISAGREEING))
        .when(pl.col("explained") < ENOUGH).then(pl.lit(Verdict.TOO_FEW))
        .when(pl.col("others") > 0).then(pl.lit(Verdict.AMBIGUOUS))
        .otherwise(pl.lit(Verdict.RECOVERED))
    )  # fmt: skip
    instants = pl.col("effectiveFrom", "changedAfter", "changedBy")
    return (
        frame.with_columns(
            pl.when(~pl.col("opens")).then(instants),
            share=pl.col("explained") / pl.col("jobs"),
            others=pl.when(pl.col("others") >= 0).then("others"),
            verdict=verdict,
        )
        .with_columns(
            pl.when(verdict=Verdict.RECOVERED).then(pl.col("minSeconds", "maxSeconds")),
            effectiveTo=pl.col("effectiveFrom").shift(-1),
        )
        .select(PERIOD_SCHEMA.names())
    )


def _fitting(
    jobs: _Jobs, windows: _Windows, spans: _Spans, run: Integers, proof: Integers
) -> Integers:
    """How many windows explain all jobs that prove a period: 0 for a period without any."""
    fitting = np.zeros(len(spans.start), dtype=np.int64)
    if not proof.size:
        return fitting
    numbers, first = np.unique(run[proof], return_index=True)
    counts = np.diff(np.append(first, len(proof)))
    residue, delay = jobs.residue(proof), jobs.delay[proof]
    divisor = np.gcd.reduceat(residue - np.repeat(residue[first], counts), first)
    spread = np.maximum.reduceat(delay, first) - np.minimum.reduceat(delay, first)
    width = windows.width[spans.window[numbers]]
    # A width that is the greatest common divisor, and less than half of it fits: nothing else does.
    sure = (spans.window[numbers] >= 0) & (divisor == width) & (2 * spread >= width)
    fitting[numbers[sure]] = 1
    for doubtful in np.flatnonzero(~sure):
        rows = proof[first[doubtful] : first[doubtful] + counts[doubtful]]
        widths = np.arange(spread[doubtful] + 1, WIDEST + 1)
        widths = widths[divisor[doubtful] % widths == 0]
        lows = jobs.low_end(rows[:1], widths[:, None])
        fits = lows[:, 0] >= 0
        for row in np.split(rows, np.arange(1_000, len(rows), 1_000)):
            fits &= (jobs.low_end(row, widths[:, None]) == lows).all(axis=1)
        fitting[numbers[doubtful]] = fits.sum()
    return fitting
