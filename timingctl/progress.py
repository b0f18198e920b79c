"""What is told of the progress of a run, and the default, which tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Progress(Protocol):
    """What a build tells of its progress; the default tells nobody."""

    def step(self, doing: str) -> None:
        """A new step has begun."""

    def rows(self, done: int, total: int) -> None:
        """So many of what the step names are done, out of a total that is at least that."""

    def files(self, total: int, done: Callable[[], float]) -> None:
        """The step reads so many files; how many are done may be asked from another thread."""


class Silence:
    """Progress that nobody wants to hear of."""

    def step(self, doing: str) -> None:
        """Say nothing."""

    def rows(self, done: int, total: int) -> None:
        """Say nothing."""

    def files(self, total: int, done: Callable[[], float]) -> None:
        """Say nothing."""
