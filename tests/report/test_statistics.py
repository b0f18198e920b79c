"""Wilson's interval, the median wait, and numbers as JSON has them."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from tests.report import model
from timingctl.reports.statistics import plain, waiting_median, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775327998628892),  # Z²/(n + Z²)
        (10, 10, 0.7224672001371108, 1.0),
        (5, 10, 0.2365930905125640, 0.7634069094874360),
        (1, 1, 0.2065493143772374, 1.0),
    ],
)
def test_wilson_worked_out(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n)
    assert found.rate == hits / n
    for bound, expected in ((found.low, low), (found.high, high)):
        assert bound == pytest.approx(expected, abs=1e-14)


def test_wilson_solves_its_equation() -> None:
    for n in (1, 2, 3, 10, 97, 1_000):
        for hits in range(0, n + 1, max(1, n // 7)):
            found = wilson(hits, n)
            assert (found.low, found.high) == pytest.approx(model.interval(hits, n), abs=1e-13)
            assert found.low is not None
            assert found.high is not None
            assert 0 <= found.low <= hits / n <= found.high <= 1


def test_nothing_has_no_rate() -> None:
    assert (wilson(0, 0).rate, wilson(0, 0).low, wilson(0, 0).high) == (None, None, None)


def test_whole_numbers_are_written_as_such() -> None:
    assert repr(plain(5.0)) == "5"
    assert plain(0.1 + 0.2, 2) == 0.3
    assert plain(1 / 3) == 1 / 3
    assert plain(None) is None


@pytest.mark.parametrize(
    ("answered", "still_open", "median"),
    [
        ([10, 20, 30, 40], [], 20),
        ([10, 20, 30], [], 20),
        ([10, 20, 30], [5], 20),  # 2/3 of the three that wait at 10, then half of that
        ([10, 20, 30, 40, 50], [15, 15], 30),  # 6/7, then 3/4 of that, then 2/3: 3/7
        ([10], [20, 30], None),
        ([10, 10], [10, 10], 10),  # answers stand before what is open at one time
        ([], [1, 2], None),
        ([], [], None),
    ],
)
def test_the_median_wait_of_a_few(
    answered: list[int], still_open: list[int], median: int | None
) -> None:
    assert _median(answered, still_open) == median == _slow_median(answered, still_open)


def test_the_median_wait_is_that_of_every_step() -> None:
    draw = random.Random(7)
    for _ in range(500):
        most = draw.randrange(1, 12)
        waits = [(draw.randrange(most), draw.random() < 0.7) for _ in range(draw.randrange(14))]
        answered = [ms for ms, is_answered in waits if is_answered]
        still_open = [ms for ms, is_answered in waits if not is_answered]
        assert _median(answered, still_open) == _slow_median(answered, still_open), waits


def _median(answered: list[int], still_open: list[int]) -> int | None:
    lengths = np.array([*answered, *still_open], np.int64)
    return waiting_median(lengths, np.arange(len(lengths)) < len(answered))


def _slow_median(answered: list[int], still_open: list[int]) -> int | None:
    share = Fraction(1)
    for length in sorted(set(answered)):
        waiting = sum(ms >= length for ms in (*answered, *still_open))
        share *= 1 - Fraction(answered.count(length), waiting)
        if share <= Fraction(1, 2):
            return length
    return None
