"""One mutant: a file of the heart with one small change in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """``change`` says what was changed, and is unique in the file; ``text`` is the whole file."""

    change: str
    text: str


def numbered(changes: Iterable[tuple[str, str]]) -> Iterator[Mutant]:
    """The mutants of (change, text); what says the same a second time becomes ``… (2)``."""
    seen: Counter[str] = Counter()
    for change, text in changes:
        seen[change] += 1
        yield Mutant(change if seen[change] == 1 else f"{change} ({seen[change]})", text)
