"""The figures of a report: relations of sql/reports made in order, and read into one document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from timingctl.errors import SettingsError
from timingctl.events import existing
from timingctl.exports import unchanged
from timingctl.manifest import iso
from timingctl.report.options import WEEKDAYS, ReportOptions
from timingctl.report.remarks import instant, remarks
from timingctl.report.sources import Sources, load_sources
from timingctl.report.statistics import plain, wilson
from timingctl.warehouse import Resources, Warehouse, open_warehouse
from timingctl.writer import check_output

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: The relations of sql/reports that every report makes of the rows read, in order.
RELATIONS = (
    "lead_response",
    "lead_outcome",
    "local_quarter",
    "event_in_hours",
)
#: What every section reads one of. Views: wide rows cost more to keep than to make again.
REPORTED_RELATIONS = ("reported_event", "outcome_event", "local_event")
#: The relations that a section reads, made for it alone.
SECTION_RELATIONS = {
    "overview": ("overview_count", "overview_speed"),
    "responders": ("responder",),
    "response-time": ("response_time",),
    "chosen-delay": ("chosen_delay",),
    "drift": ("drift",),
    "delay-check": ("delay_check",),
    "trend": ("trend",),
    "heatmap": ("heatmap",),
}
#: The relation of the overview that only exports allow.
OPEN_RELATION = "open_count"
#: The opening hours, filled from the options: one row a span of a weekday.
SPANS = "business_span"
#: The relations behind the charts of a page.
CHART_RELATIONS = ("speed_bin", "delay_bin")

#: A percentile lies between two whole milliseconds, at a multiple of a hundredth of their gap.
_QUANTILE_DIGITS = 2
VERDICTS = ("match", "later", "earlier", "outsideWindow", "noWindow")

Row = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """What a report says.

    `document` is the contract of ``--format json``. `events` and `first_responses` count what
    the filters let pass; `notes` are sentences for the user; `charts` holds the rows behind the
    page's charts by relation, when asked for.
    """

    document: dict[str, Any]
    events: int
    first_responses: int
    has_bookings: bool
    notes: list[str] = field(default_factory=list)
    charts: dict[str, list[Row]] = field(default_factory=dict)


def report(options: ReportOptions) -> Report:
    """Compute the report of a file of events.

    Raises InputError for files that cannot be used and SettingsError for an unknown time zone or
    resources that cannot be had.
    """
    _check_page(options)
    events_file = existing(options.events)
    with open_warehouse(options.resources or Resources()) as warehouse, unchanged([events_file]):
        window = _window(warehouse, options)
        asked = _asked(options, window)
        sources = load_sources(warehouse, options, events_file, asked)
        params = asked | _params(options, sources, window)
        _fill_business_spans(warehouse, options)
        for relation in RELATIONS:
            warehouse.create(relation, "reports", params)
        for relation in REPORTED_RELATIONS:
            warehouse.create_view(relation, "reports")
        made = _sections(warehouse, options, sources, params)
        [(events, first_responses)] = warehouse.execute(
            "select count(*), count(firstBy) from reported_event"
        )
        return Report(
            document=_head(options, sources, window) | made,
            events=events,
            first_responses=first_responses,
            has_bookings=sources.has_bookings,
            notes=sources.notes + remarks(warehouse, options, sources, window.end, events),
            charts=_charts(warehouse, options, params),
        )


def _check_page(options: ReportOptions) -> None:
    """Refuse, before any work, a page that cannot be written or would replace an input."""
    if options.html is None:
        return
    inputs = filter(None, [options.events, options.leads, options.names, options.exports])
    check_output([options.html], inputs, make="make it first", give="write the page somewhere else")


@dataclass(frozen=True)
class _Window:
    """[start, end) in UTC; null: unbounded."""

    start: datetime | None
    end: datetime | None


def _window(warehouse: Warehouse, options: ReportOptions) -> _Window:
    _check_zone(warehouse, options.zone)
    return _Window(
        _utc(warehouse, options.window_from, options.zone),
        _utc(warehouse, options.window_to, options.zone),
    )


def _utc(warehouse: Warehouse, given: datetime | None, zone: str) -> datetime | None:
    """The instant, in UTC, of a time that without an offset is on the clock in the zone."""
    if given is None:
        return None
    if given.tzinfo is not None:
        return given.astimezone(UTC)
    [(instant,)] = warehouse.execute(
        "select timezone('UTC', timezone($zone, cast($given as timestamp)))",
        {"zone": zone, "given": given},
    )
    if not isinstance(instant, datetime):  # DuckDB knows more years than Python
        raise SettingsError(f"{given} in {zone} is no instant of the years 1 to 9999.")
    return instant.replace(tzinfo=UTC)


def _check_zone(warehouse: Warehouse, zone: str) -> None:
    """Raise SettingsError for a time zone that is not known."""
    try:
        warehouse.execute(
            "select timezone($zone, timezone('UTC', timestamp '2026-01-01'))", {"zone": zone}
        )
    except duckdb.Error as error:
        raise SettingsError(
            f"{zone!r} is no time zone; give a name such as Europe/Berlin, or UTC."
        ) from error


def _asked(options: ReportOptions, window: _Window) -> dict[str, object]:
    """The params that tell which events are asked for."""
    return {
        "since": _naive(window.start),
        "until": _naive(window.end),
        "clients": list(options.clients) or None,
        "channels": list(options.channels) or None,
        "responders": list(options.responders) or None,
        "hours_given": options.hours is not None,
    }


def _params(options: ReportOptions, sources: Sources, window: _Window) -> dict[str, object]:
    """The other params of sql/reports."""
    return {
        "outcome_end": _naive(window.end or sources.as_of),
        "zone": options.zone,
        "attribution_days": options.attribution_days,
        "maturity_days": options.matures_after_days,
        "outcomes_given": sources.has_bookings,
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


def _head(options: ReportOptions, sources: Sources, window: _Window) -> dict[str, Any]:
    """What the figures are about: the keys before the sections."""
    return {
        "window": {"from": iso(window.start), "to": iso(window.end or sources.as_of)},
        "asOf": iso(sources.as_of),
        "filters": {
            "clients": list(options.clients),
            "channels": list(options.channels),
            "responders": list(options.responders),
            "businessHours": options.hours.text if options.hours else None,
            "timeZone": options.zone,
        },
        "attributionDays": options.attribution_days,
        "maturityDays": options.matures_after_days,
    }


def _sections(
    warehouse: Warehouse, options: ReportOptions, sources: Sources, params: dict[str, object]
) -> dict[str, Any]:
    """The sections asked for, in the report's order, each under its key."""
    made: dict[str, Any] = {}
    for section, relations in SECTION_RELATIONS.items():
        if section not in options.sections:
            continue
        rows: dict[str, list[Row]] = {}
        extra = (OPEN_RELATION,) if section == "overview" and sources.has_exports else ()
        for relation in (*relations, *extra):
            warehouse.create(relation, "reports", params)
            rows[relation] = warehouse.frame(f"from {relation}").to_dicts()
        made[camel(section)] = _READERS[section](rows, options, sources)
    return made


