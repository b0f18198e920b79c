"""Writing rows to files: whole or not at all, in the format of the suffix; and their digest.

Rows come as Arrow tables, a batch each, and nothing here holds more than two. The same rows give
the same bytes whatever the number of threads and the size of the batches, because they are written
in groups of one size.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from timingctl.arrow import as_rows, laid_end_to_end
from timingctl.documents import INSTANT_FORMAT
from timingctl.errors import SettingsError
from timingctl.formulas import harmless_frame
from timingctl.scratch import LOCK_TIMEOUT, outside, scratch_folder
from timingctl.seals import may_be_sealed_by
from timingctl.stop import check
from timingctl.warehouse import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Write = Callable[[pa.Table], None]

#: Low, because ids hardly compress: level 3 takes more time and saves nothing.
_ZSTD_LEVEL = 1
#: What Parquet files of ours have in their metadata.
VERSION_KEY = "timingctl.version"
#: As many bytes of a file as tell whether it is ours.
_MAGIC_BYTES = 64
_NULL_NUMBER = -(2**63)  # no event carries it: milliseconds and instants are far smaller


@dataclass(frozen=True)
class Form:
    """How rows are written: a suffix of FORMATS, and what one format alone knows.

    `metadata` is Parquet's key-value metadata; `csv_safe` keeps formulas out of CSV.
    """

    suffix: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    csv_safe: bool = False


@contextmanager
def _parquet(path: Path, first: pa.Table, form: Form) -> Iterator[Write]:
    import pyarrow.parquet as pq

    schema = first.schema.with_metadata(dict(form.metadata))
    repetitive = _repetitive(first)
    rarely_alike = {
        column.name: "DELTA_LENGTH_BYTE_ARRAY"  # lengths apart from the bytes
        for column in schema
        if pa.types.is_large_string(column.type) and column.name not in repetitive
    }
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        use_dictionary=repetitive,
        column_encoding=rarely_alike,
        write_page_checksum=True,
    ) as file:
        yield lambda rows: file.write_table(rows.cast(schema), BATCH_ROWS)


@contextmanager
def _csv(path: Path, first: pa.Table, form: Form) -> Iterator[Write]:
    def write(rows: pa.Table) -> None:
        frame = pl.DataFrame(rows)
        frame = harmless_frame(frame) if form.csv_safe else frame
        frame.write_csv(file, include_header=False, datetime_format=INSTANT_FORMAT)

    with path.open("wb") as file:
        pl.DataFrame(first[:0]).write_csv(file)
        yield write


@contextmanager
def _ndjson(path: Path, _: pa.Table, __: Form) -> Iterator[Write]:
    instants = pl.selectors.datetime().dt.to_string(INSTANT_FORMAT)
    with path.open("wb") as file:
        yield lambda rows: pl.DataFrame(rows).with_columns(instants).write_ndjson(file)


_WRITERS = {".parquet": _parquet, ".csv": _csv, ".ndjson": _ndjson}
#: The suffixes that can be written.
FORMATS = tuple(_WRITERS)


def write_batches(batches: Iterator[pa.Table], schema: pl.Schema, path: Path, form: Form) -> None:
    """Write batches that fit one schema to a file as they come.

    While rows are being written the next batch is made. Raises what the batches raise, and
    SettingsError when the disk does not take the rows.
    """
    failure: list[BaseException] = []

    def sound() -> Iterator[pa.Table]:
        """The batches until one fails, so that what they raise is not taken for the disk's."""
        try:
            yield from batches
        except BaseException as error:
            failure.append(error)

    empty = as_rows(schema.to_frame())
    groups = _groups(sound(), empty.schema)
    first = next(groups, empty)
    with (
        _disk_errors(path),
        _WRITERS[form.suffix.lower()](path, first, form) as write,
        ThreadPoolExecutor(1) as behind,  # ends before the file is closed
    ):
        written = behind.submit(write, first)
        for rows in groups:
            check()
            written.result()
            written = behind.submit(write, rows)
        written.result()
    if failure:
        raise failure[0]


def _groups(batches: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of the batches in groups of BATCH_ROWS, each in one piece; the last is smaller."""
    held, count = [], 0
    for batch in batches:
        held.append(batch.cast(schema))
        count += len(batch)
        while count >= BATCH_ROWS:
            rows = pa.concat_tables(held)
            yield rows[:BATCH_ROWS].combine_chunks()
            held, count = [rows[BATCH_ROWS:]], count - BATCH_ROWS
    if count:
        yield pa.concat_tables(held).combine_chunks()


def _repetitive(rows: pa.Table) -> list[str]:
    """The columns that are smaller as a dictionary: few different values, many times."""
    columns = pl.DataFrame(rows)
    return [one.name for one in columns if 4 * one.n_unique() <= len(one) - one.null_count()]


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(f"{outside(path)} cannot be written to: {why}.") from error


class ContentDigest:
    """A SHA-256 over the values of rows, the same for every output format and batch size.

    Each column is two streams over the rows in order: of a text the byte lengths as signed
    64-bit little-endian numbers (null: −1) and the UTF-8 bytes; of a number, or of an instant in
    microseconds, the 64-bit numbers (null: −2^63) and nothing. The digest is that of the lines
    ``name sha256(first) sha256(second)`` in column order.
    """

    def __init__(self, schema: pl.Schema) -> None:
        self._streams = {name: (hashlib.sha256(), hashlib.sha256()) for name in schema.names()}

    def update(self, rows: pa.Table) -> None:
        """Add a batch of rows."""
        for name, (numbers, text) in self._streams.items():
            values = rows[name].combine_chunks()
            if pa.types.is_large_string(values.type):
                utf8, ends = laid_end_to_end(values)
                lengths = np.where(values.is_null(), -1, np.diff(ends, prepend=0))
                numbers.update(lengths.astype("<i8").data)
                text.update(utf8.data)
            else:
                numbers.update(values.cast(pa.int64()).fill_null(_NULL_NUMBER).to_numpy().data)

    def __str__(self) -> str:
        """``sha256:`` and 64 hexadecimal digits."""
        lines = "".join(
            f"{name} {numbers.hexdigest()} {text.hexdigest()}\n"
            for name, (numbers, text) in self._streams.items()
        )
        return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


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
        with suppress(OSError, pa.ArrowException):
            import pyarrow.parquet as pq

            return VERSION_KEY.encode() in (pq.read_metadata(path).metadata or {})
    return b'"tool": "timingctl"' in start or start.startswith(b'{"table":')


@contextmanager
def replacing(
    targets: Sequence[Path], obsolete: Sequence[Path] = (), lock_timeout: str = LOCK_TIMEOUT
) -> Iterator[list[Path]]:
    """Paths in a private folder beside the targets, renamed over them, in order, if all goes well.

    The targets lie in one folder. Before the last of them the obsolete files are removed: who sees
    the last one new sees all of it new. Otherwise nothing is changed. Of two runs at once one
    replaces all of its targets after the other, which waits for `lock_timeout` at most. Raises
    SettingsError when a target is a folder, or its folder cannot be written to, or for the wait.
    """
    for path in (*targets, *obsolete):
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where it may not look
            raise SettingsError(f"{path} is a folder; move it away, or give another output.")
    folder = targets[0].parent
    try:
        with scratch_folder(folder) as scratch:
            # No suffix: what a killed run leaves of them is taken for nobody's exports.
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
        raise SettingsError(f"{folder} cannot be written to: {error.strerror}.") from error
