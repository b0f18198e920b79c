"""What is asked of single leads, messages and rules, and how two files of events differ."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl import arguments
from timingctl.api import given
from timingctl.buckets.mirror import mirrored
from timingctl.clocks.business_time import BusinessTime
from timingctl.clocks.holidays import read_holidays
from timingctl.errors import SettingsError, UsageError
from timingctl.lists.kinds import KINDS
from timingctl.lists.links import link_template
from timingctl.postgres import dsn as dsns
from timingctl.reach import events_of, exports_of, file_source, together
from timingctl.replacing import check_output
from timingctl.reports.dimensions import milliseconds, target
from timingctl.reports.options import ReportOptions
from timingctl.schemas import EVENT
from timingctl.scratch import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.api.given import Tables
    from timingctl.checks.figures import Check
    from timingctl.clocks.hours import BusinessHours
    from timingctl.clocks.said_times import SaidTime
    from timingctl.differences import Diff
    from timingctl.explanations import Explanation
    from timingctl.lists.figures import List
    from timingctl.progress import Progress
    from timingctl.reports.lead import Lead

#: The columns of events that a comparison may leave out.
IGNORABLE = tuple(column.name for column in EVENT if column.name != "inboundMessageId")


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
    over: str | None = None,
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
    from timingctl.lists import figures as lists

    resources = given.resources(threads, memory_limit, temp_dir)
    one = KINDS[arguments.one_of("kind", kind, tuple(KINDS))]
    if weekend and not one.is_of_waits:
        raise UsageError(f"--weekend is of waits: open or slow, not {kind}.")
    path = None if output is None else arguments.workbook_file(output)
    if path is not None:
        from timingctl.reports import files

        files.check_workbook()
    hours = given.business_hours(business_hours)
    if holidays is not None and hours is None:
        raise SettingsError(
            '--holidays needs --business-hours, such as --business-hours "Mon-Fri 09:00-17:00".'
        )
    days = () if holidays is None else read_holidays(arguments.local_file(holidays))
    options = lists.ListOptions(
        Path(inbox),
        kind,
        named=str(inbox),
        clients=given.several("client", client),
        channels=given.several("channel", channel),
        campaigns=given.several("campaign", campaign),
        window_from=given.moment(from_),
        window_to=given.moment(to),
        now=datetime.now(UTC) if now else None,
        zone=tz,
        business_time=BusinessTime(hours, tz, days) if hours else None,
        weekend=weekend,
        over_ms=None if over is None else milliseconds(target(over)),
        limit=arguments.number("limit", limit, 1),
        link=None if link is None else link_template(link),
        resources=resources,
    )
    with (
        mirrored(resources.temp_dir, progress) as mirror,
        events_of(mirror.events(inbox), resources, progress, allow_rejects) as (place, notes),
    ):
        if path is not None:
            check_output([path], [place], make="make it first", give="write it somewhere else")
        found = lists.list_leads(replace(options, inbox=place))
    if path is not None:
        lists.write_workbook(found, path, arguments.duration(lock_timeout))
    return replace(found, notes=[mirror.said(note) for note in (*notes, *found.notes)])


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
    from timingctl.checks import figures as checks
    from timingctl.checks import rules as read

    resources = given.resources(threads, memory_limit, temp_dir)
    asked = [] if rules is None else read.rules_of(arguments.local_file(rules))
    asked += [read.rule(one) for one in given.several("rule", rule)]
    if not asked:
        raise UsageError("There are no rules; give a file RULES.toml, or --rule.")
    options = ReportOptions(
        Path(inbox),
        named=str(inbox),
        clients=given.several("client", client),
        channels=given.several("channel", channel),
        window_from=given.moment(from_),
        window_to=given.moment(to),
        now=datetime.now(UTC) if now else None,
        zone=tz,
        maturity_days=given.days("maturity_days", maturity_days),
        hours=given.business_hours(business_hours),
        holidays=given.local_file(holidays),
        resources=resources,
    )
    with (
        mirrored(resources.temp_dir, progress) as mirror,
        events_of(mirror.events(inbox), resources, progress, allow_rejects) as (place, notes),
    ):
        found = checks.check(replace(options, events=place), asked)
    return replace(found, notes=[mirror.said(note) for note in (*notes, *found.notes)])


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

    Of an inbox also what the lead still waits for. Raises InputError for files that cannot be used,
    and for a lead that has neither.
    """
    from timingctl.reports.lead import LeadOptions, lead_anchors

    resources = given.resources(threads, memory_limit, temp_dir)
    most = arguments.number("limit", limit, 1) or 1
    one = arguments.text_of("lead_id", lead_id)
    with (
        mirrored(resources.temp_dir, progress) as mirror,
        events_of(mirror.events(events), resources, progress, allow_rejects) as (path, notes),
    ):
        called = given.near(mirror.file, names)
        options = LeadOptions(path, one, most, called, allow_rejects, resources, str(events))
        found = lead_anchors(options)
    return replace(found, notes=[mirror.said(note) for note in (*notes, *found.notes)])


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
    from timingctl import explanations

    resources = given.resources(threads, memory_limit, temp_dir)
    named = given.tables(table)
    with mirrored(resources.temp_dir, progress) as mirror, ExitStack() as stack:
        tables = mirror.tables(named)
        near = mirror.exports(source, named)
        path, notes = stack.enter_context(exports_of(near, resources, progress))
        options = explanations.ExplainOptions(
            path,
            named=str(source),
            tables=tables,
            client=given.client(client),
            setter_rule=given.setter_rule(setter_rule),
            delay_windows=given.delay_windows(delay_windows),
            keep_bounces=keep_bounces,
            resources=resources,
            message=arguments.text_of("message_id", message_id),
            context=arguments.number("context", context, 0, arguments.MOST_CONTEXT) or 0,
        )
        found = explanations.explain(options, progress)
        said = [mirror.said(note) for note in together(notes, found.notes)]
        return replace(found, notes=said)


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
    from timingctl import differences

    database = dsns.parse(str(other)).within(schema) if dsns.is_dsn(str(other)) else None
    options = differences.DiffOptions(
        events=Path("events"),
        other=Path("other"),
        ignored=given.words("ignore", ignore, IGNORABLE),
        rows=None if rows is None else arguments.output_file(rows),
        exact=exact,
        keep_rows=keep_rows,
        csv_safe=csv_safe,
        lock_timeout=arguments.duration(lock_timeout),
        resources=given.resources(threads, memory_limit, temp_dir),
    )
    with mirrored(options.resources.temp_dir, progress) as mirror:
        here = Path(mirror.file(events))
        there = database or file_source(mirror.file(other))
        found = differences.diff(replace(options, events=here, other=there), progress)
        for side in (found.document["here"], found.document["there"]):
            side["name"] = mirror.said(side["name"])
        return replace(found, notes=[mirror.said(note) for note in found.notes])