def camel(section: str) -> str:
    """A section's key in the document: response-time is responseTime."""
    first, *rest = section.split("-")
    return first + "".join(word.capitalize() for word in rest)


def _overview(rows: Mapping[str, list[Row]], _: ReportOptions, sources: Sources) -> Row:
    [counts], [speed] = rows["overview_count"], rows["overview_speed"]
    overview = {
        "events": counts["events"],
        "leads": counts["leads"],
        "clients": counts["clients"],
        "span": {
            "from": instant(counts["firstInboundAt"]),
            "to": instant(counts["lastInboundAt"]),
        },
        "answered": {name: counts[name] for name in ("bySetter", "byAi", "byBoth", "byNeither")},
        "firstBy": {"setter": counts["firstBySetter"], "ai": counts["firstByAi"]},
        "responseTime": {who: _speed(speed, who) for who in ("setter", "ai", "first")},
    }
    if sources.has_exports:
        [opened] = rows[OPEN_RELATION]
        overview["open"] = {"inbounds": opened["inbounds"], "threads": opened["threads"]}
    return overview


def _speed(row: Row, who: str) -> Row:
    names = ("p50Ms", "p90Ms", "p95Ms", "p99Ms")
    return {
        "n": row[f"{who}N"],
        "meanMs": plain(row[f"{who}MeanMs"]),
        **_quantiles(names, row[f"{who}QuantilesMs"]),
    }


