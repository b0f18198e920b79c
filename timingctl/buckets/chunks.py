"""Which bytes of a Parquet file are copied: all but the values of columns that nobody reads.

The copy has the size and the footer of the file, with holes where such columns stand. So what is
read of it is what would be read of the file, down to its types and the numbers of its rows, and
what is not read, such as what people wrote, is nowhere on this machine's disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from timingctl.exports.names import plain
from timingctl.schemas import MARKS
from timingctl.staging.feeds import OPERATIONS

if TYPE_CHECKING:
    from timingctl.schemas import Table

Range = tuple[int, int]

#: How a Parquet file begins, and as many bytes as end it: the length of its footer, and the same.
_MAGIC, _LENGTH = b"PAR1", 8


def kept_ranges(file: pa.NativeFile, size: int, table: Table) -> list[Range]:
    """The bytes to copy, from and to, in order; all of them where it is no file of plain columns.

    Raises OSError where the file cannot be read.
    """
    try:
        metadata = pq.read_metadata(file)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return [(0, size)]  # damaged, or encrypted: for the build to say
    read = _read_names(table)
    leaves = range(metadata.num_columns)
    paths = [metadata.schema.column(place).path for place in leaves]
    is_read = [_is_read(path, read) for path in paths]
    kept: list[Range] = []
    left_out: list[Range] = []
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in leaves:
            chunk = group.column(place)
            if chunk.file_path:
                return [(0, size)]
            starts = [chunk.data_page_offset]
            if chunk.has_dictionary_page and chunk.dictionary_page_offset:
                starts.append(chunk.dictionary_page_offset)
            found = (min(starts), min(starts) + chunk.total_compressed_size)
            (kept if is_read[place] else left_out).append(found)
    return without(size, left_out, kept)


def end_ranges(file: pa.NativeFile, size: int) -> list[Range]:
    """The bytes of a Parquet file that say what it is, has and means; none of its values.

    Raises OSError where the file cannot be read.
    """
    start = size - len(file.read_at(min(size, _LENGTH), max(size - _LENGTH, 0)))
    if size > _LENGTH:
        length = int.from_bytes(file.read_at(4, start), "little")
        start = max(start - length, 0)
    return _joined([(0, min(len(_MAGIC), size)), (start, size)])


def _read_names(table: Table) -> frozenset[str]:
    """The plain names of all columns that are read of an export of the table."""
    columns = (*table.all_columns, *MARKS, *(column for column, _ in table.left_out))
    return frozenset(plain(column.name) for column in columns)


def _is_read(path: str, read: frozenset[str]) -> bool:
    """Whether a leaf of the schema is read: a part of such a column, or one with dots in it."""
    parts = path.split(".")
    names = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return any(plain(name) in read or name.lower() in OPERATIONS for name in names)


def without(size: int, left_out: list[Range], kept: list[Range]) -> list[Range]:
    """The bytes of a file without those left out, but with those that are kept in any case."""
    ranges, end = [], 0
    for start, stop in sorted(left_out):
        if not 0 <= start <= stop <= size:
            return [(0, size)]  # what says so cannot be trusted
        if start > end:
            ranges.append((end, start))
        end = max(end, stop)
    if end < size:
        ranges.append((end, size))
    return _joined([*ranges, *((a, b) for a, b in kept if 0 <= a < b <= size)])


def _joined(ranges: list[Range]) -> list[Range]:
    """The same bytes in as few ranges as can be, in order."""
    joined: list[Range] = []
    for start, stop in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


def reads(ranges: list[Range], most: int, gap: int) -> list[list[Range]]:
    """The ranges, cut and put together as they are best read: each list by one question.

    None is longer than `most`, with what lies between its ranges, which are no further apart than
    `gap`: reading on is quicker than asking anew. What lies between is not kept.
    """
    found: list[list[Range]] = []
    for start, stop in ranges:
        for first in range(start, stop, most):
            last = min(first + most, stop)
            near = found and first - found[-1][-1][1] <= gap and last - found[-1][0][0] <= most
            if near:
                found[-1].append((first, last))
            else:
                found.append([(first, last)])
    return found
