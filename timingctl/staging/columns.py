"""Which columns of a table its exports have, and which they should have."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.schemas import MARKS
from timingctl.staging.casts import described, is_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.exports.export import Shape
    from timingctl.schemas import Column, Table
    from timingctl.staging.shards import Shard

#: How many characters of an export's column names an error shows.
_SHOWN = 300


def check_shape(table: Table, shard: Shard) -> None:
    """Raise InputError for a column that is missing, there twice, or of a type that cannot be read.

    Only columns that a build cannot do without are missing.
    """
    export, shape = shard.export, shard.shape
    for column in (*table.columns, *MARKS):
        alike = shape.names(column)
        if len(alike) > 1:
            raise InputError(
                f"{export.label} has {column.name} twice, as {' and '.join(alike)}; keep one."
            )
    for column in table.columns:
        found = shard.find(column)
        if found is None and (column.key or column.present):
            near = _near_miss(table, column, shape)
            hint = f"did you mean {near}?" if near else _instead(table, shard)
            raise InputError(f"{export.label} has no column {column.name}; {hint}")
        if found is not None and not is_readable(found[1], column.kind):
            kind = described(column.kind)
            way = "text" if kind == "text" else "text or as that"
            raise InputError(
                f"{export.label}: column {found[0]} is of type {found[1]}, which is no {kind}; "
                f"export it as {way}."
            )


def _instead(table: Table, shard: Shard) -> str:
    """What to say of an export that lacks a column and has none of a similar name."""
    names = ", ".join(name for name, _ in shard.shape.columns)
    shown = names if len(names) <= _SHOWN else f"{names[:_SHOWN]}…"
    headless = not any(shard.shape.find(column) for column in table.columns)
    if headless and shard.export.format in {"csv", "tsv"}:
        return f"its first line must name the columns, and says: {shown}"
    return f"it has {shown or 'none'}."


def _near_miss(table: Table, column: Column, shape: Shape) -> str | None:
    """A name in the export that may be a misspelling of a column that it lacks."""
    known = [found for other in (*table.all_columns, *MARKS) if (found := shape.find(other))]
    strange = [name for name, kind in shape.columns if (name, kind) not in known]
    return next(iter(difflib.get_close_matches(column.name, strange, n=1)), None)


def missed(table: Table, shards: Sequence[Shard]) -> list[str]:
    """A sentence on the optional columns that shards lack, and the near misses they have."""
    lacking: dict[str, list[str]] = {}
    for shard in shards:
        absent = []
        for column in table.columns:
            if column.missed and shard.find(column) is None:
                near = _near_miss(table, column, shard.shape)
                absent.append(f"{column.name} (did you mean {near}?)" if near else column.name)
        lacking.setdefault(", ".join(absent), []).append(shard.export.label)
    return [
        f"{labels[0]} has no {absent}; taken as null."
        if len(labels) == 1
        else f"{labels[0]} and {len(labels) - 1} more have no {absent}; taken as null."
        for absent, labels in lacking.items()
        if absent
    ]
