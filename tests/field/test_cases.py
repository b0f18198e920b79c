"""What real exports do: each case is a folder that a person can read.

`exports/` is built unless `command.txt` says otherwise, which has the arguments and is run inside
the case. `exit.txt` is the exit code (0), each line of `stderr.txt` is part of stderr, which is
empty without one, each line of `unsaid.txt` is no part of it, and `out.csv` has columns of the
events that must come out; `rejects.csv` has all unusable rows, in columns of theirs.
cases/events.csv has the events of the exports that cases of FILES write in another way.
"""

from __future__ import annotations

import csv
import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())
#: Cases of how files are called, laid out and ended.
FILES = ("name-", "line-", "json-", "source-", "feed-", "table-format-", "partitions")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(case, tmp_path / "case"))
    monkeypatch.chdir(folder)
    expected = lines(folder / "out.csv")
    (folder / "out.csv").unlink(missing_ok=True)
    command = lines(folder / "command.txt") or ["build exports -o out.csv -q"]
    done = timingctl(*shlex.split(command[0]))
    assert (str(done.code), done.err) == ("".join(lines(folder / "exit.txt")) or "0", done.err)
    said = lines(folder / "stderr.txt")
    assert [line for line in said if line not in done.err] == []
    assert [line for line in lines(folder / "unsaid.txt") if line in done.err] == []
    assert bool(said) == bool(done.err), done.err
    assert (folder / "out.csv").exists() == (done.code == 0)
    if done.code:
        return
    manifest = json.loads((folder / "out.csv.manifest.json").read_text(encoding="utf-8"))
    told = [line for line in done.err.splitlines() if line.startswith("Note: ")]
    assert told == [f"Note: {note}" for note in manifest["notes"]]
    left_out = list(csv.DictReader(lines(folder / "rejects.csv")))
    found = map(json.loads, lines(folder / "out.csv.rejects.ndjson"))
    if left_out:
        assert [{name: row[name] for name in left_out[0]} for row in found] == left_out
    if case.name.startswith(FILES) and "There is no" not in done.err:
        expected = lines(FOLDER / "events.csv")
    if expected:
        rows = list(csv.DictReader(expected))
        events = list(csv.DictReader(lines(folder / "out.csv")))
        assert [{name: event[name] for name in rows[0]} for event in events] == rows


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
