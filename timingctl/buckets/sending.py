"""Sending an output to a bucket: all of its files or none, and never over what is not ours.

The files travel to keys that nobody reads, in a folder with a name that nothing else makes. When
all of them are there the service copies each to its place, which is at once for every key, the
manifest last; of parts it is first, so that nobody reads some of them for all. What stood there was
copied aside before, and is copied back where anything fails.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from timingctl.arguments import is_in_parts
from timingctl.buckets.copying import Wanted, copy
from timingctl.buckets.layout import lay_out
from timingctl.buckets.putting import put
from timingctl.buckets.store import HURRY_S, Store, kind, store_of
from timingctl.errors import SettingsError, TimingctlError
from timingctl.parts import is_own, own_parts
from timingctl.progress import Silence
from timingctl.seals import FOLDER_MANIFEST, manifest_path
from timingctl.staging.rejects import REJECTS, rejects_path
from timingctl.stop import Stopped, check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from timingctl.buckets.places import Place
    from timingctl.buckets.store import Entry
    from timingctl.progress import Progress

#: The most that a service copies by itself at once.
_MOST_COPIED = 5 * 1024**3
#: Seconds for what tidies up after an error, which may be that the service is away.
_TIDYING_S = 10
#: As much as tells whether a file is one of ours.
_START = 4096


@dataclass
class Sending:
    """An output on its way: made at `path`, for the key `target`; `aside` is nobody's folder.

    `before` has the sizes of the files that stand there already, by name. While some of them are
    replaced and others are not, `aside` has the only copies, and nothing removes it.
    """

    store: Store
    target: Place
    path: Path
    aside: Place
    before: dict[str, int]
    has_the_only_copies: bool = False
    is_cleared: bool = False

    @property
    def folder(self) -> Place:
        """What its files stand in, which of parts is the target."""
        return self.aside.parent

    def send(self, progress: Progress) -> list[str]:
        """Send what was made; says what is left behind.

        Raises SettingsError, and then what stood there stands there.
        """
        made = [path for path in _files(self.path) if path.exists()]
        total, sent = sum(path.stat().st_size for path in made), 0
        progress.step("Sending")
        for number, path in enumerate(made):

            def told(size: int, number: int = number) -> None:
                nonlocal sent
                sent += size
                progress.copied(number, len(made), sent, total)

            if not self._is_too_large(path.stat().st_size):
                put(self.store, path, self.aside / "new" / path.name, told)
        for name, size in self.before.items():
            if not self._is_too_large(size):
                self.store.copy(self.folder / name, self.aside / "old" / name)
        check()
        self._commit(made)
        if is_in_parts(self.path):
            self._check_alone(made)
        progress.copied(len(made), len(made), total, total)
        try:
            self.clear(self.store)
        except TimingctlError as error:
            return [f"{error} Nothing reads what begins with a dot."]
        return []

    def clear(self, store: Store) -> None:
        """Remove the folder that is nobody's, once, unless it is needed."""
        if not (self.has_the_only_copies or self.is_cleared):
            store.remove_folder(self.aside)
            self.is_cleared = True

    def clear_in_a_hurry(self, stopped: Stopped | KeyboardInterrupt) -> None:
        """Remove it after a stop, in a short time; raises a stop that names what is left."""
        if self.has_the_only_copies:
            raise type(stopped)(self._half_done()) from stopped
        try:
            self.clear(self.store.to_the_end(HURRY_S))
        except TimingctlError as error:
            raise type(stopped)(_left(self.aside)) from error

    def _is_too_large(self, size: int) -> bool:
        """Whether S3 cannot copy it by itself."""
        return self.target.scheme == "s3" and size > _MOST_COPIED

    def _commit(self, made: list[Path]) -> None:
        """Put each file in its place; what is obsolete goes before the last is new."""
        *ahead, last = made
        new = {path.name for path in made}
        store = self.store.to_the_end()
        self.has_the_only_copies = bool(self.before)
        try:
            for path in ahead:
                self._put(store, path)
            for name in self.before:
                if name not in new:
                    store.remove(self.folder / name)
            self._put(store, last)
        except BaseException as error:  # Python's own interrupt comes anywhere
            self._undo(store, new, error)
        self.has_the_only_copies = False

    def _check_alone(self, made: list[Path]) -> None:
        """Raise SettingsError where another run has put parts of its own among these."""
        sizes = {path.name: path.stat().st_size for path in made}
        manifest, seal = self.folder / made[0].name, made[0].read_bytes()
        try:
            own = _own(self.store.entries(self.folder))
            there = {name: one.size for name, one in own.items()}
            is_alone = there == sizes and self.store.start_of(manifest, len(seal)) == seal
        except TimingctlError as error:
            raise SettingsError(
                f"{error} The events stand there; whether another run wrote to {self.target} at "
                "the same time is not known: build it again."
            ) from error
        if not is_alone:
            raise SettingsError(
                f"Another run wrote to {self.target} at the same time, and parts of both may stand "
                "there: build it again."
            )

    def _put(self, store: Store, path: Path) -> None:
        place = self.folder / path.name
        if self._is_too_large(path.stat().st_size):
            put(store, path, place, lambda _: None)
        else:
            store.copy(self.aside / "new" / path.name, place)

    def _undo(self, store: Store, new: set[str], error: BaseException) -> NoReturn:
        """Put back what stood there, and take away what did not; then raise the error."""
        is_undone = True
        for name in sorted(new | self.before.keys()):
            place = self.folder / name
            try:
                if name not in self.before:
                    if store.seen(place):
                        store.remove(place)
                else:
                    store.copy(self.aside / "old" / name, place)
            except TimingctlError:
                is_undone = False
        if is_undone:
            self.has_the_only_copies = False
            raise error
        if not isinstance(error, TimingctlError):
            raise type(error)(self._half_done()) from error
        raise SettingsError(f"{error} {self._half_done()}") from error

    def _half_done(self) -> str:
        """What is said of files of which some may be new and some old."""
        told = (
            f"Some of {self.target} and what is beside it may be new, and some old: build it again."
        )
        if not self.has_the_only_copies:
            return told
        return f"{told} What stood there is in {self.aside}/old/; remove {self.aside}/ afterwards."


