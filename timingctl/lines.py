"""The lines of a stream as columns of text, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from timingctl.errors import InputError
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is read at once: enough to work in columns, little enough to hold several times over.
BLOCK_BYTES = 4 * 1024 * 1024
#: The longest line that is read, in bytes.
MAX_LINE_BYTES = 64 * 1024 * 1024


def id_blocks(stream: BinaryIO, name: str) -> Iterator[pl.Series]:
    """The ids of a stream, one a line, in order; memory is bounded by the block, not the stream.

    A line ends in a newline or a carriage return and a newline; the last may lack its end. A
    byte order mark before the first is no part of it. Raises InputError, naming the stream by
    `name` and the line, for a line that is empty, longer than MAX_LINE_BYTES or no UTF-8.
    """
    done = 0
    for block in _whole_lines(stream, name):
        try:
            text = block.decode("utf-8" if done else "utf-8-sig")
        except UnicodeDecodeError as error:
            line = done + error.object.count(b"\n", 0, error.start) + 1  # without a mark
            raise InputError(f"{name}, line {line} is no UTF-8 text; convert it first.") from error
        ids = pl.Series("id", [text]).str.split("\n").explode().str.strip_suffix("\r")
        empty = (ids == "").arg_true()
        if len(empty):
            raise InputError(f"{name}, line {done + empty[0] + 1} is empty; give one id a line.")
        yield ids
        done += len(ids)


def _whole_lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Blocks of whole lines, each without its last newline."""
    rest, more = b"", True
    while more:
        block = left_to_itself(lambda: stream.read(BLOCK_BYTES))  # a terminal may take its time
        more = len(block) == BLOCK_BYTES  # a terminal would have to be told of its end twice
        lines, newline, rest = (rest + block).rpartition(b"\n")
        if newline:
            yield lines
        if len(rest) > MAX_LINE_BYTES:
            megabytes = MAX_LINE_BYTES // 1024**2
            raise InputError(f"{name} has a line longer than {megabytes} MB; give one id a line.")
    if rest:
        yield rest
