"""A session reads the files that it was given, and nothing else: no other file, no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from timingctl.sql_text import literal
from timingctl.warehouse import Resources, Warehouse, open_warehouse


@pytest.fixture
def given(tmp_path: Path) -> Path:
    file = tmp_path / "given.csv"
    file.write_text("a\n1\n")
    (tmp_path / "other.csv").write_text("a\n2\n")
    return file


@pytest.fixture
def session(given: Path, tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(Resources(temp_dir=tmp_path)) as warehouse:
        warehouse.only_these_files([given])
        yield warehouse


def test_the_given_file_is_read(session: Warehouse, given: Path) -> None:
    assert session.execute(f"select a from read_csv({literal(str(given))})") == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('{}/other.csv')",
        "from read_csv('{}/*.csv')",
        "from read_text('/etc/hostname')",
        "from read_blob('{}/../../../../../etc/hostname')",
        "from '/etc/hostname'",
        "from glob('/etc/*')",
        "from read_csv('https://example.com/a.csv')",
        "from read_parquet('s3://bucket/a.parquet')",
        "copy (select 1) to '{}/written.csv'",
        "attach '{}/other.duckdb'",
        "export database '{}/all'",
        "install httpfs",
        "load httpfs",
        "install httpfs from community",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set autoinstall_known_extensions = true",
        "set temp_directory = '/tmp'",
        "create secret (type s3)",
    ],
)
def test_nothing_else_is_read_written_or_fetched(
    session: Warehouse, tmp_path: Path, sql: str
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(duckdb.Error):
        session.execute(sql.replace("{}", str(tmp_path)))
    assert sorted(tmp_path.iterdir()) == before
