"""Relations of sql/reports with the types of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import get_annotations
from typing import Generic, TypeVar

Row = TypeVar("Row", bound=Mapping[str, object])


@dataclass(frozen=True)
class Relation(Generic[Row]):
    """A file of sql/reports, and the columns that are read of it: the keys of a TypedDict.

    An instant is read as text (ISO 8601, UTC).
    """

    name: str
    row: type[Row]

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(get_annotations(self.row))
