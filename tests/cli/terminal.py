"""The command line at a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys


def at_a_terminal(
    stream: str, *arguments: object, typed: str = "", **environment: str
) -> tuple[int, str]:
    """The exit code, and what stdout or stderr, as `stream` names it, writes to a terminal."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    other = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", *map(str, arguments)],
        stdin=theirs, stdout=theirs if stream == "stdout" else other,
        stderr=theirs if stream == "stderr" else other,
        env={**os.environ, "COLUMNS": "80", "TERM": "xterm-256color", **environment},
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
    code = process.wait()
    os.close(ours)
    return code, written.decode()
