"""Jobs of campaigns whose delay windows are given: what `timingctl windows` has to find again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from timingctl.delay import chosen_seconds

Window = tuple[int, int]

WINDOWS: tuple[Window, ...] = ((180, 420), (60, 120), (300, 300), (120, 900), (0, 86_400))
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 90


@dataclass(frozen=True)
class History:
    """The windows of one campaign in turn, and the instants at which one followed another."""

    windows: list[Window]
    changes: list[datetime]


@dataclass(frozen=True)
class Jobs:
    """One row a job, in the order of campaign and time, with the truth that made it.

    ``key``, ``messageId``, ``sentAt`` (naive), ``delayMicroseconds``, ``turn`` (which of the
    campaign's windows) and ``isMoved`` (rescheduled, retried or scheduled late).
    """

    frame: pl.DataFrame
    histories: dict[str, History]

    def scheduled(self) -> pl.DataFrame:
        """As sql/windows/scheduled_delay.sql gives them."""
        return self.frame.select(
            pl.lit(True).alias("isCampaign"), "key", "messageId", "sentAt", "delayMicroseconds"
        )


def given_jobs(
    campaigns: int, jobs: int, seed: int, moved: float, turns: tuple[int, int] = (2, 4)
) -> Jobs:
    """Jobs of campaigns with so many changes each, a share of them moved."""
    random = np.random.default_rng(seed)
    histories, frames = {}, []
    for number in range(campaigns):
        history = _history(random, int(random.integers(turns[0], turns[1] + 1)))
        key = f"campaign-{number:04}"
        histories[key] = history
        frames.append(_campaign(random, key, history, jobs))
    frame = pl.concat(frames)
    low, high = frame["low"], frame["high"]
    meant = chosen_seconds(frame["messageId"], low, high).to_numpy() * 1_000_000
    is_moved = random.random(len(frame)) < moved
    delay = np.where(is_moved, _moved(random, meant), meant)
    frame = frame.with_columns(delayMicroseconds=pl.Series(delay), isMoved=pl.Series(is_moved))
    return Jobs(frame.drop("low", "high").sort("key", "sentAt", "messageId"), histories)


def _history(random: np.random.Generator, changes: int) -> History:
    windows = [WINDOWS[random.integers(len(WINDOWS))]]
    while len(windows) <= changes:
        others = [window for window in WINDOWS if window != windows[-1]]
        windows.append(others[random.integers(len(others))])
    moments = np.sort(random.integers(0, DAYS * 86_400_000, changes))
    return History(windows, [START + timedelta(milliseconds=int(moment)) for moment in moments])


def _campaign(random: np.random.Generator, key: str, history: History, jobs: int) -> pl.DataFrame:
    sent = np.sort(random.integers(0, DAYS * 86_400_000, jobs))
    changes = [(change - START) // timedelta(milliseconds=1) for change in history.changes]
    turn = np.searchsorted(changes, sent, "right")
    low, high = np.array(history.windows).T
    ids = [str(uuid.UUID(bytes=random.bytes(16), version=4)) for _ in range(jobs)]
    instants = pl.lit(START.replace(tzinfo=None)) + pl.duration(milliseconds="sent")
    return pl.DataFrame(
        {"messageId": ids, "sent": sent, "turn": turn, "low": low[turn], "high": high[turn]}
    ).select(
        pl.lit(key).alias("key"), "messageId", instants.cast(pl.Datetime("us")).alias("sentAt"),
        "turn", "low", "high",
    )  # fmt: skip


def _moved(random: np.random.Generator, meant: np.ndarray) -> np.ndarray:
    """To the next morning, a minute to ten later, or to half a minute from some later now."""
    size = len(meant)
    ways = np.stack(
        [
            random.integers(3_600_000, 72_000_000, size) * 1_000,
            meant + random.integers(60, 600, size) * 1_000_000,
            random.integers(30_000, 900_000, size) * 1_000,
        ]
    )
    delay = ways[random.integers(0, 3, size), np.arange(size)]
    whole = random.random(size) < 0.5  # as when the app cuts to seconds
    return np.where(whole, delay // 1_000_000 * 1_000_000, delay)


def write(jobs: Jobs, folder: Path, current: dict[str, Window] | None = None) -> Path:
    """The jobs as exports; the campaigns' settings of today are their last unless told."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = jobs.frame.with_row_index("n")
    lead, draft = pl.format("lead-{}", "n"), pl.format("draft-{}", "n")
    tables = {
        "Message": pl.concat(
            [
                rows.select(
                    id="messageId", leadId=lead, channel=pl.lit("email"), sentAt="sentAt",
                    direction=pl.lit("inbound"),
                ),
                rows.select(
                    id=pl.format("answer-{}", "n"), leadId=lead, channel=pl.lit("email"),
                    sentAt=pl.col("sentAt").dt.offset_by("2d"), direction=pl.lit("outbound"),
                ),
            ]
        ).with_columns(sentBy=None, sentByUserId=None, aiDraftId=None, aiDraftPartIndex=None),
        "AIDraft": rows.select(
            id=draft, triggerMessageId="messageId", channel=pl.lit("email"), createdAt="sentAt"
        ),
        "BackgroundJob": rows.select(
            id=pl.format("job-{}", "n"), type=pl.lit("AI_AUTO_SEND_DELAYED"), messageId="messageId",
            draftId=draft, runAt=pl.col("sentAt") + pl.duration(microseconds="delayMicroseconds"),
            startedAt=None, finishedAt=None,
        ),
        "Lead": rows.select(id=lead, clientId=pl.lit("client"), emailCampaignId="key"),
    }  # fmt: skip
    today = {key: history.windows[-1] for key, history in jobs.histories.items()} | (current or {})
    tables["EmailCampaign"] = pl.DataFrame(
        [(key, "client", "AI_AUTO_SEND", *window) for key, window in today.items()],
        ["id", "clientId", "responseMode", "autoSendDelayMinSeconds", "autoSendDelayMaxSeconds"],
        orient="row",
    )
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder
