"""The tool as a process that stops itself, as by Ctrl-Z, where a test means to do harm.

``python -m tests.faults.paused POINT ARGUMENTS…``: the run stops, once, at the first step, rename,
removal or SQL statement whose words begin with POINT, before it is done.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from timingctl.__main__ import main
from timingctl.cli import render
from timingctl.progress import Silence
from timingctl.warehouse import Warehouse

_FILE_EVENTS = {"os.rename": "rename", "os.remove": "remove"}
_points = [sys.argv.pop(1)]


def _reached(words: str) -> None:
    if _points and words.strip().startswith(_points[0]):
        _points.clear()
        os.kill(os.getpid(), signal.SIGSTOP)


class _Steps(Silence):
    def step(self, doing: str) -> None:
        _reached(doing)


class _Statements(Warehouse):
    def execute(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
        _reached(sql)
        return super().execute(sql, params)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Hear of what Python does to files: the last path of each is the one that is changed."""
    if event in _FILE_EVENTS:
        paths = [path for path in arguments if isinstance(path, str | Path)]
        _reached(f"{_FILE_EVENTS[event]} {Path(paths[-1]).name}")


if __name__ == "__main__":
    sys.addaudithook(_hear)
    render.progress = lambda **_: nullcontext(_Steps())  # type: ignore[assignment]
    import timingctl.warehouse

    timingctl.warehouse.Warehouse = _Statements  # type: ignore[misc]
    main()
