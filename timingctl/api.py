"""The tool from Python: what each command does, as a function; the commands call these, too.

Keyword arguments are named as the options of the command line, and mean the same. Instants are a
`datetime` or ISO 8601; without an offset they are UTC, in `report` on the clock of `tz`. All raise
TimingctlError: UsageError for an argument that cannot be, and what each of them says.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import polars as pl

from timingctl import arguments, differences, explanations, pipeline, window_history
from timingctl.attribution import EVENT_SCHEMA
from timingctl.checks import figures as checks
from timingctl.checks.rules import rule as read_rule
from timingctl.checks.rules import rules_of
from timingctl.clocks.business_time import BusinessTime
from timingctl.clocks.holidays import read_holidays
from timingctl.clocks.hours import BusinessHours, business_hours
from timingctl.clocks.said_times import SaidTime, moment
from timingctl.errors import SettingsError, UsageError
from timingctl.events import check_events, existing, import_events
from timingctl.exports.database import attached
from timingctl.lists import figures as lists
from timingctl.lists.figures import ListOptions
from timingctl.lists.kinds import KINDS
from timingctl.lists.links import link_template
from timingctl.options import BuildOptions, SourceOptions
from timingctl.postgres import dsn as dsns
from timingctl.reach import events_of, exports_of, file_source, together
from timingctl.replacing import check_output
from timingctl.reports import dimensions, figures
from timingctl.reports.dimensions import RESPONSES, SORTS, TARGETS
from timingctl.reports.lead import LeadOptions, lead_anchors
from timingctl.reports.options import BOOKINGS, ONLY, Compared, ReportOptions
from timingctl.reports.sections import NAMES, USUAL
from timingctl.schemas import EVENT, event_file
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.staging.rejects import REJECT_SCHEMA, rejects_path
from timingctl.warehouse import SOURCE, Resources, open_warehouse, quoted, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from timingctl.checks.figures import Check
    from timingctl.differences import Diff
    from timingctl.effects.figures import Effects
    from timingctl.explanations import Explanation
    from timingctl.lists.figures import List
    from timingctl.made_up import Generated
    from timingctl.manifest import Manifest
    from timingctl.postgres.pull import Pulled
    from timingctl.postgres.push import Pushed
    from timingctl.progress import Progress
    from timingctl.reports.charts import Sketch
    from timingctl.reports.figures import Report
    from timingctl.reports.lead import Lead
    from timingctl.window_history import WindowHistory

    #: Names of tables, each with a pattern of its files, or several.
    Tables: TypeAlias = Mapping[str, str | Sequence[str]]

#: The columns of events that a comparison may leave out.
IGNORABLE = tuple(column.name for column in EVENT if column.name != "inboundMessageId")

_PUSH_LOCK_TIMEOUT = "30s"
_STATEMENT_TIMEOUT = "15min"


@dataclass(frozen=True)
class Build:
    """What a build made. `output` is null where no file was to be written.

    `notes` are sentences on the exports. What stands in files is read when it is first asked for.
    """

    manifest: Manifest
    output: Path | None
    notes: list[str]
    _read_events: Callable[[], pl.DataFrame]
    _read_rejects: Callable[[], pl.DataFrame]

    @cached_property
    def events(self) -> pl.DataFrame:
        """The events, one row an anchor: the columns of ResponseTimingEvent, instants in UTC."""
        return self._read_events()

    @cached_property
    def rejects(self) -> pl.DataFrame:
        """The unusable rows, one row each: table, file, row, id, column, reason, value."""
        return self._read_rejects()

    def __repr__(self) -> str:
        return f"Build({self.manifest['events']['total']:,} events, output={self.output})"


def build(
    source: str | Path,
    output: str | Path | None = None,
    *,
    table: Tables | None = None,
    client: str | None = None,
    since: datetime | str | None = None,
    until: datetime | str | None = None,
    setter_rule: str | None = None,
    delay_windows: str | Path | None = None,
    strict: bool = False,
    allow_rejects: bool = False,
    keep_bounces: bool = False,
    as_of: datetime | str | None = None,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Build:
    """Build the events of a folder of exports, a DuckDB file, or the database of a DSN.

    They are written to `output` (.parquet, .csv, .ndjson), with the manifest and the rejects beside
    it: all of it or, on any error, nothing. Without an output nothing is left on disk. Raises
    InputError for exports that cannot be used, SettingsError for resources or an output folder
    that cannot be had, DatabaseError for a database that cannot be read.
    """
    resources = _resources(threads, memory_limit, temp_dir)

    def built(path: Path, target: Path, notes: list[str]) -> Build:
        options = BuildOptions(
            path,
            tables=_tables(table),
            since=_instant(since),
            until=_instant(until),
            client=client,
            setter_rule=_setter_rule(setter_rule),
            delay_windows=_delay_windows(delay_windows),
            resources=resources,
            output=target,
            as_of=_instant(as_of),
            strict=strict,
            allow_rejects=allow_rejects,
            keep_bounces=keep_bounces,
            csv_safe=csv_safe,
            lock_timeout=arguments.duration(lock_timeout),
        )
        manifest = pipeline.build(options, progress)
        return Build(
            manifest,
            target,
            together(notes, manifest["notes"]),
            lambda: read_events(target),
            lambda: _rejects(target),
        )

    with exports_of(source, resources, progress) as (path, notes):
        if output is not None:
            return built(path, arguments.build_output(output), notes)
        with temporary_folder(resources.temp_dir) as folder:
            found = built(path, folder / "events.parquet", notes)
            events, rejects = found.events, found.rejects
        return Build(found.manifest, None, found.notes, lambda: events, lambda: rejects)


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

    `versus` is "previous", "FROM..TO", or other events, with which the figures are compared.
    `by` has breakdowns, such as "client" or "client,week"; without `section` they are all there is.

    `from_` is --from, which is a word of Python. Words in it and in `to`, such as "last-week", are
    seen from the data's as-of; with `now` from the clock of this machine.

    Raises InputError for files that cannot be used, SettingsError for an unknown time
    zone, resources or a page that cannot be had.
    """
    resources = _resources(threads, memory_limit, temp_dir)
    responders = [arguments.responder(one) for one in _several(responder)]
    options = ReportOptions(
        Path(events),
        sections=[arguments.one_of("section", name, NAMES) for name in _several(section)],
        leads=_path(leads),
        exports=_path(exports),
        names=_path(names),
        clients=_several(client),
        channels=_several(channel),
        responders=[] if "all" in responders else responders,
        window_from=_moment(from_),
        window_to=_moment(to),
        now=datetime.now(UTC) if now else None,
        zone=tz,
        attribution_days=_days("attribution_days", attribution_days) or 0,
        maturity_days=_days("maturity_days", maturity_days),
        hours=_business_hours(business_hours),
        holidays=_path(holidays),
        only=only and arguments.one_of("only", only, ONLY),
        bookings=arguments.one_of("bookings", bookings, BOOKINGS),
        by=tuple(dict.fromkeys(map(dimensions.dimensions, [by] if isinstance(by, str) else by))),
        responses=arguments.one_of("responses", responses, RESPONSES),
        targets=tuple(dict.fromkeys(dimensions.target(one) for one in _several(target))),
        sort=None if sort is None else arguments.one_of("sort", sort, SORTS),
        min_n=arguments.number("min_n", min_n, 0) or 0,
        top=arguments.number("top", top, 1),
        html=_path(html),
        output=_path(output),
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
        events_of(events, resources, progress, allow_rejects) as (path, notes),
        _compared(versus, resources, progress, allow_rejects) as other,
    ):
        found = figures.report(replace(options, events=path, versus=other))
        if options.html is not None and set(USUAL) <= set(options.sections or USUAL):
            pictures = _effect_pictures(replace(options, events=path), found)
            found = replace(found, sketches=[*found.sketches, *pictures])
        found = replace(found, notes=[*notes, *found.notes])
    if options.html is not None:
        page.write_page(found, options.html, timeout)
    if options.output is not None:
        files.write_tables(found, options.output, safe=csv_safe, lock_timeout=timeout)
    return found


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
    a folder for a CSV a section.

    Raises InputError for what is no inbox, SettingsError for an unknown time zone, resources or
    files that cannot be had.
    """
    from timingctl.effects.options import NAMES as SECTIONS
    from timingctl.effects.options import OUTCOMES, EffectsOptions

    resources = _resources(threads, memory_limit, temp_dir)
    options = EffectsOptions(
        Path(inbox),
        sections=[arguments.one_of("section", name, SECTIONS) for name in _several(section)],
        clients=_several(client),
        channels=_several(channel),
        window_from=_moment(from_),
        window_to=_moment(to),
        zone=tz,
        outcome=arguments.one_of("outcome", outcome, OUTCOMES),
        attribution_days=_days("attribution_days", attribution_days) or 0,
        reply_days=arguments.number("reply_days", reply_days, 1, arguments.MOST_DAYS) or 1,
        html=None if html is None else arguments.page_file(html),
        output=None if output is None else arguments.table_folder(output),
        resources=resources,
    )
    timeout = arguments.duration(lock_timeout)
    if options.html is not None:
        from timingctl.effects import page as effect_page  # before the work: it may be absent
    from timingctl.effects import figures as effect_figures

    with events_of(inbox, resources, progress, allow_rejects) as (path, notes):
        found = effect_figures.effects(replace(options, inbox=path), progress)
        found = replace(found, notes=[*notes, *found.notes])
    if options.html is not None:
        effect_page.write_page(found, options.html, timeout)
    if options.output is not None:
        from timingctl.effects import formats
        from timingctl.reports.files import write_folder

        tables = formats.tables(found, safe=csv_safe)
        write_folder(options.output, tables, timeout)
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
    versus: str | Path | None, resources: Resources, progress: Progress | None, allow_rejects: bool
) -> Iterator[Compared | None]:
    """What a report is compared with; exports are built first."""
    start, parted, end = str(versus).partition("..")
    if versus is None:
        yield None
    elif versus == "previous":
        yield Compared("the time before")
    elif parted and start and end and not os.path.lexists(versus):
        window = moment(start), moment(end)
        yield Compared("another time", None, *window)
    else:
        with events_of(versus, resources, progress, allow_rejects) as (path, _):
            yield Compared(str(versus), path)


def list_leads(
    inbox: str | Path,
    kind: str,
    *,
    client: str | Sequence[str] = (),
    channel: str | Sequence[str] = (),
    campaign: str | Sequence[str] = (),
    from_: datetime | SaidTime | str | None = None,
    to: datetime | SaidTime | str | None = None,
    now: bool = False,
    weekend: bool = False,
    business_hours: str | BusinessHours | None = None,
    holidays: str | Path | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    link: str | None = None,
    output: str | Path | None = None,
    allow_rejects: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> List:
    """The leads of an inbox to work on: `kind` is open, slow, late, unsent or neither.

    Of exports, as `build` takes them, an inbox is built first. `output` is a workbook (.xlsx).
    Raises InputError for a file that is no inbox, SettingsError for a workbook that cannot be had.
    """
    resources = _resources(threads, memory_limit, temp_dir)
    one = KINDS[arguments.one_of("kind", kind, tuple(KINDS))]
    if weekend and not one.is_of_waits:
        raise UsageError(f"--weekend is of waits: open or slow, not {kind}.")
    path = None if output is None else arguments.output_file(output, (".xlsx",))
    if path is not None:
        from timingctl.reports import files

        files.check_workbook()
    hours = _business_hours(business_hours)
    if holidays is not None and hours is None:
        raise SettingsError(
            '--holidays needs --business-hours, such as --business-hours "Mon-Fri 09:00-17:00".'
        )
    days = () if holidays is None else read_holidays(Path(holidays))
    options = ListOptions(
        Path(inbox),
        kind,
        clients=_several(client),
        channels=_several(channel),
        campaigns=_several(campaign),
        window_from=_moment(from_),
        window_to=_moment(to),
        now=datetime.now(UTC) if now else None,
        zone=tz,
        business_time=BusinessTime(hours, tz, days) if hours else None,
        weekend=weekend,
        limit=arguments.number("limit", limit, 1),
        link=None if link is None else link_template(link),
        resources=resources,
    )
    with events_of(inbox, resources, progress, allow_rejects) as (place, notes):
        if path is not None:
            check_output([path], [place], make="make it first", give="write it somewhere else")
        found = lists.list_leads(replace(options, inbox=place))
    if path is not None:
        lists.write_workbook(found, path, arguments.duration(lock_timeout))
    return replace(found, notes=[*notes, *found.notes])


def check(
    inbox: str | Path,
    rules: str | Path | None = None,
    *,
    rule: str | Sequence[str] = (),
    client: str | Sequence[str] = (),
    channel: str | Sequence[str] = (),
    from_: datetime | SaidTime | str | None = None,
    to: datetime | SaidTime | str | None = None,
    now: bool = False,
    business_hours: str | BusinessHours | None = None,
    holidays: str | Path | None = None,
    tz: str = "UTC",
    maturity_days: int | None = None,
    allow_rejects: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Check:
    """Hold rules against an inbox: those of a TOML file, and those of `rule`, a line each.

    Of exports, as `build` takes them, an inbox is built first. Raises UsageError for a rule that
    is none, InputError for files that cannot be used.
    """
    resources = _resources(threads, memory_limit, temp_dir)
    asked = [] if rules is None else rules_of(Path(rules))
    asked += [read_rule(one) for one in _several(rule)]
    if not asked:
        raise UsageError("There are no rules; give a file RULES.toml, or --rule.")
    options = ReportOptions(
        Path(inbox),
        clients=_several(client),
        channels=_several(channel),
        window_from=_moment(from_),
        window_to=_moment(to),
        now=datetime.now(UTC) if now else None,
        zone=tz,
        maturity_days=_days("maturity_days", maturity_days),
        hours=_business_hours(business_hours),
        holidays=_path(holidays),
        resources=resources,
    )
    with events_of(inbox, resources, progress, allow_rejects) as (place, notes):
        found = checks.check(replace(options, events=place), asked)
    return replace(found, notes=[*notes, *found.notes])


def lead(
    events: str | Path,
    lead_id: str,
    *,
    names: str | Path | None = None,
    limit: int = 10,
    allow_rejects: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Lead:
    """The latest anchors of a lead, of events as `report` takes them, and what answered them.

    Raises InputError for files that cannot be used, and for a lead that has no event.
    """
    resources = _resources(threads, memory_limit, temp_dir)
    most = arguments.number("limit", limit, 1) or 1
    with events_of(events, resources, progress, allow_rejects) as (path, notes):
        options = LeadOptions(path, lead_id, most, _path(names), allow_rejects, resources)
        found = lead_anchors(options)
    return replace(found, notes=[*notes, *found.notes])


def explain(
    source: str | Path,
    message_id: str,
    *,
    table: Tables | None = None,
    client: str | None = None,
    setter_rule: str | None = None,
    delay_windows: str | Path | None = None,
    keep_bounces: bool = False,
    context: int = 5,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Tell the story of a message: what a build of the source makes of it, and why.

    Raises InputError for exports that cannot be used, or that have no message of the id, and
    DatabaseError for a database that cannot be read.
    """
    resources = _resources(threads, memory_limit, temp_dir)
    with exports_of(source, resources, progress) as (path, notes):
        options = explanations.ExplainOptions(
            path,
            tables=_tables(table),
            client=client,
            setter_rule=_setter_rule(setter_rule),
            delay_windows=_delay_windows(delay_windows),
            keep_bounces=keep_bounces,
            resources=resources,
            message=message_id,
            context=arguments.number("context", context, 0, arguments.MOST_CONTEXT) or 0,
        )
        found = explanations.explain(options, progress)
        return replace(found, notes=together(notes, found.notes))


