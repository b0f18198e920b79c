"""The deterministic delay: which number of seconds the app chose for a message id.

Pure functions over columns. The hash is the one of JavaScript string hashing and of Java's
``String.hashCode`` (Java SE specification, java.lang.String): over the UTF-16 code units c of
the id, h = 31·h + c from h = 0, wrapping at 32 bits. See docs/definitions.md, "The
deterministic delay".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from timingctl.arrow import as_texts, laid_end_to_end

if TYPE_CHECKING:
    import numpy.typing as npt

_MULTIPLIER = 31
_FIRST_NON_ASCII = 0x80
_FIRST_LEAD = 0xC0  # UTF-8 bytes from 0x80 to here continue a character
_FIRST_FOUR_BYTE_LEAD = 0xF0  # UTF-8 leads from here on encode two UTF-16 code units


def chosen_seconds(ids: pl.Series, minimum: pl.Series, maximum: pl.Series) -> pl.Series:
    """The delay chosen for each id inside its window, in whole seconds.

    All three have one row a message: ``ids`` strings, ``minimum`` and ``maximum`` integers
    within 32 bits. The result is an Int64 series of the same length, null where any of the
    three is null; how it comes about is in `arithmetic`.
    """
    known = ids.is_not_null() & minimum.is_not_null() & maximum.is_not_null()
    steps = arithmetic(*(column.filter(known) for column in (ids, minimum, maximum)))
    chosen = pl.Series("aiChosenDelaySeconds", [None], dtype=pl.Int64).new_from_index(0, len(ids))
    return chosen.scatter(known.arg_true(), steps["chosenSeconds"])


def arithmetic(ids: pl.Series, minimum: pl.Series, maximum: pl.Series) -> pl.DataFrame:
    """The steps to each chosen delay; grain one id, in order. As chosen_seconds, without nulls.

    With H = |hash(id)| and range = max − min the delay is min when range ≤ 0, else
    min + H mod (range + 1). ``id``, ``minSeconds``, ``maxSeconds``, ``chosenSeconds``, and what
    it was made of: ``hash``, ``absoluteHash``, ``rangeSeconds``, and ``remainderSeconds``, which
    is null when range ≤ 0.
    """
    span, magnitude = pl.col("rangeSeconds"), pl.col("absoluteHash")
    return (
        pl.DataFrame(
            {"id": ids, "minSeconds": minimum, "maxSeconds": maximum, "hash": id_hash(ids)}
        )
        .with_columns(pl.col("minSeconds", "maxSeconds").cast(pl.Int64))
        .with_columns(
            absoluteHash=pl.col("hash").abs(),
            rangeSeconds=pl.col("maxSeconds") - pl.col("minSeconds"),
        )
        .with_columns(remainderSeconds=pl.when(span > 0).then(magnitude % (span + 1)))
        .with_columns(chosenSeconds=pl.col("minSeconds") + pl.col("remainderSeconds").fill_null(0))
        .select(
            *("id", "minSeconds", "maxSeconds", "chosenSeconds"),
            *("hash", "absoluteHash", "rangeSeconds", "remainderSeconds"),
        )
    )


def id_hash(ids: pl.Series) -> pl.Series:
    """The signed 32-bit hash of each id, as Int64 so that its absolute value fits too.

    ``ids`` are strings without nulls; the result has one row an id.
    """
    units, ends = _utf16(ids)
    lengths = np.diff(ends, prepend=0)
    totals = np.zeros(len(ids), dtype=np.uint32)
    for length in np.unique(lengths):  # ids mostly share one length: then this is one product
        same = np.flatnonzero(lengths == length)
        starts = ends[same] - length
        rows = units[starts[:, None] + np.arange(length)] if len(same) < len(ids) else units
        totals[same] = rows.reshape(len(same), length) @ _weights(int(length))
    return pl.Series("hash", totals.view(np.int32)).cast(pl.Int64)


def _weights(length: int) -> npt.NDArray[np.uint32]:
    """What each unit of an id of this length counts: 31^(length−1) … 31^0, modulo 2^32."""
    powers = np.full(length, _MULTIPLIER, dtype=np.uint32)
    powers[:1] = 1
    return np.multiply.accumulate(powers, dtype=np.uint32)[::-1]


def _utf16(ids: pl.Series) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """All ids' UTF-16 code units laid end to end, and where each id ends among them."""
    utf8, ends = laid_end_to_end(as_texts(ids))
    if utf8.size == 0 or utf8.max() < _FIRST_NON_ASCII:
        return utf8, ends
    # A UTF-8 continuation byte starts no unit; the lead of a four-byte sequence starts two.
    continues = (utf8 >= _FIRST_NON_ASCII) & (utf8 < _FIRST_LEAD)
    starts = (~continues).astype(np.int64) + (utf8 >= _FIRST_FOUR_BYTE_LEAD)
    units = np.frombuffer(utf8.tobytes().decode().encode("utf-16-le"), dtype="<u2")
    return units, np.concatenate(([0], np.cumsum(starts)))[ends]
