"""The figures of a report: relations of sql/reports made in order, and read into one document."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from timingctl.clocks.business_time import BusinessTime, make_clocks
from timingctl.clocks.holidays import read_holidays
from timingctl.clocks.said_times import PERIODS, SaidTime, before
from timingctl.documents import iso
from timingctl.errors import SettingsError
from timingctl.events import existing
from timingctl.exports.export import unchanged
from timingctl.relations import in_order
from timingctl.reports.by import By
from timingctl.reports.dimensions import DIMENSIONS
from timingctl.reports.given import Given, rows_of
from timingctl.reports.head import HOURS, Came, Filters, Head
from timingctl.reports.inbox_tables import MESSAGE_VIEW
from timingctl.reports.options import ONLY
from timingctl.reports.picks import Picks, picks
from timingctl.reports.remarks import remarks, silence
from timingctl.reports.section import About
from timingctl.reports.sections import SECTIONS, USUAL
from timingctl.reports.sources import ROW_RELATION, Sources, check_page, load_sources
from timingctl.reports.versus import Versus, side_of
from timingctl.reports.window import check_zone, window_of
from timingctl.warehouse import Resources, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import polars as pl

    from timingctl.reports.charts import Sketch
    from timingctl.reports.head import Bounds
    from timingctl.reports.options import ReportOptions
    from timingctl.reports.section import Section
    from timingctl.reports.sections import Document
    from timingctl.reports.versus import Other, Side
    from timingctl.reports.window import Window

#: What every section reads one of. Views: wide rows cost more to keep than to make again.
VIEWS = ("timed_event", "reported_event", "outcome_event", "local_event", "response")
#: The relations that every report makes of the rows read, in order: those views, and their inputs.
RELATIONS = in_order("reports", *VIEWS, there=[ROW_RELATION])


@dataclass(frozen=True)
class Report:
    """What a report says.

    `document` is the contract of ``--format json``. `events` and `first_responses` count what
    the filters let pass; `notes` are sentences for the user; `sketches` are the page's charts and
    `picks` the figures of its pickers, when a page is asked for.
    """

    document: Document = field(repr=False)
    events: int
    first_responses: int
    has_bookings: bool
    notes: list[str] = field(default_factory=list)
    sections: Sequence[Section[Any]] = field(default=SECTIONS, repr=False)
    sketches: list[Sketch] = field(default_factory=list, repr=False)
    picks: Picks | None = field(default=None, repr=False)

    @property
    def about(self) -> About:
        """What the words of its sections need beside their figures."""
        zone = self.document["filters"]["timeZone"]
        return About(self.has_bookings, self.first_responses, zone)

    def made(self) -> Iterator[tuple[Section[Any], Any]]:
        """The sections that were asked for, in the report's order, each with its figures."""
        for section in self.sections:
            figures = self.document.get(section.key)
            if figures is not None:
                yield section, figures

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """A frame a section, by the section's name; its columns are those of the CSV.

        That of the overview has one row, and a column a figure.
        """
        return {
            section.name: section.frame(figures, self.about) for section, figures in self.made()
        }


def report(options: ReportOptions) -> Report:
    """Compute the report of a file of events.

    Raises InputError for files that cannot be used and SettingsError for an unknown time zone or
    resources that cannot be had.
    """
    named = options.sections
    options = replace(options, sections=named or (() if options.by or options.versus else USUAL))
    other = _other_side(options) if options.versus else None
    with opened(options) as (given, sources, window, business_time):
        asked_for = [section for section in SECTIONS if section.name in options.sections]
        asked_for += map(By, options.by)
        if other:
            asked_for.append(Versus(other))
        made = [
            (section, _figures(section, given))
            for section in asked_for
            if sources.has_inbox or not section.needs_inbox
        ]
        warehouse = given.warehouse
        came = rows_of(warehouse, HOURS, given.params)[0] if business_time else None
        [(events, first_responses)] = warehouse.execute(
            "select count(*), count(firstBy) from reported_event"
        )
        filters = _filters(options, given.params, business_time, came)
        head = _head(options, sources, window, filters)
        sections = {section.key: figures for section, figures in made}
        about = About(sources.has_bookings, first_responses, options.zone)
        silent = [s.name for s, figures in made if s.name in named and not s.grids(figures, about)]
        return Report(
            document=cast("Document", {**head, **sections}),
            events=events,
            first_responses=first_responses,
            has_bookings=sources.has_bookings,
            notes=[
                *sources.notes,
                *_only_there(other, sources),
                *remarks(given, sources, window, events, named),
                *(silence(silent) if events else []),
            ],
            sections=asked_for,
            sketches=_sketches(made, given) if options.html else [],
            picks=_picks(sections, given) if options.html else None,
        )


