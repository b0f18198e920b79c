"""Like for like: the AI and setters on the same kind of inbound."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import reported, says, write_events

#: Of Tuesday's 9 o'clock on email: the AI in time of 2 of 2, setters of 1 of 3; of sms: the AI of 0
#: of 1, a setter of 1 of 1. What came at 10 only the AI answered.
EVENTS = """
    in       | channel | setter   | ai
    09:00:00 | email   |          | 09:03:00
    09:01:00 | email   |          | 09:04:00
    09:02:00 | email   | 09:03:00 |
    09:03:00 | email   | 09:30:00 |
    09:04:00 | email   | 09:30:00 |
    09:00:00 | sms     |          | 09:10:00
    09:01:00 | sms     | 09:02:00 |
    10:00:00 | email   |          | 10:01:00
"""


def test_shares_are_weighted_alike(tmp_path: Path) -> None:
    """Weights 2·3/5 and 1·1/2; by hand: (1.2·1 + 0.5·0)/1.7 and (1.2/3 + 0.5·1)/1.7."""
    found = reported(tmp_path, EVENTS, sections=["like-for-like"], targets=["5min"])
    [row] = found.document["likeForLike"]
    assert (row["kinds"], row["ai"], row["setter"]) == (2, 3, 4)
    assert row["aiShare"] == pytest.approx(1.2 / 1.7)
    assert row["setterShare"] == pytest.approx(0.9 / 1.7)
    assert row["difference"] == pytest.approx(0.3 / 1.7)
    p = (4 * 1 - 9 * 2 + 6 * (3 - 2) / 2) / 25 + (1 * 1 - 0 + 0) / 4
    q = (2 * 2 + 1 * 0) / 10 + (0 + 1 * 1) / 4
    error = math.sqrt(0.3 / 1.7 * p + q) / 1.7
    assert row["differenceLow"] == pytest.approx(0.3 / 1.7 - 1.959964 * error, abs=1e-6)
    assert "like-for-like: 1 of 8 first responses are to inbounds of" in " ".join(found.notes)


def test_of_no_common_kind_nothing_is_said(tmp_path: Path) -> None:
    events = "in | setter | ai\n09:00:00 | 09:01:00 |\n10:00:00 | | 10:01:00"
    found = reported(tmp_path, events, sections=["like-for-like"], targets=["5min"])
    says(found.document["likeForLike"], """
        measure    | kinds | ai | setter | aiShare | difference | differenceLow
        within5min | 0     | 0  | 0      |         |            |
    """)  # fmt: skip


def test_it_is_there_where_it_is_named(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    assert "Like for like" not in timingctl("report", events).out
    shown = timingctl("report", events, "--section", "like-for-like").out
    assert "Like for like: the AI and setters, same client, channel and hour of the week" in shown
