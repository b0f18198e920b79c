"""What a build is asked for, and what each command that reads exports is asked of its source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypedDict

from timingctl.documents import instant_or_none, iso
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


class Lake(Protocol):
    """Files of a bucket that an engine reads there; here stand their ends, at paths."""

    def called(self, path: Path) -> str:
        """What the engine calls the file at a path; a path that is no such file, itself."""

    def check(self) -> None:
        """Raise InputError where something in the bucket has changed since it was listed."""


@dataclass(frozen=True)
class SourceOptions:
    """What is read, and by which rules it is related. Instants are UTC; None means not given."""

    source: Path
    tables: Mapping[str, list[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    client: str | None = None
    setter_rule: str | None = None
    delay_windows: Path | Literal["infer", "current", "inbox"] | None = None
    windows_from: str = ""  # what delay windows are said to come from; empty: what they are from
    extras: bool = False  # whether what no event is made from is read, too: Table.extras
    strict: bool = False
    allow_rejects: bool = False
    keep_bounces: bool = False  # whether messages that say a mail came back are messages
    resources: Resources = field(default_factory=Resources)

    def settled(self, before: Mapping[str, Any] | None) -> Self:
        """What was not given as it was `before`, when the inbox was built that is read, or else.

        The delay windows of an inbox are those that it was built with.
        """
        told = before or {}
        windows = self.delay_windows or ("inbox" if before else "infer")
        label = windows.name if isinstance(windows, Path) else windows
        return replace(
            self,
            since=self.since or instant_or_none(told.get("since")),
            until=self.until or instant_or_none(told.get("until")),
            client=self.client or told.get("client"),
            setter_rule=self.setter_rule or told.get("setterRule", "turn"),
            delay_windows=windows,
            windows_from=told["delayWindows"] if windows == "inbox" else self.windows_from or label,
            keep_bounces=self.keep_bounces or told.get("keepBounces", False),
        )

    @property
    def rule(self) -> str:
        """Which messages may be a setter's response: turn or next."""
        return self.setter_rule or "turn"

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
    engine: str | None = None  # the URL of a Spark Connect engine that does the work
    scratch: str | None = None  # where that engine puts relations meanwhile
    lake: Lake | None = None  # of which that engine reads the exports

    def document(self) -> Asked:
        """What the manifest says of the options: those that may change the result."""
        return {
            "asOf": iso(self.as_of),
            "since": iso(self.since),
            "until": iso(self.until),
            "client": self.client,
            "setterRule": self.rule,
            "delayWindows": self.windows_from,
            "strict": self.strict,
            "allowRejects": self.allow_rejects,
            "keepBounces": self.keep_bounces,
        }
