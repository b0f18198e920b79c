"""Reports and effects: figures over all events or leads, with their pages and tables."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl import arguments
from timingctl.api import given
from timingctl.buckets.mirror import mirrored
from timingctl.clocks.said_times import SaidTime, moment, said_time
from timingctl.reach import events_of
from timingctl.reports import dimensions, figures
from timingctl.reports.dimensions import RESPONSES, SORTS, TARGETS
from timingctl.reports.options import BOOKINGS, ONLY, Compared, ReportOptions
from timingctl.reports.sections import NAMES, USUAL
from timingctl.scratch import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timingctl.buckets.mirror import Mirror
    from timingctl.clocks.hours import BusinessHours
    from timingctl.effects.figures import Effects
    from timingctl.progress import Progress
    from timingctl.reports.charts import Sketch
    from timingctl.reports.figures import Report
    from timingctl.warehouse import Resources


def report(
    events: str | Path,
    *,
    leads: str | Path | None = None,
    exports: str | Path | None = None,
    names: str | Path | None = None,
    client: str | Sequence[str] = (),
    channel: str | Sequence[str] = (),
    responder: str | Sequence[str] = (),
    from_: datetime | SaidTime | str | None = None,
    to: datetime | SaidTime | str | None = None,
    now: bool = False,
    business_hours: str | BusinessHours | None = None,
    holidays: str | Path | None = None,
    only: str | None = None,
    tz: str = "UTC",
    attribution_days: int = 30,
    maturity_days: int | None = None,
    bookings: str = "kept",
    by: str | Sequence[str | Sequence[str]] = (),
    responses: str = "first",
    target: str | Sequence[str] = TARGETS,
    sort: str | None = None,
    ascending: bool = False,
    min_n: int = 0,
    versus: str | Path | None = None,
    section: str | Sequence[str] = (),
    top: int | None = None,
    allow_rejects: bool = False,
    html: str | Path | None = None,
    output: str | Path | None = None,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compute the report of a file of events or of an inbox; write its page where `html` says.

    Of exports, as `build` takes them, an inbox is built first, and is gone afterwards.
    `output` is a folder for a CSV a section, or a workbook (.xlsx) with a sheet a section.

    `versus` is "previous", "FROM..TO", a time in words such as "last-week", or other events, with
    which the figures are compared.
    `by` has breakdowns, such as "client" or "client,week"; without `section` they are all there is.

    `from_` is --from, which is a word of Python. Words in it and in `to`, such as "last-week", are
    seen from the data's as-of; with `now` from the clock of this machine.

    Raises InputError for files that cannot be used, SettingsError for an unknown time
    zone, resources or a page that cannot be had.
    """
    resources = given.resources(threads, memory_limit, temp_dir)
    responders = [arguments.responder(one) for one in given.several("responder", responder)]
    options = ReportOptions(
        Path(events),
        named=str(events),
        sections=given.words("section", section, NAMES),
        clients=given.several("client", client),
        channels=given.several("channel", channel),
        responders=[] if "all" in responders else responders,
        window_from=given.moment(from_),
        window_to=given.moment(to),
        now=datetime.now(UTC) if now else None,
        zone=tz,
        attribution_days=given.days("attribution_days", attribution_days) or 0,
        maturity_days=given.days("maturity_days", maturity_days),
        hours=given.business_hours(business_hours),
        holidays=given.local_file(holidays),
        only=only and arguments.one_of("only", only, ONLY),
        bookings=arguments.one_of("bookings", bookings, BOOKINGS),
        by=tuple(dict.fromkeys(map(dimensions.dimensions, [by] if isinstance(by, str) else by))),
        responses=arguments.one_of("responses", responses, RESPONSES),
        targets=tuple(
            dict.fromkeys(dimensions.target(one) for one in given.several("target", target))
        ),
        sort=None if sort is None else arguments.one_of("sort", sort, SORTS),
        ascending=ascending,
        min_n=arguments.number("min_n", min_n, 0) or 0,
        top=arguments.number("top", top, 1),
        html=given.place(html),
        output=given.place(output),
        allow_rejects=allow_rejects,
        resources=resources,
    )
    timeout = arguments.duration(lock_timeout)
    if options.html is not None:
        from timingctl.reports import page  # before the work: it may not be installed
    if options.output is not None:
        from timingctl.reports import files

        if options.output.suffix.lower() == files.WORKBOOK:
            files.check_workbook()
    with (
        mirrored(resources.temp_dir, progress) as mirror,
        events_of(mirror.events(events), resources, progress, allow_rejects) as (path, notes),
        _compared(versus, mirror, resources, progress, allow_rejects) as other,
    ):
        options = replace(
            options,
            leads=given.near(mirror.file, leads),
            exports=given.near(mirror.tables_in, exports),
            names=given.near(mirror.file, names),
        )
        found = figures.report(replace(options, events=path, versus=other))
        if options.html is not None and set(USUAL) <= set(options.sections or USUAL):
            pictures = _effect_pictures(replace(options, events=path), found)
            found = replace(found, sketches=[*found.sketches, *pictures])
        found = replace(found, notes=[mirror.said(note) for note in (*notes, *found.notes)])
    if options.html is not None:
        page.write_page(found, options.html, timeout)
    if options.output is not None:
        files.write_tables(found, options.output, safe=csv_safe, lock_timeout=timeout)
    return found


