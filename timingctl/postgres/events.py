"""Reading a file of events before any of it goes to a database: all of it is checked first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from timingctl.errors import InputError, SettingsError
from timingctl.exports import export_of, shape_of
from timingctl.pipeline import manifest_path
from timingctl.postgres.ddl import EVENT_TABLE
from timingctl.schemas import EVENT, Column, EventType, Kind, Table
from timingctl.staging import check_distinct, import_table
from timingctl.warehouse import BATCH_ROWS, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timingctl.warehouse import Warehouse

#: The DuckDB types of what is sent.
_SENT = {EventType.TEXT: "varchar", EventType.INSTANT: "timestamp", EventType.INTEGER: "bigint"}
#: Whole numbers are read as text: milliseconds outgrow Kind.INTEGER.
_KINDS = {EventType.TEXT: Kind.TEXT, EventType.INSTANT: Kind.INSTANT, EventType.INTEGER: Kind.TEXT}

_FILE = Table(
    EVENT_TABLE,
    "pushed_event",
    "One row an anchor.",
    tuple(Column(c.name, _KINDS[c.type], c.meaning, key=not c.null) for c in EVENT),
)


@dataclass(frozen=True)
class Window:
    """The anchors that a file was built for: in [since, until), ISO 8601; empty: unbounded."""

    since: str = ""
    until: str = ""


class EventFile:
    """The checked rows of a file of events, in the file's order."""

    def __init__(self, warehouse: Warehouse, path: Path) -> None:
        """Read the file. Raises InputError, naming what is wrong, unless every row is an event."""
        self._warehouse, self._export = warehouse, export_of(path)
        self._check_columns()
        import_table(warehouse, _FILE, [self._export])
        self._check_rows()
        [(self.rows,)] = warehouse.execute("select count(*) from import_pushed_event")

    def batches(self, first: int, rows: int) -> pa.RecordBatchReader:
        """So many rows from the first on (from 0), as Arrow."""
        columns = ", ".join(f"{quoted(c.name)}::{_SENT[c.type]} as {quoted(c.name)}" for c in EVENT)
        return self._warehouse.reader(
            f"select {columns} from import_pushed_event "
            f"where rowid >= {int(first)} and rowid < {int(first) + int(rows)}",
            BATCH_ROWS,
        )

    def window(self) -> Window:
        """The anchors that the file covers: its metadata say, or the manifest beside it.

        A Parquet file of other making covers all of its threads. Raises SettingsError for a text
        file without its manifest: nobody could tell.
        """
        path = self._export.path
        if self._export.format == "parquet":
            metadata = pq.read_metadata(path).metadata or {}
            found = {name.decode(): value.decode() for name, value in metadata.items()}
            return Window(found.get("timingctl.since", ""), found.get("timingctl.until", ""))
        beside = manifest_path(path)
        try:
            options: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))["options"]
        except (OSError, ValueError, LookupError) as error:
            raise SettingsError(
                f"--prune must know which anchors {path.name} covers, and {beside.name}, "
                "which says so, cannot be read beside it."
            ) from error
        return Window(options.get("since") or "", options.get("until") or "")

    def _check_columns(self) -> None:
        shape = shape_of(self._warehouse, self._export)
        if shape is None:
            return
        missing = [column.name for column in _FILE.columns if shape.find(column) is None]
        if missing:
            raise InputError(
                f"{self._export.label} is no file of events: it has no {', '.join(missing)}. "
                "Give what `timingctl build` wrote."
            )

    def _check_rows(self) -> None:
        no_number = " ".join(  # a cast alone would round a fraction
            f"when not regexp_full_match({quoted(c.name)}, '[+-]?\\d+(\\.0*)?') "
            f"or try_cast({quoted(c.name)} as bigint) is null and {quoted(c.name)} is not null "
            f"then {literal(c.name)}"
            for c in EVENT
            if c.type is EventType.INTEGER
        )
        unusable = self._warehouse.execute(
            "with checked as (select rowid + 1 as row, problem.reason, "
            f'coalesce(problem."column", case {no_number} end) as "column" '
            "from import_pushed_event) "
            "select row, coalesce(reason, 'unreadable whole number'), \"column\" from checked "
            'where "column" is not null order by row limit 1'
        )
        for row, reason, column in unusable:
            raise InputError(
                f"{self._export.label}, row {row}, is no event: {reason} (column {column})."
            )
        check_distinct(self._warehouse, _FILE, "inboundMessageId", self._export)


def counted(batches: pa.RecordBatchReader, tell: Any) -> pa.RecordBatchReader:
    """The same batches; `tell` hears after each how many rows have gone by."""

    def passing() -> Iterator[pa.RecordBatch]:
        rows = 0
        for batch in batches:
            rows += batch.num_rows
            yield batch
            tell(rows)

    return pa.RecordBatchReader.from_batches(batches.schema, passing())
