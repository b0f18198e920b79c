"""What is said of leads that were counted apart reads well for one and for many."""

from __future__ import annotations

from typing import Any

import pytest

from timingctl.effects.words import of_counts


@pytest.mark.parametrize(
    ("leads", "apart", "booked"),
    [
        (1, "1 lead is left out because its jobs", "1 lead has an appointment"),
        (2, "2 leads are left out because their jobs", "2 leads have an appointment"),
    ],
)
def test_one_and_many(leads: int, apart: str, booked: str) -> None:
    delay: Any = {"leads": {"unproven": leads}, "untimed": leads}
    said = of_counts(delay)
    assert [said[0].startswith(apart), said[1].startswith(booked)] == [True, True]