@contextmanager
def opened(
    options: ReportOptions,
) -> Iterator[tuple[Given, Sources, Window, BusinessTime | None]]:
    """What sections are given, with the relations that all of them read."""
    given_files = filter(
        None,
        [options.events, options.leads, options.names, options.exports, options.holidays],
    )
    check_page(options, given_files)
    business_time = _business_time(options)
    events_file = existing(options.events)
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged([events_file]):
        check_zone(warehouse, options.zone)
        asked = _asked(options)
        sources = load_sources(warehouse, options, events_file, asked)
        _check_dimensions(options, sources)
        window = sources.window
        params = asked | _params(options, sources, window)
        instants = _instants(options, sources, business_time)
        make_clocks(warehouse, options.zone, business_time, instants, sources.as_of)
        for folder, relation in RELATIONS:
            if relation in VIEWS:
                warehouse.create_view(relation, folder, params)
            else:
                warehouse.create(relation, folder, params)
        told = (sources.has_bookings, sources.has_exports, sources.has_inbox)
        yield Given(warehouse, options, params, *told), sources, window, business_time


def _other_side(options: ReportOptions) -> Side:
    """What the report is compared with. Raises SettingsError where there is no time before it.

    What came before has had longer to be answered: a response counts there if it came as long
    before the as-of as the windows are apart. So both sides have been followed alike.
    """
    versus = options.versus
    if versus is None:
        raise ValueError("nothing to compare with")
    there = replace(options, sections=(), html=None, output=None)
    if versus.events:
        there = replace(there, events=versus.events)
    else:
        if versus.is_previous and options.window_from is None:
            raise SettingsError("--versus previous needs --from: the time before starts with it.")
        with opened(there) as (given, sources, here, _):
            as_of, ends = sources.as_of, (versus.window_from, versus.window_to)
            since, until = _before(options, here, as_of) if versus.is_previous else ends
            there = replace(there, window_from=since, window_to=until)
            start = window_of(given.warehouse, there, as_of).start
        apart = here.start and start and here.start - start
        if apart and as_of and apart > timedelta(0):
            there = replace(there, answered_until=as_of - apart)
    with opened(there) as (given, sources, window, _):
        bounds: Bounds = {"from": iso(window.start), "to": iso(window.end or sources.as_of)}
        about: Other = {"name": versus.name, "window": bounds, "asOf": iso(sources.as_of)}
        why = None if versus.events else window.why_empty(sources.as_of, ("its start", "its end"))
        told = [f"{why}."] if why else []
        return side_of(given, about, [*versus.notes, *sources.notes, *told])


def _only_there(other: Side | None, sources: Sources) -> list[str]:
    """What is odd about the sources of the other side, and not about these."""
    notes = other.notes if other else ()
    return [f"versus: {note}" for note in notes if note not in sources.notes]


def _before(
    options: ReportOptions, here: Window, as_of: datetime | None
) -> tuple[datetime, datetime]:
    """The time before a window: as long, or of a period that is said in words the one before."""
    start, end, said = here.start, here.end or as_of, options.window_from
    if start is None or end is None or end <= start:
        raise SettingsError("--versus previous needs a time: --from is not before its end.")
    try:
        if not isinstance(said, SaidTime) or said.text not in PERIODS or options.window_to:
            return start - (end - start), start
        zone = ZoneInfo(options.zone)
        clock = (moment.astimezone(zone).replace(tzinfo=None) for moment in (start, end))
        since, until = (before(said.text, moment) for moment in clock)
    except OverflowError:
        raise SettingsError("--versus previous: there is no time before the year 1.") from None
    return since, until


