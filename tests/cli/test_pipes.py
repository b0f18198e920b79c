"""Whoever reads the output may stop at any time: nothing is said, and the exit code is 141."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cases import FIXTURES

CLOSED_PIPE = 141  # 128 + SIGPIPE, as a shell says of cat


@pytest.mark.wide(but=1)
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
    done = run(arguments, stdout=closed_pipe(), stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, "")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    "arguments",
    [["build", "nowhere"], ["biuld"], ["explain", str(FIXTURES / "tour"), "?", "--client", "K"]],
    ids=" ".join,
)
def test_a_reader_of_messages_that_is_gone(arguments: list[str]) -> None:
    done = run(arguments, stdout=subprocess.PIPE, stderr=closed_pipe())
    assert (done.returncode, done.stdout) == (CLOSED_PIPE, "")


def closed_pipe() -> int:
    """Where to write to a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def run(arguments: list[str], stdout: int, stderr: int) -> subprocess.CompletedProcess[str]:
    """The tool, with these as its stdout and stderr; a pipe of ours is closed afterwards."""
    done = subprocess.run(
        [sys.executable, "-m", "timingctl", *arguments],
        stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, text=True, check=False,
    )  # fmt: skip
    for ours in (stdout, stderr):
        if ours != subprocess.PIPE:
            os.close(ours)
    return done


def in_bash(line: str) -> str:
    """What a line prints; nothing goes to stderr."""
    done = subprocess.run(
        ["bash", "-c", f'timingctl() {{ "{sys.executable}" -m timingctl "$@"; }}; {line}'],
        capture_output=True, text=True, check=True, cwd=FIXTURES,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_a_reader_that_has_enough() -> None:
    pipe = "yes msg | timingctl delay --min 180 --max 420 | head -1; echo ${PIPESTATUS[1]}"
    assert in_bash(pipe).split() == ["msg", "388", str(CLOSED_PIPE)]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("line", ["explain tour msg-013", "delay a --min 1 --max 2", "help"])
def test_an_output_that_was_closed_from_the_start(line: str) -> None:
    assert in_bash(f"timingctl {line} >&- 2>&-; echo $?") == "0\n"


def test_an_input_that_was_closed_from_the_start() -> None:
    assert in_bash("timingctl delay --min 1 --max 2 <&-; echo $?") == "0\n"