def _effect_pictures(options: ReportOptions, found: Report) -> list[Sketch]:
    """The pictures of effects for a report's page, of an inbox.

    There are none for some responders or in business time: who answered, and when, comes after the
    delay, and choosing by it biases everything. Nor for a window that is seen from now.
    """
    chosen = options.responders or options.hours or options.now
    if chosen or found.events == 0 or "waits" not in found.document:
        return []
    from timingctl.effects import figures as effect_figures
    from timingctl.effects.charts import sketches
    from timingctl.effects.options import EffectsOptions

    asked = EffectsOptions(
        options.events,
        clients=options.clients,
        channels=options.channels,
        window_from=options.window_from,
        window_to=options.window_to,
        zone=options.zone,
        attribution_days=options.attribution_days,
        html=options.html,
        resources=options.resources,
    )
    effects_found = effect_figures.effects(asked)
    return sketches(effects_found.document, effects_found.curve)


@contextmanager
def _compared(
    versus: str | Path | None,
    mirror: Mirror,
    resources: Resources,
    progress: Progress | None,
    allow_rejects: bool,
) -> Iterator[Compared | None]:
    """What a report is compared with; exports are built first."""
    start, parted, end = str(versus).partition("..")
    if versus is None:
        yield None
    elif versus == "previous":
        yield Compared("the time before")
    elif said := said_time(str(versus)):
        yield Compared(said.text, None, said)
    elif parted and not os.path.lexists(versus):
        window = moment(start), moment(end)
        yield Compared("another time", None, *window)
    else:
        with events_of(mirror.events(versus), resources, progress, allow_rejects) as (path, notes):
            yield Compared(str(versus), path, notes=notes)


def effects(
    inbox: str | Path,
    *,
    client: str | Sequence[str] = (),
    channel: str | Sequence[str] = (),
    from_: datetime | SaidTime | str | None = None,
    to: datetime | SaidTime | str | None = None,
    tz: str = "UTC",
    outcome: str = "booked",
    attribution_days: int = 30,
    reply_days: int = 7,
    section: str | Sequence[str] = (),
    allow_rejects: bool = False,
    html: str | Path | None = None,
    output: str | Path | None = None,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Effects:
    """Tell what the delay did, and how long leads wait, of an inbox; write its page and tables.

    Of exports, as `build` takes them, an inbox is built first, and is gone afterwards. `output` is
    a folder for a CSV a section, or a workbook (.xlsx) with a sheet a section.

    Raises InputError for what is no inbox, SettingsError for an unknown time zone, resources or
    files that cannot be had.
    """
    from timingctl.effects.options import NAMES as SECTIONS
    from timingctl.effects.options import OUTCOMES, EffectsOptions

    resources = given.resources(threads, memory_limit, temp_dir)
    options = EffectsOptions(
        Path(inbox),
        sections=given.words("section", section, SECTIONS),
        clients=given.several("client", client),
        channels=given.several("channel", channel),
        window_from=given.moment(from_),
        window_to=given.moment(to),
        zone=tz,
        outcome=arguments.one_of("outcome", outcome, OUTCOMES),
        attribution_days=given.days("attribution_days", attribution_days) or 0,
        reply_days=arguments.number("reply_days", reply_days, 1, arguments.MOST_DAYS) or 1,
        html=None if html is None else arguments.page_file(html),
        output=None if output is None else arguments.report_output(output),
        resources=resources,
    )
    timeout = arguments.duration(lock_timeout)
    if options.html is not None:
        from timingctl.effects import page as effect_page  # before the work: it may be absent
    if options.output is not None:
        from timingctl.effects import files as effect_files

        effect_files.check(options.output)
    from timingctl.effects import figures as effect_figures

    with (
        mirrored(resources.temp_dir, progress) as mirror,
        events_of(mirror.events(inbox), resources, progress, allow_rejects) as (path, notes),
    ):
        found = effect_figures.effects(replace(options, inbox=path), progress)
        found = replace(found, notes=[mirror.said(note) for note in (*notes, *found.notes)])
    if options.html is not None:
        effect_page.write_page(found, options.html, timeout)
    if options.output is not None:
        effect_files.write_tables(found, options.output, safe=csv_safe, lock_timeout=timeout)
    return found
