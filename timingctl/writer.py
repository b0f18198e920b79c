"""Writing frames to files: whole or not at all, in the format of the suffix; and their digest.

Nothing here holds more than a batch. The same frames give the same bytes whatever the number of
threads, because every batch but the last has the same number of rows.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from timingctl.errors import SettingsError
from timingctl.scratch import alone_in, files_beside
from timingctl.utf8 import laid_end_to_end
from timingctl.warehouse import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

#: How instants are written in text formats: ISO 8601, microseconds, UTC.
INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%S%.6fZ"
#: Low, because ids hardly compress: level 3 takes a quarter longer and saves nothing.
_ZSTD_LEVEL = 1
_NULL_NUMBER = -(2**63)  # no event carries it: milliseconds and instants are far smaller


def _to_parquet(frame: pl.LazyFrame, path: Path, metadata: Mapping[str, str]) -> None:
    frame.sink_parquet(
        path,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        row_group_size=BATCH_ROWS,
        metadata=dict(metadata),
    )


def _to_csv(frame: pl.LazyFrame, path: Path, _: Mapping[str, str]) -> None:
    frame.sink_csv(path, datetime_format=INSTANT_FORMAT, check_extension=False)


def _to_ndjson(frame: pl.LazyFrame, path: Path, _: Mapping[str, str]) -> None:
    instants = pl.selectors.datetime()
    frame.with_columns(instants.dt.to_string(INSTANT_FORMAT)).sink_ndjson(
        path, check_extension=False
    )


_WRITERS: dict[str, Callable[[pl.LazyFrame, Path, Mapping[str, str]], None]] = {
    ".parquet": _to_parquet,
    ".csv": _to_csv,
    ".ndjson": _to_ndjson,
}
#: The suffixes that can be written.
FORMATS = tuple(_WRITERS)


def write_frames(
    frames: Iterator[pl.DataFrame],
    schema: pl.Schema,
    path: Path,
    suffix: str,
    metadata: Mapping[str, str],
) -> None:
    """Write frames of one schema to a file in the suffix's format as they come.

    `metadata` goes into Parquet's key-value metadata. Raises what the frames raise, and
    SettingsError when the disk does not take the rows.
    """
    failure: list[BaseException] = []

    def source(*_: object) -> Iterator[pl.DataFrame]:
        """The frames until one fails or a signal comes: Polars gets an orderly end, not a throw."""
        try:
            for frame in frames:
                if signals:
                    return
                yield frame
        except BaseException as error:
            failure.append(error)

    with _signals_held() as signals:
        try:
            _WRITERS[suffix](register_io_source(source, schema=schema), path, metadata)
        except (pl.exceptions.PolarsError, OSError) as error:
            code = re.search(r"\(os error (\d+)\)", str(error))
            why = os.strerror(int(code[1])) if code else str(error)
            raise SettingsError(f"{path.parent} cannot be written to: {why}.") from error
    if failure:
        raise failure[0]


@contextmanager
def _signals_held() -> Iterator[list[int]]:
    """The signals that came meanwhile; their handlers run afterwards.

    Polars panics when a handler raises in the middle of a sink, and files that belong together
    are renamed together.
    """
    arrived: list[int] = []
    handlers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {
            number: signal.signal(number, lambda number, _: arrived.append(number))
            for number in (signal.SIGINT, signal.SIGTERM)
            if callable(signal.getsignal(number))
        }
    try:
        yield arrived
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in arrived:
            signal.raise_signal(number)


class ContentDigest:
    """A SHA-256 over the values of rows, the same for every output format and batch size.

    Each column is two streams over the rows in order: of a text the byte lengths as signed
    64-bit little-endian numbers (null: −1) and the UTF-8 bytes; of a number, or of an instant in
    microseconds, the 64-bit numbers (null: −2^63) and nothing. The digest is that of the lines
    ``name sha256(first) sha256(second)`` in column order.
    """

    def __init__(self, schema: pl.Schema) -> None:
        self._streams = {name: (hashlib.sha256(), hashlib.sha256()) for name in schema.names()}

    def update(self, frame: pl.DataFrame) -> None:
        """Add a batch of rows."""
        for column in frame:
            numbers, text = self._streams[column.name]
            if column.dtype == pl.String:
                utf8, ends = laid_end_to_end(column)
                lengths = np.where(column.is_null(), -1, np.diff(ends, prepend=0))
                numbers.update(lengths.astype("<i8").data)
                text.update(utf8.data)
            else:
                values = column.to_physical().cast(pl.Int64).fill_null(_NULL_NUMBER)
                numbers.update(values.to_numpy().data)

    def __str__(self) -> str:
        """``sha256:`` and 64 hexadecimal digits."""
        lines = "".join(
            f"{name} {numbers.hexdigest()} {text.hexdigest()}\n"
            for name, (numbers, text) in self._streams.items()
        )
        return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


@contextmanager
def replacing(targets: list[Path], obsolete: list[Path]) -> Iterator[list[Path]]:
    """Temporary files beside the targets, renamed over them, in order, if all goes well.

    Before the last of them the obsolete files are removed: who sees the last one new sees all of
    it new. Otherwise nothing but the temporary files is removed. Of two runs at once one replaces
    all of its targets after the other. Raises SettingsError when a target is a folder, or its
    folder cannot be written to.
    """
    for path in (*targets, *obsolete):
        if path.is_dir():
            raise SettingsError(f"{path} is a folder; move it away, or give another output.")
    try:
        with files_beside(targets, obsolete) as temporary:
            yield temporary
            mode = 0o666 & ~_umask()
            *ahead, last = zip(temporary, targets, strict=True)
            with alone_in(targets[0].parent), _signals_held():
                for source in temporary:
                    source.chmod(mode)
                for source, target in ahead:
                    source.replace(target)
                for path in obsolete:
                    path.unlink(missing_ok=True)
                last[0].replace(last[1])
    except OSError as error:
        raise SettingsError(
            f"{targets[0].parent} cannot be written to: {error.strerror}."
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
