"""Wilson's interval, and numbers as JSON has them."""

from __future__ import annotations

import pytest

from tests.report import model
from timingctl.reports.statistics import plain, wilson


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
