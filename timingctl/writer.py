"""Writing rows to a file, in the format of its suffix.

Rows come as Arrow tables, a batch each, and nothing here holds more than two. The same rows give
the same bytes whatever the number of threads and the size of the batches, because they are written
in groups of one size.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from timingctl.arrow import as_rows
from timingctl.documents import INSTANT_FORMAT
from timingctl.errors import SettingsError
from timingctl.formulas import harmless_frame
from timingctl.scratch import outside
from timingctl.stop import check
from timingctl.warehouse import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Write = Callable[[pa.Table], None]

#: Low, because ids hardly compress: level 3 takes more time and saves nothing.
_ZSTD_LEVEL = 1


@dataclass(frozen=True)
class Form:
    """How rows are written: a suffix of FORMATS, and what one format alone knows.

    `metadata` is Parquet's key-value metadata; `meanings` says what columns mean, as the
    `description` of a Parquet field; `csv_safe` keeps formulas out of CSV.
    """

    suffix: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    csv_safe: bool = False


@contextmanager
def _parquet(path: Path, first: pa.Table, form: Form) -> Iterator[Write]:
    import pyarrow.parquet as pq

    schema = pa.schema(
        [
            column.with_metadata({"description": form.meanings[column.name]})
            if column.name in form.meanings
            else column
            for column in first.schema
        ],
        metadata=dict(form.metadata),
    )
    repetitive = _repetitive(first)
    rarely_alike = {
        column.name: "DELTA_LENGTH_BYTE_ARRAY"  # lengths apart from the bytes
        for column in schema
        if pa.types.is_large_string(column.type) and column.name not in repetitive
    }
    with (
        path.open("wb") as target,
        pq.ParquetWriter(  # of a path with a colon it makes a URI
            target,
            schema,
            compression="zstd",
            compression_level=_ZSTD_LEVEL,
            use_dictionary=repetitive,
            column_encoding=rarely_alike,
            write_page_checksum=True,
        ) as file,
    ):
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
        """The batches up to one that fails: its error is not taken for one of the disk."""
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
