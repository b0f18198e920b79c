"""Opening a source: a session that can read its exports."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timingctl.exports.export import undamaged
from timingctl.exports.files import check_file, is_database
from timingctl.exports.find import Found, find_explicit, find_tables, require_tables
from timingctl.inboxes.read import inbox_in
from timingctl.schemas import EMAIL_CAMPAIGN, LEAD, TABLES
from timingctl.warehouse import INBOX, SOURCE, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from timingctl.exports.export import Export
    from timingctl.inboxes.read import Inbox
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

    A table without exports is absent. `options` are settled: what was not given is as an inbox that
    is read was built, or else as by default.
    """

    options: SourceOptions
    warehouse: Warehouse
    exports: Mapping[Table, list[Export]]
    notes: list[str]  # on what is absent, and what is there and not read
    writes_inbox: bool = False
    inbox: Inbox | None = None  # how the inbox was built that is read

    @property
    def built_with(self) -> dict[str, Any] | None:
        """The options with which an inbox was built that is read."""
        return self.inbox.options if self.inbox else None

    @property
    def files(self) -> list[Path]:
        """The files that are read, the history of delay windows among them."""
        exports = [export.path for files in self.exports.values() for export in files]
        return [*exports, *filter(None, [self.options.history])]


@contextmanager
def opened(
    options: SourceOptions, inbox: Path | None = None, others: Sequence[Path] = ()
) -> Iterator[Source]:
    """Find the exports of a source, in a session that can read them and nothing else.

    An `inbox` is a database to write, which is made there; `others` may be attached later. Raises
    InputError for a source that lacks a required table.
    """
    with open_warehouse(options.resources) as warehouse, undamaged(options.source):
        found, read = _find(warehouse, options)
        options = options.settled(read.options if read else None)
        source = Source(options, warehouse, found.exports, found.notes, inbox is not None, read)
        if inbox is not None:
            warehouse.attach(inbox, INBOX)
        if options.history:
            check_file(options.history)
        warehouse.only_these_files([*source.files, *others])
        yield source


def _find(warehouse: Warehouse, options: SourceOptions) -> tuple[Found, Inbox | None]:
    explicit = find_explicit(options.tables)
    wanted = [table for table in TABLES if table not in explicit]
    found = find_tables(warehouse, options.source, wanted)
    inbox = None
    if is_database(options.source):
        inbox = inbox_in(warehouse, SOURCE, str(options.source))
    exports = {**found.exports, **explicit}
    if inbox:  # a table that was not given is there, and empty
        given = {table for table in exports if table.name in inbox.tables or table in explicit}
        exports = {table: files for table, files in exports.items() if table in given}
    require_tables(options.source, Found(exports, found.notes))
    absent = [f"There is no {table.name}: {_WITHOUT[table]}." for table in TABLES
              if table not in exports]  # fmt: skip
    return Found(exports, found.notes + absent), inbox
