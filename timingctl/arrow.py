"""Frames as Arrow tables, and text columns as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa


def as_rows(frame: pl.DataFrame) -> pa.Table:
    """A frame in the Arrow types that every reader knows, each column in one piece."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()


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
