"""Whoever reads the output may stop at any time: nothing is said, and the exit code is 141."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cases import FIXTURES

CLOSED_PIPE = 141  # 128 + SIGPIPE, as a shell says of cat


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],  # click's
        ["report", "--help"],
        ["delay", "a", "--min", "1", "--max", "2"],  # bytes
        ["explain", str(FIXTURES / "tour"), "msg-013"],  # rich's
        ["explain", str(FIXTURES / "tour"), "msg-013", "--json"],
    ],
    ids=" ".join,
)
def test_a_reader_that_is_gone(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == ("", CLOSED_PIPE)
    process.stderr.close()


def test_a_reader_that_has_enough() -> None:
    pipe = "yes msg | timingctl delay --min 180 --max 420 | head -1; echo ${PIPESTATUS[1]}"
    done = subprocess.run(
        ["bash", "-c", f'timingctl() {{ "{sys.executable}" -m timingctl "$@"; }}; {pipe}'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.split() == ["msg", "388", str(CLOSED_PIPE)]
