"""Frames as Arrow tables, text columns as bytes, and schemas of DuckDB's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt


def as_rows(frame: pl.DataFrame) -> pa.Table:
    """A frame in the Arrow types that every reader knows, each column in one piece."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()


def told_rows(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """A few rows as an Arrow table.

    By Polars: pyarrow looks at Python's values with pandas, which it imports where it is installed.
    """
    return as_rows(pl.DataFrame(rows, infer_schema_length=None)).select(schema.names).cast(schema)


def as_texts(texts: pl.Series) -> pa.LargeStringArray:
    """A text column in the Arrow type that every reader knows."""
    return texts.to_arrow(compat_level=pl.CompatLevel.oldest())


def laid_end_to_end(
    texts: pa.LargeStringArray,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """All texts' UTF-8 bytes in one array, and where each text ends in it; a null has no bytes."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets or bytes(8), dtype=np.int64)
    ends = ends[texts.offset : texts.offset + len(texts) + 1]
    utf8 = np.frombuffer(data or b"", dtype=np.uint8)[ends[0] : ends[-1]]
    return utf8, ends[1:] - ends[0]


#: What holds the values of DuckDB's types; instants have no zone.
_TYPES = {
    "varchar": pa.large_string(),
    "timestamp": pa.timestamp("us"),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
}


def arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    """Columns by name with their DuckDB types, as Arrow has them."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in types.items()])
