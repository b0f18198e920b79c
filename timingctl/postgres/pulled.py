"""What a pull says that it did; this needs no driver of PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


class PullDocument(TypedDict):
    """The JSON document of a pull."""

    rows: dict[str, int]
    notes: list[str]


@dataclass(frozen=True)
class Pulled:
    """How many rows of each table, and what the user should know of the database."""

    rows: dict[str, int]
    notes: list[str]

    def document(self) -> PullDocument:
        """The counts and notes as JSON has them."""
        return {"rows": self.rows, "notes": self.notes}
