"""The whole build on one screen: exports in, response timing events out. Read this first."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from timingctl import __version__
from timingctl.attribution import EVENT_SCHEMA, attribute
from timingctl.delay_windows import infer_delay_windows, load_delay_windows
from timingctl.documents import as_json, iso
from timingctl.errors import InputError
from timingctl.exports import (
    Export,
    check_file,
    find_explicit,
    find_tables,
    require_tables,
)
from timingctl.manifest import Intake, Tally, manifest
from timingctl.progress import Progress, Silence
from timingctl.relations import in_order, tables_behind
from timingctl.schemas import LEAD, MESSAGE, TABLES, Table
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.seals import file_digest, manifest_path
from timingctl.staging import (
    Account,
    account_for,
    has_ties,
    import_table,
    rejects_sql,
    stage_table,
)
from timingctl.warehouse import Resources, Warehouse, open_warehouse, sql_text
from timingctl.writer import (
    VERSION_KEY,
    ContentDigest,
    Form,
    check_output,
    replacing,
    write_batches,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from timingctl.delay_windows import DelayWindows

    Exports = Mapping[Table, list[Export]]

#: Who the leads are, which messages have none and which are tied, which jobs send.
STAGING_RELATIONS = in_order(
    "staging", "known_lead", "orphan_message", "known_channel", "tied_message", "sending_job"
)
#: The relation that is streamed, not stored; and those that it is made from.
EVENT_RELATION = ("events", "event")
EVENT_RELATIONS = in_order(*EVENT_RELATION)[:-1]
#: Those that are views: a build reads each once, and only what it needs; an explanation also
#: reads the reasons, of one thread or anchor.
VIEWS = (
    *("order_hash", "sending_job", "thread_message"),
    *("draft_part", "ranked_draft", "ranked_job"),
)
#: Views, too, unless memory is limited: a table of it leaves all of that to who reads it.
ROOMY_VIEWS = ("ai_answer", "answered_anchor")
#: What events are made from; a build drops the rest before, which is most of what it has read.
EVENT_INPUTS = (*tables_behind(*EVENT_RELATION, ROOMY_VIEWS), *ROOMY_VIEWS)

_REJECT_SCHEMA = pl.Schema(
    {"table": pl.String, "file": pl.String, "row": pl.Int64}
    | dict.fromkeys(("id", "column", "reason", "value"), pl.String)
)


@dataclass(frozen=True)
class SourceOptions:
    """What is read, and by which rules it is related. Instants are UTC; None means not given."""

    source: Path
    tables: Mapping[str, list[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    client: str | None = None
    setter_rule: str = "turn"
    delay_windows: Path | Literal["infer"] | None = None
    resources: Resources = field(default_factory=Resources)

    @property
    def history(self) -> Path | None:
        """The file of delay windows, where one is given."""
        return self.delay_windows if isinstance(self.delay_windows, Path) else None


@dataclass(frozen=True)
class BuildOptions(SourceOptions):
    """What a build is asked for."""

    output: Path = Path("events.parquet")
    as_of: datetime | None = None
    strict: bool = False
    csv_safe: bool = False
    lock_timeout: str = LOCK_TIMEOUT  # of another build into the same place

    def document(self) -> dict[str, Any]:
        """What the manifest says of the options: those that may change the result."""
        return {
            "asOf": iso(self.as_of),
            "since": iso(self.since),
            "until": iso(self.until),
            "client": self.client,
            "setterRule": self.setter_rule,
            "delayWindows": self.history.name if self.history else self.delay_windows,
            "strict": self.strict,
        }


@dataclass(frozen=True)
class Related:
    """What came of the exports besides tables: the delay windows, and what the user should know."""

    windows: DelayWindows
    notes: list[str]


def build(options: BuildOptions, progress: Progress | None = None) -> dict[str, Any]:
    """Build the events of a source into a file, and return the manifest that stands beside it.

    Writes the events, ``<output>.manifest.json`` and, where rows are unusable,
    ``<output>.rejects.ndjson``: all of them or, on any error, nothing.
    Raises InputError for exports that cannot be used, or for any unusable row when strict;
    SettingsError for resources or an output folder that cannot be had.
    """
    progress = progress or Silence()
    with opened(options) as (warehouse, exports):
        output = options.output
        check_outputs(options, exports, [output, manifest_path(output), rejects_path(output)])
        related = relate(warehouse, exports, options, progress)
        intake = Intake(_account(warehouse, exports), related.notes)
        _check_strict(options, intake)
        return _write(warehouse, options, related.windows, intake, progress)


@contextmanager
def opened(options: SourceOptions) -> Iterator[tuple[Warehouse, Exports]]:
    """A session that can read the exports of the source, and nothing else.

    Raises InputError for a source that lacks a required table.
    """
    with open_warehouse(options.resources) as warehouse:
        yield warehouse, _find(warehouse, options)


def relate(
    warehouse: Warehouse, exports: Exports, options: SourceOptions, progress: Progress
) -> Related:
    """Make everything that events are made from: the staged tables and EVENT_RELATIONS.

    Raises InputError for exports that cannot be used.
    """
    notes = stage(warehouse, exports, options, progress)
    if options.delay_windows == "infer":
        progress.step("Inferring delay windows")
        windows = infer_delay_windows(warehouse)
    else:
        windows = load_delay_windows(warehouse, options.history)
    _relate(warehouse, EVENT_RELATIONS, options, _params(options, exports), progress)
    for kind, count, example in warehouse.violations("odd_reference"):
        notes.append(f"{kind}: {count:,}, such as {example}.")
    return Related(windows, notes)


def stage(
    warehouse: Warehouse, exports: Exports, options: SourceOptions, progress: Progress
) -> list[str]:
    """Make the staged tables, and who the leads are; returns what the user should know.

    Raises InputError for exports that cannot be used.
    """
    notes = _import(warehouse, exports, progress)
    if options.client and LEAD in exports:
        notes.append("--client has no effect: the Lead table names the clients.")
    params = _params(options, exports) | {"has_ties": has_ties(warehouse)}
    _relate(warehouse, STAGING_RELATIONS, options, params, progress)
    _check_clients(warehouse)
    return notes


def _find(warehouse: Warehouse, options: SourceOptions) -> dict[Table, list[Export]]:
    """The exports of the source; afterwards the session can read nothing else."""
    explicit = find_explicit(options.tables)
    exports = find_tables(
        warehouse, options.source, [table for table in TABLES if table not in explicit]
    )
    exports |= explicit
    require_tables(options.source, exports)
    given = [export.path for files in exports.values() for export in files]
    if options.history:
        check_file(options.history)
    warehouse.only_these_files([*given, *filter(None, [options.history])])
    return exports


def check_outputs(options: SourceOptions, exports: Exports, outputs: Sequence[Path]) -> None:
    """Refuse, before any work, outputs that cannot be written or would replace an input."""
    inputs = [export.path for files in exports.values() for export in files]
    inputs += [options.source, *filter(None, [options.history])]
    check_output(outputs, inputs, make="make it, or give -o", give="give another output by -o")


def _import(warehouse: Warehouse, exports: Exports, progress: Progress) -> list[str]:
    """Import and stage every table, absent ones as empty; returns what the user should know."""
    notes = []
    for table in TABLES:
        progress.step(f"Reading {table.name}")
        files = exports.get(table, [])
        reading = partial(_reading, warehouse, progress, len(files))
        notes += import_table(warehouse, table, files, reading=reading)
        progress.step(f"Checking {table.name}")
        stage_table(warehouse, table)
    return notes


def _reading(warehouse: Warehouse, progress: Progress, total: int, done: int, now: int) -> None:
    """Tell that of so many files some are done, and some are read by the statement that follows."""
    progress.files(total, lambda: done + now * warehouse.share_done())


def _params(options: SourceOptions, exports: Exports) -> dict[str, object]:
    """The params of sql/staging and sql/events that are known from the start."""
    return {
        "lead_given": LEAD in exports,
        "client": options.client,
        "since": options.since,
        "until": options.until,
        "setter_rule": options.setter_rule,
    }


def _relate(
    warehouse: Warehouse,
    relations: Sequence[tuple[str, str]],
    options: SourceOptions,
    params: dict[str, object],
    progress: Progress,
) -> None:
    """Make relations of sql/, each a folder and a name, in order."""
    views = VIEWS if options.resources.memory_limit else (*VIEWS, *ROOMY_VIEWS)
    for folder, relation in relations:
        progress.step(f"Relating {relation.replace('_', ' ')}s")
        if relation in views:
            warehouse.create_view(relation, folder)
        else:
            warehouse.create(relation, folder, params)


def _check_clients(warehouse: Warehouse) -> None:
    [(count, example)] = warehouse.execute(
        "select count(*), min(leadId) from known_lead where clientId is null and not isContested"
    )
    if count:
        leads = "1 lead" if count == 1 else f"{count:,} leads"
        raise InputError(
            f"No client for {leads}, such as {example}: add the Lead table, "
            "or a clientId column in Message or BackgroundJob, or give --client ID."
        )


def _account(warehouse: Warehouse, exports: Exports) -> dict[Table, Account]:
    """What became of every row of every table that was given; the counts add up."""
    accounts = {table: account_for(warehouse, table, files) for table, files in exports.items()}
    orphans = warehouse.execute(
        "select reason, count(*) from orphan_message group by reason order by reason"
    )
    for reason, count in orphans:
        accounts[MESSAGE].rejected[reason] = count
        accounts[MESSAGE].used -= count
    for table, account in accounts.items():
        account.rejected = dict(sorted(account.rejected.items()))
        if not account.adds_up:
            raise RuntimeError(f"{table.name}: rows are lost or counted twice: {account}")
    return {table: accounts[table] for table in TABLES if table in accounts}


def _check_strict(options: BuildOptions, intake: Intake) -> None:
    reasons = [
        f"{count} of {table.name}: {reason}"
        for table, account in intake.accounts.items()
        for reason, count in account.rejected.items()
    ]
    if options.strict and reasons:
        raise InputError(
            f"Unusable rows, and --strict was given ({'; '.join(reasons)}). Without --strict they "
            f"are left out and listed in {rejects_path(options.output).name}."
        )


def latest_message(warehouse: Warehouse) -> datetime | None:
    """The latest readable sentAt of all messages read, usable or not."""
    [(latest,)] = warehouse.execute("select max(sentAt) from import_message")
    return latest.replace(tzinfo=UTC) if isinstance(latest, datetime) else None


def event_of(
    warehouse: Warehouse, anchor: str, windows: DelayWindows, as_of: datetime | None
) -> pl.DataFrame:
    """The event of one anchor with its ``windowSource``, as a build makes it; one row."""
    sql = f"select * from ({sql_text(*EVENT_RELATION)}) where inboundMessageId = $anchor"
    return pl.DataFrame(attribute(warehouse.rows(sql, {"anchor": anchor}), windows, as_of))


def _write(
    warehouse: Warehouse,
    options: BuildOptions,
    windows: DelayWindows,
    intake: Intake,
    progress: Progress,
) -> dict[str, Any]:
    """Write the rejects; stream the events through attribution into the output; the manifest."""
    as_of = options.as_of or latest_message(warehouse)
    digest, tally = ContentDigest(EVENT_SCHEMA), Tally()
    [(total,)] = warehouse.execute("select count(*) from anchor")

    def events() -> Iterator[pa.Table]:
        for rows in warehouse.batches(sql_text(*EVENT_RELATION)):
            attributed = attribute(rows, windows, as_of)
            tally.add(attributed)
            event = attributed.select(EVENT_SCHEMA.names())
            digest.update(event)
            progress.rows(tally.counts["total"], total)
            yield event

    output = options.output
    rejects = _rejects(intake)
    kept, obsolete = ([rejects_path(output)], []) if rejects else ([], [rejects_path(output)])
    targets = [output, *kept, manifest_path(output)]
    with replacing(targets, obsolete, options.lock_timeout) as temporary:
        progress.step("Writing events")
        if rejects:
            batches = chain.from_iterable(map(warehouse.batches, rejects))
            write_batches(batches, _REJECT_SCHEMA, temporary[1], Form(".ndjson"))
        warehouse.keep_only(EVENT_INPUTS)
        metadata = {
            VERSION_KEY: __version__,
            "timingctl.asOf": iso(as_of) or "",
            "timingctl.since": iso(options.since) or "",
            "timingctl.until": iso(options.until) or "",
        }
        form = Form(output.suffix, metadata, options.csv_safe)
        write_batches(events(), EVENT_SCHEMA, temporary[0], form)
        digests = {
            "contentDigest": str(digest),
            "fileDigest": file_digest(temporary[0]),
            "rejectsDigest": file_digest(temporary[1]) if rejects else None,
        }
        document = manifest(options.document(), intake, tally, as_of, digests)
        temporary[-1].write_text(as_json(document), encoding="utf-8")
    return document


def _rejects(intake: Intake) -> list[str]:
    """The queries for the unusable rows, in the order of table, file and row."""
    return [
        rejects_sql(table, account.files)
        for table, account in intake.accounts.items()
        if account.rejected
    ]


def rejects_path(output: Path) -> Path:
    """Where the unusable rows behind an output are listed."""
    return output.with_name(output.name + ".rejects.ndjson")
