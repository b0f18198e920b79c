"""Reading everything anew: the file that one build makes, and what it has otherwise than before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from timingctl.delay_windows import recorded_periods
from timingctl.documents import INSTANT_FORMAT, instant_or_none
from timingctl.exports.database import attached
from timingctl.exports.export import undamaged
from timingctl.inboxes.contract import BUILD, DERIVED, EVENTS, EXPORTED, REJECT, UNPUSHED, at
from timingctl.inboxes.digests import RowSum, row_sum
from timingctl.pipeline import build_into
from timingctl.schemas import TABLES
from timingctl.syncing.changes import (
    EVENT_ROWS,
    KEPT,
    counted,
    make_change,
    make_changes,
    other_rejects,
    take_whole,
)
from timingctl.syncing.document import Synced, events_synced, rows_synced
from timingctl.syncing.state import State, remember_unpushed, write_state
from timingctl.warehouse import INBOX, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from timingctl.manifest import InboxManifest
    from timingctl.options import BuildOptions
    from timingctl.postgres.changed import Changed
    from timingctl.progress import Progress
    from timingctl.syncing.kept import Kept
    from timingctl.syncing.quick import Update
    from timingctl.warehouse import Warehouse


def created(
    options: BuildOptions, state: State, unfinished: Path, notes: Sequence[str], progress: Progress
) -> Synced:
    """What a sync does that makes the file. Raises as a build does."""
    document, sums = build_into(unfinished, options, progress)
    with open_warehouse(options.resources) as warehouse:
        warehouse.attach(unfinished, INBOX)
        write_state(warehouse, replace(state, sums=sums), INBOX)
        warehouse.detach_written(INBOX)
    tables = {
        name: rows_synced(told["rowsRead"], {"added": told["used"]})
        for name, told in document["tables"].items()
    }
    total = document["events"]["total"]
    return Synced(
        instant_or_none(document["asOf"]),
        created=True,
        full=True,
        wrote=True,
        affected=document["rows"]["Lead"],
        tables=tables,
        events=events_synced({"added": total}, total),
        rejected=document["rows"][REJECT.name],
        notes=[*notes, *document["notes"]],
    )


def compared(
    update: Update, changed: Changed | None, notes: Sequence[str], progress: Progress
) -> tuple[Synced, Path]:
    """What a sync does that reads everything, and the file that it makes.

    That counts only where `wrote` says so: something differs, or nobody knew what is to be known of
    the database. Raises as a build does.
    """
    kept, options, unfinished = update.kept, update.options, update.room / "whole"
    document, sums = build_into(unfinished, options, progress)
    progress.step("Comparing")
    with open_warehouse(options.resources) as warehouse:
        warehouse.attach(unfinished, INBOX)
        with attached(warehouse, options.output, KEPT):
            warehouse.execute(f"from {at(BUILD, KEPT)}")
        with undamaged(options.output):
            take_whole(warehouse, INBOX)
            make_changes(warehouse)
            tables = {
                table.name: rows_synced(told["rowsRead"], counted(warehouse, table.relation))
                for table in TABLES
                if (told := document["tables"].get(table.name))
            }
            _make_event_change(warehouse)
            affected, missed = _leads(warehouse, changed.leads if changed else None)
            is_new = changed is not None and changed.is_new
            wrote = is_new or _differs(warehouse, kept, document, sums)
            write_state(warehouse, replace(update.state, sums=sums), INBOX)
            if kept.state.pushed_to is not None:
                _keep_unpushed(warehouse)
                remember_unpushed(warehouse, KEPT, INBOX)
        events = counted(warehouse, "event")
        warehouse.detach_written(INBOX)
    return Synced(
        instant_or_none(document["asOf"]),
        full=True,
        wrote=wrote,
        affected=affected,
        tables=tables,
        events=events_synced(events, document["events"]["total"]),
        rejected=document["rows"][REJECT.name],
        missed=missed,
        notes=[*notes, *document["notes"]],
    ), unfinished


def _make_event_change(warehouse: Warehouse) -> None:
    """Make ``change_event``."""
    old, new = (f"from {at(EVENTS, side)}" for side in (KEPT, INBOX))
    make_change(warehouse, EVENT_ROWS, old, new)


def _leads(warehouse: Warehouse, active: Sequence[str] | None) -> tuple[int, int | None]:
    """Of how many leads something changed, and how many of them are not among the active ones."""
    warehouse.create("changed_lead", "sync")
    [(count,)] = warehouse.execute("select count(*) from changed_lead")
    if active is None:
        return int(count), None
    [(missed,)] = warehouse.execute(
        "select count(*) from changed_lead where leadId not in (select unnest($active::varchar[]))",
        {"active": list(active)},
    )
    return int(count), int(missed)


def _differs(
    warehouse: Warehouse, kept: Kept, document: InboxManifest, sums: Mapping[str, RowSum]
) -> bool:
    """Whether the file says anything else than before. Where a reject stands is nothing else.

    Its rows are looked at, too: somebody may have changed them since it was written.
    """
    told = [{k: v for k, v in one.items() if k != REJECT.name}
            for one in (kept.inbox.digests, document["digests"])]  # fmt: skip
    as_of = instant_or_none(document["asOf"])
    return (
        told[0] != told[1]
        or as_of != kept.inbox.as_of
        or other_rejects(warehouse, *(f"from {at(REJECT, side)}" for side in (KEPT, INBOX)))
        or any(counted(warehouse, EVENT_ROWS.relation).values())
        or any(
            row_sum(warehouse, table, at(table, KEPT)) != sums[table.name]
            for table in (*EXPORTED, *DERIVED)
        )
    )


def _keep_unpushed(warehouse: Warehouse) -> None:
    """Carry over the leads whose events are not pushed yet."""
    warehouse.execute(f"insert into {at(UNPUSHED, INBOX)} from {at(UNPUSHED, KEPT)}")


def history_file(windows: Mapping[str, Any], folder: Path) -> Path:
    """A file with the history of delay windows that an inbox was built with."""
    path = folder / "history.csv"
    periods = recorded_periods(windows)
    with path.open("wb") as file:  # Polars takes some paths for URLs
        periods.select(
            campaignId=pl.when("isCampaign").then("key"),
            clientId=pl.when(~pl.col("isCampaign")).then("key"),
            minSeconds="minSeconds",
            maxSeconds="maxSeconds",
            effectiveFrom=pl.col("effectiveFrom").dt.to_string(INSTANT_FORMAT),
            effectiveTo=pl.col("effectiveTo").dt.to_string(INSTANT_FORMAT),
        ).write_csv(file)
    return path
