"""One lead's latest anchors, with what answered them, and what it still waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import get_annotations
from typing import TYPE_CHECKING, TypedDict, cast

from timingctl.documents import iso
from timingctl.errors import InputError
from timingctl.events import existing, inbox_of
from timingctl.exports.export import each_file, unchanged
from timingctl.grid import NOTHING, Grid, Heading, count, duration, instant
from timingctl.reports.given import rows_of
from timingctl.reports.implausible import IMPLAUSIBLE, counted_apart, told
from timingctl.reports.inbox_tables import take_derived, take_listed
from timingctl.reports.prefixes import EVENTS, resolved
from timingctl.reports.relation import Relation
from timingctl.reports.sources import Sources, load_events, load_names
from timingctl.warehouse import Resources, open_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.warehouse import Warehouse


class Anchor(TypedDict):
    """An anchor and what answered it; null where nothing did, or nothing is known."""

    channel: str
    inboundMessageId: str
    inboundSentAt: str
    setterUserId: str | None
    setter: str | None
    setterResponseSentAt: str | None
    setterResponseMs: int | None
    aiResponseSentAt: str | None
    aiResponseMs: int | None
    aiChosenDelaySeconds: int | None
    aiActualDelaySeconds: int | None
    driftMs: int | None


class OpenWait(TypedDict):
    """A wait of a channel that nobody has answered: its first inbound, and how long until asOf."""

    channel: str
    messageId: str
    waitingSince: str
    waitMs: int
    inbounds: int


class LeadDocument(TypedDict):
    """The JSON document of a lead: its anchors, latest first in each channel, and its open waits.

    The longest wait is first; null where there is no inbox to tell of waits.
    """

    leadId: str
    asOf: str | None
    anchors: list[Anchor]
    openWaits: list[OpenWait] | None


class _LeadAnchor(Anchor):
    """An anchor of a lead that has so many channels; whether no clock gives its drift."""

    channels: int
    isImplausible: bool


ANCHOR = Relation("lead_anchor", _LeadAnchor)
WAIT = Relation("lead_wait", OpenWait)
#: The relation of the leads that an inbox knows.
KNOWN = "lead_id"
#: Channels that are shown at most: those with the latest anchors.
MOST_CHANNELS = 20


@dataclass(frozen=True)
class Lead:
    """A lead's anchors and open waits as a document, notes for the user, and the odd anchors.

    No clock gives the drifts of those: they are null in the document.
    """

    document: LeadDocument = field(repr=False)
    notes: list[str]
    implausible: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LeadOptions:
    """Which lead is asked for, the latest how many anchors of a channel, and of which files."""

    events: Path
    lead: str
    limit: int
    names: Path | None = None
    allow_rejects: bool = False
    resources: Resources | None = None
    named: str = ""


def lead_anchors(options: LeadOptions) -> Lead:
    """The latest anchors of a lead in each of its MOST_CHANNELS latest channels; its open waits.

    The beginning of the id is enough where no other starts so. Raises InputError for files that
    cannot be used, or lose too much of their rows, and for a lead that has neither.
    """
    sources = Sources()
    given = [existing(path) for path in (options.events, options.names) if path]
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged(given):
        warehouse.only_these_files([export.path for export in each_file(given)])
        load_events(warehouse, given[0], sources)
        load_names(warehouse, given[1] if options.names else None, sources)
        sources.check_losses(allowed=options.allow_rejects)
        has_waits = inbox_of(warehouse, given[0]) is not None
        if has_waits:
            take_derived(warehouse, given[0])
            take_listed(warehouse, given[0])
            warehouse.create_view(KNOWN, "reports", {})
        place = options.named or given[0].label
        lead = _lead_of(warehouse, options.lead, place, has_waits=has_waits)
        if lead != options.lead:
            sources.notes.append(
                f"{options.lead} is the beginning of {lead}, and of no other lead."
            )
        params = {"lead": lead, "limit": options.limit, "most_channels": MOST_CHANNELS}
        rows = rows_of(warehouse, ANCHOR, params)
        waits = rows_of(warehouse, WAIT, params) if has_waits else None
        if not rows and not waits:
            raise InputError(_silent(warehouse, lead, place))
    columns = get_annotations(Anchor)
    anchors = [
        cast("Anchor", {name: value for name, value in row.items() if name in columns})
        for row in rows
    ]
    channels = rows[0]["channels"] if rows else 0
    if channels > MOST_CHANNELS:
        sources.notes.append(
            f"The lead has {channels:,} channels; the {MOST_CHANNELS} with the latest anchors are "
            "shown."
        )
    odd = frozenset(row["inboundMessageId"] for row in rows if row["isImplausible"])
    sources.notes += told(counted_apart("lead", len(odd), "drifts"))
    return Lead(
        {"leadId": lead, "asOf": iso(sources.as_of), "anchors": anchors, "openWaits": waits},
        sources.notes,
        odd,
    )


def _lead_of(warehouse: Warehouse, lead: str, place: str, *, has_waits: bool) -> str:
    """The lead's id, of which the beginning was given."""
    found = resolved(warehouse, "leadId", "lead", lead, KNOWN if has_waits else EVENTS)
    if found is None and has_waits:
        raise InputError(f"No lead in {place} has the id {lead}, or one that starts so.")
    if found is None:
        raise InputError(
            f"There is no event of the lead {lead} in {place}. Events do not tell of leads whom "
            "nobody has answered: ask an inbox, or exports."
        )
    return found


