"""A process in which Polars has one thread. Light: what sets that must load before Polars does."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from timingctl.stop import ENDING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def one_thread() -> Iterator[ProcessPoolExecutor]:
    """The process, started when it is first asked for work."""
    # Around the start of its helper, multiprocessing of Python 3.11 blocks the signals that end a
    # run and then unblocks them: those that `stop.listen` has blocked would end us.
    vars(resource_tracker)["_HAVE_SIGMASK"] = False
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, initializer=_become_one_thread) as pool:
        yield pool


def _become_one_thread() -> None:
    os.environ["POLARS_MAX_THREADS"] = "1"
    # The process that waits for us is told as well; what it blocks, we have inherited.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
