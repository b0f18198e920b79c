"""The build on an engine gives the bytes, the counts and the rejects of one machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.cases import CASES, FIXTURES
from tests.engine.inboxes import fixture
from tests.engine.servers import spark
from tests.engine.test_faults import At
from timingctl import parts
from timingctl.engine import build as engine_build
from timingctl.engine import inputs
from timingctl.engine.ranges import Ordered, in_ranges
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.staging.rejects import rejects_path
from timingctl.verify.cases import options_of

if TYPE_CHECKING:
    import pyarrow as pa

    from timingctl.engine.session import Engine
    from timingctl.manifest import Manifest

#: Of a reject, what every engine knows. Sail does not know a row's place in its file.
KNOWN = ("table", "file", "id", "column", "reason", "value")
#: And its file only where the table has few.
KNOWN_OF_MANY = ("table", "id", "column", "reason", "value")


def rejects(output: Path) -> list[dict[str, Any]]:
    path = rejects_path(output)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def in_no_order(found: list[dict[str, Any]], known: Sequence[str]) -> list[str]:
    """What is known of rejects, in no order."""
    return sorted(json.dumps([row[name] for name in known]) for row in found)


def hold_to_one_machine(
    options: BuildOptions, engine: str, *, places: bool = False, known: Sequence[str] = KNOWN
) -> None:
    """Build here and there, and compare all that is written."""
    output = options.output.with_name(f"there-{options.output.name}")
    there = replace(options, output=output, engine=engine)
    hold_built(build(there), there, options.output, places=places, known=known)


def hold_built(
    found: Manifest,
    options: BuildOptions,
    here: Path,
    *,
    places: bool = False,
    known: Sequence[str] = KNOWN,
) -> None:
    """Build here what was built there, and compare all that is written."""
    there = options.output
    expected = build(replace(options, output=here, engine=None))
    assert written(there) == written(here)
    if places:
        assert rejects(there) == rejects(here)
        assert found == expected
    assert in_no_order(rejects(there), known) == in_no_order(rejects(here), known)
    digest = "rejectsDigest"
    assert {**found, digest: None} == {**expected, digest: None}


def written(output: Path) -> list[bytes]:
    """The events, as they stand in their file or in the parts of a folder."""
    return [path.read_bytes() for path in sorted(output.glob("part-*"))] or [output.read_bytes()]


@pytest.mark.wide
def test_on_a_cluster_without_leads_and_range_by_range(
    inbox: Path, tmp_path: Path, sail_cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "exports"
    shutil.copytree(inbox, source, ignore=shutil.ignore_patterns("Lead.parquet"))
    sizes: list[int] = []

    def small(engine: Engine, rows: Ordered, **more: int) -> Iterator[pa.Table]:
        for table in in_ranges(engine, rows, most=40, **more):
            sizes.append(len(table))
            yield table

    monkeypatch.setattr(engine_build, "in_ranges", small)
    monkeypatch.setattr(inputs, "TOLD_APART", 2)  # so Message's three are read together
    monkeypatch.setattr(parts, "PART_ROWS", 100)
    options = BuildOptions(
        source,
        output=tmp_path / "events",
        client="K",
        allow_rejects=True,
        keep_bounces=True,
        setter_rule="next",
        delay_windows="current",
        since=datetime(2025, 3, 1, tzinfo=UTC),
    )
    hold_to_one_machine(options, sail_cluster, known=KNOWN_OF_MANY)
    assert len(sizes) > 3
    assert len(written(options.output)) > 1


@pytest.mark.wide
def test_what_is_read_no_more_leaves_scratch(inbox: Path, tmp_path: Path, local_sail: str) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    seen: list[set[str]] = []

    def look() -> None:
        there = {path.name: path for path in scratch.glob("*/room/*")}
        seen.append(set(there))
        if {"ai_answer", "tied_message"} <= there.keys():  # what cannot be removed is no matter
            shutil.rmtree(there["tied_message"])

    options = BuildOptions(
        inbox, output=tmp_path / "events.parquet", allow_rejects=True, engine=local_sail,
        scratch=str(scratch),
    )  # fmt: skip
    found = build(options, At("", look))
    hold_built(found, replace(options, scratch=None), tmp_path / "here.parquet")
    *_, checking, writing = seen
    gone = {"turn_message", "turn", "draft_message", "preferred_draft"}
    assert set().union(*seen) - checking == gone
    assert not {"scheduled_delay", "delay_range"} & checking
    assert {"import_message", "anchor_draft", "tied_message"} < checking
    assert writing == {"ai_answer", "anchor", "known_channel", "known_lead"}
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("mode", ["local_sail", "sail_cluster"])
def test_fixtures_on_sail(
    mode: str, tmp_path: Path, thorough: bool, request: pytest.FixtureRequest
) -> None:
    if not thorough:
        pytest.skip("`make test` has all fixtures in one inbox")
    engine = request.getfixturevalue(mode)
    for name in CASES:
        hold_fixture(name, tmp_path / name, engine)


def test_on_spark(
    inbox: Path,
    tmp_path: Path,
    thorough: bool,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not thorough:
        pytest.skip("Apache Spark is slow to start: it is for `make test-long`")
    engine = request.getfixturevalue("apache_spark")
    options = BuildOptions(inbox, output=tmp_path / "events.parquet", allow_rejects=True)
    hold_to_one_machine(options, engine, places=True)
    monkeypatch.setattr(inputs, "TOLD_APART", 2)
    hold_to_one_machine(options, engine, places=True)
    for name in CASES:
        hold_fixture(name, tmp_path / name, engine, places=True)


def test_on_spark_while_a_worker_is_killed(inbox: Path, tmp_path: Path, thorough: bool) -> None:
    if not thorough:
        pytest.skip("Apache Spark is slow to start: it is for `make test-long`")
    killed: list[int] = []

    def kill() -> None:
        [first, *others] = children(server)
        assert len(others) == 1
        killed.append(first)
        os.kill(first, signal.SIGKILL)

    with spark(tmp_path, "local-cluster[2,1,1024]") as (engine, server):
        output = tmp_path / "there.parquet"
        options = BuildOptions(inbox, output=output, engine=engine, allow_rejects=True)
        found = build(options, At("Relating turn", kill))
        hold_built(found, options, tmp_path / "events.parquet", places=True)
        assert killed
        assert not set(killed) & set(children(server))


def children(process: int) -> list[int]:
    """The processes that one has started: of Spark with workers, these."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()]


def hold_fixture(name: str, folder: Path, engine: str, *, places: bool = False) -> None:
    options = replace(
        options_of(FIXTURES / name),
        source=fixture(name, folder / "exports"),
        output=folder / "events.parquet",
        allow_rejects=True,
    )
    hold_to_one_machine(options, engine, places=places)


@pytest.mark.wide
def test_strange_names_and_folders(tmp_path: Path, local_sail: str) -> None:
    source = tmp_path / "o'dd `na me%20é"
    fixture("delay_history", tmp_path / "plain").rename(source)
    messages = pl.read_parquet(source / "Message.parquet")
    (source / "Message.parquet").unlink()
    for said in messages["sentBy"].unique():
        rows = messages.filter(pl.col("sentBy").eq_missing(said)).drop("sentBy")
        place = source / "messages" / f"sentBy={said or '__HIVE_DEFAULT_PARTITION__'}"
        place.mkdir(parents=True)
        rows.with_columns(pl.lit(1).alias("we`ird.col")).write_parquet(place / "a,b#1.parquet")
    options = options_of(FIXTURES / "delay_history")
    options = replace(options, source=source, output=tmp_path / "events.ndjson")
    hold_to_one_machine(options, local_sail)
