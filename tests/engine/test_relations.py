"""sql/events is one text: on DuckDB and on an engine each relation has the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from timingctl.engine.address import address
from timingctl.engine.inputs import inputs_of
from timingctl.engine.scratch import engine_scratch
from timingctl.engine.session import FOLDER, Engine, connected
from timingctl.engine.staging import stage_tables
from timingctl.exports.source import opened
from timingctl.options import SourceOptions
from timingctl.phases import STAGING_RELATIONS, params_of
from timingctl.progress import Silence
from timingctl.relations import in_order, inputs
from timingctl.schemas import TABLES
from timingctl.warehouse import SQL_FOLDER, Resources, Warehouse, open_warehouse

#: All that the engine makes or could make: staging, events, and what is asked of them.
MADE = (
    *(pair for pair in STAGING_RELATIONS if pair[1] != "order_hash"),
    *in_order("events", *inputs("events")),
    *in_order("staging", "current_window"),
    *in_order("windows", "scheduled_delay", "campaign"),
)
ASKED = ("odd_reference", "coarse_instant", "tied_outbound", "lost_message_draft", "lost_job_draft")
#: What Parquet holds is told apart by engines; rows have no order.
_UNITS = pl.Datetime("us")


@pytest.fixture(scope="module")
def sessions(inbox: Path, local_sail: str) -> Iterator[tuple[Engine, Warehouse]]:
    """An engine with the relations made, and DuckDB with the same text run on the same rows."""
    options = SourceOptions(inbox).settled(None)
    with (
        opened(options) as source,
        engine_scratch(None, None) as scratch,
        connected(address(local_sail), scratch) as engine,
        open_warehouse(Resources()) as warehouse,
    ):
        stage_tables(engine, inputs_of(source), source.exports, Silence())
        for table in TABLES:
            for name in (table.relation, f"import_{table.relation}"):
                rows = engine.rows(f"from {name}")  # noqa: F841 - DuckDB reads it
                warehouse._connection.execute(f"create table {name} as from rows")
        for folder, relation in MADE:
            engine.create(relation, folder, params_of(source))
            warehouse.execute(
                f"create table {relation} as {engine.text(folder, relation)}",
                {
                    name: value
                    for name, value in params_of(source).items()
                    if f"${name}" in engine.text(folder, relation)
                },
            )
        yield engine, warehouse


def in_any_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in one order, with types that both have alike."""
    alike = frame.with_columns(
        pl.selectors.integer().cast(pl.Int64), pl.selectors.datetime().cast(_UNITS)
    )
    return alike.sort(alike.columns, nulls_last=True)


@pytest.mark.parametrize(("folder", "relation"), MADE, ids=[name for _, name in MADE])
def test_a_relation_has_the_same_rows(
    sessions: tuple[Engine, Warehouse], folder: str, relation: str
) -> None:
    engine, warehouse = sessions
    there = in_any_order(pl.DataFrame(engine.rows(f"from {relation}")))
    here = in_any_order(warehouse.frame(f"from {relation}"))
    assert_frame_equal(there, here)
    assert len(here), f"{folder}/{relation} has no rows to compare"


@pytest.mark.parametrize("path", sorted((SQL_FOLDER / FOLDER).iterdir()), ids=lambda p: p.stem)
def test_what_is_made_otherwise_is_made_elsewhere_too(path: Path) -> None:
    others = [other for other in SQL_FOLDER.glob(f"*/{path.name}") if other != path]
    assert len(others) == 1


@pytest.mark.parametrize("check", ASKED)
def test_a_question_has_the_same_answer(sessions: tuple[Engine, Warehouse], check: str) -> None:
    engine, warehouse = sessions
    assert sorted(engine.violations(check)) == sorted(warehouse.violations(check))