def _check_dimensions(options: ReportOptions, sources: Sources) -> None:
    lacking = [name for by in options.by for name in by if DIMENSIONS[name].needs_inbox]
    if lacking and not sources.has_inbox:
        raise SettingsError(
            f"--by {lacking[0]} needs an inbox: make one by `timingctl build EXPORTS -o "
            "inbox.duckdb`, and report on it."
        )


def _figures(section: Section[Any], given: Given) -> Any:
    for relation in section.tables if given.has_inbox else ():
        given.make(relation)
    return section.figures(given)


def _sketches(made: Sequence[tuple[Section[Any], Any]], given: Given) -> list[Sketch]:
    return [
        sketch
        for section, figures in sorted(made, key=lambda pair: pair[0].draws_last)
        for sketch in section.sketches(figures, given)
    ]


def _picks(sections: Mapping[str, Any], given: Given) -> Picks | None:
    """What the page's pickers offer; nothing without the figures that they change."""
    if not {"overview", "trend"} <= set(sections):
        return None
    return picks(given, sections["trend"])


def _business_time(options: ReportOptions) -> BusinessTime | None:
    """The hours and holidays that are asked for; raises SettingsError for what needs hours."""
    if options.hours is not None:
        days = read_holidays(options.holidays) if options.holidays else ()
        return BusinessTime(options.hours, options.zone, days)
    for name, given in (("--holidays", options.holidays), ("--only", options.only)):
        if given is not None:
            raise SettingsError(
                f'{name} needs --business-hours, such as --business-hours "Mon-Fri 09:00-17:00".'
            )
    return None


def _asked(options: ReportOptions) -> dict[str, object]:
    """The params that tell which events are asked for, but for the window."""
    return {
        "clients": list(options.clients) or None,
        "channels": list(options.channels) or None,
        "responders": list(options.responders) or None,
        "business_time": options.hours is not None,
        "answered_until": _naive(options.answered_until),
        "in_hours": None if options.only is None else options.only == ONLY[0],
    }


def _params(options: ReportOptions, sources: Sources, window: Window) -> dict[str, object]:
    """The other params of sql/reports."""
    named = [section for section in SECTIONS if section.name in options.sections]
    return {
        "outcome_end": _naive(window.end or sources.as_of),
        "as_of": _naive(sources.as_of),
        "zone": options.zone,
        "attribution_days": options.attribution_days,
        "maturity_days": options.matures_after_days,
        "canceled_count": options.bookings == "any",
        "outcomes_given": sources.has_bookings,
        "context_wanted": bool(options.by or options.versus)
        or any(section.reads_context for section in named),
        "jobs_placed": bool(window.start or window.end or options.channels or options.only)
        or any(section.places_jobs for section in named),
        "period": options.period,
    }


def _naive(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=None) if instant else None


def _instants(
    options: ReportOptions, sources: Sources, business_time: BusinessTime | None
) -> dict[str, list[str]]:
    """Where the instants stand that clocks are asked for."""
    responses = ["setterResponseSentAt", "aiResponseSentAt"]
    found = {f"{ROW_RELATION} where isUsable": ["inboundSentAt", *responses, "createdAt"]}
    if business_time and sources.has_inbox:
        found[MESSAGE_VIEW] = ["sentAt"]
    if business_time and options.exports:
        found["open_inbound"] = ["sentAt"]
    return found


def _head(options: ReportOptions, sources: Sources, window: Window, filters: Filters) -> Head:
    """What the figures are about: the keys before the sections."""
    return {
        "window": {"from": iso(window.start), "to": iso(window.end or sources.as_of)},
        "asOf": iso(sources.as_of),
        "filters": filters,
        "attributionDays": options.attribution_days,
        "maturityDays": options.matures_after_days,
    }


def _filters(
    options: ReportOptions,
    asked: Mapping[str, Any],
    business_time: BusinessTime | None,
    came: Came | None,
) -> Filters:
    days = business_time.holidays if business_time else ()
    return {
        "clients": list(asked["clients"] or ()),
        "channels": list(options.channels),
        "responders": list(asked["responders"] or ()),
        "businessHours": options.hours.text if options.hours else None,
        "timeZone": options.zone,
        "bookings": options.bookings,
        "clock": "business" if business_time else "elapsed",
        "holidays": [day.isoformat() for day in days],
        "only": options.only,
        "inHours": came and came["inHours"],
        "afterHours": came and came["afterHours"],
    }
