"""Made-up exports: all or nothing, whatever is in the folder, fails or ends the run."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from timingctl.errors import InputError, SettingsError
from timingctl.made_up import TRUTH, GenerateOptions, generate
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.progress import Silence
from timingctl.schemas import TABLES


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "Message.csv").write_text("mine")
    with pytest.raises(
        SettingsError, match=r"is not empty: it has 'Message\.csv'; give a new or an"
    ):
        generate(GenerateOptions(tmp_path, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["Message.csv"]


def test_what_comes_into_the_folder_meanwhile_is_left_alone(tmp_path: Path) -> None:
    class Comer(Silence):
        def rows(self, done: int, total: int) -> None:
            (tmp_path / TRUTH).write_text("mine")

    with pytest.raises(SettingsError, match="is not empty"):
        generate(GenerateOptions(tmp_path, 1), Comer())
    assert [path.name for path in tmp_path.iterdir()] == [TRUTH]
    assert (tmp_path / TRUTH).read_text() == "mine"


def test_a_failed_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def failing(source: Path, target: Path) -> Path:
        if target == tmp_path / "AIDraft":
            raise OSError(28, "No space left on device")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(SettingsError, match="cannot be written to: No space left on device"):
        generate(GenerateOptions(tmp_path, 1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.wide(but=1)
@pytest.mark.races
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing_behind(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", "generate", tmp_path, "--leads", "2000000"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not list(tmp_path.glob(".timingctl-*/*/Message/part-00000.parquet")):
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (code, "Interrupted; no partial file was left.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.races
def test_what_a_killed_run_left_is_no_obstacle(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", "generate", tmp_path, "--leads", "2000000"]
    )
    while not list(tmp_path.glob(".timingctl-*/*/Message")):
        time.sleep(0.05)
        assert process.poll() is None
    process.kill()
    process.wait()
    with pytest.raises(InputError, match="No Message, AIDraft or BackgroundJob in"):
        build(BuildOptions(tmp_path, output=tmp_path.parent / "e.parquet"))
    generate(GenerateOptions(tmp_path, 1))
    assert len(list(tmp_path.iterdir())) == len(TABLES) + 3
