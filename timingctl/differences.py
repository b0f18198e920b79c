"""Comparing events: a file of them with another, or with the app's own table, and why they differ.

*Here* is the first of the two, *there* the other. docs/diff.md has the condition of each reason.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, cast

import polars as pl
import pyarrow as pa  # noqa: TC002 - DuckDB resolves what _chosen_delay is annotated with

from timingctl.delay import chosen_seconds
from timingctl.events import check_events, existing, import_events
from timingctl.exports.export import each_file
from timingctl.grid import NOTHING, Grid, Heading
from timingctl.progress import Progress, Silence
from timingctl.relations import in_order
from timingctl.replacing import check_output, replacing
from timingctl.schemas import EVENT, EVENT_KEYS, EventType, event_file
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.sql_text import literal, quoted
from timingctl.warehouse import Resources, Warehouse, open_warehouse
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from timingctl.exports.export import Export
    from timingctl.postgres.dsn import Dsn

_COLUMNS = tuple(column.name for column in EVENT)
#: The relation of sql/diff that is made first: it tells which columns to compare.
FACT_RELATION = "side_fact"
#: The others, in the order in which they are made.
RELATIONS = in_order("diff", "difference_count", "reason_count", "example", there=[FACT_RELATION])
#: What is said of rows, not of what happened: a table keeps its own.
BOOKKEEPING = ("id", "createdAt", "updatedAt")
#: The reason that counts as no difference unless all is to be exact.
SATURATED = "saturated"
#: The likely reasons, and what each says.
REASONS = {
    "rounded": "one side keeps milliseconds, the other more",
    "saturated": "one side cut the number to 32 bits: 2147483647",
    "tie": "messages of one instant, taken in another order",
    "rule-next": "one side is of rule next, and the AI came first",
    "late-message": "one side knows a later inbound before the answer",
    "newer": "it happened after all that the other side knows",
    "older": "it came before the other side's first inbound",
    "window-changed": "each side chose by another delay window",
    "window-missing": "only one side knows a delay window",
    "chosen-inconsistent": "a chosen delay is not that of its id and window",
    "job-rescheduled": "the same job has another runAt",
    "job-ran-since": "on one side the job had not run yet",
    "own-id": "one side gives rows ids of their own",
    "as-of": "the two were built as of other instants",
}

_SIDES = ("here", "there")
_INSTANT = "'%Y-%m-%dT%H:%M:%S.%fZ'"
_ROWS_SCHEMA = pl.Schema(
    dict.fromkeys(
        ("kind", "inboundMessageId", "leadId", "channel", "column", "here", "there", "reason"),
        pl.String,
    )
)


Kind = Literal["differs", "only here", "only there"]


class Side(TypedDict):
    """A side: its file as it was given, or the table and the server; and how many events it has."""

    name: str
    events: int


class DifferenceCount(TypedDict):
    """How many events differ in a column for a likely reason; null: a whole event, none known."""

    kind: Kind
    column: str | None
    reason: str | None
    events: int


class ReasonCount(TypedDict):
    """How many events, and differences in them, have a likely reason; null: none is known."""

    reason: str | None
    events: int
    differences: int


class Difference(TypedDict):
    """A difference: a column of an event of both sides, or, of null, an event of one side alone."""

    kind: Kind
    inboundMessageId: str
    leadId: str
    channel: str
    column: str | None
    here: str | None
    there: str | None
    reason: str | None


class Counts(TypedDict):
    """What a comparison found, in numbers and examples."""

    differing: int
    onlyHere: int
    onlyThere: int
    differences: list[DifferenceCount]
    reasons: list[ReasonCount]
    examples: list[Difference]


class DiffDocument(Counts):
    """The JSON document of a comparison."""

    here: Side
    there: Side
    equal: bool
    notCompared: list[str]
    same: int


def _rows_sql(relation: str) -> str:
    """The differences in the order of their threads."""
    return (
        f"select {', '.join(map(quoted, _ROWS_SCHEMA.names()))} from {relation} "
        "order by leadId, channel, inboundSentAt, inboundMessageId, place"
    )


@dataclass(frozen=True)
class DiffOptions:
    """What is compared. `other` is a file of events, or the DSN of a database that has them.

    `examples` is how many events of each kind and reason are shown. With `every_column`
    BOOKKEEPING is compared even where a side keeps its own. With `exact` a number that a side cut
    to 32 bits counts as a difference; else it is only told. With `keep_rows` every difference is
    kept in memory.
    """

    events: Path
    other: Path | Dsn
    ignored: Collection[str] = ()
    rows: Path | None = None
    csv_safe: bool = False
    examples: int = 2
    every_column: bool = False
    exact: bool = False
    keep_rows: bool = False
    lock_timeout: str = LOCK_TIMEOUT  # of another run that writes rows to the same place
    resources: Resources = field(default_factory=Resources)


@dataclass(frozen=True, repr=False)
class Diff:
    """What a comparison found.

    `document` is the contract of ``--json``: the two sides, counts of events that are equal,
    differing, or on one side only, of differences by column and by reason, and examples. `rows`
    has every difference where they were to be kept: the columns of Difference, all text. `notes`
    are sentences on the two sides.
    """

    document: DiffDocument
    rows: pl.DataFrame = field(default_factory=_ROWS_SCHEMA.to_frame)
    notes: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether all events are the same in all columns that were compared.

        A number that a side cut to 32 bits is the same, unless all is to be exact.
        """
        return self.document["equal"]

    def __repr__(self) -> str:
        return f"Diff(equal={self.equal})"


