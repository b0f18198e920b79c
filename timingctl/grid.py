"""Tables of words for people: a grid is laid out by the terminal, Markdown and the page alike.

Ids stand in it in full; the terminal shortens those that are `wide`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = "–"


@dataclass(frozen=True)
class Heading:
    """A column: its title, whether it holds numbers, and whether its text may be shortened.

    Where a screen is too narrow, `short` stands for the title; where that does not help, the
    columns of one `part` stay together.
    """

    title: str
    number: bool = True
    wide: bool = False
    part: int = 0
    short: str = ""


@dataclass(frozen=True)
class Grid:
    """A titled table of text, whose first columns (`keys`) say what a row is about."""

    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[str]]
    keys: int = 1


_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000


def duration(ms: float | None) -> str:
    """Milliseconds cut to the two units that matter: 0.8s, 45.2s, 4m12s, 3h05m, 2d03h."""
    if ms is None:
        return NOTHING
    if ms < 0:
        return f"−{duration(-ms)}"
    whole = int(ms)
    if whole < _MINUTE:
        return f"{whole // _SECOND}.{whole % _SECOND // 100}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m{whole % _MINUTE // _SECOND:02}s"
    if whole < _DAY:
        return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE:02}m"
    return f"{whole // _DAY}d{whole % _DAY // _HOUR:02}h"


def percent(share: float | None) -> str:
    """A share in per cent with one decimal."""
    return NOTHING if share is None else f"{share * 100:.1f}%"


def counted(number: int, thing: str) -> str:
    """So many things."""
    return f"1 {thing}" if number == 1 else f"{number:,} {thing}s"


def instant(iso: str | None) -> str:
    """An ISO instant to the second, in UTC."""
    return NOTHING if iso is None else f"{iso[:10]} {iso[11:19]}Z"


def count(number: int) -> str:
    """A count, with commas between thousands."""
    return f"{number:,}"
