"""Filters that name what the data do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.warehouse import Warehouse

#: How many of those there are are named to a user who asked for another.
_SHOWN = 5


def unknown(
    warehouse: Warehouse, place: str, asked: Sequence[tuple[str, str, Sequence[str]]]
) -> list[str]:
    """A sentence on each filter that names what is not there, and on what is.

    `asked` are the filters: what they choose, the column at `place`, and the values given.
    """
    found = []
    for what, column, values in asked:
        if not values:
            continue
        rows = warehouse.execute(
            f"select distinct {column} from {place} where {column} is not null order by {column}"
        )
        known = [value for (value,) in rows]
        strange = [value for value in values if value not in known]
        if strange:
            more = ", …" if len(known) > _SHOWN else ""
            there = ", ".join(known[:_SHOWN]) + more
            found.append(f"Unknown {what} {', '.join(strange)}; there are {there or 'none'}.")
    return found
