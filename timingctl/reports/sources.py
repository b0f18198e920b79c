"""Reading what reports are made from: a file of events, lead data, exports, names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import duckdb

from timingctl.arguments import page_file, report_output
from timingctl.clocks.said_times import SaidTime
from timingctl.errors import InputError, SettingsError
from timingctl.events import existing, import_events, inbox_of, leave_out_duplicates, null_words
from timingctl.exports.export import each_file
from timingctl.exports.find import find_tables
from timingctl.exports.reasons import unreadable
from timingctl.exports.shapes import shape_of
from timingctl.grid import counted
from timingctl.replacing import check_output
from timingctl.reports.inbox_tables import (
    lack_derived,
    take_bookings,
    take_derived,
    take_messages,
    tells_bookings,
)
from timingctl.reports.prefixes import resolved
from timingctl.reports.unusable import (
    conflicting,
    lost_of_exports,
    lost_of_file,
    orphans,
    unusable,
)
from timingctl.reports.window import Window, window_of
from timingctl.schemas import (
    BACKGROUND_JOB,
    EVENT_FILE,
    LEAD,
    LEAD_BOOKING,
    MESSAGE,
    SETTER_NAME,
    TABLES,
    Table,
)
from timingctl.staging.distinct import check_distinct, duplicates_note, repeats, stage_table
from timingctl.staging.imports import import_table
from timingctl.staging.losses import WAY_OUT
from timingctl.staging.marks import leave_out_copies
from timingctl.staging.null_words import take_as_null

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from timingctl.exports.export import Export
    from timingctl.inboxes.read import Inbox
    from timingctl.reports.options import ReportOptions
    from timingctl.warehouse import Warehouse

#: The one column that events may lack.
_OPTIONAL = "createdAt"
#: The one column that lead data may not lack.
[_BOOKED] = [column for column in LEAD_BOOKING.columns if column.name == "appointmentBookedAt"]

#: What notes on lead data begin with.
NO_BOOKINGS = "No booking outcomes"

#: How the tables of a folder begin.
_FIRST_COLUMN = b"section,"

#: The relation that all others of a report are made from.
ROW_RELATION = "event_row"
#: Its params where nothing is left out.
EVERYTHING: dict[str, object] = {
    **dict.fromkeys(("since", "until", "clients", "channels", "responders")),
    "business_time": False,
    "in_hours": None,
    "answered_until": None,
}

#: The relations of the build's phases that tell the open inbounds from exports, in order.
EXPORT_RELATIONS = (("staging", "known_lead"), ("events", "open_inbound"))


@dataclass
class Sources:
    """What was read. `as_of` is UTC, null when there is no event; `notes` are for the user.

    `window` is the one asked for.

    `lost` has a sentence on each file that loses all, or for one reason most, of its rows.
    """

    as_of: datetime | None = None
    window: Window = field(default_factory=Window)
    has_bookings: bool = False
    has_exports: bool = False
    has_inbox: bool = False
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def check_losses(self, *, allowed: bool) -> None:
        """Raise InputError where a file loses too much of its rows, unless that is allowed."""
        if self.lost and not allowed:
            raise InputError(" ".join([*self.lost, WAY_OUT]))


def load_sources(
    warehouse: Warehouse, options: ReportOptions, events: Export, asked: dict[str, object]
) -> Sources:
    """Read all that a report is given; afterwards the session can read nothing else.

    Makes what `load_events` does, ``lead_booking``, ``setter_name`` and, of exports, what
    sql/events/open_inbound.sql needs. Raises InputError for a file that is not what it should be.
    """
    sources = Sources()
    names = existing(options.names) if options.names else None
    tables = _find_exports(warehouse, options.exports, sources)
    leads = each_file([existing(options.leads)]) if options.leads else tables.get(LEAD, [])
    given = [events, *leads, *filter(None, [names])]
    exports = [export.path for files in tables.values() for export in files]
    check_page(options, exports)
    if options.html is not None:
        page_file(options.html)
    if options.output is not None:
        report_output(options.output)
    warehouse.only_these_files([*(export.path for export in each_file(given)), *exports])
    load_names(warehouse, names, sources)
    load_events(warehouse, events, sources, asked, options)
    sources.notes += _strangers(warehouse, options)
    inbox = inbox_of(warehouse, events)
    if inbox and not (leads or options.exports):
        _take_bookings(warehouse, events, inbox, sources)
    else:
        _load_bookings(warehouse, options, leads, sources)
    if inbox:
        take_derived(warehouse, events)
        sources.has_inbox = True
    else:
        lack_derived(warehouse)
    if inbox and not options.exports:
        take_messages(warehouse, events)
        if options.tells_open:
            client = inbox.options["client"]
            _make_open(warehouse, lead_given=LEAD.name in inbox.tables, client=client)
        sources.has_exports = True
    elif options.exports:
        _load_messages(warehouse, tables, sources)
        sources.notes += _other_inbox(warehouse, options)
        sources.has_exports = True
    sources.check_losses(allowed=options.allow_rejects)
    return sources


class Written(Protocol):
    """What is written: a page, and the tables of sections in a folder; null: none."""

    @property
    def html(self) -> Path | None: ...  # noqa: D102
    @property
    def output(self) -> Path | None: ...  # noqa: D102
    @property
    def sections(self) -> Sequence[str]: ...  # noqa: D102


def check_page(options: Written, inputs: Iterable[Path]) -> None:
    """Refuse, before any work, a page or tables that cannot be written or replace an input."""
    inputs = list(inputs)
    if options.html is not None:
        give = "write the page somewhere else"
        check_output([options.html], inputs, make="make it first", give=give)
    if options.output is not None:
        give = "write the tables somewhere else"
        for target in (options.output, *_replaced(options)):
            check_output([target], inputs, make="make it first", give=give)
        for table in _replaced(options):
            if not _is_ours(table):
                raise SettingsError(
                    f"{table} was not written by timingctl; move it away, or {give}."
                )


def _is_ours(path: Path) -> bool:
    """Whether it is a table of a report by its first column; a folder is refused elsewhere."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(len(_FIRST_COLUMN)) == _FIRST_COLUMN


