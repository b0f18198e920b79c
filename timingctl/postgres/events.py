"""Reading a file of events before any of it goes to a database: all of it is checked first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from timingctl.attribution import EVENT_SCHEMA
from timingctl.digest import ContentDigest
from timingctl.errors import SettingsError
from timingctl.events import check_events, existing, import_events, inbox_of
from timingctl.exports.export import unchanged
from timingctl.schemas import EVENT, event_file
from timingctl.seals import FOLDER_MANIFEST, manifest_path
from timingctl.sql_text import quoted
from timingctl.warehouse import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from timingctl.warehouse import Warehouse

_COLUMNS = ", ".join(quoted(c.name) for c in EVENT)
_FILE = event_file("pushed_event", [c.name for c in EVENT], [c.name for c in EVENT if not c.null])


@dataclass(frozen=True)
class Window:
    """The anchors that a file was built for: in [since, until), ISO 8601; empty: unbounded."""

    since: str = ""
    until: str = ""


class EventFile:
    """The checked rows of a file of events, in the file's order."""

    def __init__(self, warehouse: Warehouse, path: Path) -> None:
        """Read the file. Raises InputError, naming what is wrong, unless every row is an event."""
        self._warehouse, self._export = warehouse, existing(path)
        import_events(warehouse, _FILE, self._export)
        self._inbox = inbox_of(warehouse, self._export)
        self.notes = check_events(warehouse, _FILE, self._export)
        [(self.rows,)] = warehouse.execute("select count(*) from import_pushed_event")

    def batches(self, first: int, rows: int) -> pa.RecordBatchReader:
        """So many rows from the first on (from 0), as Arrow."""
        return self._warehouse.reader(
            f"select {_COLUMNS} from import_pushed_event "
            f"where rowid >= {int(first)} and rowid < {int(first) + int(rows)}",
            BATCH_ROWS,
        )

    def window(self) -> Window:
        """The anchors that the file covers: its metadata say, or the manifest beside it.

        A Parquet file of other making covers all of its threads. Raises SettingsError for a text
        file without the manifest of its own build: nobody could tell.
        """
        if self._inbox:
            told = self._inbox.options
            return Window(told["since"] or "", told["until"] or "")
        path = self._export.path
        if self._export.format == "parquet":
            first = self._export.files[0].path
            # Of a path with a colon Arrow makes a URI.
            with unchanged([self._export]), first.open("rb") as file:
                metadata = pq.read_metadata(file).metadata or {}
            found = {name.decode(): value.decode() for name, value in metadata.items()}
            return Window(found.get("timingctl.since", ""), found.get("timingctl.until", ""))
        beside = manifest_path(path)
        try:
            document = json.loads(beside.read_text(encoding="utf-8"))
            options: Mapping[str, str | None] = document["options"]
            is_of_other_events = document["contentDigest"] != self._digest()
        except (OSError, ValueError, LookupError) as error:
            raise SettingsError(
                f"--prune must know which anchors {path.name} covers, and {beside.name}, "
                "which says so, cannot be read beside it."
            ) from error
        if is_of_other_events:  # as after a build that was killed between its renames
            raise SettingsError(
                f"--prune must know which anchors {path.name} covers, and {beside.name} is of "
                "other events; build them again."
            )
        return Window(options.get("since") or "", options.get("until") or "")

    @property
    def windows_from(self) -> str:
        """Where the build took delay windows from, as an inbox or a manifest says; else empty."""
        if self._inbox:
            return str(self._inbox.options["delayWindows"])
        try:
            path = self._export.path
            beside = path / FOLDER_MANIFEST if self._export.parts else manifest_path(path)
            document = json.loads(beside.read_text(encoding="utf-8"))
            return str(document["options"]["delayWindows"] or "current")
        except (OSError, ValueError, LookupError, TypeError):
            return ""

    def _digest(self) -> str:
        """The events' content digest, as their build's manifest has it."""
        digest = ContentDigest(EVENT_SCHEMA)
        for rows in self._warehouse.batches(f"select {_COLUMNS} from import_pushed_event"):
            digest.update(rows)
        return str(digest)


def counted(batches: pa.RecordBatchReader, tell: Callable[[int], None]) -> pa.RecordBatchReader:
    """The same batches; `tell` hears after each how many rows have gone by."""

    def passing() -> Iterator[pa.RecordBatch]:
        rows = 0
        for batch in batches:
            rows += batch.num_rows
            yield batch
            tell(rows)

    return pa.RecordBatchReader.from_batches(batches.schema, passing())
