"""What a session has of the memory of a run, and what it says when that does not suffice."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest

from tests.bad_input.tool import HEADER, INBOUND, MESSAGES, OUTBOUND, build, write
from timingctl.errors import SettingsError
from timingctl.warehouse import Resources, open_warehouse

MEASURED = Path(__file__).parents[2] / "benchmarks" / "measured.py"


def test_memory_that_runs_out_while_rows_stream_is_said_as_such() -> None:
    def running_out() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"n": [1]})
        # as Arrow passed it on from DuckDB 2.0 in a build of 25 million messages
        raise OSError("Out of Memory Error: failed to pin block of size 256.0 KiB (488.1 MiB/488.2")

    with open_warehouse(Resources()) as warehouse:
        warehouse._connection = mock.Mock()
        warehouse._connection.extract_statements.return_value = ["from anywhere"]
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


@pytest.mark.wide(but=2)
@pytest.mark.parametrize("limit", ["64MB", "512MB", "1GB"])
@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("zst", lambda raw: pa.compress(raw, "zstd"))]
)
def test_packed_csv_is_read_under_any_limit(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], pa.Buffer], limit: str
) -> None:
    packed = {f"Message.csv.{suffix}": bytes(pack(MESSAGES.encode()))}
    built = build(tmp_path, packed, "--memory-limit", limit)
    assert (built.code, built.err, len(built.events)) == (0, "", 1)


def test_a_row_that_is_longer_than_the_limit_allows_is_said_to_be(tmp_path: Path) -> None:
    body = "b" * 9_000_000
    messages = f"{HEADER[:-1]},body\n{INBOUND[:-1]},{body}\n{OUTBOUND[:-1]},b\n"
    built = build(tmp_path / "tight", {"Message.csv": messages}, "--memory-limit", "64MB")
    assert (built.code, built.err) == (
        11,
        "Error: Message.csv, row 1 cannot be read: a row is longer than 5 MB, which is what "
        "--memory-limit leaves for one. Repair or export it again.\n",
    )
    assert len(build(tmp_path / "roomy", {"Message.csv": messages}).events) == 1


@pytest.mark.wide
def test_100_000_columns_or_keys_are_read_within_the_limit(tmp_path: Path) -> None:
    names = [f"x{number}" for number in range(100_000)]
    rows = [f"{row[:-1]}{',v' * len(names)}\n" for row in (INBOUND, OUTBOUND)]
    header = f"{HEADER[:-1]},{','.join(names)}\n"
    write(tmp_path / "csv", {"Message.csv": header + "".join(rows)})
    keys = HEADER[:-1].split(",")
    records = [
        dict(zip(keys, row[:-1].split(","), strict=True)) | dict.fromkeys(names, "v")
        for row in (INBOUND, OUTBOUND)
    ]
    write(tmp_path / "json", {"Message.ndjson": "".join(f"{json.dumps(r)}\n" for r in records)})
    for source in ("csv", "json"):
        output = tmp_path / f"{source}.ndjson"
        command = ("build", tmp_path / source, "-o", output, "-q", "--memory-limit", "512MB")
        run = (sys.executable, "-m", "timingctl", *map(str, command))
        measured = subprocess.run(
            [sys.executable, "-IS", MEASURED, *run], capture_output=True, text=True, check=True
        )
        assert len(output.read_text().splitlines()) == 1
        assert json.loads(measured.stdout)["peakMB"] < 512