def _replaced(options: Written) -> list[Path]:
    """The tables of a folder that may be replaced: those of the sections that are asked for."""
    if options.output is None or not options.output.is_dir():
        return []
    found = sorted(options.output.glob("*.csv"))
    return [path for path in found if path.stem in options.sections]


def load_events(
    warehouse: Warehouse,
    export: Export,
    sources: Sources,
    asked: dict[str, object] = EVERYTHING,
    options: ReportOptions | None = None,
) -> None:
    """Make ``import_event`` and ``event_row``, of which unusable rows are told.

    `asked` has the params of the latter, but for the window, which `options` ask for. An inbox
    holds what a build checked, so nothing of it is checked again. Raises as `import_events`.
    """
    inbox = inbox_of(warehouse, export)
    import_events(warehouse, EVENT_FILE, export, optional=[_OPTIONAL], kept=False)
    if not inbox:
        sources.notes += null_words(warehouse, EVENT_FILE, export)
    try:
        _resolve(warehouse, asked)
        if options:
            as_of = _reference(warehouse, options, inbox)
            sources.window = window_of(warehouse, options, as_of)
            asked |= sources.window.params
        params = {**asked, "is_checked": inbox is not None}
        (warehouse.create_view if inbox else warehouse.create)(ROW_RELATION, "reports", params)
    except duckdb.Error as error:
        raise InputError(unreadable(export, error)) from error
    if inbox:
        sources.as_of = inbox.as_of
        return
    hashes = f"select messageHash from {ROW_RELATION} where isUsable"
    if repeats(warehouse, EVENT_FILE, "inboundMessageId", hashes):
        check_distinct(warehouse, EVENT_FILE, "inboundMessageId", export)
        copies = leave_out_duplicates(warehouse, EVENT_FILE, ROW_RELATION, "eventNumber")
        sources.notes += duplicates_note(export.label, copies)
    for column, row in warehouse.violations("early_response"):
        raise InputError(f"{export.label}, row {row}, column {column}: before its inboundSentAt.")
    if warehouse.execute(f"select 1 from {ROW_RELATION} where not isUsable limit 1"):
        sources.notes += unusable(warehouse, EVENT_FILE, export.files)
        sources.lost += lost_of_file(warehouse, EVENT_FILE, export.files)
    sources.as_of = _as_of(warehouse, f"{ROW_RELATION} where isUsable")