def _quantiles(names: tuple[str, ...], values: list[float] | None) -> Row:
    """Percentiles by name, null when there was nothing to take them of."""
    if values is None:
        return dict.fromkeys(names)
    return {name: plain(value, _QUANTILE_DIGITS) for name, value in zip(names, values, strict=True)}


def _responders(
    rows: Mapping[str, list[Row]], options: ReportOptions, sources: Sources
) -> list[Row]:
    return [
        {
            "key": row["key"],
            "label": row["label"],
            "responses": row["responses"],
            "meanMs": plain(row["meanMs"]),
            **_quantiles(("p50Ms", "p90Ms"), row["quantilesMs"]),
            "within5MinShare": row["within5MinShare"],
            **_outcomes(row, sources),
        }
        for row in rows["responder"][: options.top]
    ]


def _outcomes(row: Row, sources: Sources) -> Row:
    """The booking outcomes of a row; nothing where there are no lead data."""
    if not sources.has_bookings:
        return {}
    counts = ("booked", "notBooked", "pending", "bookedNoTimestamp")
    return {name: row[name] for name in counts} | _rate(row["booked"], row["notBooked"])


def _rate(booked: int, not_booked: int) -> Row:
    found = wilson(booked, booked + not_booked)
    return {
        "eligible": booked + not_booked,
        "rate": found.rate,
        "rateLow": found.low,
        "rateHigh": found.high,
    }


def _buckets(
    relation: str,
) -> Callable[[Mapping[str, list[Row]], ReportOptions, Sources], list[Row]]:
    def read(rows: Mapping[str, list[Row]], _: ReportOptions, sources: Sources) -> list[Row]:
        return [
            {"bucket": row["bucket"], "n": row["n"], **_outcomes(row, sources)}
            for row in rows[relation]
        ]

    return read


def _delay_check(rows: Mapping[str, list[Row]], _: ReportOptions, __: Sources) -> Row:
    counts = ("jobs", *VERDICTS)
    return {
        **{name: sum(row[name] for row in rows["delay_check"]) for name in counts},
        "byWindowAndMonth": rows["delay_check"],
    }


def _trend(rows: Mapping[str, list[Row]], _: ReportOptions, sources: Sources) -> list[Row]:
    return [
        {
            "period": row["period"],
            "n": row["n"],
            **_quantiles(("p50Ms", "p90Ms"), row["quantilesMs"]),
            **(
                {"booked": row["booked"], **_rate(row["booked"], row["notBooked"])}
                if sources.has_bookings
                else {}
            ),
        }
        for row in rows["trend"]
    ]


def _heatmap(rows: Mapping[str, list[Row]], _: ReportOptions, __: Sources) -> list[Row]:
    return [
        {
            "weekday": WEEKDAYS[row["weekday"] - 1],
            "hour": row["hour"],
            "n": row["n"],
            **_quantiles(("p50Ms",), row["quantilesMs"]),
        }
        for row in rows["heatmap"]
    ]


_READERS: dict[str, Callable[[Mapping[str, list[Row]], ReportOptions, Sources], Any]] = {
    "overview": _overview,
    "responders": _responders,
    "response-time": _buckets("response_time"),
    "chosen-delay": _buckets("chosen_delay"),
    "drift": _buckets("drift"),
    "delay-check": _delay_check,
    "trend": _trend,
    "heatmap": _heatmap,
}


def _charts(
    warehouse: Warehouse, options: ReportOptions, params: dict[str, object]
) -> dict[str, list[Row]]:
    if options.html is None:
        return {}
    for relation in CHART_RELATIONS:
        warehouse.create(relation, "reports", params)
    return {
        relation: warehouse.frame(f"from {relation}").to_dicts() for relation in CHART_RELATIONS
    }
