"""What a build is asked for, and what each command that reads exports is asked of its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from timingctl.documents import iso
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.warehouse import Resources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Asked(TypedDict):
    """The options that may change the result; null: not given. Instants are ISO 8601."""

    asOf: str | None
    since: str | None
    until: str | None
    client: str | None
    setterRule: str
    delayWindows: str
    strict: bool
    allowRejects: bool
    keepBounces: bool


@dataclass(frozen=True)
class SourceOptions:
    """What is read, and by which rules it is related. Instants are UTC; None means not given."""

    source: Path
    tables: Mapping[str, list[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    client: str | None = None
    setter_rule: str = "turn"
    delay_windows: Path | Literal["infer", "current"] = "infer"
    extras: bool = False  # whether what no event is made from is read, too: Table.extras
    strict: bool = False
    allow_rejects: bool = False
    keep_bounces: bool = False  # whether messages that say a mail came back are messages
    resources: Resources = field(default_factory=Resources)

    @property
    def history(self) -> Path | None:
        """The file of delay windows, where one is given."""
        return self.delay_windows if isinstance(self.delay_windows, Path) else None


@dataclass(frozen=True)
class BuildOptions(SourceOptions):
    """What a build is asked for."""

    output: Path = Path("events.parquet")
    as_of: datetime | None = None
    csv_safe: bool = False
    lock_timeout: str = LOCK_TIMEOUT  # of another build into the same place

    def document(self) -> Asked:
        """What the manifest says of the options: those that may change the result."""
        windows = self.delay_windows
        return {
            "asOf": iso(self.as_of),
            "since": iso(self.since),
            "until": iso(self.until),
            "client": self.client,
            "setterRule": self.setter_rule,
            "delayWindows": windows.name if isinstance(windows, Path) else windows,
            "strict": self.strict,
            "allowRejects": self.allow_rejects,
            "keepBounces": self.keep_bounces,
        }
