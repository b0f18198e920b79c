"""What the user should know of effects beside their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.reports.unknown import unknown
from timingctl.schemas import LEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.effects.options import EffectsOptions
    from timingctl.effects.sources import Taken
    from timingctl.reports.window import Window


def notes_of(taken: Taken, options: EffectsOptions, window: Window, *, is_told: bool) -> list[str]:
    """Sentences on what is missing. `is_told`: what came of the leads is known."""
    return [*_notes(taken, options, window, is_told)]


def _notes(
    taken: Taken,
    options: EffectsOptions,
    window: Window,
    is_told: bool,
) -> Iterator[str]:
    if not is_told and {"delay", "bookings"} & {*options.sections}:
        yield (
            f"No booking outcomes: the exports had no {LEAD.name} with appointmentBookedAt; build "
            "of ones that have it, or look at replies: --outcome replied."
        )
    if why := window.why_empty(taken.inbox.as_of):
        yield f"No inbounds match: {why}."
    for name, column, relation, given in (
        ("client", "clientId", "known_lead", taken.params["clients"]),
        ("channel", "channel", "known_channel", taken.params["channels"]),
    ):
        asked = given if isinstance(given, list) else []
        yield from unknown(taken.warehouse, relation, [(name, column, asked)])
