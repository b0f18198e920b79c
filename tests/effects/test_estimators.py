"""The estimators by themselves: examples worked out by hand, and numbers of other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timingctl.delay import chosen_seconds
from timingctl.effects.checks import balance, evenness, indicators
from timingctl.effects.incidence import (
    Lengths,
    log_log,
    median,
    median_place,
    usual_median,
)
from timingctl.effects.slopes import instrumented, slope, within
from timingctl.effects.tails import FOUND_IN_FOUR_OF_FIVE, chi_square_tail, normal_tails
from timingctl.effects.waits import Waits, wait_groups

#: Two strata of one window, 60–180 s: delays, and who booked.
DELAY = np.array([60, 90, 120, 150, 180, 80, 110, 160]) / 60
BOOKED = np.array([1, 1, 1, 0, 0, 1, 0, 0], dtype=float)
STRATUM = np.array([0, 0, 0, 0, 0, 1, 1, 1])
VARIANCE = np.full(8, (121**2 - 1) / 12 / 3600)


def test_the_slope_of_two_strata() -> None:
    deviation, response = within(DELAY, STRATUM), within(BOOKED, STRATUM)
    assert np.sum(deviation * response) == pytest.approx(-2.111111, abs=1e-6)
    assert np.sum(deviation**2) == pytest.approx(3.407407, abs=1e-6)
    found = slope(DELAY, BOOKED, STRATUM, VARIANCE)
    assert found.estimate == pytest.approx(-0.619565, abs=1e-6)
    assert found.se == pytest.approx(0.131108, abs=1e-6)
    assert found.p == pytest.approx(0.007947, abs=1e-6)
    assert FOUND_IN_FOUR_OF_FIVE * (found.se or 0) == pytest.approx(0.367309, abs=1e-6)


def test_one_stratum_of_two_doses_is_neymans_difference_of_means() -> None:
    dose = np.array([0.0, 0, 0, 1, 1])
    outcome = np.array([1.0, 1, 0, 0, 1])
    found = slope(dose, outcome, np.zeros(5, np.int64), np.full(5, 0.25))
    assert found.estimate == pytest.approx(1 / 2 - 2 / 3)
    variances = np.var(outcome[:3], ddof=1) / 3 + np.var(outcome[3:], ddof=1) / 2
    assert found.se == pytest.approx(math.sqrt(variances))


def test_delays_that_are_all_alike_tell_nothing() -> None:
    same = slope(np.ones(4), np.array([0.0, 1, 0, 1]), np.zeros(4, np.int64), np.ones(4))
    assert (same.estimate, same.se) == (None, None)
    nobody = slope(DELAY, np.zeros(8), STRATUM, VARIANCE)
    assert (nobody.estimate, nobody.se, nobody.p) == (0.0, 0.0, None)


def test_a_minute_waited_is_told_where_the_delay_moves_the_wait() -> None:
    waited = 2 * DELAY + STRATUM + np.array([0.01, -0.01, 0, 0.01, -0.01, 0, 0.01, -0.01])
    found = instrumented(DELAY, BOOKED, waited, STRATUM)
    assert found.estimate == pytest.approx(-0.619565 / 2, rel=0.01)
    assert found.se == pytest.approx(0.131108 / 2, rel=0.05)
    noise = np.array([9.0, 1, 7, 2, 8, 3, 9, 1])
    assert instrumented(DELAY, BOOKED, noise, STRATUM).estimate is None


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    [
        (3.841458820694124, 1, 0.05),
        (5.991464547107979, 2, 0.05),
        (7.814727903251179, 3, 0.05),
        (16.918977604620448, 9, 0.05),
        (27.877164871256568, 9, 0.001),
        (0.0, 6, 1.0),
        (334.96413797569994, 9, 9.790899698448074e-67),
        (400.0, 400, 0.49059658199276367),
        (399.0, 401, 0.51881781658309265),
        (500.0, 344, 7.408233503761045e-08),
        (5000.0, 500, 0.0),
    ],
)
def test_the_chi_square_tail(statistic: float, degrees: int, p: float) -> None:
    assert chi_square_tail(statistic, degrees) == pytest.approx(p, rel=1e-9)


def test_the_normal_tails() -> None:
    assert normal_tails(1.959963984540054) == pytest.approx(0.05, rel=1e-12)
    assert normal_tails(-2.654294) == pytest.approx(0.007947, abs=1e-6)


def test_ids_that_count_up_choose_delays_that_follow_each_other() -> None:
    import polars as pl

    ids = pl.Series([f"msg-{number:03}" for number in range(7, 12)])
    low, high = pl.Series([180] * 5), pl.Series([420] * 5)
    assert chosen_seconds(ids, low, high).to_list() == [367, 368, 369, 391, 392]
    many = pl.Series([f"msg-{number:06}" for number in range(400)])
    chosen = chosen_seconds(many, pl.Series([180] * 400), pl.Series([420] * 400)).to_numpy()
    steps = np.diff(chosen) % 241
    found = evenness(np.full(399, 241), 10 * steps // 241, np.ones(399, np.int64))
    assert not found.passed
    assert found.degrees == 9


def test_even_numbers_pass_and_few_say_nothing() -> None:
    every = np.arange(120)
    even = evenness(np.full(120, 120), 10 * every // 120, np.ones(120, np.int64))
    assert even.statistic == pytest.approx(0)
    assert even.p == pytest.approx(1)
    few = evenness(np.full(49, 120), np.zeros(49, np.int64), np.ones(49, np.int64))
    assert (few.n, few.p, few.passed) == (49, None, True)


def test_widths_whose_tenths_are_not_alike_have_their_exact_shares() -> None:
    """Of 0 … 10 the first tenth has two values, each other one: that is even."""
    tenth = np.array([10 * value // 11 for value in range(11)] * 10)
    found = evenness(np.full(110, 11), tenth, np.ones(110, np.int64))
    assert found.statistic == pytest.approx(0)


def test_balance_is_the_square_of_a_z_for_one_column() -> None:
    x = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    surplus = DELAY - 2
    found = balance([x], surplus, STRATUM, VARIANCE)
    deviation = within(x, STRATUM)
    z = np.sum(surplus * deviation) / math.sqrt(np.sum(VARIANCE * deviation**2))
    assert found.statistic == pytest.approx(z**2)
    assert found.p == pytest.approx(normal_tails(float(z)))


def test_balance_leaves_out_columns_that_do_not_vary_or_say_the_same() -> None:
    x = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    surplus = DELAY - 2
    assert balance([STRATUM.astype(float)], surplus, STRATUM, VARIANCE).p is None
    alone = balance([x], surplus, STRATUM, VARIANCE)
    twice = balance([x, 2 * x, np.ones(8)], surplus, STRATUM, VARIANCE)
    assert twice.degrees == 1
    assert twice.statistic == pytest.approx(alone.statistic)


def test_values_are_columns_but_for_the_first() -> None:
    columns = indicators(np.array([2, 0, 2, 3]))
    assert [column.tolist() for column in columns] == [[1, 0, 1, 0], [0, 0, 0, 1]]
    assert indicators(np.array([4, 4])) == []


#: Waits in minutes: how they end (0 open, 1 AI, 2 setter), and whose they are.
MINUTES = [1, 2, 2, 5, 10, 15]
ENDS = [1, 2, 0, 1, 0, 1]
LEADS = [0, 1, 2, 3, 0, 4]


def some_waits() -> Waits:
    order = sorted(range(6), key=lambda place: (LEADS[place], MINUTES[place]))
    length = np.unique(MINUTES) * 60_000
    return Waits(
        lead=np.array([LEADS[place] for place in order], np.int32),
        channel=np.ones(6, np.int32),
        client=np.ones(6, np.int32),
        windowed=np.ones(6, bool),
        end=np.array([ENDS[place] for place in order], np.int8),
        place=np.searchsorted(length, [MINUTES[p] * 60_000 for p in order]).astype(np.int32),
        length=length,
    )


def test_shares_and_median_of_six_waits() -> None:
    [every, *_] = wait_groups(some_waits(), {1: "sms"}, {1: "K"})
    minute, five = every["within"][:2]
    assert [minute[key] for key in ("share", "shareLow", "shareHigh")] == pytest.approx(
        [0.166667, 0.036051, 0.595589], abs=1e-6
    )
    assert [five[key] for key in ("share", "byAi", "bySetter")] == pytest.approx(
        [0.555556, 0.388889, 0.166667], abs=1e-6
    )
    assert [five[key] for key in ("shareLow", "shareHigh")] == pytest.approx(
        [0.260896, 0.886418], abs=1e-6
    )
    assert [every[key] for key in ("medianMs", "medianLowMs", "medianHighMs")] == [
        300_000, 120_000, 900_000,
    ]  # fmt: skip
    assert (every["waits"], every["leads"], every["open"]) == (6, 5, 2)
    assert every["answeredOnlyMedianMs"] == 210_000


def lengths(text: str) -> Lengths:
    """Lengths of ``5a 7s 9o``: a number, and whether the AI, a setter or nobody ended it."""
    waits = [(int(word[:-1]), "oas".index(word[-1])) for word in text.split()]
    length = np.unique([ms for ms, _ in waits])
    counts = np.zeros((len(length), 3), np.int64)
    for ms, end in waits:
        counts[np.searchsorted(length, ms), end] += 1
    return Lengths(length, counts[:, 1:], counts[:, 0])


def test_within_two_minutes_of_the_six() -> None:
    found = lengths("1a 2s 2o 5a 10o 15a")
    two = found.up_to(2) - 1
    assert 1 - found.left[two] == pytest.approx(1 / 3)
    whose = np.array([0, 1, 2, 3, 0, 4])
    cells = [(0, 1), (1, 2), (1, 0), (2, 1), (3, 0), (4, 1)]
    influence = found.influence(0, 2) + found.influence(1, 2)
    last = len(influence) - 1
    by_lead = np.bincount(whose, [influence[min(row, last), end] for row, end in cells])
    se = math.sqrt(np.sum(by_lead**2))
    interval = log_log(1 / 3, se, 6)
    assert (interval.low, interval.high) == pytest.approx((0.121693, 0.718318), abs=1e-6)


def slow_share(waits: list[tuple[int, int, float]], cause: int, time: int) -> float:
    """Aalen and Johansen's share of weighted waits, as it is written down."""
    left, share = 1.0, 0.0
    for at in sorted({ms for ms, end, _ in waits if end and ms <= time}):
        risk = sum(weight for ms, _, weight in waits if ms >= at)
        ended = [sum(w for ms, end, w in waits if ms == at and end == k) for k in (1, 2)]
        share += left * ended[cause] / risk
        left *= 1 - sum(ended) / risk
    return share


