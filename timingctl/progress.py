"""What is told of the progress of a run, and the default, which tells nobody."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a build tells of its progress; the default tells nobody."""

    def step(self, doing: str) -> None:
        """A new step has begun."""

    def rows(self, done: int, total: int) -> None:
        """So many of the step's rows are done."""


class Silence:
    """Progress that nobody wants to hear of."""

    def step(self, doing: str) -> None:
        """Say nothing."""

    def rows(self, done: int, total: int) -> None:
        """Say nothing."""
