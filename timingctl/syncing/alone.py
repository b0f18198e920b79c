"""One sync of a file at a time: others wait, and then find the file as the one before left it.

What is locked is the file itself, by a lock that nobody but a sync asks for: who reads it, or
builds it anew, is not held up.
"""

from __future__ import annotations

import fcntl
import logging
import os
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from timingctl.errors import InputError, SettingsError
from timingctl.scratch import seconds
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_log = logging.getLogger(__name__)


class Alone:
    """The file that this sync alone may replace; and what it replaces it with is locked as well."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.path, self._stack = path, stack
        self._handle = -1

    def take(self, lock_timeout: str) -> bool:
        """Lock the file; false where another sync has put a new one in its place meanwhile."""
        try:
            self._handle = self._opened(self.path)
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}.") from error
        _lock(self._handle, self.path, lock_timeout)
        return self._is_there

    def put(self, fresh: Path) -> None:
        """Let a file take the place of this one. Raises InputError when something else has."""
        handle = self._opened(fresh)
        _lock(handle, fresh, "0")  # nobody else knows it yet
        if not self._is_there:
            raise InputError(f"{self.path} was replaced by another run meanwhile; run this again.")
        fresh.replace(self.path)
        self._handle = handle

    def _opened(self, path: Path) -> int:
        handle = os.open(path, os.O_RDONLY)
        self._stack.callback(os.close, handle)
        return handle

    @property
    def _is_there(self) -> bool:
        with suppress(OSError):
            return os.path.samestat(self.path.stat(), os.fstat(self._handle))
        return False


@contextmanager
def alone(path: Path, lock_timeout: str) -> Iterator[Alone]:
    """Wait until no other sync is at the file.

    Raises SettingsError when it takes too long, InputError where there is no file to be read.
    """
    while True:
        with ExitStack() as stack:
            taken = Alone(path, stack)
            if taken.take(lock_timeout):
                yield taken
                return


def _lock(handle: int, path: Path, lock_timeout: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _log.warning("Waiting for another sync of %s.", path)
        try:
            left_to_itself(partial(fcntl.flock, handle, fcntl.LOCK_EX), seconds(lock_timeout))
        except TimeoutError as error:
            raise SettingsError(
                f"Waited --lock-timeout for another sync of {path}; run this again later."
            ) from error
    except OSError:  # a file system without locks
        return
