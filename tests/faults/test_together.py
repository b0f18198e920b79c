"""Two runs into the same place at once: all of one, then all of the other."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.faults.tool import Work, finish, is_waiting, wait_until
from timingctl.scratch import alone_in


def test_two_at_once_leave_the_results_of_one(work: Work) -> None:
    processes = [work.start(result) for result in (0, 1)]
    assert [finish(process).code for process in processes] == [0, 0]
    assert dict(work.look()) in [dict(result) for result in work.results]
    assert list(work.spill.iterdir()) == []
    work.completes(1)


def test_two_that_are_ready_at_once_replace_one_after_the_other(filing: Work, out: Path) -> None:
    with alone_in(out):
        processes = [filing.start(result) for result in (0, 1)]
        for process in processes:
            wait_until(lambda process=process: is_waiting(process))  # type: ignore[misc]
        assert filing.seen() == filing.results[0]
    assert [finish(process).code for process in processes] == [0, 0]
    assert filing.seen() in filing.results
    filing.completes(1)


def test_who_comes_second_waits_for_the_first_to_replace_everything(filing: Work) -> None:
    with filing.paused(f"rename {filing.replaced[0][1]}", 0) as first:
        second = filing.start(1)
        wait_until(lambda: is_waiting(second))
        assert finish(first).code == 0
        assert finish(second).code == 0
    filing.stands(1)


def test_a_killed_run_holds_nobody_up(filing: Work) -> None:
    with filing.paused(f"rename {filing.replaced[0][1]}", 0) as first:
        second = filing.start(1)
        wait_until(lambda: is_waiting(second))
        first.send_signal(signal.SIGKILL)
        assert finish(second).code == 0
    assert filing.seen() == filing.results[1]
    filing.completes(1)


def test_a_run_leaves_the_temporary_files_of_another_alone(work: Work) -> None:
    points = {"build": "Writing events", "pull": "Pulling Lead", "push": "Connecting to"}
    with work.paused(points[work.command], 1) as first:
        assert work.run(0).code == 0
        assert finish(first).code == 0
    work.stands(1)
