"""How many inbounds came in business hours, and how many outside: what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from timingctl.reports.relation import Relation

if TYPE_CHECKING:
    from timingctl.reports.options import ReportOptions


class Came(TypedDict):
    """The inbounds of the events that pass the other filters, and those outside the hours."""

    inbounds: int
    outside: int


HOURS = Relation("hours_count", Came)


def outside(came: Came) -> str:
    """A sentence on the inbounds that came outside the business hours."""
    return (
        f"{came['outside']:,} of {came['inbounds']:,} inbounds came outside the business hours; "
        "their clocks start at the next opening."
    )


def hours_remarks(options: ReportOptions, came: Came) -> list[str]:
    """How many inbounds came outside the hours, and how many a filter by them leaves out."""
    if not options.only:
        return [outside(came)]
    inside = came["inbounds"] - came["outside"]
    left_out = came["outside"] if options.only == "in-hours" else inside
    return [f"--only {options.only} leaves out {left_out:,} of {came['inbounds']:,} inbounds."]
