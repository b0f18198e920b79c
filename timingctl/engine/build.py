"""The build on an engine: which step follows which. As pipeline.py, with the tail its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from timingctl.arguments import is_inbox
from timingctl.delay_windows import delay_windows_of, everyones_periods
from timingctl.engine.address import address
from timingctl.engine.connecting import check_installed, connected
from timingctl.engine.inputs import inputs_of, unchanged_lake
from timingctl.engine.ranges import Ordered, in_ranges
from timingctl.engine.rejects import reject_query, take_rejects
from timingctl.engine.scratch import engine_scratch
from timingctl.engine.session import miscounted
from timingctl.engine.staging import stage_tables
from timingctl.errors import InputError, SettingsError
from timingctl.event_stream import EventRows, EventStream
from timingctl.exports.source import opened
from timingctl.manifest import Intake
from timingctl.oddities import oddities
from timingctl.output import check_places, check_strict, files_of, write_events
from timingctl.parts import place_for
from timingctl.phases import (
    EVENT_RELATIONS,
    STAGING_RELATIONS,
    VIEWS,
    check_clients,
    client_notes,
    params_of,
)
from timingctl.recovery import recover
from timingctl.relations import inputs as read_by
from timingctl.relations import read_last, tables_behind
from timingctl.schemas import EMAIL_CAMPAIGN
from timingctl.sql_text import sql_text
from timingctl.staging.account import accounts_of
from timingctl.staging.losses import WAY_OUT, losses
from timingctl.staging.tables import latest_message
from timingctl.warehouse import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from timingctl.engine.session import Engine
    from timingctl.exports.source import Source
    from timingctl.manifest import Manifest
    from timingctl.options import BuildOptions
    from timingctl.progress import Progress

#: What each event is made of, the last relation before the events, is written in ranges.
_BEFORE_LAST = "answered_anchor"
#: So many rows are attributed at once: a part of what is written at once, which spares memory.
_AT_ONCE = BATCH_ROWS // 4
_ON_ENGINE = [pair for pair in EVENT_RELATIONS if pair[1] != _BEFORE_LAST]
#: What the events are read from.
_EVENT_INPUTS = tables_behind("events", _BEFORE_LAST, VIEWS)

#: By relation of events those that are removed from scratch once it stands: neither a later one nor
#: a check of references reads them.
_READ_LAST = read_last(_ON_ENGINE, VIEWS, _EVENT_INPUTS.union(*read_by("checks").values()))


def build_on_engine(options: BuildOptions, progress: Progress) -> Manifest:
    """Build the events of a folder of Parquet on an engine; see `pipeline.build`.

    Raises InputError for exports that cannot be used, SettingsError for what an engine does not
    do or scratch that cannot be had, DatabaseError for an engine that is away or fails.
    """
    if is_inbox(options.output):
        raise SettingsError(
            "--engine writes events, not an inbox, which would hold every row of the exports; give "
            "-o a name that ends in .parquet, .csv or .ndjson, or DIR/, or build without --engine."
        )
    check_installed()
    with opened(options) as source, place_for(options.output):
        check_places(source, files_of(options))
        inputs = inputs_of(source)
        where = address(options.engine or "")
        if options.scratch is None and not where.is_here:
            raise SettingsError(
                f"The engine at {where.place} is another machine: give --scratch, a folder or a "
                "bucket that it and this machine see under the same name."
            )
        with (
            engine_scratch(options.scratch, options.resources.temp_dir) as scratch,
            connected(where, scratch) as engine,
        ):
            with unchanged_lake(options.lake):
                notes = source.notes + stage_tables(engine, inputs, source.exports, progress)
            notes += _make_staging(engine, source, progress)
            intake = _take_in(engine, source, notes)
            _take_campaigns(engine, source)
            progress.step("Relating delay windows")
            windows = delay_windows_of(source, partial(_recovered, engine))
            intake.notes.extend(windows.notes)
            _make(engine, _ON_ENGINE, params_of(source), progress)
            progress.step(f"Checking references ({engine.kind})")
            engine.doing("checking references")
            intake.notes.extend(oddities(engine))
            check_strict(options, intake)
            as_of = options.as_of or latest_message(engine)
            engine.keep_only(_EVENT_INPUTS)
            rows = EventRows(partial(_count, engine), partial(_rows, engine))
            events = EventStream(rows, windows, as_of, progress)
            settled = options.settled(source.built_with)
            return write_events(source.warehouse, settled, events, intake, progress)


def _make_staging(engine: Engine, source: Source, progress: Progress) -> list[str]:
    relations = [pair for pair in STAGING_RELATIONS if pair[1] != "order_hash"]
    _make(engine, relations, params_of(source), progress)
    return client_notes(source)


def _make(
    engine: Engine,
    relations: Sequence[tuple[str, str]],
    params: dict[str, object],
    progress: Progress,
) -> None:
    """Make relations of sql/ on the engine, in order."""
    for folder, relation in relations:
        doing = f"relating {relation.replace('_', ' ')}"
        progress.step(f"{doing.capitalize()} ({engine.kind})")
        engine.doing(doing)
        if relation in VIEWS:
            engine.create_view(relation, folder)
        else:
            engine.create(relation, folder, params)
        for unread in _READ_LAST.get(relation, ()):
            engine.drop(unread)


def _take_in(engine: Engine, source: Source, notes: list[str]) -> Intake:
    """Count what became of the rows, and take the unusable ones over."""
    engine.doing("counting rows")
    try:
        accounts = accounts_of(engine, source.exports)
    except RuntimeError as error:
        raise miscounted(engine, "counts of rows that do not add up") from error
    queries = take_rejects(engine, source.warehouse, accounts)
    lost = losses(source.warehouse, accounts, reject_query)
    if lost and not (source.options.allow_rejects or source.options.strict):
        raise InputError(" ".join([*lost, WAY_OUT]))
    check_clients(engine)
    return Intake(accounts, notes, queries)


def _take_campaigns(engine: Engine, source: Source) -> None:
    """The campaigns as a table here: there are few, and the windows of today are theirs."""
    names = ", ".join(f'"{column.name}"' for column in EMAIL_CAMPAIGN.columns)
    rows = engine.rows(f"select {names} from email_campaign")
    columns = ", ".join(f'"{c.name}" {c.kind.sql_type}' for c in EMAIL_CAMPAIGN.columns)
    source.warehouse.execute(f"create table email_campaign ({columns})")
    source.warehouse.insert(rows, "email_campaign")


def _recovered(engine: Engine) -> pl.DataFrame:
    """The periods of all campaigns; whole owners at a time, since each stands for itself."""
    engine.doing("collecting the delays of jobs")
    select = sql_text("windows", "scheduled_delay")
    owner = "case when isCampaign then 0 else 1 end"
    engine.keep("scheduled_delay", select)
    delays = Ordered(
        "delay_range",
        "from scheduled_delay",
        f"select {owner} as kind, key, count(*) from scheduled_delay group by kind, key "
        "order by kind, key",
        (owner, "key"),
        ("isCampaign", "key", "sentAt", "messageId", "delayMicroseconds"),
        (True, False, False, False, False),
    )
    recovered = [recover(pl.DataFrame(table)) for table in in_ranges(engine, delays)]
    engine.drop(delays.name)
    engine.drop("scheduled_delay")
    campaigns = pl.DataFrame(engine.rows(sql_text("windows", "campaign")))
    return everyones_periods([recover(pl.DataFrame()), *recovered], campaigns)


def _count(engine: Engine) -> int:
    [(total,)] = engine.execute("select count(*) from anchor")
    return int(total)


def _rows(engine: Engine) -> Iterator[pa.Table]:
    """The rows of sql/events/event.sql in order, in batches."""
    engine.doing("relating answered anchor")
    events = Ordered(
        "event_range",
        sql_text("events", _BEFORE_LAST),
        """
        select known_lead.clientId, cast(anchor.anchorSentAt as date) as day, count(*)
        from anchor join known_lead on known_lead.leadNumber = anchor.leadNumber
        group by known_lead.clientId, day
        order by known_lead.clientId, day
        """,
        ("clientId", "cast(inboundSentAt as date)"),
        ("clientId", "inboundSentAt", "inboundMessageId"),
        (False, False, False),
    )
    engine.doing("streaming the events")
    yield from in_ranges(engine, events, at_once=_AT_ONCE)
