"""The figures of effects: what an inbox holds, read once a section, into one document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from timingctl.documents import iso
from timingctl.effects.bookings import booked_after
from timingctl.effects.delay import delay_effect
from timingctl.effects.document import printed
from timingctl.effects.notes import notes_of
from timingctl.effects.options import NAMES
from timingctl.effects.sources import booking_inputs, delay_inputs, take, wait_inputs
from timingctl.effects.waits import curve_of, wait_groups
from timingctl.events import existing
from timingctl.exports.export import unchanged
from timingctl.progress import Progress, Silence
from timingctl.reports.sources import check_page
from timingctl.warehouse import Resources, open_warehouse

if TYPE_CHECKING:
    from timingctl.effects.document import Document, Filters
    from timingctl.effects.options import EffectsOptions
    from timingctl.effects.waits import Curve


@dataclass(frozen=True)
class Effects:
    """What effects say. `document` is the contract of ``--format json``; `notes` are sentences.

    `curve` is what the page draws of waits, when one is asked for.
    """

    document: Document = field(repr=False)
    notes: list[str] = field(default_factory=list)
    curve: Curve | None = field(default=None, repr=False)


def effects(options: EffectsOptions, progress: Progress | None = None) -> Effects:
    """Compute the effects of an inbox.

    Raises InputError for what is no inbox and SettingsError for an unknown time zone or resources
    that cannot be had.
    """
    progress = progress or Silence()
    options = replace(options, sections=[n for n in NAMES if n in (options.sections or NAMES)])
    check_page(options, [options.inbox])
    export = existing(options.inbox)
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged([export]):
        taken = take(warehouse, options, export)
        window = taken.window
        only = cast("list[str] | None", taken.params["clients"])
        filters: Filters = {
            "clients": only or [],
            "channels": list(options.channels),
            "from": iso(window.start),
            "to": iso(window.end),
            "timeZone": options.zone,
            "outcome": options.outcome,
            "replyDays": options.reply_days if options.outcome == "replied" else None,
        }
        document: Document = {
            "asOf": iso(taken.inbox.as_of),
            "attributionDays": options.attribution_days,
            "filters": filters,
        }
        curve = None
        is_told = taken.has_bookings or options.outcome == "replied"
        if "delay" in options.sections:
            progress.step("Following the delays")
            document["delay"] = delay_effect(*delay_inputs(taken)) if is_told else None
        if "waits" in options.sections:
            progress.step("Following the waits")
            taken.leave()
            waits, channels, clients = wait_inputs(taken)
            document["waits"] = wait_groups(waits, channels, clients)
            curve = curve_of(waits) if options.html else None
        if "bookings" in options.sections:
            progress.step("Following the bookings")
            taken.leave()
            document["bookings"] = (
                booked_after(booking_inputs(taken), options.follow_days) if is_told else None
            )
        notes = notes_of(taken, options, window, is_told=is_told)
    return Effects(printed(document), notes, curve)
