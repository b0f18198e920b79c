"""The fixtures: folders of small CSV exports with the events that they must give.

A case has a README (what it shows), the exports, ``expected.csv`` (the events), and, where it
needs them, ``options.toml`` with options of `timingctl build`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from timingctl.pipeline import BuildOptions
from timingctl.schemas import TABLES

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/expected.csv"))


def options_of(case: Path, **more: Any) -> BuildOptions:
    """The options of a case, its own exports unless told otherwise."""
    file = case / "options.toml"
    given = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    named = {name.replace("-", "_"): value for name, value in given.items()}
    if "delay_windows" in named:
        named["delay_windows"] = case / named["delay_windows"]
    return BuildOptions(**{"source": case, **named, **more})


def exports_of(case: Path) -> list[Path]:
    """The exports of a case, without its history and its expectation."""
    return [path for table in TABLES if (path := case / f"{table.name}.csv").exists()]
