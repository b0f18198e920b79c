"""The tool from Python: what each command does, as a function; the commands call these, too.

Keyword arguments are named as the options of the command line, and mean the same. Instants are a
`datetime` or ISO 8601; without an offset they are UTC, in `report` on the clock of `tz`. All raise
TimingctlError: UsageError for an argument that cannot be, and what each of them says.
"""

from timingctl.api.asked import IGNORABLE, check, diff, explain, lead, list_leads
from timingctl.api.made import Build, build, generate, pull, push, read_events, sync, windows
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
