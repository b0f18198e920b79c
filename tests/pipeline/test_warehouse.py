"""What a session has of the memory of a run, and what it says when that does not suffice."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pyarrow as pa
import pytest

from timingctl.errors import SettingsError
from timingctl.warehouse import Resources, open_warehouse


def test_memory_that_runs_out_while_rows_stream_is_said_as_such() -> None:
    def running_out() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"n": [1]})
        # as Arrow passed it on from DuckDB 2.0 in a build of 25 million messages
        raise OSError("Out of Memory Error: failed to pin block of size 256.0 KiB (488.1 MiB/488.2")

    with open_warehouse(Resources()) as warehouse:
        warehouse._connection = mock.Mock()
        warehouse._connection.sql.return_value.to_arrow_reader.return_value = running_out()
        batches = warehouse.batches("from anywhere")
        assert len(next(batches)) == 1
        with pytest.raises(SettingsError, match=r"^Not enough memory"):
            next(batches)


@pytest.mark.parametrize("given", ["80MB", " 80 MB", "80e6 bytes", "0.08GB"])
def test_duckdb_has_three_quarters_of_the_memory_of_a_run(given: str) -> None:
    with open_warehouse(Resources(memory_limit=given)) as warehouse:
        [(limit,)] = warehouse.execute("select current_setting('memory_limit')")
    assert limit == "57.2 MiB"  # 60 MB


def test_under_a_limit_tables_are_in_the_private_folder() -> None:
    with open_warehouse(Resources(memory_limit="64MB")) as warehouse:
        warehouse.execute("create table t as select 1 as n")
        [(path,)] = warehouse.execute(
            "select path from duckdb_databases() where database_name = current_database()"
        )
        assert path.startswith(str(warehouse._folder))