WAITS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2)), min_size=1, max_size=9)


@given(WAITS, st.integers(0, 1), st.integers(1, 9))
def test_shares_and_their_influences_are_those_of_weighted_waits(
    waits: list[tuple[int, int]], cause: int, time: int
) -> None:
    """The jackknife is what it says: how the share changes with the weight of each wait."""
    found = lengths(" ".join(f"{ms}{'oas'[end]}" for ms, end in waits))
    reach = found.up_to(time)
    share = float(found.incidence[reach - 1, cause]) if reach else 0.0
    weighted = [(ms, end, 1.0) for ms, end in waits]
    assert share == pytest.approx(slow_share(weighted, cause, time), abs=1e-12)
    influence, step = found.influence(cause, time), 1e-6
    for place, (ms, end) in enumerate(waits):
        told = influence[min(int(np.searchsorted(found.length, ms)), reach), end]
        more, less = (
            slow_share(
                [(m, e, w + sign * step * (at == place)) for at, (m, e, w) in enumerate(weighted)],
                cause,
                time,
            )
            for sign in (1, -1)
        )
        # Where all that are left end at once the share has a corner there; 0/0 is taken as 0.
        if np.all(found.all_ended < found.at_risk):
            assert told == pytest.approx((more - less) / (2 * step), abs=1e-5)


