"""Tables that lose too much: an export that was read wrong is no result with fewer rows."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from timingctl.schemas import MESSAGE
from timingctl.sql_text import literal
from timingctl.staging.casts import NO_INSTANT, NULL_WORD
from timingctl.staging.marks import DELETED, LEAD_DELETED, OLDER
from timingctl.staging.rejects import rejects_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from timingctl.schemas import Table
    from timingctl.staging.account import Account
    from timingctl.warehouse import Warehouse

#: From how many rows on a reason that more than half of them have is no accident.
_MANY = 100
#: Reasons that say nothing of how a table was exported: apps may delete most of what they have.
_ORDINARY = {DELETED, LEAD_DELETED, OLDER, *(word for _, word in MESSAGE.left_out)}
_MARKED = "Leave out the column that marks them if the mark means something else."
_HINTS = {
    NO_INSTANT: "Write instants in UTC as 2026-02-10 12:34:56, or with an offset such as +01:00.",
    "lead not in Lead": "Give the Lead table that goes with these messages.",
    DELETED: _MARKED,
    OLDER: _MARKED,
}


#: An unusable row in words, and the value that makes it so.
Example = tuple[str, str | None]
#: How programs reshape values on their way, and what to do; the first that fits.
_RESHAPED = (
    (NULL_WORD, "It is a word for null: leave the field empty where there is no value."),
    (r"[+-]?\d(\.\d+)?[eE]\+?\d+",
     "A spreadsheet shortened this number, and ids may have become alike: export the table again, "
     "and do not open it there."),
    (r'=".*"', "It is a formula for spreadsheets: export plain values."),
    (r"'.*", "It stands in quotes that CSV does not know: export it without these."),
    (r"\d{1,3}(,\d{3})+", "It has thousands separators: export numbers as they are."),
    (r"\s+.*|.*\s+", "It has spaces around it: export it without these."),
)  # fmt: skip
#: What follows where rows may be done without.
WAY_OUT = "To go on without these rows: --allow-rejects."


def losses(
    warehouse: Warehouse,
    accounts: Mapping[Table, Account],
    rejects: Callable[[Table, Sequence[str]], str] = rejects_sql,
) -> list[str]:
    """A sentence on each required table of which no row is used, or most are lost for one reason.

    It names the reason and where it is found first. Most is more than half of at least 100 rows;
    rows that were deleted in the source may be so many. `rejects` gives the query for the unusable
    rows of a table with these files.
    """
    said = []
    for table, account in accounts.items():
        if table.required:
            said += loss(
                table.name, account, partial(_example, warehouse, rejects(table, account.files))
            )
    return said


def loss(name: str, account: Account, example: Callable[[str], Example]) -> list[str]:
    """A sentence where a table, or a file, of this name loses so much; else none.

    `example` tells of a reason where it is found first, in words, and the value there.
    """
    if not account.rejected:
        return []
    reason, most = max(account.rejected.items(), key=lambda item: (item[1], item[0]))
    shown, value = example(reason)
    fits = (said for shape, said in _RESHAPED if value and re.fullmatch(shape, value))
    hint = next(fits, _HINTS.get(reason, ""))
    if not account.used:
        reasons = ", ".join(f"{name} ({n:,})" for name, n in account.rejected.items())
        rows = f"None of {account.read:,} rows" if account.read > 1 else "The one row"
        can = "can" if account.read > 1 else "cannot"
        return [f"{rows} of {name} {can} be used: {reasons}, {shown}. {hint}".rstrip()]
    if account.read >= _MANY and most * 2 > account.read and reason not in _ORDINARY:
        rows = f"{most:,} of {account.read:,} rows of {name}"
        return [f"{rows} cannot be used: {reason}, {shown}. {hint}".rstrip()]
    return []


def _example(warehouse: Warehouse, rejects: str, reason: str) -> Example:
    """Where the first row stands that a reason makes unusable, and the value that does."""
    [place] = warehouse.execute(
        f'select file, "row", "column", "value" from ({rejects}) '
        f"where reason = {literal(reason)} limit 1"
    )
    return such_as(*place)


def such_as(file: str | None, row: int | None, column: str, value: str | None) -> Example:
    """An example of an unusable row in words, and its value; engines may not know the place."""
    given = "" if value is None else f": {value!r}"
    place = f"{file}, row {row}, " if file and row else f"{file}, " if file else ""
    return f"such as {place}column {column}{given}", value
