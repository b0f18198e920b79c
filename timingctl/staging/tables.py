"""Every table of a source, staged one after the other, and the latest instant in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from timingctl.schemas import TABLES
from timingctl.staging.distinct import stage_table
from timingctl.staging.extras import disagreements
from timingctl.staging.imports import import_table
from timingctl.staging.marks import leave_out_copies
from timingctl.staging.null_words import take_as_null

if TYPE_CHECKING:
    from timingctl.exports.source import Source
    from timingctl.progress import Progress
    from timingctl.schemas import Table
    from timingctl.warehouse import Relations, Warehouse


def stage_tables(source: Source, progress: Progress) -> list[str]:
    """Import and stage every table, absent ones as empty; returns what the user should know."""
    warehouse, notes = source.warehouse, []
    for table in TABLES:
        progress.step(f"Reading {table.name}")
        files = source.exports.get(table, [])
        reading = partial(_reading, warehouse, progress, len(files))
        notes += import_table(warehouse, as_read(source, table), files, reading=reading)
    for table in TABLES:
        progress.step(f"Checking {table.name}")
        notes += take_as_null(warehouse, table, source.exports)
        notes += leave_out_copies(warehouse, table)
        stage_table(warehouse, as_read(source, table))
        notes += disagreements(warehouse, as_read(source, table))
    return notes


def as_read(source: Source, table: Table) -> Table:
    """The table with what is kept of it."""
    left_out = () if source.options.keep_bounces else table.left_out
    return replace(table, keeps_extras=source.options.extras, left_out=left_out)


def _reading(warehouse: Warehouse, progress: Progress, total: int, done: int, now: int) -> None:
    """Tell how many files of a total are done, and how many the next statement reads now."""
    progress.files(total, lambda: done + now * warehouse.share_done())


def as_of_instant(source: Source) -> datetime | None:
    """As of when a source is told: an inbox as it was built, exports as of their latest message."""
    return (source.inbox and source.inbox.as_of) or latest_message(source.warehouse)


def latest_message(warehouse: Relations) -> datetime | None:
    """The latest readable sentAt of all messages read, usable or not."""
    [(latest,)] = warehouse.execute("select max(sentAt) from import_message")
    return latest.replace(tzinfo=UTC) if isinstance(latest, datetime) else None
