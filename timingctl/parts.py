"""Events as a folder of Parquet files in order: how it is named, cut, found again and kept whole.

One part after the other are the events. The folder's manifest names the parts, so that none is
missing or too many when they are read.
"""

from __future__ import annotations

import os
import re
import shlex
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.arguments import is_in_parts
from timingctl.errors import InputError, SettingsError
from timingctl.exports.names import split_name
from timingctl.replacing import may_replace
from timingctl.seals import FOLDER_MANIFEST, sealed_in
from timingctl.staging.rejects import REJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

#: As many events as a part has, but the last.
PART_ROWS = 1_000_000
#: What stands beside parts of ours.
_BESIDE = {FOLDER_MANIFEST, REJECTS}
_OWN = re.compile(r"part-\d{5,}\.parquet")
#: How Spark and others name the files of a table that they write.
_PART = re.compile(r"part-[^/]*", re.IGNORECASE)


def part_paths(folder: Path, rows: int) -> list[Path]:
    """The parts that so many events take; at least one."""
    return [folder / f"part-{n:05}.parquet" for n in range(max(-(-rows // PART_ROWS), 1))]


def is_own(name: str) -> bool:
    """Whether a file in a folder of events is called as ours are."""
    return name in _BESIDE or bool(_OWN.fullmatch(name))


def own_parts(folder: Path) -> list[Path]:
    """The parts of ours that stand in a folder, in order."""
    return sorted((p for p in folder.iterdir() if _OWN.fullmatch(p.name)), key=_place)


def in_parts(batches: Iterator[pa.Table], parts: int) -> Iterator[Iterator[pa.Table]]:
    """The batches of each part; the last has all that is left. Read one before the next."""
    for number in range(parts):
        left = [batches]
        yield batches if number == parts - 1 else _first(left, PART_ROWS)
        [batches] = left


def _first(left: list[Iterator[pa.Table]], rows: int) -> Iterator[pa.Table]:
    """So many rows; in their place is left what comes after them."""
    [batches] = left
    for batch in batches:
        if len(batch) >= rows:
            left[0] = chain([batch[rows:]] if len(batch) > rows else [], batches)
            yield batch[:rows]
            return
        rows -= len(batch)
        yield batch


def is_of_events(folder: Path) -> bool:
    """Whether a folder holds nothing but parts, directly, and what stands beside ours."""
    names = _names(folder)
    return any(map(_is_part, names)) and all(map(is_of_parts, names))


def is_of_parts(name: str) -> bool:
    """Whether a file in a folder of events is a part, whoever wrote it, or stands beside ours."""
    return name in _BESIDE or _is_part(name)


def parts_of(folder: Path) -> list[Path]:
    """The parts of a folder of events, in order.

    Raises InputError where there are none, or not those that the folder's manifest names.
    """
    parts = sorted((folder / name for name in _names(folder) if _is_part(name)), key=_place)
    there, sealed = {path.name for path in parts}, _sealed_parts(folder)
    if not (parts or sealed):
        raise InputError(
            f"{folder} is a folder; give a file, or a folder of parts (part-00000.parquet, …). "
            f"Build exports first: timingctl build {shlex.quote(str(folder))} -o events.parquet"
        )
    if sealed and there != sealed:
        name = min(there ^ sealed)
        is_so = "names and which is not there" if name in sealed else "does not name"
        raise InputError(
            f"{folder}: {name} is a part that {FOLDER_MANIFEST} {is_so}. Build the events again, "
            "or delete that manifest to read what is there."
        )
    return parts


def is_told_of_events(folder: Path) -> bool:
    """Whether the manifest in a folder names parts of events, whatever else stands there."""
    return bool(_sealed_parts(folder))


def _sealed_parts(folder: Path) -> set[str]:
    """The parts that the folder's manifest names; none where it is that of other files."""
    sealed = sealed_in(folder)
    return sealed if all(map(_OWN.fullmatch, sealed)) else set()


def _names(folder: Path) -> list[str]:
    """What stands in a folder and is not hidden. Raises InputError."""
    try:
        return [path.name for path in folder.iterdir() if not path.name.startswith((".", "_"))]
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}.") from error


def _is_part(name: str) -> bool:
    return bool(_PART.fullmatch(name)) and split_name(Path(name))[1] is not None


def _place(path: Path) -> tuple[int, str]:
    """What parts are in the order of: a number that has grown longer comes after."""
    number = re.match(r"part-(\d+)", path.name, re.IGNORECASE)
    return int(number[1]) if number else -1, path.name


@contextmanager
def place_for(output: Path) -> Iterator[None]:
    """The folder that an output in parts needs, while it is made; one that stays empty is gone.

    Raises SettingsError for a folder that has other things, or cannot be made.
    """
    if not is_in_parts(output):
        yield
        return
    if os.path.lexists(output) and not os.path.isdir(output):  # noqa: PTH112 - it may not look
        raise SettingsError(f"{output} is no folder; move it away, or give another by -o.")
    try:
        is_new = not os.path.lexists(output)
        if is_new:
            output.mkdir()
        _check_own(output, sorted(_names(output)))
    except OSError as error:
        why = error.strerror
        if not os.path.lexists(output.parent):
            why = f"{output.parent} is not there; make it, or give another by -o"
        raise SettingsError(f"{output} cannot be made a folder: {why}.") from error
    except InputError as error:
        raise SettingsError(str(error)) from error
    try:
        yield
    finally:
        if is_new:
            with suppress(OSError):  # it has the events
                output.rmdir()


def _check_own(folder: Path, names: Sequence[str]) -> None:
    sealed = set[str]()
    for name in sorted(names, key=lambda name: name != FOLDER_MANIFEST):
        is_damaged = name in sealed and not _is_parquet(folder / name)
        if not (is_own(name) and (is_damaged or may_replace(folder / name))):
            raise SettingsError(
                f"{folder} has {name}, which is no part of events; give a new folder by -o, or an "
                "empty one."
            )
        if name == FOLDER_MANIFEST:
            sealed = _sealed_parts(folder)  # of ours, or nothing would come after it


def _is_parquet(path: Path) -> bool:
    """Whether a file can be read as Parquet, whoever wrote it."""
    # Of a path with a colon Arrow makes a URI.
    import pyarrow as pa
    import pyarrow.parquet as pq

    with suppress(OSError, pa.ArrowException), path.open("rb") as file:
        pq.read_metadata(file)
        return True
    return False
