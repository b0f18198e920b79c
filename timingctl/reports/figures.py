"""The figures of a report: relations of sql/reports made in order, and read into one document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from timingctl.documents import iso
from timingctl.errors import SettingsError
from timingctl.events import existing
from timingctl.exports.export import unchanged
from timingctl.relations import in_order
from timingctl.reports.dimensions import DIMENSIONS
from timingctl.reports.given import Given
from timingctl.reports.picks import Picks, picks
from timingctl.reports.remarks import remarks
from timingctl.reports.section import About
from timingctl.reports.sections import NAMES, SECTIONS
from timingctl.reports.sections.by import By
from timingctl.reports.sources import ROW_RELATION, Sources, check_page, load_sources
from timingctl.reports.window import Window, window_of
from timingctl.warehouse import Resources, Warehouse, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import polars as pl

    from timingctl.reports.charts import Sketch
    from timingctl.reports.head import Head
    from timingctl.reports.options import ReportOptions
    from timingctl.reports.section import Section
    from timingctl.reports.sections import Document

#: What every section reads one of. Views: wide rows cost more to keep than to make again.
VIEWS = ("reported_event", "outcome_event", "local_event", "response")
#: The relations that every report makes of the rows read, in order: those views, and their inputs.
RELATIONS = in_order("reports", *VIEWS, there=[ROW_RELATION])
#: The opening hours, filled from the options: one row a span of a weekday.
SPANS = "business_span"


@dataclass(frozen=True)
class Report:
    """What a report says.

    `document` is the contract of ``--format json``. `events` and `first_responses` count what
    the filters let pass; `notes` are sentences for the user; `sketches` are the page's charts and
    `picks` the figures of its pickers, when a page is asked for.
    """

    document: Document
    events: int
    first_responses: int
    has_bookings: bool
    notes: list[str] = field(default_factory=list)
    sections: Sequence[Section[Any]] = SECTIONS
    sketches: list[Sketch] = field(default_factory=list)
    picks: Picks | None = None

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
    options = replace(options, sections=named or (() if options.by else NAMES))
    given_files = filter(None, [options.events, options.leads, options.names, options.exports])
    check_page(options, given_files)
    events_file = existing(options.events)
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged([events_file]):
        window = window_of(warehouse, options)
        asked = _asked(options, window)
        sources = load_sources(warehouse, options, events_file, asked)
        _check_dimensions(options, sources)
        params = asked | _params(options, sources, window)
        _fill_business_spans(warehouse, options)
        for folder, relation in RELATIONS:
            if relation in VIEWS:
                warehouse.create_view(relation, folder)
            else:
                warehouse.create(relation, folder, params)
        told = (sources.has_bookings, sources.has_exports, sources.has_inbox)
        given = Given(warehouse, options, params, *told)
        asked_for = [section for section in SECTIONS if section.name in options.sections]
        asked_for += map(By, options.by)
        made = [
            (section, _figures(section, given))
            for section in asked_for
            if sources.has_inbox or not section.needs_inbox
        ]
        [(events, first_responses)] = warehouse.execute(
            "select count(*), count(firstBy) from reported_event"
        )
        sections = {section.key: figures for section, figures in made}
        return Report(
            document=cast("Document", {**_head(options, sources, window, asked), **sections}),
            events=events,
            first_responses=first_responses,
            has_bookings=sources.has_bookings,
            notes=sources.notes + remarks(given, sources, window, events, named),
            sections=asked_for,
            sketches=_sketches(made, given) if options.html else [],
            picks=_picks(sections, given) if options.html else None,
        )


def _check_dimensions(options: ReportOptions, sources: Sources) -> None:
    lacking = [name for by in options.by for name in by if DIMENSIONS[name].needs_inbox]
    if lacking and not sources.has_inbox:
        raise SettingsError(
            f"--by {lacking[0]} needs an inbox: make one by `timingctl build EXPORTS -o "
            "inbox.duckdb`, and report on it."
        )


def _figures(section: Section[Any], given: Given) -> Any:
    for relation in section.tables:
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


def _asked(options: ReportOptions, window: Window) -> dict[str, object]:
    """The params that tell which events are asked for."""
    return {
        "since": _naive(window.start),
        "until": _naive(window.end),
        "clients": list(options.clients) or None,
        "channels": list(options.channels) or None,
        "responders": list(options.responders) or None,
        "hours_given": options.hours is not None,
    }


def _params(options: ReportOptions, sources: Sources, window: Window) -> dict[str, object]:
    """The other params of sql/reports."""
    return {
        "outcome_end": _naive(window.end or sources.as_of),
        "zone": options.zone,
        "attribution_days": options.attribution_days,
        "maturity_days": options.matures_after_days,
        "canceled_count": options.bookings == "any",
        "as_of": _naive(sources.as_of),
        "outcomes_given": sources.has_bookings,
        "context_wanted": bool(options.by),
        "period": options.period,
    }


def _naive(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=None) if instant else None


def _fill_business_spans(warehouse: Warehouse, options: ReportOptions) -> None:
    """Fill ``business_span``, with nothing where there are no business hours."""
    warehouse.execute(f"create table {SPANS} (weekday integer, startUs bigint, endUs bigint)")
    for span in options.hours.spans if options.hours else ():
        warehouse.execute(
            f"insert into {SPANS} values ($weekday, $start, $end)",
            {"weekday": span.weekday, "start": span.start_us, "end": span.end_us},
        )


def _head(options: ReportOptions, sources: Sources, window: Window, asked: dict[str, Any]) -> Head:
    """What the figures are about: the keys before the sections."""
    return {
        "window": {"from": iso(window.start), "to": iso(window.end or sources.as_of)},
        "asOf": iso(sources.as_of),
        "filters": {
            "clients": list(asked["clients"] or ()),
            "channels": list(options.channels),
            "responders": list(asked["responders"] or ()),
            "businessHours": options.hours.text if options.hours else None,
            "timeZone": options.zone,
            "bookings": options.bookings,
        },
        "attributionDays": options.attribution_days,
        "maturityDays": options.matures_after_days,
    }
