"""What a push is asked for, and what it says that it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from timingctl.postgres.settings import STATEMENT_TIMEOUT
from timingctl.warehouse import Resources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from timingctl.postgres.dsn import Dsn

LOCK_TIMEOUT = "30s"


@dataclass(frozen=True)
class PushOptions:
    """What a push is asked for. Timeouts are PostgreSQL's: a number and ms, s, min or h.

    The events may be all there are of some `leads`: then pruning covers all of their threads, and
    no others. Null: it covers the threads that there are events of.
    """

    events: Path
    dsn: Dsn
    create: bool = False
    dry_run: bool = False
    prune: bool = False
    mirror: bool = False
    batch_size: int | None = None
    lock_timeout: str = LOCK_TIMEOUT
    statement_timeout: str = STATEMENT_TIMEOUT
    list_skipped: bool = False
    resources: Resources = field(default_factory=Resources)
    leads: Sequence[str] | None = None


class Lost(TypedDict):
    """A reference of an event that was skipped, to a row that is gone from a table."""

    inboundMessageId: str
    column: str
    value: str
    table: str


class EventsPushed(TypedDict):
    """How many events were treated how; `saturated` of those that were written."""

    inserted: int
    updated: int
    unchanged: int
    pruned: int
    skipped: int
    saturated: int


class PushDocument(EventsPushed):
    """The JSON document of a push."""

    dryRun: bool


@dataclass(frozen=True)
class Pushed:
    """What a push did, or would have done. `skipped` lists lost references when asked for."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[Lost] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False

    @property
    def events(self) -> EventsPushed:
        """How many events were treated how, in a fixed order."""
        return {
            "inserted": self.counts["inserted"],
            "updated": self.counts["updated"],
            "unchanged": self.counts["unchanged"],
            "pruned": self.counts["pruned"],
            "skipped": self.counts["skipped"],
            "saturated": self.counts["saturated"],
        }

    def document(self) -> PushDocument:
        """The counts as JSON has them."""
        return {**self.events, "dryRun": self.dry_run}