@contextmanager
def sending_to(target: Place, root: Path) -> Iterator[Sending]:
    """An output for a target, which can be written to; what is made for it is gone afterwards.

    What stands there is laid out below the root as far as it tells whose it is. Raises
    SettingsError, before any work, for a target that cannot be written to.
    """
    store = store_of(target, SettingsError)
    path = target.below(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = target if is_in_parts(target) else target.parent
    aside = folder / f".timingctl-{secrets.token_hex(8)}"
    sending = Sending(store, target, path, aside, {})
    try:
        _mark(store, target, aside, root)
        _look_in(sending, root) if is_in_parts(target) else _look(sending)
        yield sending
    except (Stopped, KeyboardInterrupt) as stopped:
        sending.clear_in_a_hurry(stopped)
        raise
    except BaseException as error:
        if not store.is_reached:  # then nothing can be there
            raise
        try:
            sending.clear(store.to_the_end(_TIDYING_S))
        except TimingctlError as left:
            is_none = kind(left) == "garbage"  # a page of the web holds nothing of ours
            if isinstance(error, TimingctlError) and not is_none:
                error.args = (f"{error} {_left(aside)}.",)
        raise


def _left(aside: Place) -> str:
    """What is said of the folder that could not be removed."""
    return f"{aside}/ may be left, which nothing reads; remove it"


def _look(sending: Sending) -> None:
    """Lay out what stands at the target as far as it tells whose it is."""
    for file in _files(sending.path):
        entry = sending.store.seen(sending.folder / file.name)
        if entry and entry.is_folder:
            file.mkdir(exist_ok=True)
        elif entry:
            sending.before[file.name] = entry.size
            if file != sending.path and not file.exists():
                file.write_bytes(sending.store.start_of(entry.place, _START))


def _look_in(sending: Sending, root: Path) -> None:
    """The same for a folder of parts: of each part of ours its end, which says who wrote it."""
    store, target = sending.store, sending.target
    there = store.seen(target)
    if there and there.size:
        sending.path.touch()  # a file, and no mark of a folder
        return
    entries = [one for one in store.entries(target) if not one.place.name.startswith((".", "_"))]
    lay_out(entries, root)
    own = _own(entries)
    sending.before.update({name: one.size for name, one in own.items()})
    wanted = []
    for name, size in sending.before.items():
        place, file = target / name, sending.path / name
        if name == REJECTS:
            file.write_bytes(store.start_of(place, _START))
        else:
            is_part = name != FOLDER_MANIFEST
            wanted.append(Wanted(place, file, size, only_its_end=is_part))
    copy(store, wanted, Silence())
    if _own(store.entries(target)) != own:
        raise SettingsError(
            f"{target} changed while it was looked at; run this again when nothing writes to it."
        )


def _own(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The files in a folder of parts that are called as ours are, by name."""
    names = {one.place.name: one for one in entries if not one.is_folder}
    return {name: one for name, one in names.items() if is_own(name)}


def _files(path: Path) -> list[Path]:
    """The files of an output, in the order in which they are put in their places."""
    if is_in_parts(path):
        return [path / FOLDER_MANIFEST, rejects_path(path), *own_parts(path)]
    return [path, rejects_path(path), manifest_path(path)]


def _mark(store: Store, target: Place, aside: Place, root: Path) -> None:
    """Write a first key, to see that it can be."""
    mark = root / "mark.json"
    mark.write_text('{"tool": "timingctl"}\n', encoding="utf-8")
    place = aside / mark.name
    try:
        put(store, mark, place, lambda _: None)
    except SettingsError as error:
        raise SettingsError(str(error).replace(str(place), str(target))) from error
