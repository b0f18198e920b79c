"""The manifest beside an output: what was read, what became of it, and what came out.

It holds no wall clock, no machine, no absolute path and nothing that may differ between runs
over the same files with the same options.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from timingctl.documents import iso
from timingctl.seals import WRITTEN_BY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pyarrow as pa

    from timingctl.schemas import Table
    from timingctl.staging.account import Account


@dataclass(frozen=True)
class Intake:
    """What became of the rows read, by table, and what the user should know of the exports."""

    accounts: Mapping[Table, Account]
    notes: list[str]


WINDOW_SOURCES = ("history", "inferred", "current", "none")


@dataclass
class Tally:
    """Counts over events as they stream by."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, events: pa.Table) -> None:
        """Count a batch of events with their windowSource."""
        by_setter = pl.col("setterResponseMessageId").is_not_null()
        by_ai = pl.col("aiResponseMessageId").is_not_null()
        told = ["setterResponseMessageId", "aiResponseMessageId", "windowSource"]
        batch = pl.DataFrame(events.select(told)).select(
            total=pl.len(),
            answeredBySetter=by_setter.sum(),
            answeredByAi=by_ai.sum(),
            answeredByBoth=(by_setter & by_ai).sum(),
            answeredByNeither=(~by_setter & ~by_ai).sum(),
            **{source: (pl.col("windowSource") == source).sum() for source in WINDOW_SOURCES},
        )
        for name, count in batch.row(0, named=True).items():
            self.counts[name] = self.counts.get(name, 0) + count

    def document(self) -> dict[str, Any]:
        """The counts as the manifest has them."""
        answered = ("answeredBySetter", "answeredByAi", "answeredByBoth", "answeredByNeither")
        counts = {name: self.counts.get(name, 0) for name in ("total", *answered)}
        sources = {source: self.counts.get(source, 0) for source in WINDOW_SOURCES}
        return {**counts, "delayWindows": sources}


def manifest(
    options: Mapping[str, Any],
    intake: Intake,
    tally: Tally,
    as_of: datetime | None,
    digests: Mapping[str, str | None],
) -> dict[str, Any]:
    """The manifest as a JSON document with a fixed key order.

    `digests` are those of the events' values, of their file and of the rejects, by their keys.
    """
    return {
        **WRITTEN_BY,
        "options": dict(options),
        "asOf": iso(as_of),
        "tables": {table.name: _account(account) for table, account in intake.accounts.items()},
        "events": tally.document(),
        **digests,
        "notes": intake.notes,
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "files": account.files,
        "rowsRead": account.read,
        "used": account.used,
        "exactDuplicates": account.duplicates,
        "rejected": account.rejected,
    }
