"""The delay windows that were in force: the history file, and the campaigns' settings of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from timingctl.errors import InputError
from timingctl.exports import export_of
from timingctl.schemas import DELAY_WINDOW
from timingctl.staging import import_table

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.warehouse import Warehouse


@dataclass(frozen=True)
class DelayWindows:
    """All windows known to a build.

    ``history``: grain one period; ``isCampaign`` (else it is for a client), ``key`` (the
    campaign's or client's id), ``minSeconds``, ``maxSeconds``, and ``effectiveFrom`` (included)
    and ``effectiveTo`` (excluded), null meaning unbounded. Periods of one key do not overlap.
    ``current``: grain one campaign that sends automatically; ``key``, ``minSeconds``,
    ``maxSeconds``.
    """

    history: pl.DataFrame
    current: pl.DataFrame


def load_delay_windows(warehouse: Warehouse, history: Path | None) -> DelayWindows:
    """Read the history file, where there is one, and the current windows of the staged campaigns.

    Raises InputError, naming file, row and column, for a row that cannot be read, is for nobody,
    ends before it starts, or overlaps another.
    """
    exports = [export_of(history)] if history else []
    import_table(warehouse, DELAY_WINDOW, exports)
    for export in exports:
        _check_rows(warehouse, export.label)
    warehouse.create("delay_window", "staging")
    for export in exports:
        for key, row, other in warehouse.violations("overlapping_window"):
            raise InputError(
                f"{export.label}: rows {row} and {other} overlap for {key}; "
                "end one where the other starts."
            )
    warehouse.create("current_window", "staging")
    return DelayWindows(
        history=_frame(warehouse, "delay_window"), current=_frame(warehouse, "current_window")
    )


def _check_rows(warehouse: Warehouse, label: str) -> None:
    for column, reason, value, row in warehouse.violations("unreadable_window"):
        shown = "" if value is None else f": {value!r}"
        raise InputError(f"{label}, row {row}, column {column}: {reason}{shown}.")
    for (row,) in warehouse.violations("keyless_window"):
        raise InputError(f"{label}, row {row}: neither campaignId nor clientId; give one.")
    for (row,) in warehouse.violations("reversed_window"):
        raise InputError(f"{label}, row {row}: effectiveTo is not after effectiveFrom.")


def _frame(warehouse: Warehouse, relation: str) -> pl.DataFrame:
    frame = warehouse.frame(relation)
    instants = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    return frame.with_columns(pl.col(instants).dt.replace_time_zone("UTC"))
