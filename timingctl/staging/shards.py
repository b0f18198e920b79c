"""Shards: the exports of a table as they are read, alone or with others that are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.exports.shapes import shape_of
from timingctl.sql_text import literal, quoted
from timingctl.staging.casts import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.exports.export import Export, Shape
    from timingctl.schemas import Column
    from timingctl.warehouse import Warehouse

#: What DuckDB calls the number of a file among those read together, and of a row in a Parquet file;
#: from 0.
FILE, ROW = "file_index", "file_row_number"


@dataclass(frozen=True)
class Shard:
    """One export of a table: its number among them, and its columns."""

    number: int
    export: Export
    shape: Shape

    @property
    def stands_alone(self) -> bool:
        """Whether it is read by itself: its rows could not be told from those of other exports."""
        return self.export.format == "database" or self.has(FILE)

    def has(self, name: str) -> bool:
        """Whether the export has a column of this lower-case name, in any case."""
        return any(own.lower() == name for own, _ in self.shape.columns)

    def find(self, column: Column) -> tuple[str, str] | None:
        """The name and type of a column, in the export or in the names of its folders."""
        found = self.shape.find(column)
        stated = self.export.partition(column)
        return found or ((stated[0], "VARCHAR") if stated else None)

    def reader(self) -> tuple[object, ...]:
        """Equal for shards that one table function can read together."""
        own = self.export.label if self.stands_alone else ""
        return self.export.format, self.export.compression, own, self.shape, self.export.partitions

    def source(self, column: Column) -> tuple[str, str]:
        """Where the values of a column stand, as SQL, and their DuckDB type; null if it is none."""
        found = self.shape.find(column)
        stated = self.export.partition(column)
        if found is None and stated:
            return ("null" if stated[1] is None else literal(stated[1])), "VARCHAR"
        if found is None or found[1] == NOTHING:
            return "null", "VARCHAR"
        if self.export.format in {"csv", "tsv"}:
            return f"c{self.shape.columns.index(found)}", found[1]
        return quoted(found[0]), "JSON" if self.export.format in {"json", "ndjson"} else found[1]


def shards_of(warehouse: Warehouse, exports: Sequence[Export]) -> list[Shard]:
    """The exports that have columns: all but empty NDJSON files."""
    return [
        Shard(number, export, shape)
        for number, export in enumerate(exports)
        if (shape := shape_of(warehouse, export)) is not None
    ]
