"""A private folder that mirrors buckets: what is read of them is copied, what goes there made.

The copy of ``s3://bucket/key`` lies at ``s3/bucket/key`` in it. So all that holds of files holds of
keys: their names, what is beside them, that no output is an input. Whoever works on the copies
names them as paths; what is said of them afterwards is said of the bucket.
"""

from __future__ import annotations

import glob
import os
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.arguments import is_in_parts
from timingctl.buckets.places import Place, check_address, is_bucket, place_of
from timingctl.errors import InputError, TimingctlError
from timingctl.exports.files import is_database
from timingctl.exports.find import Found, require_tables
from timingctl.exports.names import check_no_table, table_named
from timingctl.parts import is_of_events, is_of_parts, is_told_of_events
from timingctl.progress import Progress, Silence
from timingctl.schemas import TABLES
from timingctl.scratch import no_room
from timingctl.seals import FOLDER_MANIFEST, is_sealed
from timingctl.warehouse import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from timingctl.buckets.copying import Wanted
    from timingctl.buckets.layout import Laid
    from timingctl.buckets.sending import Sending
    from timingctl.buckets.store import Entry, Store
    from timingctl.exports.export import Export
    from timingctl.schemas import Table

#: As many bytes as tell whether a file is a DuckDB database.
_START = 4096


