"""Text for people: what comes from outside made safe to show, and arithmetic written out."""

from __future__ import annotations

import polars as pl

from timingctl.errors import visible

#: What Python calls unprintable, in the words of Polars' regular expressions.
_UNPRINTABLE = r"[\p{C}\p{Z}&&[^ ]]"


def visible_column(texts: pl.Series) -> pl.Series:
    """As errors.visible, of a whole column; only the few that need it are taken one by one."""
    unsafe = texts.str.contains(_UNPRINTABLE)
    return texts.scatter(unsafe.arg_true(), [visible(text) for text in texts.filter(unsafe)])


def written_out(steps: pl.DataFrame) -> pl.Series:
    """The arithmetic of each row of timingctl.delay.arithmetic, as indented lines."""
    constant = pl.format(
        "  range      {} − {} = {}, not above 0: the delay is min\n  chosen     {} s",
        "maxSeconds", "minSeconds", "rangeSeconds", "chosenSeconds",
    )  # fmt: skip
    hashed = pl.format(
        "  range      {} − {} = {}\n"
        "  remainder  {} mod ({} + 1) = {}\n"
        "  chosen     {} + {} = {} s",
        "maxSeconds", "minSeconds", "rangeSeconds",
        "absoluteHash", "rangeSeconds", "remainderSeconds",
        "minSeconds", "remainderSeconds", "chosenSeconds",
    )  # fmt: skip
    hashes = pl.format("  hash       {}\n  |hash|     {}\n", "hash", "absoluteHash")
    found = pl.when(pl.col("rangeSeconds") > 0).then(hashed).otherwise(constant)
    return steps.select(pl.concat_str(hashes, found)).to_series()
