"""What is told of the progress of a run, and the default, which tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_THOUSAND = 1000


def said_bytes(count: int) -> str:
    """A number of bytes for people."""
    return of_bytes(None, count)


def of_bytes(done: int | None, total: int) -> str:
    """How many bytes of how many, in the unit of the total: 45 of 124 MB."""
    place = 0
    while round(total / _THOUSAND**place) >= _THOUSAND:
        place += 1
    size = _THOUSAND**place
    ahead = "" if done is None else f"{round(done / size):,} of "
    return f"{ahead}{round(total / size):,} {_UNITS[place]}"


class Progress(Protocol):
    """What a build tells of its progress; the default tells nobody."""

    def step(self, doing: str) -> None:
        """A new step has begun."""

    def rows(self, done: int, total: int) -> None:
        """So many of what the step names are done, out of a total that is at least that."""

    def files(self, total: int, done: Callable[[], float]) -> None:
        """The step reads so many files; how many are done may be asked from another thread."""

    def copied(self, files: int, of: int, bytes_done: int, total: int) -> None:
        """So many files are copied, and so many bytes, out of all that the step copies."""


class Silence:
    """Progress that nobody wants to hear of."""

    def step(self, doing: str) -> None:
        """Say nothing."""

    def rows(self, done: int, total: int) -> None:
        """Say nothing."""

    def files(self, total: int, done: Callable[[], float]) -> None:
        """Say nothing."""

    def copied(self, files: int, of: int, bytes_done: int, total: int) -> None:
        """Say nothing."""
