"""Copying files out of a bucket: many reads at once, each a large one."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from timingctl.buckets import faults
from timingctl.buckets.chunks import Range, end_ranges, kept_ranges, reads
from timingctl.progress import said_bytes
from timingctl.scratch import no_room
from timingctl.stop import check, waking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from timingctl.buckets.places import Place
    from timingctl.buckets.store import Store
    from timingctl.progress import Progress
    from timingctl.schemas import Table

#: The most that one question reads; what lies between two ranges that one question reads, at most;
#: and how many questions there are at once.
READ_BYTES = 16 * 1024 * 1024
GAP_BYTES = 1024 * 1024
AT_ONCE = 8
#: Seconds in which at least one of them is answered; S3 is asked again long before.
_STALLED_S = 600


@dataclass
class Wanted:
    """A file to copy to a path. Of a Parquet file of a `table` only what is read of it.

    Of `only_its_end` a Parquet file has no values, and any other file nothing.
    """

    place: Place
    path: Path
    size: int
    table: Table | None = None
    only_its_end: bool = False
    ranges: list[Range] = field(default_factory=list)
    file: Any = None  # a pa.NativeFile, once it is open

    @property
    def bytes(self) -> int:
        """How much of it is copied."""
        return sum(stop - start for start, stop in self.ranges)


def copy(store: Store, wanted: Sequence[Wanted], progress: Progress) -> int:
    """Copy files, each into one that has its size from then on; returns how many bytes.

    Raises the store's error for one that cannot be read, SettingsError where there is no room.
    """
    for _ in _done(store, [(one, partial(_open, store, one)) for one in wanted]):
        pass
    parts = [(one, part) for one in wanted for part in reads(one.ranges, READ_BYTES, GAP_BYTES)]
    total = sum(one.bytes for one in wanted)
    _check_room(wanted, total)
    left = Counter(one.place for one, _ in parts)
    copied, files = 0, len(wanted) - len(left)
    progress.copied(files, len(wanted), copied, total)
    for one, size in _done(store, [(one, partial(_read, one, part)) for one, part in parts]):
        copied += size
        left[one.place] -= 1
        files += not left[one.place]
        progress.copied(files, len(wanted), copied, total)
    return total


def _done(
    store: Store, works: Sequence[tuple[Wanted, Callable[[], int]]]
) -> Iterator[tuple[Wanted, int]]:
    """Work on files, as it is done, and what it returns. A stop leaves the rest behind."""
    queue: SimpleQueue[tuple[Wanted, Future[int]] | None] = SimpleQueue()
    with _pool() as pool, waking(lambda: queue.put(None)):
        for one, work in works:
            pool.submit(work).add_done_callback(partial(_put, queue, one))
        for _ in works:
            try:
                found = queue.get(timeout=_STALLED_S)
            except Empty:
                raise store.refusal(faults.READ, works[0][0].place, TimeoutError()) from None
            check()
            if found is None:
                continue
            one, future = found
            try:
                yield one, future.result()
            except (OSError, ValueError, pa.ArrowException) as error:
                raise store.refusal(faults.READ, one.place, error) from error


def _put(queue: SimpleQueue[Any], one: Wanted, future: Future[int]) -> None:
    queue.put((one, future))


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that nobody waits for where something fails: they may wait for a network."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="copy")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _open(store: Store, one: Wanted) -> int:
    """Open a file, find out what is to be copied of it, and give its copy the size."""
    check()
    one.file = store.open(one.place)
    if one.file.size() != one.size:
        raise OSError(faults.GONE)
    is_parquet = one.path.suffix.lower() == ".parquet"
    if one.only_its_end:
        one.ranges = end_ranges(one.file, one.size) if is_parquet else []
    elif one.table and is_parquet:
        one.ranges = kept_ranges(one.file, one.size, one.table)
    elif one.size:
        one.ranges = [(0, one.size)]
    with _writing(one.path):
        os.truncate(one.path, one.size)
    return 0


def _read(one: Wanted, part: list[Range]) -> int:
    """Read from the first of some ranges to the last, and write what lies in them."""
    check()
    start, stop = part[0][0], part[-1][1]
    data = memoryview(one.file.read_at(stop - start, start))
    if len(data) != stop - start:
        raise OSError(faults.GONE)
    # The file is opened for each, so that who comes late writes nowhere: it is gone.
    with _writing(one.path), one.path.open("r+b") as target:
        for first, last in part:
            target.seek(first)
            target.write(data[first - start : last - start])
    return sum(last - first for first, last in part)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise no_room(path, str(error.strerror)) from error


def _check_room(wanted: Sequence[Wanted], total: int) -> None:
    """Raise SettingsError where the copies do not fit on the disk."""
    if not wanted:
        return
    path = wanted[0].path
    free = shutil.disk_usage(path.parent).free
    if total > free:
        why = f"{said_bytes(total)} are to be copied, and {said_bytes(free)} are free"
        raise no_room(path, why)
