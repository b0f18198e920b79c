"""The buckets of response time, chosen delay and drift, on each side of every edge."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.report.cases import reported, says

START = datetime(2026, 2, 10)


def after(**passed: float) -> str:
    """The instant so long after the start."""
    return str(START + timedelta(**passed))


def test_response_time(tmp_path: Path) -> None:
    edges = [60, 300, 900, 3_600, 14_400, 86_400]
    lines = [
        f"00:00:00 | {after(seconds=second, microseconds=offset)}"
        for second in edges
        for offset in (-1, 0)
    ]
    found = reported(tmp_path, "\n".join(["in | setter", *lines]), sections=["response-time"])
    says(
        found.document["responseTime"],
        """
        bucket   | n
        <1min    | 1
        1-5min   | 2
        5-15min  | 2
        15-60min | 2
        1-4hr    | 2
        4-24hr   | 2
        >24hr    | 1
        """,
    )
    assert "booked" not in found.document["responseTime"][0]


def test_chosen_delay(tmp_path: Path) -> None:
    seconds = [0, 179, 180, 209, 210, 269, 270, 329, 330, 389, 390, 420, 421]
    lines = [f"00:00:00 | 01:00:00 | {second}" for second in seconds]
    lines += ["00:00:00 | 01:00:00 | "]  # no window: in no bucket
    found = reported(tmp_path, "\n".join(["in | ai | chosen", *lines]), sections=["chosen-delay"])
    says(
        found.document["chosenDelay"],
        """
        bucket   | n
        <180s    | 2
        180-210s | 2
        210-270s | 2
        270-330s | 2
        330-390s | 2
        390-420s | 2
        >420s    | 1
        """,
    )


def test_drift(tmp_path: Path) -> None:
    us = timedelta(microseconds=1)
    drifts = [
        (timedelta(seconds=edge) + offset)
        for edge, offsets in {
            -10: (-us, 0 * us),
            10: (0 * us, us),
            60: (0 * us, us),
            300: (0 * us, us),
        }.items()
        for offset in offsets
    ]
    due = datetime(2026, 2, 10, 12)
    lines = [f"00:00:00 | {due + drift} | {due}" for drift in drifts]
    lines += ["00:00:00 | 01:00:00 | "]  # no job: in no bucket
    found = reported(tmp_path, "\n".join(["in | ai | due", *lines]), sections=["drift"])
    says(
        found.document["drift"],
        """
        bucket       | n
        >10s early   | 1
        on time ±10s | 2
        10-60s late  | 2
        1-5min late  | 2
        >5min late   | 1
        """,
    )


def test_chosen_delay_and_drift_are_over_responses_in_which_the_ai_was_first(
    tmp_path: Path,
) -> None:
    events = """
        id | in       | setter   | ai       | chosen | due
        m1 | 10:00:00 | 10:05:00 | 10:05:00 | 300    | 10:05:00
        m2 | 10:00:00 | 10:05:01 | 10:05:00 | 300    | 10:05:00
        m3 | 10:00:00 |          | 10:05:00 | 300    | 10:05:00
        m4 | 10:00:00 |          |          | 300    | 10:05:00
    """
    document = reported(tmp_path, events).document
    assert sum(row["n"] for row in document["chosenDelay"]) == 2
    assert sum(row["n"] for row in document["drift"]) == 2


def test_a_bucket_counts_outcomes_and_rates(tmp_path: Path) -> None:
    """Four leads answered within a minute: one booked, two not, one known by an id alone."""
    events = """
        lead | in       | setter
        l1   | 10:00:00 | 10:00:30
        l2   | 10:00:00 | 10:00:30
        l3   | 10:00:00 | 10:00:30
        l4   | 10:00:00 | 10:00:30
        l4   | 11:00:00 | 11:00:30
    """
    leads = """
        id | booked     | appointment
        l1 | 2026-02-11 |
        l2 |            |
        l3 |            |
        l4 |            | x
    """
    document = reported(tmp_path, events, leads).document
    first, second = document["responseTime"][:2]
    assert first == {
        "bucket": "<1min", "n": 5, "booked": 1, "notBooked": 2, "pending": 0,
        "bookedNoTimestamp": 1, "bookedPending": 0, "eligible": 3, "mature": 3, "rate": 1 / 3,
        "rateLow": first["rateLow"], "rateHigh": first["rateHigh"],
    }  # fmt: skip
    assert first["rateLow"] == pytest.approx(0.0614919, abs=1e-6)
    assert first["rateHigh"] == pytest.approx(0.7923404, abs=1e-6)
    assert (second["rate"], second["rateLow"], second["rateHigh"]) == (None, None, None)
