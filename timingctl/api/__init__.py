"""The tool from Python: what each command does, as a function; the commands call these, too.

Keyword arguments are named as the options of the command line, and mean the same. Instants are a
`datetime` or ISO 8601; without an offset they are UTC, in `report` on the clock of `tz`. All raise
TimingctlError: UsageError for an argument that cannot be, and what each of them says.

What a function needs is loaded when its name is first used: one command does not wait for the
libraries and modules of the others.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timingctl.api.asked import IGNORABLE, check, diff, explain, lead, list_leads
    from timingctl.api.made import Build, build, generate, pull, push, read_events, windows
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
    "windows",
]

_REPORTED = {"effects", "report"}
_MADE = {"Build", "build", "generate", "pull", "push", "read_events", "windows"}

if not TYPE_CHECKING:  # to a type checker it would be any name

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'timingctl.api' has no attribute {name!r}")
        room = "reported" if name in _REPORTED else "made" if name in _MADE else "asked"
        return getattr(import_module(f"timingctl.api.{room}"), name)
