"""A text column as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt


def laid_end_to_end(texts: pl.Series) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """All texts' UTF-8 bytes in one array, and where each text ends in it; a null has no bytes."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    utf8 = np.frombuffer(data or b"", dtype=np.uint8)[ends[0] : ends[-1]]
    return utf8, ends[1:] - ends[0]