def diff(options: DiffOptions, progress: Progress | None = None) -> Diff:
    """Compare two sets of events by inboundMessageId, and write all differences where asked to.

    Raises InputError for a file that is not wholly events or has an anchor twice, DatabaseError
    for a table that cannot be read, SettingsError for rows that cannot be written.
    """
    progress = progress or Silence()
    _check_rows_file(options)
    with (
        _other(options, progress) as there,
        open_warehouse(options.resources) as warehouse,
    ):
        sides = dict(zip(_SIDES, (_file(options.events), there), strict=True))
        warehouse.only_these_files([export.path for export in each_file(sides.values())])
        skipped, notes = set(options.ignored), list[str]()
        for side, export in sides.items():
            progress.step(f"Reading {export.label}")
            table = event_file(f"{side}_event", _COLUMNS)
            optional = _optional(options.ignored)
            skipped.update(import_events(warehouse, table, export, optional))
            notes += check_events(warehouse, table, export)
        warehouse.define("chosen_delay", _chosen_delay, ["varchar", "bigint", "bigint"], "bigint")
        warehouse.create(FACT_RELATION, "diff")
        if not options.every_column and _keeps_its_own(warehouse, options):
            skipped.update(BOOKKEEPING)
        _compare(warehouse, options, skipped, progress)
        if options.rows is not None:
            progress.step(f"Writing {options.rows.name}")
            with replacing([options.rows], (), options.lock_timeout) as [temporary]:
                rows = warehouse.batches(_rows_sql("difference"))
                form = Form(options.rows.suffix, csv_safe=options.csv_safe)
                write_batches(rows, _ROWS_SCHEMA, temporary, form)
        document = _document(warehouse, sides, skipped)
        if not options.exact:
            document["equal"] = {count["reason"] for count in document["reasons"]} <= {SATURATED}
        notes += _only_bookkeeping(document)
        if options.keep_rows:
            return Diff(document, warehouse.frame(_rows_sql("difference")), notes)
        return Diff(document, notes=notes)


def _check_rows_file(options: DiffOptions) -> None:
    """Refuse, before any work, a file of rows that cannot be written or would replace an input."""
    if options.rows is None:
        return
    inputs = [path for path in (options.events, options.other) if isinstance(path, Path)]
    check_output([options.rows], inputs, make="make it", give="give another file by --rows")


@contextmanager
def _other(options: DiffOptions, progress: Progress) -> Iterator[Export]:
    """The other side as a file; the table of a database as one that is gone afterwards."""
    if isinstance(options.other, Path):
        yield _file(options.other)
        return
    from timingctl.postgres.pull import pulled_events

    required = set(_COLUMNS) - _optional(options.ignored)
    temp_dir = options.resources.temp_dir
    with pulled_events(options.other, required, temp_dir, progress) as path:
        yield replace(existing(path), label=f"ResponseTimingEvent at {options.other.place}")


def _file(path: Path) -> Export:
    """A file by the path it was given as: the two may share a name."""
    return replace(existing(path), label=str(path))


def _optional(ignored: Collection[str]) -> set[str]:
    """The columns that a side may lack."""
    return {*BOOKKEEPING, *ignored} - set(EVENT_KEYS)


def _keeps_its_own(warehouse: Warehouse, options: DiffOptions) -> bool:
    """Whether a side is the app's table: a database, or ids that are not the anchors'."""
    [(own_ids,)] = warehouse.execute("select bool_or(hasOwnIds) from side_fact")
    return bool(own_ids) or not isinstance(options.other, Path)


def _chosen_delay(ids: pa.Array, minimum: pa.Array, maximum: pa.Array) -> pa.Array:
    """The build's own chosen delay, for SQL."""
    texts, low, high = (pl.Series(array) for array in (ids, minimum, maximum))
    return chosen_seconds(texts.cast(pl.String), low, high).to_arrow()


def _compare(
    warehouse: Warehouse, options: DiffOptions, skipped: Collection[str], progress: Progress
) -> None:
    """Make RELATIONS in order, and the views that they read."""
    warehouse.execute(f"create view event_pair as {_event_pair_sql(skipped)}")
    for folder, relation in RELATIONS:
        progress.step(f"Comparing: {relation.replace('_', ' ')}s")
        warehouse.create(relation, folder, {"events": options.examples})
        if relation == "unequal_event":
            warehouse.execute(f"create view column_pair as {_column_pair_sql(skipped)}")


