"""What a person at a terminal sees besides the results: how far a build is, what is waited for."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.cases import FIXTURES


def at_a_terminal(*arguments: object, typed: str = "") -> tuple[int, str]:
    """The exit code, and what the command writes to a terminal's stderr when this is typed."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", *map(str, arguments)],
        stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs,
        env={**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    while True:
        try:
            some = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not some:
            break
        written += some
    os.close(ours)
    return process.wait(), written.decode()


def test_a_build_tells_how_far_it_is(tmp_path: Path) -> None:
    code, told = at_a_terminal("build", FIXTURES / "tour", "-o", tmp_path / "e.parquet")
    assert code == 0
    assert "Writing events" in told
    assert "11/11" in told


def test_ids_that_are_waited_for_are_asked_for() -> None:
    code, told = at_a_terminal("delay", "--min", 1, "--max", 2, typed="a\n\x04")
    assert code == 0
    assert "Reading ids, one a line, until Ctrl-D." in told
