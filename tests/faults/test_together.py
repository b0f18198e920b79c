"""Two runs into the same place at once: all of one, then all of the other."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.tool import Work, alone_in, finish, says_that_it_waits

pytestmark = pytest.mark.races


@pytest.mark.wide(but=1)
def test_two_at_once_leave_the_results_of_one(work: Work) -> None:
    processes = [work.start(result) for result in (0, 1)]
    assert [finish(process).code for process in processes] == [0, 0]
    assert dict(work.look()) in [dict(result) for result in work.results]
    assert list(work.spill.iterdir()) == []
    work.completes(1)


@pytest.mark.wide(but=1)
def test_two_that_are_ready_at_once_replace_one_after_the_other(filing: Work, out: Path) -> None:
    with alone_in(out):
        processes = [filing.start(result) for result in (0, 1)]
        for process in processes:
            says_that_it_waits(process, os.getpid())
        assert filing.seen() == filing.results[0]
    assert [finish(process).code for process in processes] == [0, 0]
    assert filing.seen() in filing.results
    filing.completes(1)


@pytest.mark.wide(but=1)
def test_who_comes_second_waits_for_the_first_to_replace_everything(filing: Work) -> None:
    with filing.paused(f"rename {filing.replaced[0][1]}", 0) as first:
        second = filing.start(1)
        says_that_it_waits(second, first.pid)
        assert finish(first).code == 0
        assert finish(second).code == 0
    filing.stands(1)


@pytest.mark.wide(but=1)
def test_a_killed_run_holds_nobody_up(filing: Work) -> None:
    with filing.paused(f"rename {filing.replaced[0][1]}", 0) as first:
        second = filing.start(1)
        says_that_it_waits(second, first.pid)
        first.send_signal(signal.SIGKILL)
        assert finish(second).code == 0
    assert filing.seen() == filing.results[1]
    filing.completes(1)


@pytest.mark.wide(but=1)
def test_nobody_waits_for_what_others_lock(filing: Work, out: Path) -> None:
    lock = out / f".timingctl-{os.getuid()}-1.lock"
    lock.write_text("whoever may read the folder may lock it, and what is in it")
    with lock.open() as file, _locked(file.fileno()):
        folder = os.open(out, os.O_RDONLY)
        with _locked(folder):
            done = finish(filing.start(1))
        os.close(folder)
    assert done.code == 0, done.err
    assert "Waiting" not in done.err
    lock.unlink()
    filing.stands(1)


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield
    fcntl.flock(handle, fcntl.LOCK_UN)


@pytest.mark.wide(but=1)
def test_the_wait_for_another_run_ends(filing: Work, out: Path) -> None:
    with alone_in(out):
        done = finish(filing.start(1, "--lock-timeout", "300ms"))
        other = f"another run (process {os.getpid()}) that writes to {out}"
        assert (done.code, done.out) == (10, "")
        assert done.err == (
            f"Waiting for {other}.\n"
            f"Error: Waited --lock-timeout for {other}; run this again later.\n"
        )
        assert filing.seen() == filing.results[0]
    filing.stands(0)
    filing.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("work", ["build", "pull", "push"], indirect=True)
def test_a_run_leaves_the_temporary_files_of_another_alone(work: Work) -> None:
    points = {"build": "Writing events", "pull": "Pulling Lead", "push": "Connecting to"}
    with work.paused(points[work.command], 1) as first:
        assert work.run(0).code == 0
        assert finish(first).code == 0
    work.stands(1)
