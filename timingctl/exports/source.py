"""Opening a source: a session that can read its exports."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.exports.files import check_file
from timingctl.exports.find import Found, find_explicit, find_tables, require_tables
from timingctl.schemas import EMAIL_CAMPAIGN, LEAD, TABLES
from timingctl.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from timingctl.exports.export import Export
    from timingctl.options import SourceOptions
    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse

#: What a build without an optional table does.
_WITHOUT = {
    LEAD: "leads are those of the messages, their clients those of messages, jobs or --client",
    EMAIL_CAMPAIGN: "no delay window of today is known",
}


@dataclass(frozen=True)
class Source:
    """An open source: its exports by table, and a session that can read them and nothing else.

    A table without exports is absent.
    """

    options: SourceOptions
    warehouse: Warehouse
    exports: Mapping[Table, list[Export]]
    notes: list[str]  # on what is absent, and what is there and not read
    inbox: bool = False  # whether an inbox is written
    as_of: datetime | None = None  # of an inbox that is read: until when it tells

    @property
    def files(self) -> list[Path]:
        """The files that are read, the history of delay windows among them."""
        exports = [export.path for files in self.exports.values() for export in files]
        return [*exports, *filter(None, [self.options.history])]


@contextmanager
def opened(options: SourceOptions, inbox: Path | None = None) -> Iterator[Source]:
    """Find the exports of a source, in a session that can read them and nothing else.

    An `inbox` is a database to write, which is made there. Raises InputError for a source that
    lacks a required table.
    """
    with open_warehouse(options.resources) as warehouse:
        found = _find(warehouse, options)
        source = Source(options, warehouse, found.exports, found.notes, inbox is not None)
        if inbox is not None:
            warehouse.attach_inbox(inbox)
        if options.history:
            check_file(options.history)
        warehouse.only_these_files(source.files)
        yield source


def _find(warehouse: Warehouse, options: SourceOptions) -> Found:
    explicit = find_explicit(options.tables)
    wanted = [table for table in TABLES if table not in explicit]
    found = find_tables(warehouse, options.source, wanted)
    exports = found.exports | explicit
    require_tables(options.source, exports)
    absent = [f"There is no {table.name}: {_WITHOUT[table]}." for table in TABLES
              if table not in exports]  # fmt: skip
    return Found(exports, found.notes + absent)
