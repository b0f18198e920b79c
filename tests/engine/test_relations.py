"""sql/events is one text: on DuckDB and on an engine each relation has the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.bad_input.tool import cases
from tests.engine.test_faults import leave_twice
from tests.engine.test_same import hold_built
from timingctl.engine import build as engine_build
from timingctl.engine.address import address
from timingctl.engine.connecting import connected
from timingctl.engine.ranges import Ordered, in_ranges
from timingctl.engine.scratch import engine_scratch
from timingctl.engine.session import FOLDER, Engine
from timingctl.errors import DatabaseError
from timingctl.exports.source import Source, opened
from timingctl.options import BuildOptions
from timingctl.phases import STAGING_RELATIONS, params_of
from timingctl.pipeline import build
from timingctl.relations import in_order, inputs
from timingctl.schemas import TABLES
from timingctl.sql_text import SQL_FOLDER
from timingctl.warehouse import Resources, Warehouse, open_warehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from timingctl.manifest import Intake, Manifest

#: All that the engine makes or could make: staging, events, and what is asked of them.
MADE = (
    *(pair for pair in STAGING_RELATIONS if pair[1] != "order_hash"),
    *in_order("events", *inputs("events")),
    *in_order("staging", "current_window"),
    *in_order("windows", "scheduled_delay", "campaign"),
)
#: Those that a build makes.
BUILT = {name for _, name in (*STAGING_RELATIONS, *engine_build._ON_ENGINE)} | {"scheduled_delay"}
ASKED = ("odd_reference", "coarse_instant", "tied_outbound", "lost_message_draft", "lost_job_draft")
#: What Parquet holds is told apart by engines; rows have no order.
_UNITS = pl.Datetime("us")


class Sessions(NamedTuple):
    """An engine after a build, and DuckDB with the same text run on the same rows."""

    engine: Engine
    warehouse: Warehouse
    source: Source
    options: BuildOptions
    manifest: Manifest


@pytest.fixture(scope="module")
def sessions(
    inbox: Path, local_sail: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sessions]:
    """Both, of one inbox."""
    output = tmp_path_factory.mktemp("built") / "there-events.parquet"
    options = BuildOptions(inbox, output=output, engine=local_sail, allow_rejects=True)
    with (
        opened(options.settled(None)) as source,
        engine_scratch(None, None) as scratch,
        connected(address(local_sail), scratch) as engine,
        open_warehouse(Resources()) as warehouse,
    ):
        with (
            mock.patch.object(engine_build, "engine_scratch", return_value=nullcontext(scratch)),
            mock.patch.object(Engine, "drop"),  # what the build reads no more is looked at here
            mock.patch.object(engine_build, "connected", return_value=nullcontext(engine)),
        ):
            manifest = build(options)
        for table in TABLES:
            for name in (table.relation, f"import_{table.relation}"):
                rows = engine.rows(f"from {name}")  # noqa: F841 - DuckDB reads it
                warehouse._connection.execute(f"create table {name} as from rows")
        for folder, relation in MADE:
            if relation not in BUILT:
                engine.create(relation, folder, params_of(source))
            warehouse.execute(
                f"create table {relation} as {engine.text(folder, relation)}",
                {
                    name: value
                    for name, value in params_of(source).items()
                    if f"${name}" in engine.text(folder, relation)
                },
            )
        yield Sessions(engine, warehouse, source, options, manifest)


def test_a_build_gives_the_bytes_of_one_machine(sessions: Sessions) -> None:
    there = sessions.options.output
    here = there.with_name(there.name.removeprefix("there-"))
    hold_built(sessions.manifest, sessions.options, here)


def test_no_rows_are_no_ranges(sessions: Sessions) -> None:
    keys = ("known_lead.clientId",)
    counts = "select clientId, count(*) from known_lead where false group by clientId"
    none = Ordered("nothing", "from known_lead where false", counts, keys, ("clientId",), (False,))
    assert list(in_ranges(sessions.engine, none)) == []


def in_any_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in one order, with types that both have alike."""
    alike = frame.with_columns(
        pl.selectors.integer().cast(pl.Int64), pl.selectors.datetime().cast(_UNITS)
    )
    return alike.sort(alike.columns, nulls_last=True)


@pytest.mark.parametrize(("folder", "relation"), MADE, ids=[name for _, name in MADE])
def test_a_relation_has_the_same_rows(sessions: Sessions, folder: str, relation: str) -> None:
    there = in_any_order(pl.DataFrame(sessions.engine.rows(f"from {relation}")))
    here = in_any_order(sessions.warehouse.frame(f"from {relation}"))
    assert_frame_equal(there, here)
    assert len(here), f"{folder}/{relation} has no rows to compare"


@pytest.mark.parametrize("path", sorted((SQL_FOLDER / FOLDER).iterdir()), ids=lambda p: p.stem)
def test_what_is_made_otherwise_is_made_elsewhere_too(path: Path) -> None:
    others = [other for other in SQL_FOLDER.glob(f"*/{path.name}") if other != path]
    assert len(others) == 1


@pytest.mark.parametrize("check", ASKED)
def test_a_question_has_the_same_answer(sessions: Sessions, check: str) -> None:
    there = sessions.engine.violations(check)
    assert sorted(there) == sorted(sessions.warehouse.violations(check))


def read_events(sessions: Sessions) -> list[pa.Table]:
    sessions.engine.drop("event_range")  # the build's
    return list(engine_build._rows(sessions.engine))


def take_in(sessions: Sessions) -> Intake:
    return engine_build._take_in(sessions.engine, sessions.source, [])


@pytest.mark.parametrize(
    ("relation", "work", "says"),
    cases(
        ("a table", "message", take_in, "counts of rows that do not add up: "),
        ("rows that are left out", "orphan_message", take_in, " unusable rows where it had "),
        ("an event", "event_range", read_events, "rows of event_range where it had counted "),
    ),
)
def test_what_a_repeated_task_left_twice_is_found(
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
    relation: str,
    work: Callable[[Sessions], object],
    says: str,
) -> None:
    keep = Engine.keep

    def twice(engine: Engine, name: str, *given: Any, **more: Any) -> None:
        keep(engine, name, *given, **more)
        leave_twice(engine, name)

    monkeypatch.setattr(Engine, "keep", twice)  # of what is not there yet
    copies = leave_twice(sessions.engine, relation)
    try:
        with pytest.raises(DatabaseError) as caught:
            work(sessions)
    finally:
        for copy in copies:
            copy.unlink(missing_ok=True)
    assert says in str(caught.value)
    assert "a task that was repeated may have left a file twice" in str(caught.value)
    assert str(caught.value).endswith(" Run this again.")