def _event_pair_sql(skipped: Collection[str]) -> str:
    """A select of one row an anchor of either side: its events as structs, and whether equal."""
    columns = ", ".join(map(quoted, _COLUMNS))
    here, there = (f"(select {columns} from import_{side}_event) as {side}" for side in _SIDES)
    equal = " and ".join(
        f"here.{quoted(name)} is not distinct from there.{quoted(name)}"
        for name in _COLUMNS
        if name not in skipped
    )
    return (
        f"select here, there, {equal} as isEqual from {here} full join {there} "
        "on there.inboundMessageId = here.inboundMessageId"
    )


def _column_pair_sql(skipped: Collection[str]) -> str:
    """A select of one row a compared column of an anchor whose events differ; values as text."""
    pairs = []
    for place, column in enumerate(EVENT):
        here, there = (f"{side}.{quoted(column.name)}" for side in _SIDES)
        if column.type is EventType.INSTANT:
            here, there = (f"strftime({value}, {_INSTANT})" for value in (here, there))
        if column.name not in skipped:
            pairs.append(
                f"{{'place': {place}, 'column': {literal(column.name)}, "
                f"'here': {here}::varchar, 'there': {there}::varchar}}"
            )
    return (
        f"select inboundMessageId, unnest([{', '.join(pairs)}], recursive := true) "
        "from unequal_event where kind = 'differs'"
    )


def _document(
    warehouse: Warehouse, sides: dict[str, Export], skipped: Collection[str]
) -> DiffDocument:
    counts = dict(warehouse.execute("select side, events from side_fact"))
    kinds = dict(warehouse.execute("select kind, count(*) from unequal_event group by kind"))
    differing, only_here, only_there = (
        kinds.get(kind, 0) for kind in ("differs", "only here", "only there")
    )

    def of(sql: str) -> list[dict[str, object]]:
        return warehouse.frame(sql).to_dicts()

    return {
        "here": {"name": sides["here"].label, "events": counts["here"]},
        "there": {"name": sides["there"].label, "events": counts["there"]},
        "equal": not kinds,
        "notCompared": [column.name for column in EVENT if column.name in skipped],
        "same": counts["here"] - differing - only_here,
        "differing": differing,
        "onlyHere": only_here,
        "onlyThere": only_there,
        "differences": cast("list[DifferenceCount]", of("from difference_count")),
        "reasons": cast("list[ReasonCount]", of("from reason_count")),
        "examples": cast("list[Difference]", of(_rows_sql("example"))),
    }


def _only_bookkeeping(document: DiffDocument) -> list[str]:
    """What leaves out the differences, where all are in what is said of rows alone."""
    differing = {count["column"] for count in document["differences"]}
    if not differing or not differing <= {*BOOKKEEPING}:
        return []
    options = " ".join(f"--ignore {name}" for name in BOOKKEEPING if name in differing)
    return [f"All differences are in bookkeeping columns; leave these out by {options}."]


def diff_grids(found: Diff) -> list[Grid]:
    """The counts of a comparison, its differences by column, and what the reasons mean."""
    document = found.document
    counts = [
        ("Here", document["here"]["events"]),
        ("There", document["there"]["events"]),
        ("The same", document["same"]),
        ("Differing", document["differing"]),
        ("Only here", document["onlyHere"]),
        ("Only there", document["onlyThere"]),
    ]
    grids = [
        Grid("Events", (_words(""), Heading("")), [(name, f"{count:,}") for name, count in counts])
    ]
    if document["differences"]:
        headings = (_words("Column"), Heading("Events"), _words("Likely reason"))
        grids.append(Grid("Differences", headings, _by_column(document["differences"])))
        headings = (_words("Reason"), Heading("Events"), _words("What it says"))
        grids.append(Grid("Likely reasons", headings, _by_reason(document["reasons"])))
    return grids


def _words(title: str) -> Heading:
    return Heading(title, number=False)


def _by_column(counts: Sequence[DifferenceCount]) -> list[list[str]]:
    """A row a column and reason; the column is named in its first."""
    rows: list[list[str]] = []
    named = ""
    for count in counts:
        name = count["column"] or count["kind"]
        shown = "" if name == named else name
        rows.append([shown, f"{count['events']:,}", count["reason"] or NOTHING])
        named = name
    return rows


def _by_reason(counts: Sequence[ReasonCount]) -> list[list[str]]:
    return [
        [
            count["reason"] or NOTHING,
            f"{count['events']:,}",
            REASONS.get(count["reason"] or "", "the two sides do not show why"),
        ]
        for count in counts
    ]
