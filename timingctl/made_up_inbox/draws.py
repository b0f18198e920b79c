"""Drawing columns of numbers, ids and instants: what the made-up inbox is made of.

Only integers and the four rules of arithmetic are drawn upon, because the last bit of an
exponential or a logarithm differs between machines. Instants are milliseconds since 1970 until
they become columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]
    Rng = np.random.Generator

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def drawn(rng: Rng, weights: Sequence[int], count: int) -> Integers:
    """Places in `weights`, each as often as its weight says."""
    ends = np.cumsum(weights)
    return np.searchsorted(ends, rng.integers(0, ends[-1], count), side="right")


def chance(rng: Rng, percent: int | Integers, count: int) -> Booleans:
    """True in so many of a hundred."""
    return rng.integers(0, 100, count) < percent


def rare(rng: Rng, per_mille: int, among: Booleans) -> Booleans:
    """True in so many of a thousand of those that may be."""
    return among & (rng.integers(0, 1000, len(among)) < per_mille)


def heavy(rng: Rng, lowest: int, weights: Sequence[int], count: int) -> Integers:
    """Numbers from `lowest` on, over octaves with these weights, even within an octave."""
    octave = lowest << drawn(rng, weights, count)
    return octave + (rng.random(count) * octave).astype(np.int64)


_BYTE_DIGITS = np.frombuffer(bytes(range(256)).hex().encode(), np.uint8).reshape(256, 2)
_DIGIT_PLACES = [place for place in range(36) if place not in {8, 13, 18, 23}]


def uuids(rng: Rng, count: int) -> pl.Series:
    """Random canonical lower-case UUIDs of version 4."""
    raw = np.frombuffer(rng.bytes(16 * count), np.uint8).reshape(count, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = np.full((count, 36), ord("-"), np.uint8)
    text[:, _DIGIT_PLACES] = _BYTE_DIGITS[raw].reshape(count, 32)
    ends = np.arange(0, 36 * count + 1, 36, dtype=np.int32)
    return pl.Series(pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(text)))


def instants(milliseconds: Integers) -> pl.Series:
    """Naive timestamps, as the app stores them."""
    return pl.Series(milliseconds).cast(pl.Datetime("ms")).cast(pl.Datetime("us"))


def known(column: pl.Series, where: Booleans) -> pl.Series:
    """The column, null where not known."""
    return column.set(pl.Series(~where), None)


def either(which: Booleans, one: str, other: str) -> pl.Series:
    """A text for what is true, and another for the rest."""
    return pl.Series([other, one]).gather(which.astype(np.int64))


def counted(counts: Integers) -> tuple[Integers, Integers]:
    """For each thing that there are `counts` of: whose it is, and its place among those."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
