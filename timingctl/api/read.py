"""What a build wrote, read again as frames."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from timingctl import arguments
from timingctl.api import given
from timingctl.attribution import EVENT_SCHEMA
from timingctl.buckets.mirror import mirrored
from timingctl.buckets.places import is_bucket, place_of
from timingctl.events import check_events, existing, import_events
from timingctl.exports.database import attached
from timingctl.schemas import event_file
from timingctl.sql_text import quoted
from timingctl.staging.rejects import REJECT_SCHEMA, rejects_place
from timingctl.warehouse import SOURCE, open_warehouse


def read_events(path: str | Path, *, temp_dir: str | Path | None = None) -> pl.DataFrame:
    """A file of events of any format, in the file's order, as `build` types them.

    Raises InputError unless every row is an event.
    """
    resources = given.resources(None, None, temp_dir)
    with mirrored(resources.temp_dir, None) as mirror, open_warehouse(resources) as warehouse:
        export = existing(Path(mirror.file(path)))
        warehouse.only_these_files([file.path for file in export.files])
        table = event_file("read_event", EVENT_SCHEMA.names())
        import_events(warehouse, table, export)
        check_events(warehouse, table, export)
        columns = ", ".join(map(quoted, EVENT_SCHEMA.names()))
        rows = warehouse.frame(f"select {columns} from import_read_event order by rowid")
    return rows.cast(EVENT_SCHEMA)


def read_rejects(output: str | Path, *, temp_dir: str | Path | None = None) -> pl.DataFrame:
    """The unusable rows behind an output of `build`, in their order; none where it has no list."""
    resources = given.resources(None, None, temp_dir)
    target = place_of(output) if is_bucket(output) else Path(output)
    with mirrored(resources.temp_dir, None) as mirror:
        if arguments.is_inbox(target):
            inbox = Path(mirror.file(output))
            with open_warehouse(resources) as warehouse, attached(warehouse, inbox, SOURCE):
                columns = ", ".join(map(quoted, REJECT_SCHEMA))
                rows = warehouse.frame(f"select {columns} from {SOURCE}.main.Reject order by rowid")
                return rows.cast(REJECT_SCHEMA)
        path = mirror.file_if_there(str(target.parent / rejects_place(target)))
        if path is None:
            return REJECT_SCHEMA.to_frame()
        return pl.read_ndjson(path.read_bytes(), schema=REJECT_SCHEMA)  # a path may be a pattern
