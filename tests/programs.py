"""Programs of the system that some tests need."""

from __future__ import annotations

import os
import shutil

import pytest


def program(*names: str) -> str:
    """The path of the first of the programs that is there.

    Where CI is set, a test fails without it; elsewhere it is skipped, and says so.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        report = pytest.fail if os.environ.get("CI") else pytest.skip
        report(f"{names[0]} is not installed, so what needs it is NOT tested")
    return found
