"""What the user should know of effects beside their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.documents import iso
from timingctl.schemas import LEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.effects.options import EffectsOptions
    from timingctl.effects.sources import Taken
    from timingctl.reports.window import Window

#: How many clients or channels are named to a user who asked for an unknown one.
_SHOWN = 5


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
    if window.start and window.end and window.start >= window.end:
        yield (
            f"No inbounds match: --from ({iso(window.start)}) is not before --to "
            f"({iso(window.end)})."
        )
    for name, given, column, relation in (
        ("client", taken.params["clients"], "clientId", "known_lead"),
        ("channel", taken.params["channels"], "channel", "known_channel"),
    ):
        rows = taken.warehouse.execute(
            f"select distinct {column} from {relation} where {column} is not null order by {column}"
        )
        known = [str(one) for (one,) in rows]
        asked = given if isinstance(given, list) else []
        strange = [one for one in asked if one not in known]
        if strange:
            shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
            yield f"Unknown {name} {', '.join(strange)}; there are {shown or 'none'}."
