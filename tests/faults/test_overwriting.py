"""What commands may not write over: what they read, what seals it, and what is not theirs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl
from timingctl.made_up import GenerateOptions, generate
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.seals import FOLDER_MANIFEST


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    generate(GenerateOptions(folder / "exports", leads=20, format="csv"))
    build(BuildOptions(folder / "exports", output=folder / "events.parquet"))
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Exports, and the events built from them, in the current folder."""
    place = shutil.copytree(made, tmp_path / "place")
    monkeypatch.chdir(place)
    return place


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


PART = "exports/Message/part-00000.csv"


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "exports", "-o", PART),
        ("windows", "exports", "-o", PART),
        ("report", "events.parquet", "--exports", "exports", "--html", PART),
        ("report", "events.parquet", "--html", "events.parquet.manifest.json"),
        (
            *("report", "events.parquet", "--exports", "exports"),
            *("--html", f"exports/{FOLDER_MANIFEST}"),
        ),
        ("diff", "events.parquet", "events.parquet", "--rows", "events.parquet"),
    ],
)
def test_what_a_command_reads_is_not_written_over(place: Path, arguments: tuple[str, ...]) -> None:
    before = _files(place)
    done = timingctl(*arguments)
    assert (done.code, done.out) == (10, "")
    assert f"{arguments[-1]} is an input; " in done.err
    assert _files(place) == before


@pytest.mark.parametrize(
    ("command", "beside"),
    [("build", "manifest.json"), ("build", "rejects.ndjson"), ("windows", "manifest.json")],
)
def test_what_stands_beside_an_output_and_is_not_ours_stays(
    place: Path, command: str, beside: str
) -> None:
    (place / f"new.csv.{beside}").write_text('{"mine": 1}\n')
    before = _files(place)
    done = timingctl(command, "exports", "-o", "new.csv")
    assert (done.code, done.out) == (10, "")
    assert done.err == (
        f"Error: new.csv.{beside} was not written by timingctl; move it away, or give another "
        "output by -o.\n"
    )
    assert _files(place) == before


@pytest.mark.parametrize("name", ["Message.parquet", "Lead.parquet", FOLDER_MANIFEST])
def test_a_pull_leaves_files_that_no_pull_wrote(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"mine": 1}\n')
    done = timingctl("pull", "--dsn", "postgresql://127.0.0.1:1/app", "-o", tmp_path)
    assert (done.code, done.out) == (10, "")
    assert f"{tmp_path / name} was not written by timingctl; move it away" in done.err
    assert _files(tmp_path) == {tmp_path / name: b'{"mine": 1}\n'}
