"""From jobs to the windows that were in force, held to histories that are given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import NAMESPACE_DNS, uuid5

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model import chosen
from tests.windows.histories import Jobs, Window, given_jobs
from timingctl import recovery
from timingctl.recovery import PERIOD_SCHEMA, recover

NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)


def scheduled(*jobs: tuple[str, int | float], key: str = "c") -> pl.DataFrame:
    """One job an hour from noon on: the message, and its delay in seconds."""
    return pl.DataFrame(
        {
            "isCampaign": [True] * len(jobs),
            "key": [key] * len(jobs),
            "messageId": [message for message, _ in jobs],
            "sentAt": [NOON.replace(tzinfo=None) + timedelta(hours=n) for n in range(len(jobs))],
            "delayMicroseconds": [round(delay * 1_000_000) for _, delay in jobs],
        },
        schema_overrides={"sentAt": pl.Datetime("us")},
    )


MESSAGES = [str(uuid5(NAMESPACE_DNS, str(n))) for n in range(200)]


def kept(low: int, high: int, count: int, start: int = 0) -> list[tuple[str, int | float]]:
    """Jobs that the window gives, of so many messages from the start on."""
    return [(message, chosen(message, low, high)) for message in MESSAGES[start : start + count]]


def said(periods: pl.DataFrame) -> list[tuple[object, ...]]:
    return periods.select("minSeconds", "maxSeconds", "jobs", "explained", "verdict").rows()


@pytest.mark.parametrize("window", [(180, 420), (0, 86_400), (0, 0), (300, 300), (7, 8), (90, 999)])
def test_a_window_that_never_changed(window: tuple[int, int]) -> None:
    [period] = recover(scheduled(*kept(*window, 12))).to_dicts()
    assert (period["minSeconds"], period["maxSeconds"]) == window
    assert (period["jobs"], period["explained"], period["share"]) == (12, 12, 1.0)
    assert (period["effectiveFrom"], period["effectiveTo"]) == (None, None)
    assert (period["others"], period["verdict"]) == (0, "recovered")


def test_a_window_that_ends_before_it_starts_is_constant() -> None:
    assert said(recover(scheduled(*kept(400, 200, 12)))) == [(400, 400, 12, 12, "recovered")]


def test_a_change_and_a_change_back() -> None:
    jobs = [*kept(180, 420, 12), *kept(60, 120, 12, start=12), *kept(180, 420, 12, start=24)]
    periods = recover(scheduled(*jobs))
    assert said(periods) == [
        (180, 420, 12, 12, "recovered"),
        (60, 120, 12, 12, "recovered"),
        (180, 420, 12, 12, "recovered"),
    ]
    changed = [NOON + timedelta(hours=12), NOON + timedelta(hours=24)]
    assert periods["effectiveFrom"].to_list() == [None, *changed]
    assert periods["effectiveTo"].to_list() == [*changed, None]
    for period, change in zip(periods.to_dicts()[1:], changed, strict=True):
        assert period["changedAfter"] < change <= period["changedBy"]
        # one job on either side may have its delay by accident, not more
        assert period["changedAfter"] >= change - timedelta(hours=2)
        assert period["changedBy"] <= change + timedelta(hours=1)


def test_moved_jobs_bend_nothing() -> None:
    jobs = kept(180, 420, 30)
    for place in (0, 3, 4, 5, 11, 17, 18, 23, 29):
        jobs[place] = (jobs[place][0], 30_000.5 + 61 * place)
    jobs[8] = (jobs[8][0], -5)
    assert said(recover(scheduled(*jobs))) == [(180, 420, 30, 20, "recovered")]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_too_few_jobs_are_reported_as_such(count: int) -> None:
    [period] = recover(scheduled(*kept(180, 420, count))).to_dicts()
    assert (period["minSeconds"], period["maxSeconds"], period["jobs"]) == (None, None, count)
    assert period["verdict"] == "too few jobs"
    assert count > 1 or period["others"] > 1_000


def test_jobs_that_several_windows_explain_are_ambiguous() -> None:
    """All these ids have an even hash, so 60-60 explains what 60-61 does."""
    even = [message for message in MESSAGES if chosen(message, 0, 1) == 0][:10]
    [period] = recover(scheduled(*((message, 60) for message in even))).to_dicts()
    assert (period["minSeconds"], period["verdict"]) == (None, "ambiguous")
    assert (period["explained"], period["others"]) == (10, 1)  # 59-60 would need odd ones


def test_jobs_that_no_window_explains() -> None:
    jobs = [(message, 1_000 + 997 * n * n) for n, message in enumerate(MESSAGES[:12])]
    assert said(recover(scheduled(*jobs))) == [(None, None, 12, 0, "no agreement")]


def test_owners_do_not_mix_and_a_client_is_not_a_campaign() -> None:
    campaign, other = scheduled(*kept(180, 420, 10)), scheduled(*kept(60, 120, 10), key="d")
    client = scheduled(*kept(120, 900, 10)).with_columns(isCampaign=False)
    periods = recover(pl.concat([campaign, other, client]))
    assert periods.select("isCampaign", "key", "minSeconds").rows() == [
        (True, "c", 180),
        (True, "d", 60),
        (False, "c", 120),
    ]


def test_no_jobs_no_periods() -> None:
    periods = recover(scheduled())
    assert (periods.is_empty(), periods.schema) == (True, PERIOD_SCHEMA)


@pytest.mark.parametrize(("seed", "moved"), [(1, 0.1), (2, 0.1), (3, 0.1), (4, 0.33)])
def test_given_histories_are_found_again(seed: int, moved: float) -> None:
    jobs = given_jobs(campaigns=150, jobs=200, seed=seed, moved=moved)
    periods = recover(jobs.scheduled())
    found = {key: rows.to_dicts() for (key,), rows in periods.group_by("key")}
    intervals = 0
    for key, history in jobs.histories.items():
        recovered = [row for row in found[key] if row["verdict"] == "recovered"]
        windows = [(row["minSeconds"], row["maxSeconds"]) for row in recovered]
        assert_found(windows, history.windows, served(jobs, key))
        if windows == history.windows:
            for row, change in zip(recovered[1:], history.changes, strict=True):
                assert row["changedAfter"] < change <= row["changedBy"], key
                intervals += 1
    assert intervals > 150


def served(jobs: Jobs, key: str) -> list[int]:
    """How many jobs that were not moved each window of a campaign gave."""
    turns = jobs.frame.filter(pl.col("key") == key, ~pl.col("isMoved"))["turn"]
    return [int((turns == n).sum()) for n in range(len(jobs.histories[key].windows))]


def assert_found(windows: list[Window], given: list[Window], gave: list[int]) -> None:
    """Nothing is found that was not given, and everything that gave ten jobs is found.

    What stands on both sides of a window that gave fewer may be found as one.
    """
    sure = [window for window, jobs in zip(given, gave, strict=True) if jobs >= 10]
    sure = [window for window, _ in groupby(sure)]
    assert stands_in(windows, given), (windows, given, gave)
    assert stands_in(sure, windows), (windows, given, gave)


def stands_in(some: list[Window], all_of_them: list[Window]) -> bool:
    """Whether some are among all in this order."""
    rest = iter(all_of_them)
    return all(window in rest for window in some)


@given(
    st.lists(
        st.tuples(st.sampled_from(MESSAGES), st.integers(0, 12)),
        min_size=1, max_size=3, unique=True,
    )
)  # fmt: skip
def test_others_are_all_other_windows_that_explain_the_jobs(jobs: list[tuple[str, int]]) -> None:
    """Counted by trying them all, among windows of at most 40 seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recovery, "WIDEST", 40)
        [period] = recover(scheduled(*jobs)).to_dicts()
    fitting = sum(
        all(chosen(message, low, low + width - 1) == delay for message, delay in jobs)
        for width in range(1, 41)
        for low in range(13)
    )
    assert period["others"] == (fitting - 1 if fitting else None)
    assert period["explained"] == (len(jobs) if fitting else 0)


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_neighbouring_windows_that_explain_each_others_jobs(share: float) -> None:
    """60-61 gives 60 every other time, and 60-60 always: the change is where that ends."""
    jobs = [*kept(60, 61, 40), *kept(60, 60, 40, start=40)]
    moved = [n for n in range(80) if share and n % 5 == 0]
    jobs = [(message, delay + 9_999 * (n in moved)) for n, (message, delay) in enumerate(jobs)]
    periods = recover(scheduled(*jobs))
    assert [row[:2] for row in said(periods)] == [(60, 61), (60, 60)]
    change = NOON + timedelta(hours=40)
    assert periods["changedAfter"][1] < change <= periods["changedBy"][1]
