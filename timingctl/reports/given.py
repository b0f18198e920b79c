"""What the figures of a section are made from: relations, and what is known of the sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from timingctl.documents import INSTANT_FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from timingctl.reports.options import ReportOptions
    from timingctl.reports.relation import Relation, Row
    from timingctl.warehouse import Warehouse

#: Relations of an inbox's own tables that cost no more to read again than to keep, unless they are
#: told in business time; and of jobs, unless messages are looked up for them.
VIEWS = ("asked_wait", "open_wait")
OF_JOBS = ("job_inbound", "asked_job")


def rows_of(
    warehouse: Warehouse, relation: Relation[Row], params: Mapping[str, object]
) -> list[Row]:
    """The rows of a relation, in its order, with the columns that are read of it."""
    frame = warehouse.select(relation.name, "reports", params).select(relation.columns)
    instants = pl.selectors.datetime().dt.to_string(INSTANT_FORMAT)
    return cast("list[Row]", frame.with_columns(instants).to_dicts())


@dataclass(frozen=True)
class Given:
    """What a section is given. To `notes` it adds what the user should know of its figures.

    To `implausible` it adds what no clock gives: all sections say it in one note.
    """

    warehouse: Warehouse
    options: ReportOptions
    params: Mapping[str, object]
    has_bookings: bool
    has_exports: bool
    has_inbox: bool
    notes: list[str] = field(default_factory=list)
    implausible: list[str] = field(default_factory=list)
    _made: set[str] = field(default_factory=set)

    def make(self, relation: str) -> None:
        """Make a relation that is read more than once, unless it is there."""
        if relation not in self._made:
            self._made.add(relation)
            is_joined = self.options.hours or (relation in OF_JOBS and self.params["jobs_placed"])
            is_view = relation in (*VIEWS, *OF_JOBS) and not is_joined
            make = self.warehouse.create_view if is_view else self.warehouse.create
            make(relation, "reports", dict(self.params))

    def leaves_out(self, number: int, what: str) -> None:
        """Note how many the filter by hours leaves out, where one is asked for."""
        if self.options.only:
            self.notes.append(f"--only {self.options.only} leaves out {number:,} {what}.")

    def columns(self, relation: Relation[Row]) -> dict[str, npt.NDArray[Any]]:
        """The columns of a relation as arrays, by their names in Python: for many rows."""
        frame = self.warehouse.select(relation.name, "reports", self.params)
        return {name: frame[name].to_numpy() for name in relation.columns}

    def rows(self, relation: Relation[Row], **own: object) -> list[Row]:
        """The rows of a relation; `own` are its params beside those of the report."""
        return rows_of(self.warehouse, relation, {**self.params, **own})
