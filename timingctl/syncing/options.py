"""What a sync is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from timingctl.postgres.settings import STATEMENT_TIMEOUT
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.warehouse import Resources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from timingctl.postgres.dsn import Dsn


@dataclass(frozen=True)
class SyncOptions:
    """What a sync is asked for.

    It reads newer exports, `source`, or else the app's database, `dsn`. With `push` it brings the
    events into the database afterwards; `prune` and `mirror` are as of a push.
    """

    inbox: Path
    lookback: timedelta = timedelta(hours=1)
    dsn: Dsn | None = None
    source: Path | None = None
    tables: Mapping[str, list[str]] = field(default_factory=dict)
    allow_rejects: bool = False
    full: bool = False
    as_of: datetime | None = None
    push: bool = False
    prune: bool = False
    mirror: bool = False
    statement_timeout: str = STATEMENT_TIMEOUT
    lock_timeout: str = LOCK_TIMEOUT
    resources: Resources = field(default_factory=Resources)

    @property
    def place(self) -> str | None:
        """What the file remembers of the database and schema; null where none is given."""
        if self.dsn is None:
            return None
        return f"{self.dsn.place}/{self.dsn.database} {self.dsn.schema}"