def _silent(warehouse: Warehouse, lead: str, place: str) -> str:
    """What is said of a lead that an inbox knows, and that has nothing to be shown."""
    [(inbounds, others)] = warehouse.execute(
        "select count(*) filter (where direction = 'inbound'), count(*) filter (where "
        "direction <> 'inbound') from inbox_message where leadId = $lead",
        {"lead": lead},
    )
    why = " Its events are outside --since and --until of the build." if inbounds else ""
    return (
        f"The lead {lead} has no event and no open wait in {place}. Usable messages from the lead: "
        f"{inbounds:,}; to the lead: {others:,}.{why}"
    )


def lead_grids(lead: Lead) -> list[Grid]:
    """A grid a channel, and one of the open waits."""
    anchors, odd = lead.document["anchors"], lead.implausible
    headings = [
        Heading("Inbound", number=False),
        Heading("Setter", number=False, wide=True),
        Heading("After"),
        Heading("AI after", short="AI"),
        Heading("Chosen"),
        Heading("Actual"),
        Heading("Drift"),
    ]
    answered = [
        Grid(channel, headings, [_row(row, odd) for row in anchors if row["channel"] == channel])
        for channel in dict.fromkeys(row["channel"] for row in anchors)
    ]
    return answered + _wait_grids(lead.document)


def _wait_grids(document: LeadDocument) -> list[Grid]:
    """The open waits, a row a channel; none where there are none."""
    headings = [
        Heading("Channel", number=False),
        Heading("Since", number=False),
        Heading("Wait"),
        Heading("Inbounds"),
        Heading("Message", number=False),
    ]
    rows = [
        [
            wait["channel"],
            instant(wait["waitingSince"]),
            duration(wait["waitMs"]),
            count(wait["inbounds"]),
            wait["messageId"],
        ]
        for wait in document["openWaits"] or []
    ]
    title = f"Waits for an answer, as of {instant(document['asOf'])}"
    return [Grid(title, headings, rows)] if rows else []


def _row(anchor: Anchor, odd: frozenset[str]) -> list[str]:
    answered = anchor["setterResponseSentAt"] is not None
    return [
        instant(anchor["inboundSentAt"]),
        (anchor["setter"] or "") if answered else "no setter response",
        duration(anchor["setterResponseMs"]),
        duration(anchor["aiResponseMs"]),
        _seconds(anchor["aiChosenDelaySeconds"]),
        _seconds(anchor["aiActualDelaySeconds"]),
        IMPLAUSIBLE if anchor["inboundMessageId"] in odd else drift(anchor["driftMs"]),
    ]


def _seconds(value: int | None) -> str:
    return NOTHING if value is None else f"{value}s"


def drift(ms: int | None) -> str:
    """A drift with its sign: +12.0s is late, −3.0s early."""
    if ms is None:
        return NOTHING
    return ("−" if ms < 0 else "+") + duration(abs(ms))
