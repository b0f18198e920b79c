"""What a report says beside its figures: why there are none, and what they leave out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from timingctl.documents import iso
from timingctl.grid import counted
from timingctl.reports.implausible import told
from timingctl.reports.sections import SECTIONS
from timingctl.reports.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.given import Given
    from timingctl.reports.options import ReportOptions
    from timingctl.reports.sources import Sources
    from timingctl.reports.window import Window
    from timingctl.warehouse import Warehouse


def remarks(
    given: Given, sources: Sources, window: Window, events: int, named: Sequence[str]
) -> list[str]:
    """What the user should know of the figures, with what their sections said.

    `named` are the sections that were asked for by name.
    """
    sentences = _unknown(given, sources)
    if events == 0:
        sentences = [" ".join([_emptiness(given.warehouse, given.options, window), *sentences])]
    window_end = window.end
    if window_end and sources.as_of and window_end > sources.as_of:
        sentences.append(
            f"The window ends after the events do ({iso(sources.as_of)}): leads that booked since "
            "may stand as notBooked."
        )
    sentences += given.notes + told(given.implausible)
    sentences += _of_inboxes(given, named) + _needless(given.options)
    if sources.has_bookings:
        [(unknown,)] = given.warehouse.execute(
            "select count(*) from lead_outcome where not isKnown"
        )
        if unknown:
            sentences.append(
                f"No booking outcome for {counted(unknown, 'lead')} with a response: not in the "
                "lead data."
            )
    return sentences


def _of_inboxes(given: Given, named: Sequence[str]) -> list[str]:
    """Why sections that need an inbox are not there, or what --responder does not apply to."""
    asked = given.options.sections if given.has_inbox else named
    names = [s.name for s in SECTIONS if s.needs_inbox and s.name in asked]
    if names and not given.has_inbox:
        return [
            f"No {_listed(names)}: that needs an inbox. Make one by `timingctl build EXPORTS -o "
            "inbox.duckdb`, and report on it."
        ]
    if not (given.has_inbox and given.options.responders):
        return []
    if "summary" in asked:
        names.append("the summary's waits and jobs")
    if given.options.by:
        names.append("what is open")
    return [f"--responder does not apply to {_listed(names)}."] if names else []


def silence(names: Sequence[str]) -> list[str]:
    """That sections which were asked for by name have nothing to show."""
    word = "section" if len(names) == 1 else "sections"
    return [f"There is nothing in the {word} {_listed(names)}."] if names else []


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _needless(options: ReportOptions) -> list[str]:
    """Options of breakdowns that do nothing, because there is none."""
    given = {
        "--sort": options.sort, "--ascending": options.ascending, "--min-n": options.min_n,
        "--responses all": options.responses == "all" and not options.versus,
    }  # fmt: skip
    names = [name for name, value in given.items() if value and not options.by]
    return [f"{', '.join(names)}: of breakdowns alone; give --by."] if names else []


def _emptiness(warehouse: Warehouse, options: ReportOptions, window: Window) -> str:
    """A kind sentence on why there is nothing to report."""
    [(total, first, last)] = warehouse.execute(
        "select count(*), min(inboundSentAt), max(inboundSentAt) from import_event "
        "where problem is null"
    )
    if total == 0:
        return f"{options.named or options.events} holds no events."
    if why := window.why_empty(None):
        return f"No events match: the window is empty, because {why}."
    return (
        f"No events match; {options.named or options.events} holds {total:,}, "
        f"from {_instant(first)} to {_instant(last)}."
    )


def _unknown(given: Given, sources: Sources) -> list[str]:
    """A sentence on each filter that names what neither events nor an inbox's waits have."""
    clients, channels, responders = (
        cast("list[str] | None", given.params[name]) or []
        for name in ("clients", "channels", "responders")
    )
    events = "from import_event where problem is null"
    place = f"(select clientId, channel {events})"
    if sources.has_inbox:
        place = f"(select clientId, channel {events} union all select clientId, channel from wait)"
    filters = (("client", "clientId", clients), ("channel", "channel", channels))
    setters = ("responder", "setterSentByUserId", _users(responders))
    found = unknown(given.warehouse, place, filters)
    return found + unknown(given.warehouse, f"({events})", [setters])


def _users(responders: Sequence[str]) -> list[str]:
    """The ids of the setters that are asked for."""
    return [one.removeprefix("user:") for one in responders if one.startswith("user:")]


def _instant(naive: datetime | None) -> str | None:
    """A naive UTC time of the warehouse as ISO 8601, null where it is null."""
    return iso(naive.replace(tzinfo=UTC)) if naive else None
