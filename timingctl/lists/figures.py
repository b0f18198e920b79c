"""A list of an inbox: the rows asked for, worst or oldest first, and how many there are."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

import polars as pl

from timingctl.clocks.business_time import make_clocks
from timingctl.clocks.hours import clock_words
from timingctl.documents import INSTANT_FORMAT, iso
from timingctl.errors import InputError
from timingctl.events import existing, import_events, inbox_of
from timingctl.exports.export import unchanged
from timingctl.formulas import harmless
from timingctl.grid import NOTHING, Grid, Heading, count, duration, instant
from timingctl.lists.kinds import KINDS
from timingctl.lists.links import link
from timingctl.replacing import replacing
from timingctl.reports.inbox_tables import (
    MESSAGE_VIEW,
    no_inbox,
    take_derived,
    take_listed,
    unknown_filters,
)
from timingctl.reports.prefixes import resolved
from timingctl.reports.sections.sending_jobs import WORDS
from timingctl.reports.window import check_zone, window_of
from timingctl.schemas import EVENT_FILE
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.warehouse import Resources, open_warehouse
from timingctl.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from timingctl.clocks.business_time import BusinessTime
    from timingctl.clocks.said_times import SaidTime
    from timingctl.reports.window import Window
    from timingctl.warehouse import Warehouse

#: What candidates of jobs are made from, and what rows are, in order.
_OF_JOBS = ("kind_job", "kind_message", "listed_job")
_OF_ROWS = ("listed", "listed_thread", "listed_draft")
#: A row as documents have it.
Row = dict[str, Any]


@dataclass(frozen=True)
class ListOptions:
    """Which list of which inbox; None and empty mean not given, and of `limit` all.

    `window_from` (included) and `window_to` (excluded) are of the inbound, or of a wait's start.
    `over_ms` keeps what is longer, in business time where that is given.
    """

    inbox: Path
    kind: str
    named: str = ""
    clients: Sequence[str] = ()
    channels: Sequence[str] = ()
    campaigns: Sequence[str] = ()
    window_from: datetime | SaidTime | None = None
    window_to: datetime | SaidTime | None = None
    now: datetime | None = None
    zone: str = "UTC"
    business_time: BusinessTime | None = None
    weekend: bool = False
    over_ms: int | None = None
    limit: int | None = None
    link: str | None = None
    resources: Resources | None = None


class ListDocument(TypedDict):
    """A list: of what kind, as of when, how many rows there are, and those that are shown.

    `filters` are sentences on what was asked for.
    """

    kind: str
    asOf: str | None
    clock: str
    filters: list[str]
    total: int
    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True, repr=False)
class List:
    """A list as a document, and notes for the user."""

    document: ListDocument
    notes: list[str] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The keys of a row, in order."""
        return self.document["columns"]

    @property
    def frame(self) -> pl.DataFrame:
        """The rows, a column a key; instants are text (ISO 8601, UTC)."""
        return pl.DataFrame(self.document["rows"], schema=self.columns, infer_schema_length=None)

    def __repr__(self) -> str:
        return f"List({self.document['kind']}, {self.document['total']:,} rows)"


def list_leads(options: ListOptions) -> List:
    """The rows of a list. Raises InputError for a file that is no inbox or cannot be used."""
    source = existing(options.inbox)
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged([source]):
        check_zone(warehouse, options.zone)
        warehouse.only_these_files([source.path])
        inbox = inbox_of(warehouse, source)
        if inbox is None:
            raise InputError(no_inbox(options.named or source.label))
        window = window_of(warehouse, options, inbox.as_of)
        import_events(warehouse, EVENT_FILE, source, kept=False)
        take_derived(warehouse, source)
        take_listed(warehouse, source)
        hours = options.business_time
        instants = {MESSAGE_VIEW: ["sentAt"], "job_outcome": ["runAt"]}
        make_clocks(warehouse, options.zone, hours, instants, inbox.as_of)
        clients = [resolved(warehouse, "clientId", "client", c) or c for c in options.clients]
        notes = unknown_filters(warehouse, clients, options.channels, options.campaigns)
        if why := window.why_empty(inbox.as_of):
            notes.append(f"{why}, so nothing can be on the list.")
        params: dict[str, object] = {
            "as_of": inbox.as_of and inbox.as_of.replace(tzinfo=None),
            **window.params,
            "clients": clients or None,
            "channels": list(options.channels) or None,
            "campaigns": list(options.campaigns) or None,
            "zone": options.zone,
            "weekend": options.weekend,
            "over_ms": options.over_ms,
            "business_time": hours is not None,
            "limit": options.limit,
            "kind": options.kind,
        }
        total, rows = _rows(warehouse, options, params)
    clock = clock_words(
        hours.hours.text if hours else None, options.zone, len(hours.holidays) if hours else 0
    )
    names = _columns(options.kind, has_hours=hours is not None)
    shown = [{name: row[name] for name in names} for row in rows]
    if options.link:
        names = [*names, "link"]
        shown = [{**row, "link": link(options.link, row)} for row in shown]
    if len(shown) < total:
        notes.append(f"{len(shown):,} of {total:,} are shown; --limit {total} shows all.")
    return List(
        {
            "kind": options.kind, "asOf": iso(inbox.as_of), "clock": clock,
            "filters": _filters(options, window, clients),
            "total": total, "columns": names, "rows": shown,
        },
        notes,
    )  # fmt: skip


