"""`timingctl diff` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.test_build import timingctl
from tests.diff.cases import changed, events


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return events(tmp_path)


def test_equal_events(here: Path) -> None:
    done = timingctl("diff", here, here)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The same    2\n" in done.stdout
    assert timingctl("diff", here, here, "-q").stdout == ""


def test_columns_that_are_not_compared_are_named(here: Path) -> None:
    done = timingctl("diff", here, here, "--ignore", "aiResponseMs")
    assert done.stdout.splitlines()[2] == "Not compared: aiResponseMs"


def test_differing_events(here: Path, tmp_path: Path) -> None:
    there = changed(
        here, "A", setterResponseMs=pl.lit(5), setterSentByUserId=pl.lit("\x1b[31mred [b]")
    )
    done = timingctl("diff", here, there, "--rows", tmp_path / "rows.ndjson")
    assert (done.returncode, done.stderr) == (1, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert (
        lines
        == f"""\
− here   {here}
+ there  {there}

Events
Here        2
There       2
The same    1
Differing   1
Only here   0
Only there  0

Differences
Column              Events  Likely reason
─────────────────────────────────────────
setterSentByUserId       1  –
setterResponseMs         1  –

Likely reasons
Reason  Events  What it says
─────────────────────────────────────────────
–            1  the two sides do not show why

A
  lead L, email
  setterSentByUserId
    − u1
    + \\x1b[31mred [b]
  setterResponseMs
    − 1799877
    + 5""".splitlines()
    )
    rows = [json.loads(line) for line in (tmp_path / "rows.ndjson").read_text().splitlines()]
    assert rows[1] == {
        "kind": "differs", "inboundMessageId": "A", "leadId": "L", "channel": "email",
        "column": "setterResponseMs", "here": "1799877", "there": "5", "reason": None,
    }  # fmt: skip
    done = timingctl("diff", here, there, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_json(here: Path) -> None:
    there = changed(here, "A", channel=pl.lit("sms"))
    done = timingctl("diff", here, there, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert document["differences"] == [
        {"kind": "differs", "column": "channel", "reason": None, "events": 1}
    ]
    assert document["reasons"] == [{"reason": None, "events": 1, "differences": 1}]
    assert [row["there"] for row in document["examples"]] == ["sms"]
    assert timingctl("diff", here, there, "--json", "--ignore", "channel").returncode == 0


@pytest.mark.parametrize(
    ("other", "options", "code", "why"),
    [
        ("nowhere.csv", [], 11, "nowhere.csv does not exist."),
        ("{here}", ["--ignore", "inboundMessageId"], 2, "Invalid value for '--ignore'"),
        ("{here}", ["--rows", "rows.txt"], 2, "is none of .parquet, .csv, .ndjson"),
        ("{here}", ["--rows", "{here}"], 10, "is an input"),
        ("postgresql://u:sekret@127.0.0.1:1/app", [], 12, "cannot be reached"),
    ],
)
def test_what_cannot_be(here: Path, other: str, options: list[str], code: int, why: str) -> None:
    given = [text.format(here=here) for text in (other, *options)]
    done = timingctl("diff", here, *given)
    assert (done.returncode, done.stdout) == (code, "")
    assert why in done.stderr
    assert "sekret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_tables_fit_a_screen(here: Path) -> None:
    there = changed(here, aiDelayMinSeconds=pl.lit(1), aiChosenDelaySeconds=pl.lit(1))
    done = timingctl("diff", here, there, COLUMNS="80")
    tables = done.stdout.partition("Events\n")[2]
    assert done.returncode == 1
    assert max(map(len, tables.splitlines())) <= 80
