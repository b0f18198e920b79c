"""The events of a source as they are made: attributed, counted and digested for who writes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from timingctl.attribution import EVENT_SCHEMA, attribute
from timingctl.digest import ContentDigest
from timingctl.manifest import Tally
from timingctl.phases import EVENT_RELATION
from timingctl.sql_text import sql_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import pyarrow as pa

    from timingctl.delay_windows import DelayWindows
    from timingctl.progress import Progress
    from timingctl.warehouse import Warehouse


@dataclass(frozen=True)
class EventRows:
    """The rows of sql/events/event.sql in its order, a batch at a time, and how many there are."""

    count: Callable[[], int]
    batches: Callable[[], Iterator[pa.Table]]


def rows_of(warehouse: Warehouse) -> EventRows:
    """The rows that a session makes of its relations."""

    def count() -> int:
        [(total,)] = warehouse.execute("select count(*) from anchor")
        return int(total)

    return EventRows(count, lambda: warehouse.batches(sql_text(*EVENT_RELATION)))


class EventStream:
    """Events in the output's order; when all are through, `digest` and `tally` are theirs."""

    def __init__(
        self,
        rows: EventRows,
        windows: DelayWindows,
        as_of: datetime | None,
        progress: Progress,
    ) -> None:
        self.digest, self.tally = ContentDigest(EVENT_SCHEMA), Tally()
        self.as_of = as_of
        self._rows, self._windows, self._progress = rows, windows, progress

    @cached_property
    def total(self) -> int:
        """How many there will be."""
        return self._rows.count()

    def batches(self) -> Iterator[pa.Table]:
        """The events, as EVENT_SCHEMA, a batch at a time."""
        total = self.total
        with ThreadPoolExecutor(1) as beside:  # the next rows are fetched meanwhile
            digested = beside.submit(lambda: None)
            for rows in self._rows.batches():
                attributed = attribute(rows, self._windows, self.as_of)
                self.tally.add(attributed)
                event = attributed.select(EVENT_SCHEMA.names())
                digested.result()
                digested = beside.submit(self.digest.update, event)
                self._progress.rows(self.tally.counts["total"], total)
                yield event
            digested.result()
