"""Where the exports or the events stand that somebody names: here, copied, pulled, or built first.

What is copied, pulled or built for that stands in a private folder, and is gone afterwards.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl import pipeline
from timingctl.exports.database import attached
from timingctl.exports.files import is_database
from timingctl.inboxes.read import is_inbox_in
from timingctl.options import BuildOptions
from timingctl.parts import is_of_events, is_told_of_events
from timingctl.postgres import dsn as dsns
from timingctl.schemas import TABLES
from timingctl.warehouse import SOURCE, Resources, open_warehouse, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.manifest import Manifest
    from timingctl.progress import Progress


@contextmanager
def events_of(
    given: str | Path, resources: Resources, progress: Progress | None, allow_rejects: bool
) -> Iterator[tuple[Path, list[str]]]:
    """Where events stand: in a file, its parts, an inbox, or one that is built here of exports.

    What is built is gone afterwards; beside it stands what the user should know of the exports.
    A bucket has been copied by then, through a `mirrored` one.
    """
    is_folder = os.path.isdir(given)  # noqa: PTH112 - Path.is_dir raises where it may not look
    is_made_of = is_folder and not (is_of_events(Path(given)) or is_told_of_events(Path(given)))
    if not (dsns.is_dsn(str(given)) or is_made_of or _has_exports(Path(given), resources)):
        yield file_source(given), []
        return
    with (
        exports_of(given, resources, progress) as (path, pulled_notes),
        temporary_folder(resources.temp_dir) as folder,
    ):
        options = BuildOptions(
            path,
            allow_rejects=allow_rejects,
            resources=resources,
            output=folder / "inbox.duckdb",
        )
        manifest = pipeline.build(options, progress)
        notes = [*together(pulled_notes, manifest["notes"]), *_left_out(manifest)]
        yield options.output, notes


def _left_out(manifest: Manifest) -> list[str]:
    """A sentence a table that has rows which could not be used: why, and how many."""
    return [
        f"{name}: unusable rows left out: "
        + ", ".join(f"{reason} ({count:,})" for reason, count in table["rejected"].items())
        + "; a build lists them."
        for name, table in manifest["tables"].items()
        if any(table["rejected"].values())
    ]


@contextmanager
def exports_of(
    source: str | Path, resources: Resources, progress: Progress | None
) -> Iterator[tuple[Path, list[str]]]:
    """Where the exports of the source stand, and what the user should know of pulling them.

    What was pulled is gone afterwards. Raises DatabaseError for a database that cannot be read.
    """
    if not dsns.is_dsn(str(source)):
        yield file_source(source), []
        return
    from timingctl.postgres.pull import pulled

    with pulled(dsns.parse(str(source)), resources.temp_dir, progress) as (folder, notes):
        yield folder, notes


def _has_exports(path: Path, resources: Resources) -> bool:
    """Whether a file is a DuckDB database of exports, and no inbox."""
    if not is_database(path):
        return False
    with open_warehouse(resources) as warehouse, attached(warehouse, path, SOURCE):
        return not is_inbox_in(warehouse, SOURCE)


def together(pulled: list[str], notes: list[str]) -> list[str]:
    """What is said of pulling and of its exports; a table that is absent is said to be so once."""
    absent = [table.name for table in TABLES if any(f" has no {table.name};" in n for n in pulled)]
    again = tuple(f"There is no {name}:" for name in absent)
    return [*pulled, *(note for note in notes if not note.startswith(again))]


def file_source(given: str | Path) -> Path:
    """A source that is no DSN; raises InputError for what was meant as one."""
    if not os.path.lexists(given):
        dsns.check_scheme(str(given))
    return Path(given)
