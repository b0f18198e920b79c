"""One lead's latest anchors, with what answered them."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import get_annotations
from typing import TYPE_CHECKING, TypedDict, cast

from timingctl.errors import InputError
from timingctl.events import existing
from timingctl.exports.export import each_file, unchanged
from timingctl.grid import NOTHING, Grid, Heading, duration, instant
from timingctl.reports.given import rows_of
from timingctl.reports.implausible import IMPLAUSIBLE, counted_apart, told
from timingctl.reports.prefixes import resolved
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


class LeadDocument(TypedDict):
    """The JSON document of a lead: its anchors, latest first in each channel."""

    leadId: str
    anchors: list[Anchor]


class _LeadAnchor(Anchor):
    """An anchor of a lead that has so many channels; whether no clock gives its drift."""

    channels: int
    isImplausible: bool


ANCHOR = Relation("lead_anchor", _LeadAnchor)
#: Channels that are shown at most: those with the latest anchors.
MOST_CHANNELS = 20


@dataclass(frozen=True)
class Lead:
    """A lead's anchors as a document, notes for the user, and the anchors with an odd drift.

    No clock gives those: they are null in the document.
    """

    document: LeadDocument
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


def lead_anchors(options: LeadOptions) -> Lead:
    """The latest anchors of a lead in each of its MOST_CHANNELS latest channels.

    The beginning of the id is enough where no other starts so. Raises InputError for files that
    cannot be used, or lose too much of their rows, and for a lead that has no event.
    """
    sources = Sources()
    given = [existing(path) for path in (options.events, options.names) if path]
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged(given):
        warehouse.only_these_files([export.path for export in each_file(given)])
        load_events(warehouse, given[0], sources)
        load_names(warehouse, given[1] if options.names else None, sources)
        sources.check_losses(allowed=options.allow_rejects)
        lead = _lead_of(warehouse, options.lead)
        if lead != options.lead:
            sources.notes.append(
                f"{options.lead} is the beginning of {lead}, and of no other lead."
            )
        params = {"lead": lead, "limit": options.limit, "most_channels": MOST_CHANNELS}
        rows = rows_of(warehouse, ANCHOR, params)
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
    return Lead({"leadId": lead, "anchors": anchors}, sources.notes, odd)


def _lead_of(warehouse: Warehouse, lead: str) -> str:
    """The lead's id, of which the beginning was given."""
    found = resolved(warehouse, "leadId", "lead", lead)
    if found is None:
        raise InputError(f"There is no event of the lead {lead}.")
    return found


def lead_grids(lead: Lead) -> list[Grid]:
    """A grid a channel."""
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
    return [
        Grid(channel, headings, [_row(row, odd) for row in anchors if row["channel"] == channel])
        for channel in dict.fromkeys(row["channel"] for row in anchors)
    ]


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
