"""The tool from Python: what each command does, as a function; the commands call these, too.

Keyword arguments are named as the options of the command line, and mean the same. Instants are a
`datetime` or ISO 8601; without an offset they are UTC, in `report` on the clock of `tz`. All raise
TimingctlError: UsageError for an argument that cannot be, and what each of them says.

A function's module is loaded when the function is first used: a build needs nothing of reports.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timingctl.api.asked import IGNORABLE, check, diff, explain, lead, list_leads
    from timingctl.api.made import Build, build, generate, pull, push, sync, windows
    from timingctl.api.read import read_events
    from timingctl.api.reported import effects, report

__all__ = [
    "IGNORABLE",
    "Build",
    "build",
    "check",
    "diff",
    "effects",
    "explain",
    "generate",
    "lead",
    "list_leads",
    "pull",
    "push",
    "read_events",
    "report",
    "sync",
    "windows",
]

#: Where names are that do not stand in `made`.
_ELSEWHERE = {
    **dict.fromkeys(("IGNORABLE", "check", "diff", "explain", "lead", "list_leads"), "asked"),
    **dict.fromkeys(("effects", "report"), "reported"),
    "read_events": "read",
}

if not TYPE_CHECKING:  # to a type checker it would be any name

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'timingctl.api' has no attribute {name!r}")
        return getattr(import_module(f"timingctl.api.{_ELSEWHERE.get(name, 'made')}"), name)
