"""The events of a source as they are made: attributed, counted and digested for who writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.attribution import EVENT_SCHEMA, attribute
from timingctl.digest import ContentDigest
from timingctl.manifest import Tally
from timingctl.phases import EVENT_RELATION
from timingctl.warehouse import sql_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pyarrow as pa

    from timingctl.delay_windows import DelayWindows
    from timingctl.progress import Progress
    from timingctl.warehouse import Warehouse


class EventStream:
    """Events in the output's order; when all are through, `digest` and `tally` are theirs."""

    def __init__(
        self,
        warehouse: Warehouse,
        windows: DelayWindows,
        as_of: datetime | None,
        progress: Progress,
    ) -> None:
        self.digest, self.tally = ContentDigest(EVENT_SCHEMA), Tally()
        self._warehouse, self._windows, self._as_of = warehouse, windows, as_of
        self._progress = progress

    def batches(self) -> Iterator[pa.Table]:
        """The events, as EVENT_SCHEMA, a batch at a time."""
        [(total,)] = self._warehouse.execute("select count(*) from anchor")
        for rows in self._warehouse.batches(sql_text(*EVENT_RELATION)):
            attributed = attribute(rows, self._windows, self._as_of)
            self.tally.add(attributed)
            event = attributed.select(EVENT_SCHEMA.names())
            self.digest.update(event)
            self._progress.rows(self.tally.counts["total"], total)
            yield event
