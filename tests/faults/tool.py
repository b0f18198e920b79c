"""Runs that are stopped, killed or starved; what they left; and the work that they were at."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.bad_input.tool import PATIENCE, Done, timingctl
from tests.postgres.command import ENVIRONMENT
from timingctl.scratch import scratch_folder

#: What stands where a command puts its results: by name, and None for what does not.
State = Mapping[str, Any]
INTERRUPTED = "Interrupted; no partial file was left.\n"


@dataclass(frozen=True)
class Work:
    """A command with two possible results, each of which may stand there when it starts.

    `replaced` are the names of what it replaces or removes on the way to each, in order. `look`
    tells what stands there, temporary files included; `spill` is the folder for temporary folders.
    """

    arguments: Sequence[Sequence[object]]
    results: Sequence[State]
    replaced: Sequence[Sequence[str]]
    look: Callable[[], State]
    spill: Path

    @property
    def command(self) -> str:
        """The subcommand that is at it."""
        return str(self.arguments[0][0])

    def environment(self) -> dict[str, str]:
        """Where temporary folders go, and patience with a server that has much else to do."""
        return {"TMPDIR": str(self.spill), "PGCONNECT_TIMEOUT": str(PATIENCE)}

    def start(self, result: int, *more: object) -> subprocess.Popen[str]:
        """A run, as a process, that makes a result."""
        return start("timingctl", *self.arguments[result], *more, **self.environment())

    @contextmanager
    def paused(self, point: str, result: int, *more: object) -> Iterator[subprocess.Popen[str]]:
        """A run that has stopped itself at a point, as tests.faults.paused has them."""
        process = self._start_paused(signal.SIGSTOP, point, result, *more)
        try:
            wait_until(lambda: _has_stopped(process))
            yield process
        finally:
            process.kill()
            process.communicate()

    def signalled(self, number: signal.Signals, point: str, result: int) -> Done:
        """What is left of a run that is signalled at a point, as tests.faults.paused has them."""
        return finish(self._start_paused(number, point, result))

    def _start_paused(
        self, number: signal.Signals, point: str, result: int, *more: object
    ) -> subprocess.Popen[str]:
        arguments = (int(number), point, *self.arguments[result], *more)
        return start("tests.faults.paused", *arguments, **self.environment())

    def run(self, result: int, *more: object) -> Done:
        """A run, not as a process of its own, that makes a result."""
        with (
            mock.patch.object(tempfile, "tempdir", str(self.spill)),
            mock.patch.dict(os.environ, self.environment()),
        ):
            return timingctl(*self.arguments[result], *more)

    def completes(self, result: int) -> None:
        """Hold that the next run makes its result and leaves nothing of any run before."""
        done = self.run(result)
        assert done.code == 0, done.err
        self.stands(result)

    def stands(self, result: int) -> None:
        """Hold that one result stands there, byte for byte, and nothing else anywhere."""
        assert dict(self.look()) == dict(self.results[result])
        assert list(self.spill.iterdir()) == []

    def seen_on_the_way(self, old: int, new: int) -> list[State]:
        """What may be seen from one result to the other, in order, the two included."""
        states = [dict(self.results[old])]
        for name in self.replaced[new][:-1]:
            state = states[-1] | {name: self.results[new].get(name)}
            states.append({name: content for name, content in state.items() if content is not None})
        return [*states, dict(self.results[new])]

    def seen(self) -> State:
        """What stands there for those who do not look for temporary files."""
        return {name: what for name, what in self.look().items() if not name.startswith(".")}


def start(module: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """A module of Python's as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT | environment,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> Done:
    """Let it go on, if it had stopped, and wait for it."""
    process.send_signal(signal.SIGCONT)
    try:
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    return Done(process.returncode, out, err)


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until something is so. Fails when it is not so after longer than anything takes."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def _has_stopped(process: subprocess.Popen[str]) -> bool:
    how = os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG
    found = os.waitid(os.P_PID, process.pid, how)
    assert found is None or found.si_code == os.CLD_STOPPED, process.communicate()
    return found is not None


def says_that_it_waits(process: subprocess.Popen[str], *others: int) -> None:
    """Wait until a process waits for one of other runs, and has said so."""
    assert process.stderr is not None
    said = process.stderr.readline()
    named = re.match(r"Waiting for another run \(process (\d+)\) that writes to \S+\.\n", said)
    assert named, said + process.stderr.read()
    assert int(named[1]) in others


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be what another run into a folder waits for."""
    with scratch_folder(folder) as scratch, scratch.alone():
        yield


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those in it by name, hidden ones included."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