def test_none_and_all_have_wilsons_interval() -> None:
    nothing = log_log(0.0, 0.0, 10)
    assert nothing.low == 0
    assert nothing.high == pytest.approx(0.277533, abs=1e-6)
    everything = log_log(1.0, 0.0, 1)
    assert everything.low == pytest.approx(0.206549, abs=1e-6)
    assert everything.high == 1


def test_shares_beyond_what_was_seen_are_not_known() -> None:
    assert lengths("5a 7o").is_known(7)
    assert not lengths("5a 7o").is_known(8)
    assert lengths("5a 7a").is_known(8)
    assert lengths("5a 7o 9o").counted(8) == 2


def test_an_error_beyond_all_numbers_leaves_everything_possible() -> None:
    found = log_log(0.5, 1e6, 4)
    assert found.low == pytest.approx(0, abs=1e-12)
    assert found.high == 1


def test_the_median_is_null_until_half_are_answered() -> None:
    assert median_place(lengths("5a 7o 9o")) is None
    assert median(lengths("5a 7o 9o"), None, 0.0).length is None
    all_at_once = lengths("5a 5a")
    found = median(all_at_once, median_place(all_at_once), 0.0)
    assert (found.length, found.low, found.high) == (5, None, None)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_the_usual_median(values: list[int]) -> None:
    length, counts = np.unique(values, return_counts=True)
    assert usual_median(length, counts) == np.median(values)
