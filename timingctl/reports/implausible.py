"""Instants that no clock gives: counted apart, and in no figure (sql/macros/is_implausible.sql)."""

from __future__ import annotations

IMPLAUSIBLE = "implausible"


def told(section: str, number: int, what: str) -> list[str]:
    """A sentence on so many (`what` in the plural) that a section counts apart; none on none."""
    if not number:
        return []
    return [
        f"{section}: {number:,} of the {what} with an instant that no clock gives (more than a day "
        f"before the inbound, or 365 days or more after it): counted as {IMPLAUSIBLE}, in no other "
        "figure."
    ]
