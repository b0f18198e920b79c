"""A file by itself: whether it can be read, and whether it is still the one that it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


#: How every DuckDB database begins, after a checksum.
_MAGIC, _MAGIC_PLACE = b"DUCK", 8


@dataclass(frozen=True)
class FileState:
    """What shows that a file was replaced or written to; `changed` is in nanoseconds."""

    device: int
    inode: int
    size: int
    changed: int


def check_file(path: Path) -> FileState:
    """The state of a file. Raises InputError unless it is a regular one that can be read.

    A pipe or a device is refused, for it may never end.
    """
    try:
        str(path).encode()
        if path.is_symlink() and not path.exists():
            raise InputError(f"{path} is a link that leads nowhere.")
        if not path.exists():
            raise InputError(f"{path} does not exist.")
        if path.is_dir():
            raise InputError(f"{path} is a folder; give a file.")
        if not path.is_file():
            raise InputError(f"{path} is a pipe or a device; give a regular file.")
        path.open("rb").close()
        return state_of(path)
    except UnicodeEncodeError as error:
        raise InputError(f"{path} has a name that is no UTF-8; rename it.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def is_database(path: Path) -> bool:
    """Whether a file is a DuckDB database, by its first bytes."""
    try:
        if not path.is_file():  # a pipe may never end
            return False
        with path.open("rb") as file:
            return file.read(_MAGIC_PLACE + len(_MAGIC))[_MAGIC_PLACE:] == _MAGIC
    except OSError:
        return False


def state_of(path: Path) -> FileState:
    """The state of a file now. Raises OSError."""
    found = path.stat()
    return FileState(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