@dataclass
class Mirror:
    """The copies of one run. `temp_dir` is where they lie; there is no folder before the first.

    With `only_ends` an engine reads the exports where they are: it is a `Lake`.
    """

    temp_dir: Path | None
    progress: Progress
    _stack: ExitStack
    only_ends: bool = False
    _laid: list[Laid] = field(default_factory=list)
    _sending: list[Sending] = field(default_factory=list)
    _root: Path | None = None

    @property
    def root(self) -> Path:
        """The folder. Raises SettingsError where there can be none."""
        if self._root is None:
            self._root = self._stack.enter_context(temporary_folder(self.temp_dir)).resolve()
        return self._root

    def holds(self, name: object) -> bool:
        """Whether a file is one of its own."""
        return self._root is not None and Path(str(name)).is_relative_to(self._root)

    def said(self, text: str) -> str:
        """A text with buckets in place of their copies."""
        if self._root is None:
            return text
        for root in {str(self._root), glob.escape(str(self._root))}:
            text = re.sub(rf"{re.escape(root)}/(s3|gs|az)/", r"\1://", text)
        return text

    def exports(self, given: str | Path, without: Collection[str] = ()) -> str | Path:
        """Exports, as a build takes them: what is no bucket is as it was.

        Tables that are named otherwise are left out. Raises InputError for what cannot be read or
        lacks a table, and where something changed meanwhile.
        """
        return self._source(given, without, is_events=False)

    def tables_in(self, given: str | Path) -> str | Path:
        """Exports of which some may be absent."""
        return self._source(given, None, is_events=False)

    def events(self, given: str | Path) -> str | Path:
        """Events in a file, an inbox, or exports to build them of."""
        return self._source(given, (), is_events=True)

    def _source(
        self, given: str | Path, without: Collection[str] | None, *, is_events: bool
    ) -> str | Path:
        if not is_bucket(given):
            if not os.path.lexists(given):
                check_address(given)
            return given
        place = place_of(given)
        store, found = self._found(place)
        if found.is_folder and is_events and self._copy_parts(store, place):
            return place.below(self.root)
        if found.is_folder:
            from timingctl.buckets.layout import lay_out_source

            named = [table_named(name) for name in without or ()]
            wanted = [table for table in TABLES if table not in named]
            laid = lay_out_source(store, place, self.root, wanted)
            if without is not None:
                there: dict[Table, list[Export]] = {table: [] for table in named}
                require_tables(place.below(self.root), Found({**there, **laid.exports}))
            self._copy_exports(store, laid)
        else:
            self._copy_file(store, found, is_events=is_events)
        return place.below(self.root)

    def file(self, given: str | Path) -> str | Path:
        """A file, whatever it is, or a folder of events."""
        if not is_bucket(given):
            if not os.path.lexists(given):
                check_address(given)
            return given
        place = place_of(given)
        store, found = self._found(place)
        if not found.is_folder:
            self._copy_file(store, found, is_events=True)
        elif not self._copy_parts(store, place):
            raise InputError(f"{place} is a folder; give a file.")
        return place.below(self.root)

    def file_if_there(self, given: str) -> Path | None:
        """A file that need not be there."""
        from timingctl.buckets.store import store_of

        if not is_bucket(given):
            return Path(given) if os.path.lexists(given) else None
        place = place_of(given)
        return Path(self.file(given)) if store_of(place).seen(place) else None

    def tables(self, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The patterns of files by table."""
        return {name: [self._pattern(name, one) for one in given[name]] for name in given}

    def _pattern(self, name: str, pattern: str) -> str:
        if not is_bucket(pattern):
            check_address(pattern)
            return pattern
        from timingctl.buckets.layout import lay_out_pattern, local_pattern
        from timingctl.buckets.store import store_of

        place = place_of(pattern)
        if not place.key:
            raise InputError(f"--table: {place} is a bucket; give {place}/* for its files.")
        store = store_of(place)
        self.progress.step(f"Listing {place.parent}")
        self._copy_exports(store, lay_out_pattern(store, place, self.root, name))
        return local_pattern(place, self.root)

    def _found(self, place: Place) -> tuple[Store, Entry]:
        from timingctl.buckets.store import store_of

        store = store_of(place)
        self.progress.step(f"Listing {place}")
        found = store.look(place)
        if found is None:
            raise InputError(
                f"There is nothing at {place}: no key has this name, or begins with {place}/."
            )
        return store, found

    def _copy_exports(self, store: Store, laid: Laid) -> None:
        """Copy the files that were found, with the manifests that speak of them."""
        from timingctl.buckets.copying import Wanted

        entries = {entry.place.below(self.root): entry for entry in laid.entries.values()}
        wanted = []
        for table, exports in laid.exports.items():
            for export in exports:
                entry = entries[export.path]
                one = Wanted(entry.place, export.path, entry.size, table, self.only_ends)
                wanted.append(one)
        if not self.only_ends:
            self._copy_seals(store, [one.path for one in wanted], laid)
        for one in wanted:
            if is_sealed(one.path):  # its seal is over all of its bytes
                one.table = None
        self._copy(store, wanted)
        self._laid.append(laid)
        _check_unchanged(laid.entries, laid.listed())

    def called(self, path: Path) -> str:
        """What a copy is of; a path that is no copy, itself."""
        return self.said(str(path.absolute()))

    def check(self) -> None:
        """Raise InputError where exports have changed since they were listed."""
        for laid in self._laid:
            _check_unchanged(laid.entries, laid.listed())

    def _copy_file(self, store: Store, entry: Entry, *, is_events: bool) -> None:
        """Copy a file whole. What is to be a database and is none is not worth it."""
        from timingctl.buckets.copying import Wanted

        path = entry.place.below(self.root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(store.start_of(entry.place, _START))
        if not (is_events or is_database(path)):
            return
        wanted = [Wanted(entry.place, path, entry.size)]
        if is_database(path):
            log = entry.place.with_name(f"{entry.place.name}.wal")
            if there := store.seen(log):
                log.below(self.root).touch()
                wanted.append(Wanted(log, log.below(self.root), there.size))
        self._copy_seals(store, [path])
        self._copy(store, wanted)
        now = store.seen(entry.place)
        if now is None or now.state != entry.state:
            raise _changed(entry.place)

    def _copy_parts(self, store: Store, folder: Place) -> bool:
        """Copy the parts of a folder of events, and its manifest; false for other folders."""
        from timingctl.buckets.copying import Wanted, copy
        from timingctl.buckets.layout import lay_out

        path = folder.below(self.root)
        path.mkdir(parents=True, exist_ok=True)  # also for a bucket that is empty

        def wanted(entries: Iterable[Entry]) -> dict[str, Entry]:
            files = [one for one in entries if not one.is_folder]
            return {one.place.path: one for one in files if is_of_parts(one.place.name)}

        found = store.entries(folder)
        # Folders first: an empty file of a folder's name is a mark of it.
        laid = wanted(lay_out(sorted(found, key=lambda one: not one.is_folder), self.root))
        files = [Wanted(one.place, one.place.below(self.root), one.size) for one in laid.values()]
        if not is_of_events(path):
            copy(store, [one for one in files if one.path.name == FOLDER_MANIFEST], Silence())
            if not is_told_of_events(path):
                return False
        self._copy(store, files)
        _check_unchanged(wanted(found), wanted(store.entries(folder)))
        return True

    def _copy_seals(self, store: Store, paths: Sequence[Path], laid: Laid | None = None) -> None:
        """Copy the manifests that may speak of copies, as far as they can be seen."""
        from timingctl.buckets.copying import Wanted, copy
        from timingctl.buckets.layout import seals_beside

        wanted = []
        for place in seals_beside(paths, self.root):
            if laid and place.path.startswith(f"{laid.base.path}/"):
                entry = laid.beside.get(place.path)
            else:
                entry = store.seen(place)
            if entry and not entry.is_folder:
                path = place.below(self.root)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
                wanted.append(Wanted(place, path, entry.size))
        copy(store, wanted, Silence())

    def _copy(self, store: Store, wanted: Sequence[Wanted]) -> None:
        from timingctl.buckets.copying import copy

        self.progress.step("Copying")
        copy(store, wanted, self.progress)

    def output(self, target: Path | Place, source: str | Path) -> Path:
        """Where an output is made; one for a bucket is sent there by `send`.

        Raises SettingsError for a place that cannot be written to, or among the source's exports.
        """
        if isinstance(target, Path):
            return target
        from timingctl.buckets.sending import sending_to

        if is_bucket(source):  # once a first key is there, so is its folder
            folder = target if is_in_parts(target) else target.parent
            check_no_table(folder.below(self.root), place_of(source).below(self.root))
        self.progress.step(f"Looking at {target.parent}")
        sending = self._stack.enter_context(sending_to(target, self.root))
        self._sending.append(sending)
        return sending.path

    def send(self) -> list[str]:
        """Send what was made, all of it or nothing; says what is left behind of it."""
        return [note for sending in self._sending for note in sending.send(self.progress)]


def _check_unchanged(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> None:
    for path in sorted(before.keys() | after.keys()):
        first, now = before.get(path), after.get(path)
        if (first and first.state) != (now and now.state):
            raise _changed((first or now).place)  # type: ignore[union-attr]


def _changed(place: Place) -> InputError:
    return InputError(
        f"{place} changed while it was read; run this again when nothing writes to it."
    )


@contextmanager
def mirrored(
    temp_dir: Path | None, progress: Progress | None, *, only_ends: bool = False
) -> Iterator[Mirror]:
    """A mirror, gone afterwards; the errors within are said of buckets, not of their copies."""
    with ExitStack() as stack:
        mirror = Mirror(temp_dir, progress or Silence(), stack, only_ends)
        try:
            yield mirror
        except TimingctlError as error:
            error.args = (mirror.said(str(error)),)
            raise
        except OSError as error:
            if not mirror.holds(error.filename):
                raise
            raise no_room(Path(error.filename), str(error.strerror)) from error
