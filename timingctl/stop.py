"""Stopping: one flag, and what has to be woken when it goes up.

A run is asked to stop; it is never torn out of what it does. `listen` blocks the ending signals in
every thread and lets one thread wait for them: no handler runs, neither ours nor a library's, and
no exception comes out of the air. The run asks at named points (`check`); what blocks in a library
is woken (`waking`), or is left alone when nothing can wake it (`left_to_itself`). Each of the three
raises Stopped. A second signal ends the process at once, which is as a kill.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")

#: Those that end a run.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: A second signal that comes sooner is the first: what runs us passes on what the terminal sent.
_SAME_S = 0.25
#: How long after a wake-up the next follows, while what was to wake still blocks.
_AGAIN_S = 0.05


class Stopped(BaseException):
    """The run was asked to stop, and does so here; it says what is left, if anything is."""


class _Flag:
    """Which signal asked for a stop, 0 while none has; and how to wake what blocks."""

    def __init__(self) -> None:
        self.signal = 0
        self.lock = threading.Lock()
        self.wakes: dict[object, Callable[[], object]] = {}


_flag = _Flag()


def listen() -> None:
    """From now on hear the ending signals, but those that the process was told to ignore.

    Call it in the main thread, before there is another: the others inherit what is blocked.
    """
    heard = {number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN}
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    threading.Thread(target=_hear, args=(heard,), name="stop", daemon=True).start()


def asked() -> int:
    """The signal that asked for a stop; 0 when none has."""
    return _flag.signal


def check() -> None:
    """Raise Stopped if a stop was asked for."""
    if _flag.signal:
        raise Stopped


@contextmanager
def waking(wake: Callable[[], object]) -> Iterator[None]:
    """While this lasts, a stop calls `wake`, again and again: the first may come too early.

    `wake` runs in another thread, and never once this has ended. What the woken call raises is
    then Stopped.
    """
    check()
    key = object()
    with _flag.lock:
        _flag.wakes[key] = wake
    try:
        yield
    except Exception as error:
        if _flag.signal:
            raise Stopped from error
        raise
    finally:
        with _flag.lock:
            del _flag.wakes[key]


def left_to_itself(work: Callable[[], _T], timeout: float | None = None) -> _T:
    """What comes of work that nothing can wake, done in a thread that a stop does not wait for.

    That thread ends with the process. Raises TimeoutError after so many seconds.
    """
    answer: Future[_T] = Future()

    def run() -> None:
        with suppress(InvalidStateError):  # nobody waits any more
            try:
                answer.set_result(work())
            except BaseException as error:
                answer.set_exception(error)

    def leave() -> None:
        with suppress(InvalidStateError):
            answer.set_exception(Stopped())

    threading.Thread(target=run, daemon=True).start()
    with waking(leave):
        return answer.result(timeout)


def _hear(heard: set[signal.Signals]) -> None:
    number = signal.sigwait(heard)
    first = time.monotonic()
    _flag.signal = int(number)
    threading.Thread(target=_wake, name="wake", daemon=True).start()
    while True:  # waited for before the clock is asked: a busy machine is not a second signal
        number = signal.sigwait(heard)
        if time.monotonic() >= first + _SAME_S:
            os._exit(128 + number)


def _wake() -> None:
    while True:
        with _flag.lock:
            for wake in _flag.wakes.values():
                with suppress(Exception):  # what it wakes may have ended by itself
                    wake()
        time.sleep(_AGAIN_S)
