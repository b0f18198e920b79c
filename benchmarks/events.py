"""Whether two ways give the same events: the content digest of what each wrote, in order.

It is over the values of all 24 columns (docs/files.md), so one bit in one value changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pyarrow.parquet as pq

from timingctl.arrow import as_rows
from timingctl.attribution import EVENT_SCHEMA
from timingctl.digest import ContentDigest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BATCH_ROWS = 122_880


def digest_of(frames: Iterable[pl.DataFrame]) -> str:
    """The digest of frames that have the event's columns, in whatever types hold their values."""
    digest = ContentDigest(EVENT_SCHEMA)
    for frame in frames:
        event = frame.select(EVENT_SCHEMA.names()).cast(dict(EVENT_SCHEMA))  # type: ignore[arg-type]
        digest.update(as_rows(event))
    return str(digest)


def digest_of_parquet(path: Path) -> str:
    """The digest of a Parquet file of events."""
    with pq.ParquetFile(path) as file:
        return digest_of(pl.DataFrame(batch) for batch in file.iter_batches(BATCH_ROWS))


def digest_of_inbox(path: Path) -> str:
    """The digest of an inbox's events, in the order in which they stand in it."""
    columns = ", ".join(EVENT_SCHEMA.names())
    utc = pl.selectors.datetime().dt.replace_time_zone("UTC")
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.sql(f"select {columns} from ResponseTimingEvent order by rowid")
        reader = rows.to_arrow_reader(BATCH_ROWS)
        return digest_of(pl.DataFrame(batch).with_columns(utc) for batch in reader)


def digest_of_csv(path: Path) -> str:
    """The digest of a CSV file of events; an empty field is null."""
    instants = [name for name, kind in EVENT_SCHEMA.items() if isinstance(kind, pl.Datetime)]
    text = pl.read_csv(path, infer_schema=False)
    form = "%Y-%m-%dT%H:%M:%S%.fZ"
    return digest_of([text.with_columns(pl.col(instants).str.to_datetime(form, time_zone="UTC"))])
