"""The benchmark's other ways to the events give the same ones as the build."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from benchmarks.contenders import Data
from benchmarks.events import digest_of_csv, digest_of_parquet
from tests.cases import FIXTURES, options_of
from timingctl.pipeline import build

ROOT = Path(__file__).parents[1]


#: What is measured beside the build, by part.
PARTS = {
    "floor": ["floor"],
    "postgres": ["PostgreSQL"],
    "polars": ["Polars only"],
    "python": ["Python loop"],
    "formats": ["build from CSV", "build from NDJSON"],
    "memory": ["build under 2GB", "build under 512MB"],
    "infer": ["build, windows inferred"],
    "inbox": [
        "build an inbox", "build an inbox under 2GB", "report of the inbox", "scan of the inbox",
    ],
}  # fmt: skip
#: The ways that others would go; the rest are builds, which other tests have.
OTHERS = ("floor", "postgres", "polars", "python")


@pytest.mark.wide
def test_every_way_gives_the_same_events_and_is_measured(tmp_path: Path, thorough: bool) -> None:
    results = tmp_path / "results.json"
    parts = PARTS if thorough else OTHERS
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--leads", "300", "--repeats", "0",
         "--temp-dir", tmp_path, "--results", results, *(f"--only={part}" for part in parts)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [run] = json.loads(results.read_text()).values()
    assert list(run["measured"]) == ["build", *(name for part in parts for name in PARTS[part])]
    assert all(found["median"] > 0 < found["peakMB"] for found in run["measured"].values())
    goals = {"build / floor", "PostgreSQL / build"}
    if thorough:
        goals |= {"build an inbox / build", "an inbox by its exports, bytes"}
    assert {goal["name"] for goal in run["goals"]} >= goals
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_the_comparison_notices_a_value_and_an_order(tmp_path: Path) -> None:
    data = Data(tmp_path, leads=50)
    data.make()
    assert data.same_bytes(data.events)
    assert digest_of_parquet(data.events) == data.digest
    events = pl.read_parquet(data.events)
    other = tmp_path / "other.parquet"
    for changed in (
        events.with_columns(pl.col("aiJobFinishedAt") + pl.duration(microseconds=1)),
        events.with_columns(pl.col("setterSentByUserId").fill_null("")),
        events.reverse(),
        events[:-1],
    ):
        changed.write_parquet(other)
        assert digest_of_parquet(other) != data.digest
        assert not data.same_bytes(other)


def test_events_in_csv_have_the_digest_of_those_in_parquet(tmp_path: Path) -> None:
    output = tmp_path / "events.parquet"
    digest = build(options_of(FIXTURES / "tour", output=output))["contentDigest"]
    assert digest_of_csv(FIXTURES / "tour" / "expected.csv") == digest == digest_of_parquet(output)
