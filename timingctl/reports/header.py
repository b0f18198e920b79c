"""The header of a report, in every format that has words: window, filters and clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.clocks.hours import clock_words
from timingctl.grid import counted, instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.reports.figures import Report
    from timingctl.reports.head import Filters

#: What compares instants with a plan, and so is on no business's clock.
_OF_THE_MACHINE = "Chosen and actual delays, drift, the delay check and sending jobs: elapsed time."


def header(report: Report) -> Iterator[str]:
    """A sentence a line: what the figures are about."""
    document = report.document
    window, filters = document["window"], document["filters"]
    since = instant(window["from"]) if window["from"] else "the first"
    until = instant(window["to"]) if window["to"] else "the last"
    yield f"Inbounds from {since} to {until}, as of {instant(document['asOf'])}."
    for name, given in (
        ("clients", filters["clients"]),
        ("channels", filters["channels"]),
        ("first responders", filters["responders"]),
    ):
        if given:
            yield f"Only {name} {', '.join(given)}."
    if filters["bookings"] == "any":
        yield "Bookings: cancelled ones count."
    hours, zone = filters["businessHours"], filters["timeZone"]
    yield f"Clock: {clock_words(hours, zone, len(filters['holidays']))}"
    if hours:
        yield _OF_THE_MACHINE
        if filters["inHours"] or filters["afterHours"]:
            yield _came(filters)


def _came(filters: Filters) -> str:
    """How many inbounds came outside the business hours, or are left out for that."""
    inside, outside = filters["inHours"] or 0, filters["afterHours"] or 0
    of = counted(inside + outside, "inbound")
    match filters["only"]:
        case "in-hours":
            return f"Only what came in business hours: of {of} {outside:,} are left out."
        case "after-hours":
            return f"Only what came outside business hours: of {of} {inside:,} are left out."
        case _:
            return (
                f"Of {of} {outside:,} came outside business hours: their clocks start at the next "
                "opening."
            )
