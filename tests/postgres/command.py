"""The command line for these tests: as a process where signals or another run come in between."""

from __future__ import annotations

import os
import subprocess
import sys
from unittest import mock

from tests.bad_input.tool import timingctl

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("TIMINGCTL_", "PG", "DATABASE_URL"))
} | {"COLUMNS": "200"}


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """The tool, running."""
    return subprocess.Popen(
        [sys.executable, "-m", "timingctl", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT | environment,
    )  # fmt: skip


def run(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """The tool's exit code, stdout and stderr, run in this process."""
    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        done = timingctl(*arguments, **{"COLUMNS": ENVIRONMENT["COLUMNS"]} | environment)
    return done.code, done.out, done.err


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for it."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err
