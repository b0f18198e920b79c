"""Rows of a section as a frame, whose columns have the types of the section's own records."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, get_args, get_type_hints, is_typeddict

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TYPES: dict[object, type[pl.DataType]] = {
    str: pl.String,
    int: pl.Int64,
    float: pl.Float64,
    bool: pl.Boolean,
}


def columns(record: type, prefix: str = "") -> Iterator[tuple[str, type[pl.DataType]]]:
    """The columns of a TypedDict with their types; one inside another by its path, with dots."""
    for name, hint in get_type_hints(record).items():
        [kind] = {*(get_args(hint) or [hint])} - {NoneType}
        if is_typeddict(kind):
            yield from columns(kind, f"{prefix}{name}.")
        else:
            yield prefix + name, _TYPES[kind]


def frame(rows: Sequence[Mapping[str, object]], record: type, names: Sequence[str]) -> pl.DataFrame:
    """The rows with these columns of the record; numbers that may be fractions are floats."""
    types = dict(columns(record))
    schema = {name: types[name] for name in names}
    return pl.DataFrame(rows, schema=schema, strict=False)
