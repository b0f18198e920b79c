"""Events in parts in a bucket; and a bucket that an engine elsewhere reads by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

import timingctl
from tests.buckets.bucket import Bucket, environment_of
from tests.cases import FIXTURES
from tests.engine.inboxes import fixture
from tests.engine.servers import sail
from tests.engine.test_faults import At
from timingctl.buckets import copying


@pytest.fixture
def engine(bucket: Bucket) -> Iterator[str]:
    """Sail with credentials of its own, at an address that is not said to be this machine."""
    given = {**environment_of(bucket.address), "AWS_ALLOW_HTTP": "true"}
    with mock.patch.dict(os.environ, given), sail("local", "127.0.0.2") as url:
        yield url


def test_events_in_parts_are_read(bucket: Bucket, tmp_path: Path) -> None:
    timingctl.build(FIXTURES / "tour", tmp_path / "events")
    there = bucket.fill(tmp_path / "events", "events")
    with mock.patch.dict(os.environ, environment_of(bucket.address)):
        assert timingctl.diff(there, tmp_path / "events").equal
        here = timingctl.report(tmp_path / "events", section="summary").document
        assert timingctl.report(there, section="summary").document == here


@pytest.mark.wide
def test_an_engine_reads_a_bucket_by_itself(
    bucket: Bucket, engine: str, tmp_path: Path, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = fixture("tour", tmp_path / "exports")
    source = bucket.fill(exports, "exports")
    (scratch := tmp_path / "scratch").mkdir()
    place = f"{bucket.url}/scratch" if thorough else scratch  # moto is slow
    here = timingctl.build(exports, tmp_path / "events")
    monkeypatch.delattr(copying, "kept_ranges")  # what copies values
    output = f"{bucket.url}/out/events/"
    there = timingctl.build(source, output, engine=engine, scratch=place)
    assert there.manifest == here.manifest
    assert bucket.keys("out") == {
        f"out/events/{path.name}": path.read_bytes() for path in (tmp_path / "events").iterdir()
    }
    assert {key.split("/")[0] for key in bucket.keys()} == {"exports", "out"}  # noqa: SIM118
    assert list(scratch.iterdir()) == []

    changed = (exports / "AIDraft.parquet").read_bytes() + b" "
    change = At("Reading AIDraft", lambda: bucket.put("exports/AIDraft.parquet", changed))
    none = tmp_path / "none.parquet"
    with pytest.raises(timingctl.InputError) as caught:
        timingctl.build(source, none, engine=engine, scratch=scratch, progress=change)
    assert str(caught.value) == (
        f"{source}/AIDraft.parquet changed while it was read; run this again when nothing writes "
        "to it."
    )
    assert not none.exists()
