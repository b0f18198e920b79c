"""The digest of what rows say, whatever file they stand in."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl
import pyarrow as pa

from timingctl.arrow import laid_end_to_end

_NULL_NUMBER = -(2**63)  # no event carries it: milliseconds and instants are far smaller


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
                # By Polars: for these pyarrow imports pandas, where it is installed.
                is_null = pl.Series(values.is_null()).to_numpy()
                lengths = np.where(is_null, -1, np.diff(ends, prepend=0))
                numbers.update(lengths.astype("<i8").data)
                text.update(utf8.data)
            else:
                whole = pl.Series(values.cast(pa.int64())).fill_null(_NULL_NUMBER)
                numbers.update(whole.to_numpy().data)

    def __str__(self) -> str:
        """``sha256:`` and 64 hexadecimal digits."""
        lines = "".join(
            f"{name} {numbers.hexdigest()} {text.hexdigest()}\n"
            for name, (numbers, text) in self._streams.items()
        )
        return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"
