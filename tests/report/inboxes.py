"""The report on an inbox that is built of the exports of small tables, as in tests/tables.py."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.tables import write_exports
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.reports.figures import Report, report
from timingctl.reports.options import ReportOptions


def inbox(folder: Path, source: Path, **options: Any) -> Path:
    """The inbox of a folder of exports."""
    output = folder / "inbox.duckdb"
    build(BuildOptions(source=source, output=output, **options))
    return output


def reported_inbox(folder: Path, tables: Mapping[str, str | None], **options: Any) -> Report:
    """The report on the inbox of tables."""
    source = write_exports(folder / "exports", tables)
    return report(ReportOptions(events=inbox(folder, source), **options))
