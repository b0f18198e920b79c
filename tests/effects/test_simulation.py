"""What is estimated is the truth, and intervals hold it as often as they say: simulated inboxes.

A few in the usual tests; 500 of each with `--hypothesis-profile long`, whose numbers stand in
docs/effects.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl
import pytest

from tests.effects.simulation import (
    delays,
    order_steps,
    responses,
    waits,
)
from timingctl.api import effects
from timingctl.effects.bookings import booked_after
from timingctl.effects.delay import delay_effect
from timingctl.effects.slopes import slope
from timingctl.effects.waits import wait_groups
from timingctl.made_up import EFFECT, TRUTH, GenerateOptions, generate
from timingctl.options import BuildOptions
from timingctl.pipeline import build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.effects.delay import Units

_MANY, _FEW = 500, 6
_LEADS = 20_000
_SEED = 20_261_127


def rng(number: int) -> np.random.Generator:
    """The generator of an inbox."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(_SEED, spawn_key=(number,))))


@pytest.fixture(scope="session")
def inboxes(request: pytest.FixtureRequest) -> range:
    """Their numbers."""
    is_long = request.config.getoption("--hypothesis-profile") == "long"
    return range(_MANY if is_long else _FEW)


@dataclass(frozen=True)
class Estimates:
    """Estimates with their intervals, an inbox each."""

    found: Sequence[tuple[float, float, float]]

    @property
    def mean(self) -> float:
        """Of the estimates."""
        return float(np.mean([estimate for estimate, _, _ in self.found]))

    def coverage(self, truth: float) -> float:
        """How many intervals hold the truth."""
        return float(np.mean([low <= truth <= high for _, low, high in self.found]))

    def hold(self, truth: float, most_bias: float) -> None:
        """Of many: no bias, and intervals as they say. Of few: most hold it."""
        if len(self.found) < _FEW * 10:
            assert self.coverage(truth) > 0.5
            return
        assert abs(self.mean - truth) < most_bias
        assert 0.93 <= self.coverage(truth) <= 0.97


def compared(dose: np.ndarray, units: Units) -> tuple[float, float, float]:
    """What a plain comparison says, without strata."""
    none = np.zeros(len(units), np.int64)
    found = slope(dose, units.outcome, none, np.ones(len(units)))
    assert found.estimate is not None
    assert found.se is not None
    reach = 1.96 * found.se
    return found.estimate, found.estimate - reach, found.estimate + reach


@pytest.mark.parametrize(("points", "replied"), [(-1.0, False), (0.0, False), (-3.0, True)])
def test_the_effect_of_a_minute_of_delay(points: float, replied: bool, inboxes: range) -> None:
    many = len(inboxes) == _MANY
    leads = 2_000_000 if many else 200_000
    population = delays(rng(_MANY), leads, points, replied=replied)
    everyone = population.units
    truth = slope(
        everyone.minutes, population.chance, everyone.numbered, everyone.variance
    ).estimate
    assert truth is not None
    found, waited, p = [], [], []
    naive: dict[str, list[tuple[float, float, float]]] = {
        "unstratified": [],
        "aiFirst": [],
        "actual": [],
    }
    for number in inboxes:
        inbox = delays(rng(number), _LEADS, points, replied=replied)
        units = inbox.units
        told = delay_effect(
            units, order_steps(units), {}, {"inbounds": 0, "withJob": 0, "match": 0}
        )
        if told["status"] == "notRandom":  # of a thousand checks one, by chance
            continue
        minute, by_waiting = told["perMinute"], told["perMinuteWaited"]
        found.append(interval(minute["estimate"], minute["low"], minute["high"]))
        waited.append(interval(by_waiting["estimate"], by_waiting["low"], by_waiting["high"]))
        p.append(minute["p"])
        naive["unstratified"].append(compared(units.minutes, units))
        first, known = units.of(inbox.ai_first & inbox.answered), units.of(inbox.answered)
        naive["aiFirst"].append(compared(first.minutes, first))
        naive["actual"].append(compared(inbox.waited[inbox.answered], known))
    assert len(found) > (0.98 if many else 0.5) * len(inboxes)
    Estimates(found).hold(truth, 0.0002)
    if not replied:  # there the wait acts in per cent, and all campaigns are alike
        Estimates(waited).hold(points / 100, 0.0004)
        for way in naive.values():
            assert Estimates(way).coverage(truth) < 0.05
    if points == 0 and many:
        assert 0.03 <= np.mean(np.array(p) < 0.05) <= 0.07
    share = float(np.mean(np.array(p) < 0.05))
    print(f"\npoints {points:+}, replied {replied}; truth {truth:.3%}; p < 0.05 in {share:.1%}")
    tell("perMinute", found, truth)
    tell("perMinuteWaited", waited, points / 100)
    for name, rows in naive.items():
        tell(name, rows, truth)


