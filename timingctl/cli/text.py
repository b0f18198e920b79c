"""Text for people: what comes from outside made safe to show, and arithmetic written out."""

from __future__ import annotations

import polars as pl

#: What Python calls unprintable, in the words of Polars' regular expressions.
_UNPRINTABLE = r"[\p{C}\p{Z}&&[^ ]]"


def plain(text: str) -> str:
    """Text from outside with control and other unprintable characters escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def plain_column(texts: pl.Series) -> pl.Series:
    """As `plain`, of a whole column; only the few texts that need it are taken one by one."""
    unsafe = texts.str.contains(_UNPRINTABLE)
    return texts.scatter(unsafe.arg_true(), [plain(text) for text in texts.filter(unsafe)])


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
