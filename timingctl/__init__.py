"""timingctl: response timing events from the exports of a sales inbox.

What each command does is a function here; docs/python.md has an example of each. To import this is
light: what a name needs is loaded when the name is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timingctl.api import (
        Build,
        build,
        check,
        diff,
        effects,
        explain,
        generate,
        lead,
        list_leads,
        pull,
        push,
        read_events,
        report,
        sync,
        windows,
    )
    from timingctl.checks.figures import Check
    from timingctl.differences import Diff
    from timingctl.effects.figures import Effects
    from timingctl.errors import (
        DatabaseError,
        InputError,
        SettingsError,
        TimingctlError,
        UsageError,
    )
    from timingctl.explanations import Explanation
    from timingctl.lists.figures import List
    from timingctl.made_up import Generated
    from timingctl.postgres.pulled import Pulled
    from timingctl.postgres.pushed import Pushed
    from timingctl.reports.figures import Report
    from timingctl.reports.lead import Lead
    from timingctl.syncing.document import Synced
    from timingctl.window_history import WindowHistory

__version__ = "0.1.0"

__all__ = [
    "Build",
    "Check",
    "DatabaseError",
    "Diff",
    "Effects",
    "Explanation",
    "Generated",
    "InputError",
    "Lead",
    "List",
    "Pulled",
    "Pushed",
    "Report",
    "SettingsError",
    "Synced",
    "TimingctlError",
    "UsageError",
    "WindowHistory",
    "__version__",
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

#: Where names are that do not stand in `api`.
_ELSEWHERE = {
    "Check": "checks.figures",
    "DatabaseError": "errors",
    "Diff": "differences",
    "Effects": "effects.figures",
    "Explanation": "explanations",
    "Generated": "made_up",
    "InputError": "errors",
    "Lead": "reports.lead",
    "List": "lists.figures",
    "Pulled": "postgres.pulled",
    "Pushed": "postgres.pushed",
    "Report": "reports.figures",
    "SettingsError": "errors",
    "Synced": "syncing.document",
    "TimingctlError": "errors",
    "UsageError": "errors",
    "WindowHistory": "window_history",
}


class _Package(ModuleType):
    """This module: what it exports stays what it is where a room has the same name.

    Importing `timingctl.effects.figures` would put the room in the place of the function `effects`.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

if not TYPE_CHECKING:  # to a type checker it would be any name

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'timingctl' has no attribute {name!r}")
        return getattr(import_module(f"timingctl.{_ELSEWHERE.get(name, 'api')}"), name)


def __dir__() -> list[str]:
    return __all__
