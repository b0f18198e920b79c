"""What importing timingctl does to a process: nothing, until a function is called."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import timingctl
from tests.cases import FIXTURES

LIGHT = """
import sys
before = set(sys.modules)
import timingctl
ours = {name for name in set(sys.modules) - before if name.startswith("timingctl")}
assert ours == {"timingctl"}, ours
timingctl.InputError
heavy = {"click", "duckdb", "numpy", "polars", "pyarrow", "rich"} & set(sys.modules)
assert not heavy, heavy
"""
#: What many analysts have installed beside the tool, and takes a quarter of a second to import.
PANDAS = """
import sys
from importlib.util import find_spec
import timingctl
timingctl.build(sys.argv[1], "events.parquet")
timingctl.build(sys.argv[1], "inbox.duckdb")
timingctl.report("inbox.duckdb")
assert find_spec("pandas")
assert "pandas" not in sys.modules
"""
BUILD = """
import signal, sys, threading
import timingctl

def state():
    return signal.pthread_sigmask(signal.SIG_BLOCK, []), threading.active_count()

before = state()
try:
    timingctl.build("inbox", "events.parquet", temp_dir="temp", threads=1, memory_limit="2GB")
except KeyboardInterrupt:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert state() == before
    print("interrupted")
"""


def test_importing_is_light() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)


@pytest.mark.wide
def test_pandas_is_not_imported_though_it_is_there(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", PANDAS, FIXTURES / "tour"], check=True, cwd=tmp_path)


@pytest.mark.races
def test_ctrl_c_is_a_keyboard_interrupt_and_leaves_nothing(tmp_path: Path) -> None:
    timingctl.generate(tmp_path / "inbox", leads=20_000)
    (tmp_path / "temp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    tables = "**/tables.duckdb"  # made as reading starts, in the folder of what is temporary
    while not any((tmp_path / "temp").glob(tables)) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("interrupted\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inbox", "temp"]
    assert list((tmp_path / "temp").iterdir()) == []
