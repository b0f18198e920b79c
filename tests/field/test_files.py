"""Which files are read and why not: the cases of names, folders and feeds."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.bad_input.tool import timingctl

CASES = Path(__file__).parent / "cases"
NAMES = ("name-*", "line-*", "json-*", "source-*", "feed-*", "table-format-*", "partitions*")
OURS = sorted(path for pattern in NAMES for path in CASES.glob(pattern))
EVENTS = (CASES / "events.csv").read_text(encoding="utf-8")


def read(case: Path, name: str, otherwise: str = "") -> str:
    path = case / name
    return path.read_text(encoding="utf-8") if path.exists() else otherwise


@pytest.mark.parametrize("case", OURS, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(case, tmp_path / "case")
    monkeypatch.chdir(tmp_path / "case")
    command = read(case, "command.txt", "build exports -o out.csv")
    done = timingctl(*shlex.split(command))
    says = read(case, "stderr.txt").splitlines()
    assert done.code == int(read(case, "exit.txt", "0"))
    assert not [line for line in says if line not in done.err]
    assert bool(says) == bool(done.err), done.err
    assert Path("out.csv").exists() == (done.code == 0)
    if done.code == 0:  # each is another way to write the same exports
        events = Path("out.csv").read_text(encoding="utf-8")
        if "There is no" not in done.err:
            assert events == EVENTS
        notes = read(Path(), "out.csv.manifest.json")
        for line in done.err.splitlines():
            assert line.removeprefix("Note: ") in notes


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


@pytest.mark.parametrize(
    "name", ["a:b", "http:x", "a?b", "a*b", "[a]", "a#b", "100%25", "a b", "-a", "~a", "a'b"]
)
@pytest.mark.parametrize("suffix", ["parquet", "csv", "ndjson"])
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
