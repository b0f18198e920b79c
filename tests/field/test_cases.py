"""What real exports do: each case is a folder that a person can read.

`exports/` is built unless `command.txt` says otherwise, which has the arguments and is run inside
the case. `exit.txt` is the exit code (0), each line of `stderr.txt` is part of stderr, each line of
`unsaid.txt` is not, and `out.csv` has columns of the events that must come out.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(case, tmp_path / "case"))
    monkeypatch.chdir(folder)
    expected = lines(folder / "out.csv")
    (folder / "out.csv").unlink(missing_ok=True)
    command = lines(folder / "command.txt") or ["build exports -o out.csv -q"]
    done = timingctl(*command[0].split())
    assert (str(done.code), done.err) == ("".join(lines(folder / "exit.txt")) or "0", done.err)
    for line in lines(folder / "stderr.txt"):
        assert line in done.err
    for line in lines(folder / "unsaid.txt"):
        assert line not in done.err
    if expected:
        rows = list(csv.DictReader(expected))
        events = list(csv.DictReader(lines(folder / "out.csv")))
        assert [{name: event[name] for name in expected[0].split(",")} for event in events] == rows


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
