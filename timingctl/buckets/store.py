"""A bucket's contents: listed, read, written and removed, each in a time that people wait."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, TypeVar

from timingctl.buckets import faults
from timingctl.buckets.services import Service, service_of
from timingctl.errors import InputError, SettingsError, TimingctlError
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from pyarrow import fs

    from timingctl.buckets.places import Place

_T = TypeVar("_T")

#: Seconds that one question may take, at first and later; a listing has a thousand names a page.
_PATIENCE_S = 25
_LATER_S = 100
LISTING_S = 600
#: Seconds for what tidies up after a stop, which people wait for.
HURRY_S = 2


@dataclass(frozen=True)
class Entry:
    """What has a name in a bucket. `state` shows that it was written anew: size and time."""

    place: Place
    is_folder: bool
    size: int = 0
    state: tuple[int, int] = (0, 0)


@dataclass
class Store:
    """A service as one run uses it. What it refuses raises `failure`, in a sentence."""

    service: Service
    failure: type[InputError | SettingsError]
    is_undoing: bool = False
    is_reached: bool = False
    most_s: float = inf  # that one question may take in any case

    @property
    def files(self) -> fs.FileSystem:
        """Its files, which are waited for longer once it has answered."""
        return self.service.later if self.is_reached else self.service.files

    def to_the_end(self, most_s: float = inf) -> Store:
        """The same, whatever asks for a stop: for what has to be whole, or undone."""
        return replace(self, is_undoing=True, most_s=most_s)

    def ask(
        self, asked: str, place: Place, work: Callable[[], _T], patience: float = _PATIENCE_S
    ) -> _T:
        """What comes of a question to the service, which a stop does not wait for."""
        import pyarrow as pa

        patience = min(max(patience, _LATER_S) if self.is_reached else patience, self.most_s)
        try:
            answer = _done(work, patience) if self.is_undoing else left_to_itself(work, patience)
        except (OSError, TimeoutError, ValueError, pa.ArrowException) as error:
            raise self.refusal(asked, place, error) from error
        self.is_reached = True
        return answer

    def refusal(self, asked: str, place: Place, error: Exception) -> InputError | SettingsError:
        """The error that says why something could not be."""
        if faults.lacks_region(error):
            with suppress(TimeoutError):  # asked for the bucket itself, the service names it
                try:
                    left_to_itself(lambda: self._infos([place.bucket]), _PATIENCE_S)
                except OSError as better:
                    error = better if faults.kind_of(better) == "region" else error
        return self.failure(faults.sentence(self.service, place, asked, error))

    def look(self, place: Place) -> Entry | None:
        """What a place is: a folder when keys begin so, or a file; null where there is nothing."""
        try:
            if self.entries(place):
                return Entry(place, is_folder=True)
        except (InputError, SettingsError) as error:
            # Who may read a key may not always list the bucket.
            if not place.key or kind(error) != "denied":
                raise
            try:
                return self.file(place)
            except (InputError, SettingsError):
                raise error from None
        if place.key and (found := self.file(place)):
            return found
        bucket = replace(place, key="")
        if self.service.scheme != "s3" and self.seen(bucket) is None:  # S3 has said so by now
            raise self.refusal(faults.LIST, place, ValueError(faults.NO_BUCKET))
        return None if place.key else Entry(place, is_folder=True)

    def beside(self, place: Place) -> list[Entry]:
        """What stands in the folder of a key; the key alone where nothing may be listed."""
        try:
            return self.entries(place.parent)
        except (InputError, SettingsError) as error:
            if kind(error) != "denied":
                raise
            try:
                found = self.file(place)
            except (InputError, SettingsError):
                raise error from None
            return [found] if found else []

    def file(self, place: Place) -> Entry | None:
        """The file of a key; null where there is none."""
        [found] = self.ask(faults.READ, place, lambda: self._infos([place.path]))
        entry = self._entry(found, place)
        return entry if entry and not entry.is_folder else None

    def seen(self, place: Place) -> Entry | None:
        """The file or folder of a key; null where there is none, or none that may be seen."""
        try:
            [found] = self.ask(faults.READ, place, lambda: self._infos([place.path]))
        except (InputError, SettingsError) as error:
            if kind(error) == "denied":
                return None
            raise
        return self._entry(found, place)

    def entries(self, place: Place) -> list[Entry]:
        """What stands directly in a folder, by name; nothing where there is none."""
        return self._listed(place, recursive=False)

    def files_below(self, place: Place) -> list[Entry]:
        """All files in a folder and in its folders, by name."""
        return [entry for entry in self._listed(place, recursive=True) if not entry.is_folder]

    def _listed(self, place: Place, *, recursive: bool) -> list[Entry]:
        from pyarrow import fs

        def listed() -> list[fs.FileInfo]:
            selector = fs.FileSelector(place.path, recursive=recursive)
            try:
                return list(self.files.get_file_info(selector))
            except OSError as error:  # also of a file that is taken for a folder
                if faults.is_no_folder(error):
                    return []
                raise

        patience = LISTING_S
        if not self.is_reached and self.service.scheme == "gs":
            self._greet(place)
        elif not self.is_reached and self.service.scheme == "az":
            patience = _PATIENCE_S  # a page has 5,000 names; other questions may end the process
        found = self.ask(faults.LIST, place, listed, patience)
        entries = [self._entry(info, None, place) for info in found]
        return sorted(filter(None, entries), key=lambda e: (e.place.path, not e.is_folder))

    def _greet(self, place: Place) -> None:
        """Ask for next to nothing: that a service is away is told sooner than a long list ends."""
        try:
            left_to_itself(lambda: self._infos([place.bucket]), _PATIENCE_S)
        except TimeoutError as error:
            raise self.refusal(faults.LIST, place, error) from error
        except OSError:
            pass  # why is said of the list

    def _infos(self, paths: list[str]) -> list[fs.FileInfo]:
        return list(self.files.get_file_info(paths))

    def _entry(
        self, info: fs.FileInfo, place: Place | None, above: Place | None = None
    ) -> Entry | None:
        from pyarrow import fs

        if info.type == fs.FileType.NotFound:
            return None
        if place is None and above is not None:
            place = above / info.path[len(above.path) + 1 :]
        assert place is not None  # noqa: S101 - one of the two is given
        if info.type == fs.FileType.Directory:
            return Entry(place, is_folder=True)
        size, changed = info.size or 0, info.mtime_ns or 0
        if not changed:  # every service says when; a page of the web that is sent instead does not
            raise self.refusal(faults.READ, place, ValueError(faults.GARBAGE))
        return Entry(place, is_folder=False, size=size, state=(size, changed))

    def open(self, place: Place) -> pa.NativeFile:
        """A file to read from, at any place of it."""
        return self.files.open_input_file(place.path)

    def start_of(self, place: Place, size: int) -> bytes:
        """The first bytes of a file."""

        def read() -> bytes:
            with self.open(place) as file:
                return bytes(file.read(size))

        return self.ask(faults.READ, place, read)

    def copy(self, source: Place, target: Place) -> None:
        """Write one key as another, within the service."""
        self.ask(
            faults.WRITE,
            target,
            lambda: self.files.copy_file(source.path, target.path),
            LISTING_S,
        )

    def remove(self, place: Place) -> None:
        """Remove a file."""
        self.ask(faults.REMOVE, place, lambda: self.files.delete_file(place.path))

    def remove_folder(self, place: Place) -> None:
        """Remove all keys that begin so, if there are any."""

        def remove() -> None:
            try:
                self.files.delete_dir(place.path)
            except OSError as error:
                if faults.kind_of(error) != "gone":
                    raise

        self.ask(faults.REMOVE, place, remove, LISTING_S)


def store_of(place: Place, failure: type[InputError | SettingsError] = InputError) -> Store:
    """The store that a place is in."""
    return Store(service_of(place), failure)


def kind(error: TimingctlError) -> str:
    """What kind of fault is behind an error of ours; empty for one that no service made."""
    return faults.kind_of(error.__cause__) if isinstance(error.__cause__, Exception) else ""


def _done(work: Callable[[], _T], patience: float) -> _T:
    """What comes of work, within so many seconds, whatever asks for a stop.

    Python's own interrupt waits for it: what is under way must not come after what undoes it.
    """
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as error:
            answer.set_exception(error)

    working = threading.Thread(target=run, daemon=True)
    try:
        working.start()
        return answer.result(patience)
    except KeyboardInterrupt:
        if working.is_alive():
            working.join(patience)
        raise
