"""The history of delay windows that the jobs prove, beside the settings of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, cast

import polars as pl

from timingctl.arrow import as_rows
from timingctl.delay_windows import current_windows, recovered_periods
from timingctl.documents import INSTANT_FORMAT, as_json
from timingctl.exports.source import opened
from timingctl.grid import NOTHING, Grid, Heading, duration
from timingctl.output import check_places
from timingctl.pipeline import stage
from timingctl.progress import Silence
from timingctl.recovery import PERIOD_SCHEMA, Verdict
from timingctl.replacing import replacing
from timingctl.schemas import EMAIL_CAMPAIGN
from timingctl.scratch import LOCK_TIMEOUT
from timingctl.seals import file_manifest, manifest_path
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.options import SourceOptions
    from timingctl.progress import Progress

#: The file of the history: grain one period, campaigns first. See recovery.PERIOD_SCHEMA; one of
#: `campaignId` and `clientId` is null, and the current setting stands in a campaign's last period.
HISTORY_SCHEMA = pl.Schema(
    {"campaignId": pl.String(), "clientId": pl.String()}
    | {name: kind for name, kind in PERIOD_SCHEMA.items() if name not in {"isCampaign", "key"}}
    | {"currentMinSeconds": pl.Int64(), "currentMaxSeconds": pl.Int64()}
)


class Period(TypedDict):
    """A row of HISTORY_SCHEMA; instants are ISO 8601."""

    campaignId: str | None
    clientId: str | None
    minSeconds: int | None
    maxSeconds: int | None
    effectiveFrom: str | None
    effectiveTo: str | None
    jobs: int
    explained: int
    share: float | None
    changedAfter: str | None
    changedBy: str | None
    others: int
    verdict: str
    currentMinSeconds: int | None
    currentMaxSeconds: int | None


class HistoryDocument(TypedDict):
    """The JSON document: all periods, and those whose window is not the campaign's of today."""

    windows: list[Period]
    differing: list[Period]
    notes: list[str]


@dataclass(frozen=True)
class WindowHistory:
    """What the jobs of a source prove.

    ``periods`` as HISTORY_SCHEMA; ``differing`` its rows whose window is not the campaign's of
    today; ``notes`` what the user should know of the exports.
    """

    periods: pl.DataFrame
    differing: pl.DataFrame
    notes: list[str]

    def document(self) -> HistoryDocument:
        """The history as JSON has it."""
        return {
            "windows": _records(self.periods),
            "differing": _records(self.differing),
            "notes": self.notes,
        }


def window_history(
    options: SourceOptions, progress: Progress | None = None, output: Path | None = None
) -> WindowHistory:
    """Recover the delay windows from the jobs of a source.

    Raises InputError for exports that cannot be used.
    """
    progress = progress or Silence()
    with opened(options) as source:
        if output is not None:
            check_places(source, [output, manifest_path(output)])
        notes = stage(source, progress).notes
        progress.step("Recovering delay windows")
        periods = recovered_periods(source.warehouse)
        current = current_windows(source.warehouse)
    of_campaign = pl.col("isCampaign")
    last = of_campaign & pl.struct("isCampaign", "key").is_last_distinct()
    settings = current.select(
        pl.col("key"), pl.col("minSeconds", "maxSeconds").name.map(_as_current), last=True
    )
    history = (
        periods.with_columns(last=last)
        .join(settings, on=["key", "last"], how="left", maintain_order="left")
        .with_columns(
            campaignId=pl.when(of_campaign).then("key"), clientId=pl.when(~of_campaign).then("key")
        )
    )
    low, high = pl.col("currentMinSeconds"), pl.col("currentMaxSeconds")
    high = pl.max_horizontal(low, high)  # a window that ends before it starts is constant
    differs = low.ne_missing(pl.col("minSeconds")) | high.ne_missing(pl.col("maxSeconds"))
    recovered = pl.col("verdict") == Verdict.RECOVERED
    differing = history.filter(
        recovered & pl.col("last") & differs & (EMAIL_CAMPAIGN in source.exports)
    )
    columns = HISTORY_SCHEMA.names()
    return WindowHistory(history.select(columns), differing.select(columns), notes)


def write_history(
    history: WindowHistory, output: Path, *, csv_safe: bool, lock_timeout: str = LOCK_TIMEOUT
) -> None:
    """Write the periods as `build --delay-windows` takes them, and their manifest: both or neither.

    Raises SettingsError when the file cannot be written.
    """
    with replacing([output, manifest_path(output)], (), lock_timeout) as (temporary, beside):
        periods = as_rows(history.periods)
        form = Form(output.suffix, csv_safe=csv_safe)
        write_batches(iter([periods]), HISTORY_SCHEMA, temporary, form)
        beside.write_text(as_json(file_manifest(temporary)), encoding="utf-8")


def history_grid(history: WindowHistory) -> Grid:
    """The periods for which there are jobs as text."""
    headings = (
        Heading("campaign or client", number=False, wide=True),
        Heading("window s"),
        Heading("since", number=False),
        Heading("change within"),
        Heading("jobs"),
        Heading("", number=False),
    )
    spoken = history.periods.filter(pl.col("verdict") != Verdict.SILENT)
    return Grid("Delay windows in force", headings, [_cells(row) for row in spoken.to_dicts()])


def remarks(history: WindowHistory) -> list[str]:
    """What the periods come to, and where they differ from the settings of today, in sentences."""
    counts = dict(history.periods["verdict"].value_counts().iter_rows())
    said = [f"{counts[verdict]:,} {verdict}" for verdict in Verdict if verdict in counts]
    return [
        f"Periods: {', '.join(said) or 'none'}.",
        *(
            f"Campaign {row['campaignId']}: the jobs say {_window(row, 'min', 'max')}, "
            f"EmailCampaign says {_window(row, 'currentMin', 'currentMax')}."
            for row in history.differing.to_dicts()
        ),
    ]


def _cells(row: dict[str, Any]) -> list[str]:
    since, after, by = row["effectiveFrom"], row["changedAfter"], row["changedBy"]
    others = f" (others that fit: {row['others']:,})" if row["others"] else ""
    return [
        row["campaignId"] or row["clientId"],
        _window(row, "min", "max"),
        f"{since:%Y-%m-%d %H:%M}" if since else "always",
        duration((by - after).total_seconds() * 1000) if since else NOTHING,
        f"{row['explained']:,}/{row['jobs']:,}",
        row["verdict"] + others,
    ]


def _window(row: dict[str, Any], low: str, high: str) -> str:
    if row[f"{low}Seconds"] is None:
        return NOTHING
    return f"{row[f'{low}Seconds']}–{row[f'{high}Seconds']}"


def _as_current(name: str) -> str:
    return f"current{name[0].upper()}{name[1:]}"


def _records(periods: pl.DataFrame) -> list[Period]:
    instants = pl.selectors.datetime().dt.to_string(INSTANT_FORMAT)
    return cast("list[Period]", periods.with_columns(instants).to_dicts())