def _filters(options: ListOptions, window: Window, clients: Sequence[str]) -> list[str]:
    """What was asked for, a sentence a filter."""
    said = [
        f"Only {name} {', '.join(given)}."
        for name, given in (
            ("clients", clients),
            ("channels", options.channels),
            ("campaigns", options.campaigns),
        )
        if given
    ]
    if window.start or window.end:
        since = instant(iso(window.start)) if window.start else "the first"
        until = instant(iso(window.end)) if window.end else "the last"
        said.append(f"Inbounds from {since} to {until}.")
    if options.weekend:
        said.append("Only waits over a weekend.")
    if options.over_ms is not None:
        said.append(f"Only longer than {duration(options.over_ms)}.")
    return said


def _rows(
    warehouse: Warehouse, options: ListOptions, params: dict[str, object]
) -> tuple[int, list[Row]]:
    """How many candidates there are, and the rows of those that are shown."""
    kind = KINDS[options.kind]
    for relation in _OF_JOBS if kind.is_of_jobs else ():
        warehouse.create(relation, "lists", params)
    candidates = f"{options.kind}_candidate"
    # Of waits the next steps read the inbox itself: of most they need two columns.
    (warehouse.create_view if kind.is_of_waits else warehouse.create)(candidates, "lists", params)
    warehouse.execute(f"create view candidate as from {candidates}")
    warehouse.create_view("measured_candidate", "lists", params)
    for relation in _OF_ROWS:
        warehouse.create(relation, "lists", params)
    [(total,)] = warehouse.execute("select count(*) from measured_candidate")
    frame = warehouse.select("list_row", "lists", params)
    instants = pl.selectors.datetime().dt.to_string(INSTANT_FORMAT)
    rows = frame.with_columns(instants).rename({"sinceAt": "waitingSince"}).to_dicts()
    return total, rows


def _columns(kind: str, *, has_hours: bool) -> list[str]:
    return [
        *("messageId", "leadId", "clientId", "channel", "emailCampaignId", "campaignName"),
        *("waitingSince", "waitMs"),
        *(["businessWaitMs"] if has_hours else []),
        *("lastMessageBy", "lastMessageAt", "draftWaiting"),
        *KINDS[kind].columns,
    ]


_TITLES = {
    "endedBy": "Answered by", "firstOutboundBy": "First sent by", "jobId": "Job",
    "outcome": "Outcome", "schedule": "Schedule", "runAt": "Due",
}  # fmt: skip


def list_grid(found: List) -> Grid:
    """The list worded for people, ids in full."""
    kind = KINDS[found.document["kind"]]
    rows = found.document["rows"]
    has_hours = "businessWaitMs" in found.columns
    headings = [
        Heading("Lead", number=False),
        Heading("Since", number=False),
        Heading(kind.wait),
        *([Heading("Business")] if has_hours else []),
        Heading("Channel", number=False),
        Heading("Client", number=False),
        Heading("Last by", number=False),
        Heading("Draft", number=False),
        Heading("Campaign", number=False),
        Heading("Message", number=False),
        *(Heading(_TITLES[name], number=False) for name in kind.columns),
        *([Heading("Link", number=False)] if "link" in found.columns else []),
    ]
    return Grid(
        f"{kind.title}: {count(found.document['total'])}",
        headings,
        [_worded(row, kind.columns, has_hours=has_hours) for row in rows],
    )


def _worded(row: Row, names: Sequence[str], *, has_hours: bool) -> list[str]:
    return [
        row["leadId"] or NOTHING,
        instant(row["waitingSince"]),
        duration(row["waitMs"]),
        *([duration(row["businessWaitMs"])] if has_hours else []),
        row["channel"] or NOTHING,
        row["clientId"] or NOTHING,
        row["lastMessageBy"] or NOTHING,
        "waits" if row["draftWaiting"] else NOTHING,
        row["campaignName"] or row["emailCampaignId"] or NOTHING,
        row["messageId"],
        *(_of_kind(name, row[name]) for name in names),
        *([row["link"]] if "link" in row else []),
    ]


def _of_kind(name: str, value: str | None) -> str:
    """What a kind adds, in the words of reports."""
    if value is None:
        return NOTHING
    if name == "runAt":
        return instant(value)
    return WORDS[name][1].get(value, value) if name in WORDS else value


def list_header(found: List) -> list[str]:
    """What the list is about, a sentence a line."""
    document = found.document
    as_of = f"As of {instant(document['asOf'])}. Clock: {document['clock']}"
    return [as_of, *document["filters"]]


def csv_text(found: List, *, safe: bool = False) -> str:
    """The rows as CSV. `safe`: no text is a formula to a spreadsheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, found.columns, lineterminator="\n")
    writer.writeheader()
    for row in found.document["rows"]:
        writer.writerow({name: harmless(v) for name, v in row.items()} if safe else row)
    return text.getvalue()


def write_workbook(found: List, path: Path, lock_timeout: str = LOCK_TIMEOUT) -> None:
    """Write the rows as a workbook, whole or not at all."""
    document = found.document
    with replacing([path], (), lock_timeout) as [temporary], workbook(temporary, "Leads") as book:
        book.about(list_header(found))
        typed = ("waitingSince", "lastMessageAt", "runAt")
        book.sheet(document["kind"], found.columns, document["rows"], typed)
