"""The names of a bucket as empty files and folders, of which the rules for folders can be asked."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from timingctl.buckets.places import Place
from timingctl.errors import InputError
from timingctl.exports.find import find_explicit, find_in_folder, holders
from timingctl.exports.lakes import METADATA
from timingctl.seals import may_be_sealed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from timingctl.buckets.store import Entry, Store
    from timingctl.exports.export import Export
    from timingctl.schemas import Table

#: What Hadoop puts beside a folder, without any content.
_FOLDER_MARK = "_$folder$"
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Laid:
    """What was laid out: the exports by table, still empty, and what was listed to find them.

    `listed` lists the same again, by path, so that whoever compares the two sees what has changed.
    `beside` has all that was seen below the `base`, manifests among it.
    """

    exports: Mapping[Table, list[Export]]
    entries: Mapping[str, Entry]
    listed: Callable[[], Mapping[str, Entry]]
    base: Place
    beside: Mapping[str, Entry]


def lay_out_source(store: Store, source: Place, root: Path, wanted: Sequence[Table]) -> Laid:
    """Lay out a folder of exports below a root, and find what would be read there.

    Of folders that hold no table only the names are looked at. Raises InputError as reading such a
    folder would.
    """
    folder = source.below(root)
    folder.mkdir(parents=True, exist_ok=True)
    entries = lay_out(store.entries(source), root)
    beside = {entry.place.path: entry for entry in entries}
    chosen, _ = holders(folder, wanted)
    by_path = {entry.place.below(root): entry for entry in entries}
    held = [by_path[path] for path in chosen.values()]

    def listed() -> Mapping[str, Entry]:
        names = {entry.place.path for entry in held}
        here = [] if all(entry.is_folder for entry in held) else store.entries(source)
        below = [store.files_below(entry.place) for entry in held if entry.is_folder]
        files = [entry for entry in here if entry.place.path in names and not entry.is_folder]
        return {entry.place.path: entry for entry in chain(files, *below)}

    found = listed()
    lay_out(found.values(), root)
    exports = find_in_folder(folder, wanted).exports
    return Laid(exports, found, listed, source, {**beside, **found})


def lay_out_pattern(store: Store, pattern: Place, root: Path, table: str) -> Laid:
    """Lay out what a pattern of keys may match below a root, and find what it does.

    Raises InputError as a pattern of files does.
    """
    parts = pattern.key.split("/")
    plain = next((n for n, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    base = pattern
    for _ in parts[plain:]:
        base = base.parent
    is_deep = plain < len(parts) - 1 or "**" in parts

    def listed() -> Mapping[str, Entry]:
        here = store.entries(base) if glob.has_magic(pattern.key) else store.beside(pattern)
        marked = [e.place for e in here if e.is_folder and e.place.name == METADATA]
        below = [store.files_below(base)] if is_deep else map(store.entries, marked)
        return {entry.place.path: entry for entry in chain(here, *below)}

    found = listed()
    lay_out(found.values(), root)
    exports = find_explicit({table: [local_pattern(pattern, root)]})
    return Laid(exports, found, listed, base, found)


def local_pattern(pattern: Place, root: Path) -> str:
    """The pattern of the copies of what a pattern of keys matches."""
    inside = pattern.below(root).relative_to(root)
    return os.path.join(glob.escape(str(root)), inside)  # noqa: PTH118 - it is no path


def lay_out(entries: Iterable[Entry], root: Path) -> list[Entry]:
    """Make an empty file, or a folder, for each entry, below a root; returns those made.

    Raises InputError for names that no file can have.
    """
    made = []
    for entry in entries:
        parts = entry.place.key.split("/")
        if entry.size == 0 and not entry.is_folder and parts[-1].endswith(_FOLDER_MARK):
            continue
        if any(part in {"", ".", ".."} or len(part.encode()) > _LONGEST_NAME for part in parts):
            name = f"{entry.place}/" if entry.is_folder else str(entry.place)
            raise InputError(
                f"{name} has a part of its name that no file can have (empty, too long, . or ..); "
                "rename it, or move it away."
            )
        path = entry.place.below(root)
        if not entry.is_folder and path.is_dir():
            if entry.size:
                raise _both(entry)
            continue  # another mark of a folder
        try:
            if entry.is_folder:
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        except (FileExistsError, NotADirectoryError) as error:
            raise _both(entry) from error
        made.append(entry)
    return made


def _both(entry: Entry) -> InputError:
    return InputError(
        f"{entry.place} is a file, and the beginning of other keys; rename one of them."
    )


def seals_beside(paths: Iterable[Path], root: Path) -> list[Place]:
    """Where in their bucket the manifests may stand that speak of such copies."""
    seals = chain.from_iterable(map(may_be_sealed_by, paths))
    places = dict.fromkeys(Place.of_copy(seal, root) for seal in seals)
    return [place for place in places if place]
