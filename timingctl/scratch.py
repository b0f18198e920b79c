"""Private folders for temporary files, which a killed run cannot leave behind for good.

Each has a name that nothing else makes, and in it a marker that says who made it; the run holds a
lock on the marker, which the system lifts when the process ends, however it ends. Who makes the
next folder in the same place first removes those that are provably such folders, that nobody holds
any more, and that the command line does not name. Whatever else is there is not ours: it is not
opened, not locked, not removed.
"""

from __future__ import annotations

import errno
import fcntl
import fnmatch
import json
import logging
import math
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl import __version__
from timingctl.errors import SettingsError
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How long to wait for another run, as PostgreSQL's settings say it.
LOCK_TIMEOUT = "10min"
_UNITS_S = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}

_NAME = re.compile(r"\.timingctl-[0-9a-f]{16}")
_MARKER = "marker.json"
_ROOM = "room"
_MARKER_BYTES = 1024
#: What linking gives where a file can have one name only.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Scratch:
    """A private folder of this run, locked; `room`, inside, is for its files."""

    folder: Path
    room: Path

    @contextmanager
    def alone(self, lock_timeout: str = LOCK_TIMEOUT) -> Iterator[None]:
        """Wait until no other run of this user is alone in the folder around this one.

        What says so is a second name, beside the folder, of a marker that its run has locked. On
        a file system without such names nobody waits. Raises SettingsError when it takes too long.
        """
        end = time.monotonic() + (seconds(lock_timeout) or math.inf)
        marker = self.folder / _MARKER
        stem = self.folder.with_name(f".timingctl-{os.getuid()}")
        links = (stem.with_name(f"{stem.name}-{number}.lock") for number in count(1))
        link = next(links)
        try:
            while not _linked(link, marker):
                with _marker(link) as handle:
                    if handle is not None and _waited(handle, link, end):
                        _unlink(link, os.fstat(handle))  # unless its run was killed it is gone
                    elif os.path.lexists(link):  # it is not ours, or nobody can tell: let it be
                        link = next(links)
            yield
        finally:
            with suppress(OSError):
                _unlink(link, marker.lstat())


def _linked(link: Path, marker: Path) -> bool:
    """Whether a marker has got another name, or can have none on this file system."""
    try:
        link.hardlink_to(marker)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    return True


def _unlink(path: Path, known: os.stat_result) -> None:
    """Remove a name of a file, if it still is one."""
    with suppress(FileNotFoundError):
        if os.path.samestat(path.lstat(), known):
            path.unlink()


def seconds(duration: str) -> float | None:
    """A duration such as 30s or 10min in seconds; null where it is 0, which is no limit."""
    [(number, unit)] = re.findall(r"(\d+)(\D*)", duration)
    return int(number) * _UNITS_S[unit] if int(number) else None


