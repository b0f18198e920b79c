"""`timingctl verify` as a user meets it, and what it finds in a tool that was broken on purpose."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.cases import FIXTURES
from tests.cli.test_build import timingctl
from tests.tables import write_exports
from timingctl.verify import matrix

ROOT = Path(__file__).parents[2]
RUNS = [run.name for run in matrix.MATRIX]
#: Twenty times two answers of one instant, by two people.
TIES = "id | leadId | direction | sentAt | sentBy | sentByUserId\n" + "\n".join(
    f"i{n} | L | in | 10:{n:02}:00 | | \n"
    f"p{n} | L | out | 10:{n:02}:30 | setter | u1\n"
    f"q{n} | L | out | 10:{n:02}:30 | setter | u2"
    for n in range(20)
)


@pytest.fixture
def tour(tmp_path: Path) -> Path:
    """A copy of a fixture."""
    return shutil.copytree(FIXTURES / "tour", tmp_path / "cases" / "tour")


#: The command, with the runs of the matrix that are named first: the others are not at stake.
SOME_RUNS = """
if __name__ == "__main__":  # and not in the process of one thread
    import sys
    from timingctl.__main__ import main
    from timingctl.verify import matrix

    named = sys.argv.pop(1).split(",")
    matrix.MATRIX = [run for run in matrix.MATRIX if run.name in named]
    assert len(matrix.MATRIX) == len(named)
    main()
