"""What a sync did, for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from timingctl.documents import iso

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class RowsSynced(TypedDict):
    """What became of the rows of a table: how many were read, and what that changed in the file."""

    read: int
    added: int
    changed: int
    removed: int


class EventsSynced(TypedDict):
    """How many events were added, changed and removed, and how many there are."""

    added: int
    changed: int
    removed: int
    total: int


def rows_synced(read: int, counts: Mapping[str, int]) -> RowsSynced:
    """Of a table: how many rows were read, and how many were added, changed and removed."""
    return {
        "read": read,
        "added": counts.get("added", 0),
        "changed": counts.get("changed", 0),
        "removed": counts.get("removed", 0),
    }


def events_synced(counts: Mapping[str, int], total: int) -> EventsSynced:
    """How many events were added, changed and removed, and how many there are."""
    return {
        "added": counts.get("added", 0),
        "changed": counts.get("changed", 0),
        "removed": counts.get("removed", 0),
        "total": total,
    }


class LeadsSynced(TypedDict):
    """Of how many leads something was asked anew, and how many had events, or waits, made anew."""

    asked: int
    affected: int


class EventsOfPush(TypedDict):
    """What became of the events of changed leads in the database."""

    inserted: int
    updated: int
    unchanged: int
    pruned: int
    skipped: int


class SyncDocument(TypedDict):
    """The JSON document of a sync; `pushed` null: nothing was to be pushed."""

    created: bool
    full: bool
    wrote: bool
    asOf: str | None
    leads: LeadsSynced
    tables: dict[str, RowsSynced]
    events: EventsSynced
    rejected: int
    changedWindows: list[str]
    missedLeads: int | None
    pushed: EventsOfPush | None
    notes: list[str]


@dataclass(frozen=True)
class Synced:
    """What a sync did.

    `tables` by name; `leads` that were read again, `affected` of which something was made anew;
    `rejected` rows that cannot be used, of all; `changed_windows` the campaigns and clients with
    other delay windows than before; `missed` leads that changed and that a quick sync would not
    have read, null where nobody looked. `wrote` is false where nothing had changed.
    """

    as_of: datetime | None
    created: bool = False
    full: bool = False
    wrote: bool = False
    leads: int = 0
    affected: int = 0
    tables: dict[str, RowsSynced] = field(default_factory=dict)
    events: EventsSynced = field(default_factory=lambda: events_synced({}, 0))
    rejected: int = 0
    changed_windows: list[str] = field(default_factory=list)
    missed: int | None = None
    pushed: EventsOfPush | None = None
    notes: list[str] = field(default_factory=list)

    def document(self) -> SyncDocument:
        """As JSON has it."""
        return {
            "created": self.created,
            "full": self.full,
            "wrote": self.wrote,
            "asOf": iso(self.as_of),
            "leads": {"asked": self.leads, "affected": self.affected},
            "tables": self.tables,
            "events": self.events,
            "rejected": self.rejected,
            "changedWindows": self.changed_windows,
            "missedLeads": self.missed,
            "pushed": self.pushed,
            "notes": self.notes,
        }