def tell(name: str, rows: Sequence[tuple[float, float, float]], truth: float) -> None:
    """A line for the table of docs/effects.md, under `pytest -s`."""
    told = Estimates(rows)
    print(f"{name}: truth {truth:.5f}, mean {told.mean:.5f}, covers {told.coverage(truth):.1%}")


def interval(*told: float | None) -> tuple[float, float, float]:
    """An estimate with its interval, which are there."""
    estimate, low, high = (value for value in told if value is not None)
    return estimate, low, high


def test_waits_counting_the_open_ones(inboxes: range) -> None:
    _, truth, by = waits(rng(_MANY), 1_000_000 if len(inboxes) == _MANY else 100_000)
    median = float(np.median(truth))
    shares = {
        "share": float(np.mean(truth <= 60)),
        "byAi": float(np.mean((truth <= 60) & (by == 1))),
        "bySetter": float(np.mean((truth <= 60) & (by == 2))),
    }
    medians, answered_only = [], []
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in shares}
    for number in inboxes:
        told = wait_groups(waits(rng(number), 2_000)[0], {0: "sms"}, {0: "K"})[0]
        row = cast("dict[str, float | None]", told["within"][2])
        for name, rows in found.items():
            rows.append(interval(row[name], row[f"{name}Low"], row[f"{name}High"]))
        assert told["medianMs"] is not None
        assert told["medianLowMs"] is not None
        high = float("inf") if told["medianHighMs"] is None else told["medianHighMs"]
        medians.append((told["medianMs"] / 60_000, told["medianLowMs"] / 60_000, high / 60_000))
        answered_only.append((told["answeredOnlyMedianMs"] or 0) / 60_000)
    for name, rows in found.items():
        Estimates(rows).hold(shares[name], 0.004)
    Estimates(medians).hold(median, 0.05 * median)
    assert float(np.mean(answered_only)) < 0.5 * median
    tell("median, minutes", medians, median)
    for name, rows in found.items():
        tell(name, rows, shares[name])
    print(f"answered only, minutes: {np.mean(answered_only):.1f}")


def test_bookings_counting_recent_leads_as_far_as_they_are_known(inboxes: range) -> None:
    found, naive = [], []
    for number in inboxes:
        told, in_time = responses(rng(number), 1_000)
        row = booked_after(told, 30)[0]
        found.append(interval(row["rate"], row["rateLow"], row["rateHigh"]))
        mature = (told.followed >= 30 * 86_400_000_000) | told.happened
        naive.append(float(np.mean((in_time & told.happened)[mature])))
    Estimates(found).hold(1 / 3, 0.004)
    assert float(np.mean(naive)) > 0.4
    tell("booked", found, 1 / 3)
    print(f"pending left out: {np.mean(naive):.3f}")


@pytest.mark.wide
def test_a_planted_effect_is_found_in_an_inbox_that_is_built(tmp_path: Path) -> None:
    """From exports to the estimate: also the leads that it acts on are those that were made so."""
    exports, inbox = tmp_path / "exports", tmp_path / "inbox.duckdb"
    generate(GenerateOptions(exports, 4_000, seed=3, effect=-4.0))
    build(BuildOptions(exports, output=inbox, delay_windows=exports / TRUTH))
    told = effects(inbox, section="delay").document["delay"]
    assert told is not None
    [planted] = pl.read_csv(exports / EFFECT).to_dicts()
    counts = cast("dict[str, int]", told["leads"])
    assert sum(counts.values()) - counts["noWindow"] == planted["leads"]
    assert told["status"] == "estimated"
    assert all(check["passed"] for check in told["checks"])
    minute = told["perMinute"]
    assert minute["low"] is not None
    assert minute["high"] is not None
    assert minute["low"] <= planted["pointsPerMinute"] / 100 <= minute["high"]
    assert minute["high"] < 0
    assert minute["p"] is not None
    assert minute["p"] < 0.001
