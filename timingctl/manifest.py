"""The manifest beside an output: what was read, what became of it, and what came out.

It holds no wall clock, no machine, no absolute path and nothing that may differ between runs
over the same files with the same options.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NotRequired, TypedDict

import polars as pl

from timingctl.documents import iso
from timingctl.inboxes.words import WINDOW_SOURCES
from timingctl.seals import WRITTEN_BY, Written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pyarrow as pa

    from timingctl.options import Asked
    from timingctl.schemas import Table
    from timingctl.staging.account import Account


class TableRows(TypedDict):
    """What became of the rows of a table: each was used, a duplicate, or rejected for a reason."""

    files: list[str]
    rowsRead: int
    used: int
    exactDuplicates: int
    rejected: dict[str, int]


class WindowCounts(TypedDict):
    """Events by where their delay window came from."""

    history: int
    inferred: int
    current: int
    none: int


class EventCounts(TypedDict):
    """Events, by who answered at all."""

    total: int
    answeredBySetter: int
    answeredByAi: int
    answeredByBoth: int
    answeredByNeither: int
    delayWindows: WindowCounts


class FileDigests(TypedDict):
    """``sha256:`` and 64 digits, of the file of events; or of each of its parts, in order."""

    fileDigest: str | None
    fileDigests: NotRequired[dict[str, str]]


class Digests(FileDigests):
    """``sha256:`` and 64 digits: of the events' values, of their file, of the rejects' file."""

    contentDigest: str
    rejectsDigest: str | None


class Manifest(Written, Digests):
    """The manifest; `tables` by the name of the table. An inbox has no digest of its file."""

    options: Asked
    asOf: str | None
    tables: dict[str, TableRows]
    events: EventCounts
    notes: list[str]


class InboxManifest(Manifest):
    """What an inbox says of itself; `digests` by the name of the table."""

    digests: dict[str, str]
    rows: dict[str, int]
    absent: dict[str, list[str]]
    windows: dict[str, object]


@dataclass(frozen=True)
class Intake:
    """What became of the rows read, by table, and what the user should know of the exports.

    `rejects` are queries for the unusable rows.
    """

    accounts: Mapping[Table, Account]
    notes: list[str]
    rejects: list[str] = field(default_factory=list)


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

    def document(self) -> EventCounts:
        """The counts as the manifest has them."""
        counts = Counter(self.counts)
        return {
            "total": counts["total"],
            "answeredBySetter": counts["answeredBySetter"],
            "answeredByAi": counts["answeredByAi"],
            "answeredByBoth": counts["answeredByBoth"],
            "answeredByNeither": counts["answeredByNeither"],
            "delayWindows": {
                "history": counts["history"],
                "inferred": counts["inferred"],
                "current": counts["current"],
                "none": counts["none"],
            },
        }


def manifest(
    options: Asked,
    intake: Intake,
    tally: Tally,
    as_of: datetime | None,
    digests: Digests,
) -> Manifest:
    """The manifest as a JSON document with a fixed key order."""
    return {
        **WRITTEN_BY,
        "options": options,
        "asOf": iso(as_of),
        "tables": {table.name: _account(account) for table, account in intake.accounts.items()},
        "events": tally.document(),
        **digests,
        "notes": intake.notes,
    }


def _account(account: Account) -> TableRows:
    return {
        "files": account.files,
        "rowsRead": account.read,
        "used": account.used,
        "exactDuplicates": account.duplicates,
        "rejected": account.rejected,
    }
