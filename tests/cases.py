"""The fixtures: folders of small CSV exports with the events that they must give.

A fixture is a case as `timingctl verify` reads it, with a README that says what it shows.
"""

from __future__ import annotations

from pathlib import Path

from timingctl.schemas import TABLES
from timingctl.verify.cases import cases_in, options_of

__all__ = ["CASES", "FIXTURES", "exports_of", "options_of"]

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = [case.folder.name for case in cases_in([FIXTURES])]


def exports_of(case: Path) -> list[Path]:
    """The exports of a case, without its history and its expectation."""
    return [path for table in TABLES if (path := case / f"{table.name}.csv").exists()]
