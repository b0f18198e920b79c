"""What a transaction sees of the app: as of when, and the instants of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.postgres.catalog import StoredTable
    from timingctl.postgres.session import Session


@dataclass(frozen=True)
class Snapshot:
    """What was read: when, by the server's clock, and as of which transaction, as Since has it.

    `latest` is when the latest message of all was sent; null where there is none.
    """

    at: datetime
    transaction: int
    latest: datetime | None


def snapshot_of(session: Session, messages: StoredTable | None) -> Snapshot:
    """Of what the transaction sees."""
    sent = instant("message", "sentAt", messages) or "null::timestamp"
    [row] = session.file("snapshot", schema=quoted(session.dsn.schema), sent=sent)
    at, latest = (row[name] and row[name].replace(tzinfo=UTC) for name in ("at", "latest"))
    return Snapshot(at, row["transaction"], latest)


def instant(alias: str, column: str, stored: StoredTable | None) -> str | None:
    """A column's instant in UTC, as SQL; null where there is none that the role may read."""
    if stored is None or column not in stored.may["SELECT"]:
        return None
    kind = stored.types.get(column, "")
    if kind.endswith("with time zone"):
        return f"{alias}.{quoted(column)} at time zone 'UTC'"
    return f"{alias}.{quoted(column)}" if kind.startswith("timestamp") else None
