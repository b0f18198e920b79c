"""Temporary files and folders that a killed run cannot leave behind for good.

Each is locked by the process that made it, and the system lifts the lock when that process ends,
however it ends. Whoever makes the next one first removes those that nobody holds any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PREFIX = "timingctl-"


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder that only this user can enter, in the parent or the system's; gone afterwards.

    Raises OSError when there can be none.
    """
    home = Path(parent or tempfile.gettempdir())
    _remove_abandoned(home, _PREFIX, "")
    with ExitStack() as stack:
        made = _made(lambda: Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home)))
        folder = stack.enter_context(made)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        # The folder itself is locked, and who writes into one locks it too.
        room = folder / "room"
        room.mkdir()
        yield room


@contextmanager
def files_beside(targets: list[Path], obsolete: Sequence[Path] = ()) -> Iterator[list[Path]]:
    """One empty file beside each target, that only this user can read; gone afterwards.

    Unless they were renamed. Those that killed runs left beside targets, or beside what is no
    target any more, are removed. Raises OSError when there can be none.
    """
    with ExitStack() as stack:
        files = []
        for path in (*targets, *obsolete):
            _remove_abandoned(path.parent, *_around(path))
        for target in targets:

            def make(target: Path = target) -> Path:
                prefix, suffix = _around(target)
                handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=target.parent)
                os.close(handle)
                return Path(name)

            file = stack.enter_context(_made(make))
            stack.callback(file.unlink, missing_ok=True)
            files.append(file)
        yield files


def _around(target: Path) -> tuple[str, str]:
    """How the names of the temporary files beside a target begin and end."""
    return f".{target.name}.", ".tmp"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other run is alone in the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        left_to_itself(lambda: _lock(handle))
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    with suppress(OSError):  # a file system without locks: then nothing is taken for abandoned
        fcntl.flock(handle, fcntl.LOCK_EX)


@contextmanager
def _made(make: Callable[[], Path]) -> Iterator[Path]:
    """What is made, locked. What another run took for abandoned before the lock is made anew."""
    while True:
        path = make()
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDONLY)
            _lock(handle)
            if path.exists():
                break
            os.close(handle)
    try:
        yield path
    finally:
        os.close(handle)


def _remove_abandoned(folder: Path, prefix: str, suffix: str) -> None:
    """Remove what was made here by runs that have ended; what cannot be removed stays."""
    with suppress(OSError):
        for path in list(folder.iterdir()):
            if path.name.startswith(prefix) and path.name.endswith(suffix):
                _remove_if_abandoned(path)


def _remove_if_abandoned(path: Path) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if os.fstat(handle).st_uid != os.getuid():
                return
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        finally:
            os.close(handle)
