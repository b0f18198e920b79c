"""`timingctl generate` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_build import timingctl
from timingctl.seals import FOLDER_MANIFEST


def test_the_summary_counts_what_was_made(tmp_path: Path) -> None:
    done = timingctl("generate", tmp_path / "inbox", "--leads", 20)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Lead 20" in lines
    assert "EmailCampaign 60" in lines
    assert sorted(path.name for path in (tmp_path / "inbox").iterdir()) == [
        "AIDraft", "BackgroundJob", "EmailCampaign", "Lead", "Message", "causes.csv",
        "delay_windows.csv", FOLDER_MANIFEST,
    ]  # fmt: skip


def test_json_says_what_was_made_from_what(tmp_path: Path) -> None:
    done = timingctl(
        "generate", tmp_path / "inbox", "--leads", 20, "--start", "2024-02-29T12:00:00+02:00",
        "--format", "csv", "--json",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["rows"]["Lead"] == 20
    assert document["start"] == "2024-02-29T10:00:00.000000Z"
    assert (document["leads"], document["seed"], document["format"]) == (20, 1, "csv")


def test_an_effect_is_told_beside_the_exports(tmp_path: Path) -> None:
    done = timingctl("generate", tmp_path, "--leads", 20, "--effect", "-1.5", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["effect"] == -1.5
    header, row = (tmp_path / "effect.csv").read_text().splitlines()
    assert header == "cause,outcome,pointsPerMinute,leads"
    assert row.startswith("chosenDelay,booked,-1.5,")


def test_what_was_made_can_be_built_and_reported_on(tmp_path: Path) -> None:
    inbox, events = tmp_path / "inbox", tmp_path / "events.parquet"
    assert timingctl("generate", inbox, "--leads", 20, "-q").stdout == ""
    history = inbox / "delay_windows.csv"
    done = timingctl("build", inbox, "-o", events, "--delay-windows", history, "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    done = timingctl("report", events, "--exports", inbox, "--top", 100)
    assert (done.returncode, done.stderr) == (0, "")


def test_one_sentence_and_an_exit_code(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "\x1b[31m").touch()
    (tmp_path / "file").touch()
    for arguments, code, sentence in (
        (["taken"], 10, r"taken is not empty: it has '\x1b[31m'; give a new or an empty folder."),
        (["file"], 2, "is a file."),
        (["x", "--start", "9999-01-01"], 10, "Error: --start must lie between the years"),
        (["x", "--leads", 0], 2, "0 is not in the range"),
        (["x", "--effect", 6], 2, "6.0 is not in the range -5<=x<=5."),
        (["x", "--effect", "nan"], 2, "effect cannot be nan; give points a minute from -5 to 5."),
    ):
        done = timingctl("generate", tmp_path / str(arguments[0]), *arguments[1:])
        assert (done.returncode, done.stdout) == (code, "")
        assert sentence in done.stderr
        assert "\x1b" not in done.stderr
        assert not (tmp_path / "x").exists()
