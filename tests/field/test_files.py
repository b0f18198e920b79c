"""Files and folders beyond the cases: statements that errors give, and odd paths."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.bad_input.tool import timingctl

CASES = Path(__file__).parent / "cases"
EVENTS = (CASES / "events.csv").read_text(encoding="utf-8")


def test_the_statement_that_makes_a_table_of_a_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CASES / "feed-of-changes", tmp_path / "case")
    monkeypatch.chdir(tmp_path / "case")
    done = timingctl("build", "exports", "-o", "out.csv")
    statement, _, way_on = done.err.partition("in DuckDB: ")[2].partition("; then give ")
    duckdb.execute(statement)
    done = timingctl("build", "exports", "-o", "out.csv", *way_on.strip().split())
    assert (done.code, done.err) == (0, "")
    gone = EVENTS.replace("m3,2026-02-10T10:20:00.000000Z,mia,1200000", ",,,")
    gone = gone.replace("2026-02-10T10:20:00.000000Z", "2026-02-10T10:03:00.000000Z")
    assert Path("out.csv").read_text(encoding="utf-8") == gone


def test_a_required_table_that_is_missing_is_an_error_as_before(tmp_path: Path) -> None:
    shutil.copytree(CASES / "name-misspelt" / "exports", tmp_path / "exports")
    (tmp_path / "exports" / "AIDraft.csv").rename(tmp_path / "exports" / "AIDarft.csv")
    done = timingctl("build", tmp_path / "exports", "-o", tmp_path / "out.csv")
    assert done.code == 11
    assert "Did you mean AIDarft.csv?" in done.err


#: What a library takes for a URI, a pattern, a home or an option.
ODD = ["a:b", "http:x", "~a", "a?b*[c]#", "100%25 d", "-a'b"]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("name", "suffix"),
    [*((name, "parquet") for name in ODD), *(("a:b?*[c]", suffix) for suffix in ("csv", "ndjson"))],
)
def test_any_path_is_only_a_path(
    name: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = timingctl("generate", "--leads", "3", "--format", suffix, "--", name)
    assert made.code == 0, made.err
    Path("names.csv").write_text("userId,name\n", encoding="utf-8")
    shutil.copy("names.csv", f"{name}.names.csv")
    output = f"{name}/{name}.{suffix}"
    for _ in range(2):  # the second replaces the first
        built = timingctl(
            "build", f"--output={output}", f"--delay-windows={name}/delay_windows.csv", "--", name
        )
        assert built.code == 0, built.err
    shown = timingctl("report", f"--names={name}.names.csv", f"--exports={name}", "--", output)
    assert shown.code == 0, shown.err
    assert timingctl("diff", "--", output, output).code == 0
    assert timingctl("explain", "--", name, "none").code == 11
    table = f"--table=Message={name}/Message/part-00000.{suffix}"
    assert timingctl("windows", table, "--", name).code == 0


def test_a_name_of_many_numbers_takes_no_longer(tmp_path: Path) -> None:
    """A pattern that tries every way to split such a name would not end."""
    shutil.copytree(CASES / "name-misspelt" / "exports", tmp_path / "exports")
    (tmp_path / "exports" / f"Message_{'1_' * 60}x.csv").write_text("id\n", encoding="utf-8")
    assert timingctl("build", tmp_path / "exports", "-o", tmp_path / "out.csv", "-q").code == 0
