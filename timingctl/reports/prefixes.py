"""Ids of which only the beginning is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.errors import InputError

if TYPE_CHECKING:
    from timingctl.warehouse import Warehouse

#: Candidates that are named at most.
_SHOWN = 5
#: Where ids are looked up unless told otherwise.
EVENTS = "(from import_event where problem is null)"


def resolved(
    warehouse: Warehouse, column: str, what: str, given: str, among: str = EVENTS
) -> str | None:
    """The one value of a column of the events that is, or starts as, what was given; null: none.

    `among` is another relation that has the column. The whole value always wins. Raises InputError,
    with the candidates, where several start so.
    """
    found = [
        value
        for (value,) in warehouse.execute(
            f"select distinct {column} from {among} "
            f"where starts_with({column}, $given) order by {column} = $given desc, {column} "
            f"limit {_SHOWN + 1}",
            {"given": given},
        )
    ]
    if given in found:
        return given
    if len(found) > 1 and given:
        shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
        raise InputError(f"Several {what}s start with {given}: {shown}. Give more of the id.")
    return found[0] if found and given else None
