"""What a person at a terminal sees besides the results: how far a build is, what is waited for."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases import FIXTURES
from tests.cli.terminal import at_a_terminal
from timingctl import pipeline, progress
from timingctl.cli import render
from timingctl.options import BuildOptions


def test_a_build_tells_how_far_it_is(tmp_path: Path) -> None:
    code, told = at_a_terminal("stderr", "build", FIXTURES / "tour", "-o", tmp_path / "e.parquet")
    assert code == 0
    assert "Writing events" in told
    assert "11 of 11" in told
    assert "/?" not in told


def test_ids_that_are_waited_for_are_asked_for() -> None:
    code, told = at_a_terminal("stderr", "delay", "--min", 1, "--max", 2, typed="a\n\x04")
    assert code == 0
    assert "Reading ids, one a line, until Ctrl-D." in told


def shown(told: Callable[[progress.Progress], None]) -> str:
    """What stands on the line of progress after it was told something."""
    written = io.StringIO()
    console = render.Console(file=written, force_terminal=True, width=80, color_system=None)
    with render.bar(console) as bar:
        told(render.Bar(bar))
        bar.refresh()
        *_, line = re.split(r"[\r\n]", written.getvalue())
    return " ".join(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|[━╸╺⠀-⣿]", "", line).split()[:-1])


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (lambda progress: progress.step("Connecting"), "Connecting"),
        (lambda progress: progress.files(12, lambda: 4.9), "Starting 4 of 12 files"),
        (lambda progress: progress.files(12, lambda: 12.1), "Starting 12 of 12 files"),
        (lambda progress: progress.files(1, lambda: 0.5), "Starting"),
        (lambda progress: progress.rows(1_000, 25_000), "Starting 1,000 of 25,000"),
        (lambda progress: progress.rows(0, 0), "Starting"),
        (lambda progress: [progress.rows(5, 9), progress.step("[Next]")], "[Next]"),
        (lambda progress: [progress.files(9, lambda: 1), progress.step("Next")], "Next"),
    ],
)
def test_the_line_of_progress(told: Callable[[progress.Progress], None], says: str) -> None:
    assert shown(told) == says


class Listening(progress.Silence):
    """Progress that keeps what it hears of files, and how many are done whenever it hears more."""

    def __init__(self) -> None:
        self.step_name, self.heard = "", list[tuple[str, int, float]]()

    def step(self, doing: str) -> None:
        """Keep the step."""
        self.step_name = doing

    def files(self, total: int, done: Callable[[], float]) -> None:
        """Keep what is told."""
        self.heard.append((self.step_name, total, done()))
        self.done = done


def test_a_build_tells_of_the_files_of_each_table(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    shutil.copytree(FIXTURES / "tour", exports)
    message = (exports / "Message.csv").read_text().splitlines(keepends=True)
    (exports / "Message.csv").unlink()
    (exports / "Message").mkdir()
    for number, rows in enumerate((message[1:10], message[10:], [])):
        (exports / "Message" / f"part-{number}.csv").write_text("".join([message[0], *rows]))
    (exports / "Message" / "part-9.csv").write_text(message[0].replace("id,", "extra,id,", 1))
    listening = Listening()
    pipeline.build(BuildOptions(exports, output=tmp_path / "e.csv"), listening)
    assert [heard for heard in listening.heard if heard[0] == "Reading Message"] == [
        ("Reading Message", 4, 0),
        ("Reading Message", 4, 3),
    ]
    assert ("Reading Lead", 1, 0) in listening.heard
    assert listening.done() == 0  # the session is over