"""


def broken(
    folder: Path, file: str, old: str, new: str, runs: str, *arguments: object
) -> tuple[int, str, str]:
    """What the command says of some runs when one line of the tool is another."""
    for part in ("timingctl", "sql"):
        shutil.copytree(ROOT / part, folder / part)
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))
    (folder / "some_runs.py").write_text(SOME_RUNS)
    done = subprocess.run(
        [sys.executable, "-m", "some_runs", runs, *map(str, arguments)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "80"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.wide
def test_all_is_well(tour: Path) -> None:
    done = timingctl("verify", tour, FIXTURES / "ties")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for name in RUNS:
        assert any(line.startswith(name) and line.endswith("2 of 2") for line in lines), name
    assert "tour 11 9 of 9 as expected" in lines
    assert (tour / "expected.csv").read_text() == (FIXTURES / "tour" / "expected.csv").read_text()


def test_a_missing_tie_break_is_found_and_named(tmp_path: Path) -> None:
    case = write_exports(tmp_path / "case", {"Message": TIES})
    code, out, err = broken(
        tmp_path, "sql/events/thread_message.sql",
        "aiDraftPartIndex nulls first, tieNumber", "aiDraftPartIndex nulls first",
        "as given,Parquet", "verify", case, "-q", "--update",
    )  # fmt: skip
    assert (code, err) == (1, "")
    assert not (case / "expected.csv").exists(), "an expectation of runs that disagree"
    assert f"{case}, as given (−) and Parquet (+): of 20 events " in out
    named = out.partition("as given (−) and Parquet (+)")[2].splitlines()
    assert named[2][0] == "i"
    assert "  setterResponseMessageId · tie" in named
    assert "  setterSentByUserId · tie" in named
    assert {"    − u1", "    + u2"} <= set(named)


@pytest.mark.wide
def test_bytes_that_depend_on_threads_are_found(tmp_path: Path, tour: Path) -> None:
    code, out, _ = broken(
        tmp_path, "timingctl/output.py",
        'VERSION_KEY: __version__,',
        'VERSION_KEY: f"{__version__} {options.resources.threads}",',
        "as given,one thread,many threads,small batches", "verify", tour,
    )  # fmt: skip
    assert code == 1
    for name in ("one thread", "many threads"):
        why = "the same events in the same order give other bytes"
        assert f"{tour}, as given (−) and {name} (+): {why}\n" in out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "small batches 2,048 rows each 1 of 1" in lines


@pytest.mark.wide
def test_threads_of_polars_are_changed_as_well(tmp_path: Path, tour: Path) -> None:
    code, out, _ = broken(
        tmp_path, "timingctl/output.py",
        'VERSION_KEY: __version__,',
        'VERSION_KEY: str(__import__("polars").thread_pool_size() == 1),',
        "as given,one thread,many threads", "verify", tour, "-q",
    )  # fmt: skip
    several = len(os.sched_getaffinity(0)) > 1
    assert (code, "as given (−) and one thread (+)" in out) == (int(several), several)
    assert "many threads" not in out


def test_a_run_that_fails_is_found(tmp_path: Path, tour: Path) -> None:
    code, out, _ = broken(
        tmp_path, "timingctl/exports/names.py", '".ndjson": "ndjson",\n', "",
        "as given,NDJSON", "verify", tour, "-q",
    )  # fmt: skip
    assert code == 1
    assert f"{tour}, as given (−) and NDJSON (+): the build fails: " in out
    assert "No Message" in out


@pytest.mark.usefixtures("few_runs")
def test_a_wrong_expectation_is_named_by_row_and_column(tour: Path) -> None:
    expected = tour / "expected.csv"
    expected.write_text(expected.read_text().replace("user-mia,3150000", "user-jon,3150000"))
    done = timingctl("verify", tour)
    assert (done.returncode, done.stderr) == (1, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[-7:] == [
        f"{tour}, expected (−) and built (+): of 11 events 1 differing",
        "",
        "msg-002",
        "  lead ann, email",
        "  setterSentByUserId",
        "    − user-jon",
        "    + user-mia",
    ]
    [document] = json.loads(timingctl("verify", tour, "--json").stdout)["cases"]
    assert (document["passed"], document["expected"]) == (False, "different")
    assert document["runs"] == {run.name: None for run in matrix.MATRIX}
    [row] = document["expectation"]["examples"]
    assert (row["inboundMessageId"], row["column"]) == ("msg-002", "setterSentByUserId")


@pytest.mark.wide
@pytest.mark.usefixtures("few_runs")
def test_an_expectation_lacks_a_row_or_has_another_order(tour: Path) -> None:
    expected = tour / "expected.csv"
    header, first, second, *rest = expected.read_text().splitlines()
    expected.write_text("\n".join([header, second, *rest]) + "\n")
    done = timingctl("verify", tour, "-q")
    assert done.returncode == 1
    assert "of 10 events 1 too many" in done.stdout
    assert "  only there · older\n" in done.stdout
    expected.write_text("\n".join([header, second, first, *rest]) + "\n")
    done = timingctl("verify", tour, "-q")
    assert done.returncode == 1
    assert "the events that are expected stand in another order" in done.stdout


@pytest.mark.wide
@pytest.mark.usefixtures("few_runs")
def test_update_rewrites_what_is_expected_once(tour: Path) -> None:
    expected = tour / "expected.csv"
    right = expected.read_text()
    expected.write_text(right.replace("email", "fax"))
    done = timingctl("verify", tour, "--update")
    assert (done.returncode, done.stderr) == (0, "")
    assert "expected.csv updated" in done.stdout
    assert expected.read_text() == right
    before = expected.stat().st_mtime_ns
    done = timingctl("verify", tour, "--update")
    assert (done.returncode, expected.stat().st_mtime_ns) == (0, before)
    assert "as expected" in done.stdout


@pytest.mark.wide
def test_a_case_without_expectation_in_other_formats(tour: Path) -> None:
    """One table in each format; a text that CSV would read as null is no difference."""
    (tour / "expected.csv").unlink()
    message = pl.read_csv(tour / "Message.csv", infer_schema=False)
    message = message.with_columns(pl.col("sentByUserId").replace({"user-mia": "NULL"}))
    message.write_parquet(tour / "Message.parquet")
    pl.read_csv(tour / "AIDraft.csv").write_ndjson(tour / "ai_drafts.ndjson")
    for name in ("Message", "AIDraft"):
        (tour / f"{name}.csv").unlink()
    done = timingctl("verify", tour, "-v")
    assert done.returncode == 0
    assert "none: determinism only" in done.stdout
    assert done.stderr.splitlines() == [f"Building {tour}: {name}" for name in RUNS]


def test_what_cannot_be(tour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments, code, why in (
        (["nowhere"], 11, "nowhere is no folder; give a case, a folder of cases, or an inbox."),
        ([], 11, "fixtures is no folder"),
        ([tour, "--temp-dir", "nowhere"], 10, "No temporary folder in nowhere"),
    ):
        done = timingctl("verify", *arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert why in done.stderr


def test_a_case_that_cannot_be_built_is_named(tour: Path) -> None:
    (tour / "Message.csv").write_text("id,leadId\n")
    done = timingctl("verify", tour)
    assert (done.returncode, done.stdout) == (11, "")
    assert done.stderr.startswith(f"Error: {tour}: Message.csv has no column channel")
    (tour / "Message.csv").write_text((FIXTURES / "tour" / "Message.csv").read_text())
    (tour / "expected.csv").write_text("id\n")
    done = timingctl("verify", tour)
    assert (done.returncode, done.stdout) == (11, "")
    assert f"{tour / 'expected.csv'} is no file of events" in done.stderr
