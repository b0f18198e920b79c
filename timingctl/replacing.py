"""Replacing files: all of them or none, and never an input."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from timingctl.errors import SettingsError
from timingctl.scratch import LOCK_TIMEOUT, outside, scratch_folder
from timingctl.seals import may_be_sealed_by
from timingctl.stop import check

#: What Parquet files of ours have in their metadata.
VERSION_KEY = "timingctl.version"
#: As many bytes of a file as tell whether it is ours.
_MAGIC_BYTES = 64

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def check_output(targets: Sequence[Path], inputs: Iterable[Path], *, make: str, give: str) -> None:
    """Refuse, before any work, files that cannot be written or would replace an input, or its seal.

    The first target was named; the others, which stand beside it, may replace our own files alone.
    `make` and `give` are the ways out. Raises SettingsError.
    """
    folder = targets[0].parent
    try:
        for target in targets:
            with suppress(FileNotFoundError):
                target.lstat()
        is_open = folder.is_dir() and os.access(folder, os.W_OK)
        read = [path for one in inputs for path in (one, *may_be_sealed_by(one))]
        taken = set(map(os.path.realpath, read)) & set(map(os.path.realpath, targets))
        folder = Path(os.path.realpath(folder))
    except OSError as error:
        raise SettingsError(f"{targets[0]} cannot be written: {error.strerror}.") from error
    if not is_open:
        raise SettingsError(f"{folder} is no folder that can be written to; {make}.")
    if taken:
        raise SettingsError(f"{min(taken)} is an input; {give}.")
    for target in targets[1:]:
        if not may_replace(target):
            raise SettingsError(f"{target} was not written by timingctl; move it away, or {give}.")


def may_replace(path: Path) -> bool:
    """Whether a place that nobody named is free, or has a manifest, rejects or Parquet of ours."""
    if not path.is_file():
        return True  # a folder is refused where files are replaced
    with path.open("rb") as file:
        start = file.read(_MAGIC_BYTES)
    if start.startswith(b"PAR1"):
        # Of a path with a colon Arrow makes a URI.
        import pyarrow.parquet as pq

        with suppress(OSError, pa.ArrowException), path.open("rb") as file:
            return VERSION_KEY.encode() in (pq.read_metadata(file).metadata or {})
    return b'"tool": "timingctl"' in start or start.startswith(b'{"table":')


@contextmanager
def replacing(
    targets: Sequence[Path], obsolete: Sequence[Path] = (), lock_timeout: str = LOCK_TIMEOUT
) -> Iterator[list[Path]]:
    """Paths in a private folder beside the targets, renamed over them, in order, if all goes well.

    If anything fails, nothing is changed. The targets lie in one folder. The obsolete files are
    removed before the last target is replaced, so whoever finds that one new finds all of it new.
    Two runs at once replace their targets one after the other: the second waits, for `lock_timeout`
    at most. Raises SettingsError when a target is a folder, when its folder cannot be written to,
    or when the wait was too long.
    """
    for path in (*targets, *obsolete):
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where it may not look
            raise SettingsError(f"{path} is a folder; move it away, or give another output.")
    folder = targets[0].parent
    try:
        with scratch_folder(folder) as scratch:
            # No suffix: what a killed run leaves is never taken for an export.
            temporary = [scratch.room / str(number) for number in range(len(targets))]
            yield temporary
            *ahead, last = zip(temporary, targets, strict=True)
            with scratch.alone(lock_timeout):
                check()
                for source, target in ahead:
                    source.replace(target)
                for path in obsolete:
                    path.unlink(missing_ok=True)
                last[0].replace(last[1])
            check()
    except OSError as error:
        where = outside(targets[0])
        raise SettingsError(f"{where} cannot be written to: {error.strerror}.") from error
