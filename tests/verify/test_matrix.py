"""What is expected of a case, in each format, and how it is rewritten."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.cases import FIXTURES
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.verify.cases import cases_in
from timingctl.verify.matrix import Verdict, verify

WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".parquet": lambda frame, path: frame.write_parquet(path),
    ".ndjson": lambda frame, path: frame.write_ndjson(path),
}


def verdict(case: Path, *, update: bool = False) -> Verdict:
    [found] = verify(cases_in([case]), update=update)
    return found


@pytest.mark.wide(but=1)
@pytest.mark.usefixtures("few_runs")
@pytest.mark.parametrize("suffix", WRITERS)
def test_an_expectation_in_another_format(tmp_path: Path, suffix: str) -> None:
    case = shutil.copytree(FIXTURES / "jobs", tmp_path / "jobs")
    right = pl.read_csv(case / "expected.csv", infer_schema=False)
    (case / "expected.csv").unlink()
    WRITERS[suffix](right.with_columns(channel=pl.lit("fax")), case / f"expected{suffix}")
    found = verdict(case, update=True)
    assert (found.passed, found.expected) == (True, f"expected{suffix} updated")
    assert verdict(case).expected == "as expected"
    assert [path.name for path in case.glob("*expected*")] == [f"expected{suffix}"]


@pytest.mark.wide
def test_an_inbox_is_what_building_from_it_gives_unless_a_value_was_changed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.duckdb"
    build(BuildOptions(FIXTURES / "tour", output=inbox))
    found = verdict(inbox, update=True)
    assert (found.passed, found.expected) == (True, "as expected")
    assert list(found.runs) == [
        "as given", "one thread", "many threads", "small memory", "small batches",
    ]  # fmt: skip
    with duckdb.connect(inbox) as connection:
        connection.execute("update ResponseTimingEvent set channel = 'fax' where leadId = 'ann'")
    before = inbox.read_bytes()
    found = verdict(inbox, update=True)
    assert (found.passed, found.expected) == (False, "different")
    assert inbox.read_bytes() == before


@pytest.mark.usefixtures("few_runs")
def test_update_makes_an_expectation_where_there_is_none(tmp_path: Path) -> None:
    case = shutil.copytree(FIXTURES / "delay_history", tmp_path / "case")
    (case / "expected.csv").unlink()
    found = verdict(case)
    assert (found.passed, found.expected) == (True, "none: determinism only")
    verdict(case, update=True)
    expected = (FIXTURES / "delay_history" / "expected.csv").read_text()
    assert (case / "expected.csv").read_text() == expected


@pytest.mark.usefixtures("few_runs")
def test_a_temporary_folder_that_is_given_is_the_only_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = shutil.copytree(FIXTURES / "jobs", tmp_path / "jobs")
    expected = (case / "expected.csv").read_text()
    (case / "expected.csv").write_text("".join(expected.splitlines(keepends=True)[:-1]))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    [found] = verify(cases_in([case]), update=True, temp_dir=tmp_path)
    assert found.expected == "expected.csv updated"
    assert (case / "expected.csv").read_text() == expected