def _reference(
    warehouse: Warehouse, options: ReportOptions, inbox: Inbox | None
) -> datetime | None:
    """The as-of, where a window that is said in words is seen from it."""
    words = any(isinstance(end, SaidTime) for end in (options.window_from, options.window_to))
    if options.now or not words:
        return None
    return inbox.as_of if inbox else _as_of(warehouse, "import_event where problem is null")


def _resolve(warehouse: Warehouse, asked: dict[str, object]) -> None:
    """Put whole ids where the filters have their beginnings, or what --names calls them."""
    clients, responders = asked["clients"], asked["responders"]
    if isinstance(clients, list):
        asked["clients"] = [resolved(warehouse, "clientId", "client", c) or c for c in clients]
    if isinstance(responders, list):
        asked["responders"] = [_responder(warehouse, one) for one in responders]


def _responder(warehouse: Warehouse, given: str) -> str:
    user = given.removeprefix("user:")
    if not given.startswith("user:") or not user:
        return given
    called = warehouse.execute(
        "select userId from setter_name where name = $name and not exists "
        "(select 1 from setter_name where userId = $name) order by userId",
        {"name": user},
    )
    found = resolved(warehouse, "setterSentByUserId", "responder", user)
    if called and found != user:
        if len(called) > 1:
            ids = ", ".join(one for (one,) in called)
            raise InputError(f"Several users are called {user}: {ids}. Give the id.")
        [(found,)] = called
    return f"user:{found or user}"


def _strangers(warehouse: Warehouse, options: ReportOptions) -> list[str]:
    """A sentence where no name fits a setter of the events."""
    if not options.names:
        return []
    [(names, known)] = warehouse.execute(
        "select count(*), count(*) filter (where exists (select 1 from import_event "
        "where problem is null and setterSentByUserId = setter_name.userId)) from setter_name"
    )
    if known:
        return []
    return [f"{options.names}: no setter of the events is among its {counted(names, 'name')}."]


def _as_of(warehouse: Warehouse, events: str) -> datetime | None:
    """The latest createdAt; where events have none, the latest instant of any event."""
    [(created, inbound, setter, ai)] = warehouse.execute(
        "select max(createdAt), max(inboundSentAt), max(setterResponseSentAt), "
        f"max(aiResponseSentAt) from {events}"
    )
    happened = [instant for instant in (inbound, setter, ai) if instant is not None]
    latest = created or max(happened, default=None)
    return latest.replace(tzinfo=UTC) if isinstance(latest, datetime) else None


def load_names(warehouse: Warehouse, export: Export | None, sources: Sources) -> None:
    """Make ``setter_name``: userId, name. Raises InputError for two names of one user."""
    exports = each_file([export]) if export else []
    import_table(warehouse, SETTER_NAME, exports)
    sources.notes += take_as_null(warehouse, SETTER_NAME)
    warehouse.execute(
        "create table setter_name as select distinct userId, name from import_setter_name "
        "where problem is null"
    )
    twice = warehouse.execute(
        "select userId, min(name), max(name) from setter_name "
        "group by userId having count(*) > 1 order by userId limit 1"
    )
    for user, one, other in twice:
        label = export.label if export else ""
        raise InputError(f"{label}: {user} has two names, {one} and {other}; keep one.")
    sources.notes += unusable(warehouse, SETTER_NAME, exports)
    sources.lost += lost_of_file(warehouse, SETTER_NAME, exports)