def _waited(handle: int, link: Path, end: float) -> bool:
    """Wait for the lock of another run's marker, and say so; False where there are no locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = f"another run (process {_said(handle)['pid']}) that writes to {link.parent}"
        _log.warning("Waiting for %s.", other)
        rest = None if end == math.inf else max(0, end - time.monotonic())
        try:
            left_to_itself(lambda: fcntl.flock(handle, fcntl.LOCK_EX), rest)
        except TimeoutError as error:
            raise SettingsError(
                f"Waited --lock-timeout for {other}; run this again later."
            ) from error
    except OSError:
        return False
    return True


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Scratch]:
    """A folder that only this user can enter, in the parent or the system's; gone afterwards.

    First removes those that killed runs left there. Raises OSError when there can be none.
    """
    home = Path(parent or tempfile.gettempdir())
    _remove_abandoned(home)
    with ExitStack() as stack:
        folder = home / f".timingctl-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        stack.callback(_remove, folder)
        marker = folder / _MARKER
        handle = os.open(marker, os.O_RDONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        stack.callback(os.close, handle)
        with suppress(OSError):  # a file system without locks: then nothing is abandoned there
            fcntl.flock(handle, fcntl.LOCK_EX)
        # Only what is locked says whose it is: nobody else takes it for abandoned.
        marker.write_bytes(_marker_text(folder, os.fstat(handle).st_ino))
        room = folder / _ROOM
        room.mkdir()
        yield Scratch(folder, room)


def outside(path: Path) -> Path:
    """The folder of a file, or for one in private folders the folder that the outer lies in."""
    private = next((one for one in reversed(path.parents) if _NAME.fullmatch(one.name)), path)
    return private.parent


def no_room(path: Path, why: str) -> SettingsError:
    """The error that a file in a private folder cannot be written."""
    return SettingsError(
        f"{outside(path)} cannot be written to: {why}. Give another with --temp-dir."
    )


def _marker_text(folder: Path, inode: int) -> bytes:
    marker = {
        "tool": "timingctl",
        "version": __version__,
        "pid": os.getpid(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "folder": folder.name,
        "inode": inode,  # of the marker itself: a copy is none
    }
    return json.dumps(marker).encode()


@contextmanager
def _marker(path: Path, folder: int | None = None) -> Iterator[int | None]:
    """A handle on a marker of this user's; None when there is none there."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        yield None
        return
    try:
        found = os.fstat(handle)
        ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid()
        yield handle if ours and _said(handle).get("inode") == found.st_ino else None
    finally:
        os.close(handle)


def _said(handle: int) -> dict[str, object]:
    """What a marker says; nothing when the file is none."""
    try:
        said = json.loads(os.pread(handle, _MARKER_BYTES, 0))
    except (ValueError, RecursionError):
        return {}
    keys = ("tool", "version", "pid", "started", "folder", "inode")
    is_marker = isinstance(said, dict) and tuple(said) == keys and said["tool"] == "timingctl"
    return said if is_marker else {}


def _remove_abandoned(home: Path) -> None:
    """Remove what was made here by runs that have ended; what cannot be removed stays."""
    with suppress(OSError):
        # Not by paths: many others may stand there, and each would be made one.
        for name in filter(_NAME.fullmatch, os.listdir(home)):  # noqa: PTH208
            _remove_if_abandoned(home / name)


def _remove_if_abandoned(path: Path) -> None:
    with suppress(OSError), _opened(path) as folder, _marker(Path(_MARKER), folder) as handle:
        is_ours = os.fstat(folder).st_uid == os.getuid()
        if is_ours and handle is not None and _said(handle)["folder"] == path.name:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_named(path):
                _remove(path)


def _remove(path: Path) -> None:
    """Remove a private folder: what this module put there, and the room with all that is in it."""
    with suppress(OSError):
        with _opened(path) as folder:
            shutil.rmtree(_ROOM, ignore_errors=True, dir_fd=folder)
            with suppress(FileNotFoundError):
                os.unlink(_MARKER, dir_fd=folder)
        path.rmdir()


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A handle on a folder, which stays the same one whatever is renamed meanwhile."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


def _is_named(folder: Path) -> bool:
    """Whether the command line, or the environment, names the folder or what is in it.

    It may have been given as SOURCE, by a pattern too, or be the current folder.
    """
    options = [text for name, text in os.environ.items() if name.startswith("TIMINGCTL_")]
    words = [os.curdir, *sys.argv[1:], *options, *(one for text in options for one in text.split())]
    real = Path(os.path.realpath(folder))
    return any(_leads_into(real, path) for word in words for path in _after_equals(word))


def _after_equals(word: str) -> Iterator[str]:
    """An argument, and its ends after each equals sign, as of --table=Message=GLOB."""
    parts = word.split("=")
    return ("=".join(parts[first:]) for first in range(len(parts)))


def _leads_into(folder: Path, path: str) -> bool:
    """Whether a path, or a pattern of paths, is that of the folder or of something in it."""
    with suppress(OSError, ValueError):
        start = Path(*Path(os.path.realpath(path)).parts[: len(folder.parts)])
        return folder == start or fnmatch.fnmatchcase(str(folder), str(start))
    return False