def diff(
    events: str | Path,
    other: str | Path,
    *,
    schema: str | None = None,
    ignore: str | Sequence[str] = (),
    rows: str | Path | None = None,
    exact: bool = False,
    keep_rows: bool = True,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Diff:
    """Compare a file of events with another, or with the app's table in the database of a DSN.

    With `exact` a number that a side cut to 32 bits counts as a difference; else it is only told.
    `rows` is a file for all differences. They are kept in memory, too, unless `keep_rows` is
    false. Raises InputError for a file that is not wholly events, DatabaseError for a table that
    cannot be read, SettingsError for rows that cannot be written.
    """
    is_database = dsns.is_dsn(str(other))
    options = differences.DiffOptions(
        events=Path(events),
        other=dsns.parse(str(other)).within(schema) if is_database else file_source(other),
        ignored=[arguments.one_of("ignore", name, IGNORABLE) for name in _several(ignore)],
        rows=None if rows is None else arguments.output_file(rows),
        exact=exact,
        keep_rows=keep_rows,
        csv_safe=csv_safe,
        lock_timeout=arguments.duration(lock_timeout),
        resources=_resources(threads, memory_limit, temp_dir),
    )
    return differences.diff(options, progress)


def windows(
    source: str | Path,
    output: str | Path | None = None,
    *,
    table: Tables | None = None,
    client: str | None = None,
    allow_rejects: bool = False,
    csv_safe: bool = False,
    lock_timeout: str = LOCK_TIMEOUT,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> WindowHistory:
    """Recover the history of delay windows from the jobs of a source, and write it to `output`.

    Raises InputError for exports that cannot be used, SettingsError for a file that cannot be
    written, DatabaseError for a database that cannot be read.
    """
    resources = _resources(threads, memory_limit, temp_dir)
    target = None if output is None else arguments.output_file(output)
    timeout = arguments.duration(lock_timeout)
    with exports_of(source, resources, progress) as (path, notes):
        options = SourceOptions(
            path,
            tables=_tables(table),
            client=client,
            allow_rejects=allow_rejects,
            resources=resources,
        )
        found = window_history.window_history(options, progress, target)
        if target:
            window_history.write_history(found, target, csv_safe=csv_safe, lock_timeout=timeout)
        return replace(found, notes=together(notes, found.notes))


def pull(
    dsn: str,
    output: str | Path,
    *,
    schema: str | None = None,
    since: datetime | str | None = None,
    events: bool = False,
    statement_timeout: str = _STATEMENT_TIMEOUT,
    lock_timeout: str = LOCK_TIMEOUT,
    progress: Progress | None = None,
) -> Pulled:
    """Pull the app's tables out of PostgreSQL into a folder, as exports for `build`.

    All files are written or none. Raises DatabaseError for what is missing or refused,
    SettingsError for a folder that cannot be written to.
    """
    from timingctl.postgres import pull as pulling

    options = pulling.PullOptions(
        dsn=dsns.parse(dsn).within(schema),
        folder=arguments.place(output),
        since=_instant(since),
        events=events,
        statement_timeout=arguments.duration(statement_timeout),
        lock_timeout=arguments.duration(lock_timeout),
    )
    return pulling.pull(options, progress)


def push(
    events: str | Path,
    dsn: str,
    *,
    schema: str | None = None,
    create: bool = False,
    dry_run: bool = False,
    prune: bool = False,
    mirror: bool = False,
    batch_size: int | None = None,
    lock_timeout: str = _PUSH_LOCK_TIMEOUT,
    statement_timeout: str = _STATEMENT_TIMEOUT,
    list_skipped: bool = False,
    progress: Progress | None = None,
) -> Pushed:
    """Bring a file of events into the app's table ResponseTimingEvent.

    With `list_skipped` the references that are gone are told of every skipped row. Raises
    InputError for a file that is not wholly events, SettingsError for what cannot be honoured,
    DatabaseError for what the server refuses; then nothing is changed, or, with a batch size,
    whole batches are.
    """
    from timingctl.postgres import push as pushing

    options = pushing.PushOptions(
        events=Path(events),
        dsn=dsns.parse(dsn).within(schema),
        create=create,
        dry_run=dry_run,
        prune=prune,
        mirror=mirror,
        batch_size=arguments.number("batch_size", batch_size, 1),
        lock_timeout=arguments.duration(lock_timeout),
        statement_timeout=arguments.duration(statement_timeout),
        list_skipped=list_skipped,
    )
    return pushing.push(options, progress)


def generate(
    folder: str | Path,
    *,
    leads: int = 1000,
    seed: int = 1,
    start: datetime | str = "2025-01-01",
    format: str = "parquet",  # noqa: A002 - as the option is called
    effect: float | None = None,
    progress: Progress | None = None,
) -> Generated:
    """Make up the exports of an inbox in a new or an empty folder; all files or none.

    `effect` is planted: points of booking for a minute more of chosen delay. Raises SettingsError
    for a folder that is not empty or cannot be written to.
    """
    from timingctl import made_up

    options = made_up.GenerateOptions(
        arguments.place(folder),
        arguments.number("leads", leads, 1) or 1,
        arguments.number("seed", seed, 0) or 0,
        arguments.instant(start),
        arguments.one_of("format", format, arguments.EXPORT_FORMATS),
        arguments.points("effect", effect),
    )
    return made_up.Generated(options, made_up.generate(options, progress))


def read_events(path: str | Path) -> pl.DataFrame:
    """A file of events of any format, in the file's order, as `build` types them.

    Raises InputError unless every row is an event.
    """
    with open_warehouse(Resources()) as warehouse:
        export = existing(Path(path))
        warehouse.only_these_files([export.path])
        table = event_file("read_event", EVENT_SCHEMA.names())
        import_events(warehouse, table, export)
        check_events(warehouse, table, export)
        columns = ", ".join(map(quoted, EVENT_SCHEMA.names()))
        rows = warehouse.frame(f"select {columns} from import_read_event order by rowid")
    return rows.cast(EVENT_SCHEMA)


def _rejects(output: Path) -> pl.DataFrame:
    """The unusable rows behind an output; none where there is no such file."""
    if arguments.is_inbox(output):
        with open_warehouse(Resources()) as warehouse, attached(warehouse, output, SOURCE):
            columns = ", ".join(map(quoted, REJECT_SCHEMA))
            return warehouse.frame(f"select {columns} from {SOURCE}.main.Reject").cast(
                REJECT_SCHEMA
            )
    path = rejects_path(output)
    if not path.exists():
        return REJECT_SCHEMA.to_frame()
    return pl.read_ndjson(path.read_bytes(), schema=REJECT_SCHEMA)  # a path may be a pattern


def _resources(
    threads: int | None, memory_limit: str | None, temp_dir: str | Path | None
) -> Resources:
    return Resources(
        arguments.number("threads", threads, 1),
        memory_limit,
        None if temp_dir is None else arguments.place(temp_dir),
    )


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)


def _moment(given: datetime | SaidTime | str | None) -> datetime | SaidTime | None:
    return given if given is None or isinstance(given, SaidTime) else moment(given)


def _instant(given: datetime | str | None) -> datetime | None:
    return None if given is None else arguments.instant(given)


def _several(given: str | Sequence[str]) -> list[str]:
    """One or several, as a list."""
    return [given] if isinstance(given, str) else list(given)


def _tables(given: Tables | None) -> dict[str, list[str]]:
    return {name: _several(patterns) for name, patterns in (given or {}).items()}


def _setter_rule(given: str | None) -> str | None:
    return given and arguments.one_of("setter_rule", given, arguments.SETTER_RULES)


def _delay_windows(given: str | Path | None) -> Path | Literal["infer", "current"] | None:
    match given:
        case "infer" | "current" | None:
            return given
        case path:
            return Path(path)


def _days(name: str, given: int | None) -> int | None:
    return arguments.number(name, given, 0, arguments.MOST_DAYS)


def _business_hours(given: str | BusinessHours | None) -> BusinessHours | None:
    if given is None or isinstance(given, BusinessHours):
        return given
    try:
        return business_hours(given)
    except ValueError as error:
        raise UsageError(f"{error}.") from None