def _load_bookings(
    warehouse: Warehouse, options: ReportOptions, leads: list[Export], sources: Sources
) -> None:
    """Make ``lead_booking``: one row a lead, empty where there are no lead data.

    Lead data must say when leads booked: a file of --leads that does not is an error, one among
    the exports is as good as none.
    """
    silent = [export for export in leads if not _tells_bookings(warehouse, export)]
    if silent and options.leads:
        raise InputError(f"{silent[0].label} has no column {_BOOKED.name}; export Lead with it.")
    sources.has_bookings = bool(leads) and not silent
    usable = leads if sources.has_bookings else []
    sources.notes += import_table(warehouse, LEAD_BOOKING, usable)
    sources.notes += take_as_null(warehouse, LEAD_BOOKING)
    sources.notes += leave_out_copies(warehouse, LEAD_BOOKING)
    stage_table(warehouse, LEAD_BOOKING)
    if usable:
        sources.lost += lost_of_file(warehouse, LEAD_BOOKING, usable)
        sources.notes += unusable(warehouse, LEAD_BOOKING, usable)
        sources.notes += conflicting(warehouse, LEAD_BOOKING)
    elif silent:
        sources.notes.append(
            f"{NO_BOOKINGS}: {silent[0].label} has no column {_BOOKED.name}; export Lead "
            "with it, and give it by --leads FILE or --exports DIR."
        )
    else:
        sources.notes.append(
            f"{NO_BOOKINGS}: give the app's Lead table, with {_BOOKED.name}, "
            "by --leads FILE or --exports DIR."
        )


def _take_bookings(warehouse: Warehouse, events: Export, inbox: Inbox, sources: Sources) -> None:
    """Make ``lead_booking`` of an inbox's leads; empty where its exports told no bookings."""
    sources.has_bookings = tells_bookings(inbox)
    take_bookings(warehouse, events, told=sources.has_bookings)
    if not sources.has_bookings:
        sources.notes.append(
            f"{NO_BOOKINGS}: the exports had no {LEAD.name} with {_BOOKED.name}; build of "
            "ones that have it, or give it by --leads FILE."
        )


def _make_open(warehouse: Warehouse, *, lead_given: bool, client: str | None) -> None:
    for folder, relation in EXPORT_RELATIONS:
        warehouse.create(relation, folder, {"lead_given": lead_given, "client": client})


def _tells_bookings(warehouse: Warehouse, export: Export) -> bool:
    shape = shape_of(warehouse, export)
    return shape is None or shape.find(_BOOKED) is not None


def _find_exports(
    warehouse: Warehouse, source: Path | None, sources: Sources
) -> Mapping[Table, list[Export]]:
    """The exports of a folder or a DuckDB database that reports use: Message, Lead, jobs."""
    if source is None:
        return {}
    told = find_tables(warehouse, source, TABLES)
    found = told.exports
    sources.notes += told.notes
    if MESSAGE not in found:
        raise InputError(f"No {MESSAGE.name} in {source}; give a folder of exports.")
    used = (MESSAGE, LEAD) if LEAD in found else (MESSAGE, BACKGROUND_JOB)
    return {table: found[table] for table in used if table in found}


def _load_messages(
    warehouse: Warehouse, tables: Mapping[Table, list[Export]], sources: Sources
) -> None:
    """Make ``open_inbound`` from exports, with the build's own relations."""
    used = (MESSAGE, LEAD, BACKGROUND_JOB)
    for table in used:
        import_table(warehouse, table, tables.get(table, []))
    for table in used:
        sources.notes += take_as_null(warehouse, table, tables)
        sources.notes += leave_out_copies(warehouse, table)
        stage_table(warehouse, table)
        sources.notes += unusable(warehouse, table, tables.get(table, []))
        sources.notes += conflicting(warehouse, table)
    _make_open(warehouse, lead_given=LEAD in tables, client=None)
    warehouse.create("orphan_message", "staging")
    sources.notes += orphans(warehouse)
    sources.lost += lost_of_exports(warehouse, tables)


def _other_inbox(warehouse: Warehouse, options: ReportOptions) -> list[str]:
    """A sentence where the exports have few of the events' anchors, or none."""
    [(anchors, known)] = warehouse.execute(
        "select count(*), count(*) filter (where inboundMessageId in "
        "(select id from import_message)) from import_event where problem is null"
    )
    if not anchors or known * 2 > anchors:
        return []
    few = f"{known:,}" if known else "none"
    return [
        f"{options.exports}: {few} of {anchors:,} anchors of the events are among its "
        "messages; it may be of another inbox or of another time. Open inbounds are counted there."
    ]
