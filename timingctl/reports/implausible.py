"""Instants that no clock gives: counted apart, and in no figure (sql/macros/is_implausible.sql)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

IMPLAUSIBLE = "implausible"


def counted_apart(section: str, number: int, what: str) -> list[str]:
    """How many (`what` in the plural) a section counts apart, as `told` takes it; none on none."""
    return [f"{section}: {number:,} of the {what}"] if number else []


def told(counts: Sequence[str]) -> list[str]:
    """One sentence on what sections count apart; none on none."""
    if not counts:
        return []
    return [
        f"{', '.join(counts)} with an instant that no clock gives (more than a day "
        f"before the inbound, or 365 days or more after it): counted as {IMPLAUSIBLE}, in no other "
        "figure."
    ]
