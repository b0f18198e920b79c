"""The tool as a process that stops itself, as by Ctrl-Z, where a test means to do harm.

``python -m tests.faults.paused SIGNAL POINT ARGUMENTS…``: the run sends itself the signal, once, at
the first step, rename, removal or SQL statement whose words begin with POINT, before it is done.
It goes on when it is told to after SIGSTOP, and when it has heard any other.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from timingctl import stop

_FILE_EVENTS = {"os.rename": "rename", "os.remove": "remove"}
sys.dont_write_bytecode = True  # Python renames what it has compiled: that is no point of the tool
_signal, _points = int(sys.argv.pop(1)), [sys.argv.pop(1)]


def _reached(words: str) -> None:
    if _points and words.strip().startswith(_points[0]):
        _points.clear()
        os.kill(os.getpid(), _signal)
        while _signal != signal.SIGSTOP and not stop.asked():
            time.sleep(0.001)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Hear of what Python does to files: the last path of each is the one that is changed."""
    if event in _FILE_EVENTS:
        paths = [path for path in arguments if isinstance(path, str | Path)]
        _reached(f"{_FILE_EVENTS[event]} {Path(paths[-1]).name}")


def _main() -> None:
    stop.listen()  # before what follows makes threads
    import timingctl.warehouse
    from timingctl.__main__ import _run
    from timingctl.cli import render
    from timingctl.progress import Silence

    class Steps(Silence):
        def step(self, doing: str) -> None:
            _reached(doing)

    class Statements(timingctl.warehouse.Warehouse):
        def execute(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
            _reached(sql)
            return super().execute(sql, params)

    sys.addaudithook(_hear)
    render.progress = lambda **_: nullcontext(Steps())  # type: ignore[assignment]
    timingctl.warehouse.Warehouse = Statements  # type: ignore[misc]
    code = _run()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)  # as the tool ends: nothing that a stop has left holds it up or complains


if __name__ == "__main__":
    _main()
