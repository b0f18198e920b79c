"""The delay windows that were in force: the history, given or inferred, and today's settings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from timingctl.documents import INSTANT_FORMAT
from timingctl.errors import InputError
from timingctl.exports.find import export_of
from timingctl.recovery import Verdict, recover
from timingctl.schemas import DELAY_WINDOW
from timingctl.sql_text import sql_text
from timingctl.staging.distinct import duplicates_note
from timingctl.staging.imports import import_table
from timingctl.staging.null_words import take_as_null

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from timingctl.exports.source import Source
    from timingctl.warehouse import Warehouse


_INSTANT = pl.Datetime("us", "UTC")
#: The columns of DelayWindows.history.
_HISTORY = {
    "isCampaign": pl.Boolean(),
    "key": pl.String(),
    "minSeconds": pl.Int64(),
    "maxSeconds": pl.Int64(),
    "effectiveFrom": _INSTANT,
    "effectiveTo": _INSTANT,
    "jobs": pl.Int64(),
}


@dataclass(frozen=True)
class DelayWindows:
    """All windows known to a build.

    ``history``: grain one period; ``isCampaign`` (else it is for a client), ``key`` (the
    campaign's or client's id), ``minSeconds``, ``maxSeconds``, and ``effectiveFrom`` (included)
    and ``effectiveTo`` (excluded), null meaning unbounded. Periods of one key do not overlap. A
    period without seconds is one whose window is not known. Inferred ones have ``jobs``, too: how
    many prove the window.
    ``current``: grain one campaign that sends automatically; ``key``, ``minSeconds``,
    ``maxSeconds``. ``source`` is what a build calls the history: history or inferred.
    """

    history: pl.DataFrame
    current: pl.DataFrame
    source: str = "history"
    notes: list[str] = field(default_factory=list)


def delay_windows_of(
    source: Source, recovered: Callable[[], pl.DataFrame] | None = None
) -> DelayWindows:
    """The windows that a build of the source uses: of the jobs, of a file, or of today.

    `recovered` gives the periods of the jobs where these are not in the source's session, which
    has the campaigns at least. Raises InputError for a file that `load_delay_windows` refuses.
    """
    recovered = recovered or (lambda: recovered_periods(source.warehouse))
    match source.options.delay_windows:
        case "inbox":
            return _recorded(source)
        case "infer" | None:
            return inferred_windows(source.warehouse, recovered())
        case "current":
            windows = load_delay_windows(source.warehouse, None)
            return replace(windows, notes=_contradictions(source.warehouse, recovered()))
        case history:
            return load_delay_windows(source.warehouse, history)


def as_document(windows: DelayWindows) -> dict[str, Any]:
    """The history as JSON has it, to be read again by `delay_windows_of`."""
    instants = pl.selectors.datetime().dt.to_string(INSTANT_FORMAT)
    known = [name for name in _HISTORY if name in windows.history.columns]
    periods = windows.history.select(known).sort("isCampaign", "key", "effectiveFrom")
    return {"source": windows.source, "periods": periods.with_columns(instants).to_dicts()}


def _recorded(source: Source) -> DelayWindows:
    """The windows that an inbox was built with."""
    return recorded_windows(source.warehouse, source.inbox.windows if source.inbox else {})


def recorded_windows(warehouse: Warehouse, told: dict[str, Any]) -> DelayWindows:
    """The windows of `as_document`, and the current windows of the staged campaigns."""
    history = recorded_periods(told)
    if not any("jobs" in row for row in told["periods"]):
        history = history.drop("jobs")
    return DelayWindows(history, current_windows(warehouse), source=told["source"])


def recorded_periods(told: Mapping[str, Any]) -> pl.DataFrame:
    """The periods of `as_document`, as DelayWindows.history, with `jobs` of any."""
    text = {n: pl.String() if isinstance(k, pl.Datetime) else k for n, k in _HISTORY.items()}
    return pl.DataFrame(told["periods"], schema=text).with_columns(
        pl.col(name).str.to_datetime(INSTANT_FORMAT, time_unit="us", time_zone="UTC")
        for name, kind in _HISTORY.items()
        if isinstance(kind, pl.Datetime)
    )


def load_delay_windows(warehouse: Warehouse, history: Path | None) -> DelayWindows:
    """Read the history file, where there is one, and the current windows of the staged campaigns.

    Raises InputError, naming file, row and column, for a row that cannot be read, is for nobody,
    ends before it starts, or overlaps another.
    """
    exports = [export_of(history)] if history else []
    notes = import_table(warehouse, DELAY_WINDOW, exports) + take_as_null(warehouse, DELAY_WINDOW)
    for export in exports:
        _check_rows(warehouse, export.label)
    warehouse.create("delay_window", "staging")
    [(copies,)] = warehouse.execute(
        "select (select count(*) from import_delay_window) - (select count(*) from delay_window)"
    )
    for export in exports:
        notes += duplicates_note(export.label, copies)
        for key, row, other in warehouse.violations("overlapping_window"):
            raise InputError(
                f"{export.label}: rows {row} and {other} overlap for {key}; "
                "end one where the other starts."
            )
    periods = _frame(warehouse, "delay_window")
    return DelayWindows(periods, current_windows(warehouse), notes=notes)


def infer_delay_windows(warehouse: Warehouse) -> DelayWindows:
    """The windows that the staged jobs prove, and the current windows of the staged campaigns."""
    return inferred_windows(warehouse, recovered_periods(warehouse))


def inferred_windows(warehouse: Warehouse, periods: pl.DataFrame) -> DelayWindows:
    """The windows that the jobs prove, and the current windows of the staged campaigns."""
    history = periods.select(
        *("isCampaign", "key", "minSeconds", "maxSeconds", "effectiveFrom", "effectiveTo"),
        jobs="explained",
    )
    return DelayWindows(history, current_windows(warehouse), source="inferred")


def recovered_periods(warehouse: Warehouse) -> pl.DataFrame:
    """The periods of all campaigns, and of clients with leads without one, from the staged jobs.

    As recovery.PERIOD_SCHEMA. A campaign that no job speaks for has one period of that verdict.
    """
    return everyones_periods(
        [recover(warehouse.frame(sql_text("windows", "scheduled_delay")))],
        warehouse.frame(sql_text("windows", "campaign")),
    )


def everyones_periods(recovered: Iterable[pl.DataFrame], campaigns: pl.DataFrame) -> pl.DataFrame:
    """The recovered periods, of some owners each, and one of each campaign without any."""
    periods = pl.concat(recovered)
    nothing = pl.lit(0, pl.Int64)
    silent = campaigns.join(periods.filter("isCampaign"), on="key", how="anti").with_columns(
        isCampaign=True, jobs=nothing, explained=nothing, verdict=pl.lit(Verdict.SILENT)
    )
    everyone = pl.concat([periods, silent], how="diagonal")
    return everyone.sort(~pl.col("isCampaign"), "key", "effectiveFrom", nulls_last=False)


def _contradictions(warehouse: Warehouse, periods: pl.DataFrame) -> list[str]:
    """A sentence on the jobs whose window is none that their campaign has today."""
    today = warehouse.frame("select key, minSeconds, maxSeconds from campaign_window")
    highest = pl.max_horizontal("minSeconds", "maxSeconds")  # one that ends before it starts
    other = (
        periods.filter("isCampaign", verdict=Verdict.RECOVERED)
        .join(today.select("key"), on="key", how="semi")
        .join(
            today.with_columns(maxSeconds=highest),
            on=["key", "minSeconds", "maxSeconds"],
            how="anti",
        )
    )
    if other.is_empty():
        return []
    jobs, campaigns = other["explained"].sum(), other["key"].n_unique()
    return [
        f"--delay-windows current: {jobs:,} jobs of {campaigns:,} campaigns have delays of windows "
        f"that EmailCampaign does not have today, so chosen delays are wrong. Without the option "
        "the jobs say the windows; `timingctl windows` shows them."
    ]


def _check_rows(warehouse: Warehouse, label: str) -> None:
    for column, reason, value, row in warehouse.violations("unreadable_window"):
        shown = "" if value is None else f": {value!r}"
        raise InputError(f"{label}, row {row}, column {column}: {reason}{shown}.")
    for column, row in warehouse.violations("halved_window"):
        raise InputError(f"{label}, row {row}, column {column}: no {column}.")
    for (row,) in warehouse.violations("keyless_window"):
        raise InputError(f"{label}, row {row}: neither campaignId nor clientId; give one.")
    for (row,) in warehouse.violations("reversed_window"):
        raise InputError(f"{label}, row {row}: effectiveTo is not after effectiveFrom.")


def current_windows(warehouse: Warehouse) -> pl.DataFrame:
    """The windows of today, as DelayWindows.current."""
    warehouse.create_view("campaign_window", "staging")
    warehouse.create("current_window", "staging")
    return _frame(warehouse, "current_window")


def _frame(warehouse: Warehouse, relation: str) -> pl.DataFrame:
    frame = warehouse.frame(f"from {relation}")
    instants = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    return frame.with_columns(pl.col(instants).dt.replace_time_zone("UTC"))
