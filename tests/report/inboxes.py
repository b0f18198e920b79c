"""The report on an inbox that is built of the exports of small tables, as in tests/tables.py."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.tables import build_once
from timingctl import pipeline
from timingctl.options import BuildOptions
from timingctl.reports.figures import Report, report
from timingctl.reports.options import ReportOptions


def inbox(folder: Path, source: Path, **options: Any) -> Path:
    """The inbox of a folder of exports."""
    output = folder / "inbox.duckdb"
    pipeline.build(BuildOptions(source=source, output=output, **options))
    return output


def reported_inbox(
    folder: Path,
    tables: Mapping[str, str | None],
    build: Mapping[str, Any] | None = None,
    **options: Any,
) -> Report:
    """The report on the inbox of tables, built with the options of `build`."""
    given = {"allow_rejects": False, **(build or {})}
    return report(ReportOptions(build_once(folder, tables, "inbox.duckdb", **given), **options))
