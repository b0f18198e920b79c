"""What only the user may see: temporary files and folders, and what people wrote."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.bad_input.tool import timingctl, write
from timingctl.replacing import replacing
from timingctl.schemas import TABLES
from timingctl.scratch import scratch_folder
from timingctl.warehouse import Resources, open_warehouse

SECRET = "what the lead wrote"  # noqa: S105


@pytest.fixture
def open_umask() -> Iterator[None]:
    mask = os.umask(0)
    yield
    os.umask(mask)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_temporary_files_and_folders_are_the_users_alone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as scratch, replacing([tmp_path / "events.csv"]) as [file]:
        assert mode(scratch.folder) == 0o700
        assert {mode(path) for path in scratch.folder.iterdir() if path.is_file()} == {0o600}
        assert mode(file.parents[1]) == 0o700
        file.touch()


@pytest.mark.usefixtures("open_umask")
def test_what_duckdb_spills_lies_in_a_folder_of_the_users_alone(tmp_path: Path) -> None:
    resources = Resources(threads=1, memory_limit="40MB", temp_dir=tmp_path)
    with open_warehouse(resources) as warehouse:
        warehouse.execute("create table many as select hash(i) as h from range(10_000_000) t(i)")
        [folder] = tmp_path.iterdir()
        assert [path for path in folder.rglob("*") if path.is_file()], "nothing was spilled"
        assert mode(folder) == 0o700
    assert not list(tmp_path.iterdir())


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("suffix", ["csv", "ndjson", "parquet"])
def test_what_people_wrote_is_nowhere_in_what_is_written_or_said(
    suffix: str, tmp_path: Path
) -> None:
    source = write(tmp_path / "exports", {})
    for name in ("Message.csv", "AIDraft.csv"):
        frame = pl.read_csv(source / name, infer_schema=False)
        column = "body" if name == "Message.csv" else "content"
        frame = frame.with_columns(pl.lit(SECRET).alias(column))
        if name == "Message.csv":  # beside rows that are used, one that is rejected
            frame = pl.concat([frame, frame[:1].with_columns(id=pl.lit("C"), sentAt=pl.lit("x"))])
        (source / name).unlink()
        written = source / f"{name[:-4]}.{suffix}"
        getattr(frame, f"write_{suffix}")(written)
    output = tmp_path / "events.ndjson"
    done = timingctl("build", source, "-o", output, "-v")
    assert done.code == 0
    told = timingctl("explain", source, "A", "--json")
    said = [done.out, done.err, told.out, told.err]
    said += [path.read_text() for path in tmp_path.glob("events.ndjson*")]
    assert len(said) == 7  # the events, the manifest and the rejects
    assert not [text for text in said if SECRET in text]


def test_no_contract_has_a_column_for_what_people_wrote() -> None:
    columns = {column.name.lower() for table in TABLES for column in table.all_columns}
    assert not columns & {"body", "content", "text", "subject", "html"}


def test_the_bytes_of_other_columns_are_not_even_read(tmp_path: Path) -> None:
    source = write(tmp_path / "exports", {})
    file = source / "Message.parquet"
    messages = pl.read_csv(source / "Message.csv", infer_schema=False)
    messages.with_columns(pl.lit(SECRET).alias("body")).write_parquet(file)
    (source / "Message.csv").unlink()
    group = pq.read_metadata(file).row_group(0)
    body = group.column(group.num_columns - 1)
    assert body.path_in_schema == "body"
    with file.open("r+b") as spoiled:
        spoiled.seek(body.dictionary_page_offset or body.data_page_offset)
        spoiled.write(b"\xff" * body.total_compressed_size)
    with pytest.raises(OSError, match=r"body|page|decompress|Invalid"):
        pq.read_table(file)
    output = tmp_path / "events.csv"
    assert timingctl("build", source, "-o", output, "-q").code == 0
    assert len(pl.read_csv(output)) == 1
