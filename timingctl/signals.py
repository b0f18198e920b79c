"""What a signal may interrupt, and what it must not.

A signal's exception may be raised between any two bytecodes. Where that would leave something half
done that nobody can undo, signals are held; and what blocks in a library, where no handler of
Python's runs, is done in a thread that the main thread can wait for.
"""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Those that end a run.
ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held() -> Iterator[list[int]]:
    """The handlers of signals that come meanwhile run afterwards; gives those that have come."""
    arrived: list[int] = []
    handlers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {
            number: signal.signal(number, lambda number, _: arrived.append(number))
            for number in ENDING
            if callable(signal.getsignal(number))
        }
    try:
        yield arrived
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in arrived:
            signal.raise_signal(number)


@contextmanager
def one_thread() -> Iterator[ThreadPoolExecutor]:
    """A thread to work in, which has ended when this ends, however many signals come.

    A signal's exception would leave a thread behind that is being started, or waited for.
    """
    thread = ThreadPoolExecutor(1)
    try:
        with held():
            thread.submit(int).result()
        yield thread
    finally:
        with held():
            thread.shutdown()
