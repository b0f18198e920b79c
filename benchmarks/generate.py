"""Seeded synthetic exports of any size: `python benchmarks/generate.py DIR --leads N`.

Five Parquet folders, a part a chunk of leads, so that memory stays bounded. Everything is drawn
from one seeded generator a chunk: the same seed and number of leads give the same files. What a
lead writes: one or two channels, streaks of inbounds, answers by the AI (in one or two parts), a
setter, both, a campaign or nobody; drafts sent and not; jobs with cron lag, some rescheduled.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from timingctl.delay import chosen_seconds

CHUNK_LEADS = 50_000
CLIENTS, CAMPAIGNS, SETTERS = 25, 200, 60
WINDOWS = [(180, 420), (60, 120), (300, 300), (120, 900), (0, 86_400)]
CHANNELS = ["email", "linkedin", "sms"]
SECOND = 1_000_000  # in microseconds, the unit of every instant here
EPOCH = 1_735_689_600 * SECOND  # 2025-01-01
YEAR = 365 * 86_400 * SECOND

Rng = np.random.Generator


def uuids(rng: Rng, count: int) -> pl.Series:
    """Random canonical lower-case UUIDs of version 4."""
    raw = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x40
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    digits = pl.Series(raw.view("V16").ravel().tolist(), dtype=pl.Binary).bin.encode("hex")
    cuts = [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)]
    return pl.select(pl.concat_str([digits.str.slice(*cut) for cut in cuts], separator="-"))[:, 0]


def instants(microseconds: np.ndarray) -> pl.Series:
    """Naive timestamps with milliseconds, as the app stores them."""
    return pl.Series(microseconds // 1000 * 1000).cast(pl.Datetime("us"))


def campaigns(rng: Rng, clients: pl.Series) -> pl.DataFrame:
    """One row a campaign; two thirds answer by AI."""
    window = rng.integers(0, len(WINDOWS), CAMPAIGNS)
    return pl.DataFrame(
        {
            "id": uuids(rng, CAMPAIGNS),
            "clientId": clients.gather(rng.integers(0, CLIENTS, CAMPAIGNS)),
            "name": [f"Campaign {number}" for number in range(CAMPAIGNS)],
            "responseMode": pl.Series(["AI_AUTO_SEND", "AI_AUTO_SEND", "SETTER_MANAGED"]).gather(
                rng.integers(0, 3, CAMPAIGNS)
            ),
            "autoSendDelayMinSeconds": np.array(WINDOWS, dtype=np.int32)[window, 0],
            "autoSendDelayMaxSeconds": np.array(WINDOWS, dtype=np.int32)[window, 1],
        }
    )


def chunk(
    rng: Rng, count: int, campaign: pl.DataFrame, setters: pl.Series
) -> dict[str, pl.DataFrame]:
    """Lead, Message, AIDraft and BackgroundJob of `count` leads."""
    of_campaign = rng.integers(0, CAMPAIGNS, count)
    without = pl.Series(rng.random(count) < 0.1)
    lead = campaign[of_campaign].select(
        id=uuids(rng, count),
        clientId="clientId",
        emailCampaignId=pl.when(without).then(None).otherwise(pl.col("id")),
    )

    threads_of_lead = rng.integers(1, 3, count)
    thread_lead = np.repeat(np.arange(count), threads_of_lead)
    first = np.repeat(rng.integers(0, 3, count), threads_of_lead)
    second = np.arange(len(thread_lead)) - np.repeat(
        np.cumsum(threads_of_lead) - threads_of_lead, threads_of_lead
    )
    channel = (first + second) % 3
    cycles_of_thread = rng.geometric(0.25, len(thread_lead))
    thread = np.repeat(np.arange(len(thread_lead)), cycles_of_thread)
    cycles = len(thread)
    of_lead = thread_lead[thread]
    gap = (rng.lognormal(10.5, 1.2, cycles) * SECOND).astype(np.int64) + 172_800 * SECOND
    running = np.cumsum(gap)
    offset = running - np.repeat(running[np.cumsum(cycles_of_thread) - 1], cycles_of_thread)
    start = EPOCH + YEAR + offset + rng.integers(0, YEAR, len(thread_lead))[thread]

    streak = rng.integers(1, 4, cycles)
    anchor_at = start + (streak - 1) * 30 * SECOND
    answer = rng.choice(5, cycles, p=[0.35, 0.2, 0.2, 0.05, 0.2])  # ai, both, setter, system, none
    drafted = np.isin(answer, [0, 1]) | (rng.random(cycles) < 0.3)

    def messages(of: np.ndarray, at: np.ndarray, **columns: object) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "id": uuids(rng, len(of)),
                "leadId": lead["id"].gather(of_lead[of]),
                "channel": pl.Series(CHANNELS).gather(channel[thread[of]]),
                "sentAt": instants(at),
                **columns,
            }
        )

    in_cycle = np.repeat(np.arange(cycles), streak)
    in_place = np.arange(len(in_cycle)) - np.repeat(np.cumsum(streak) - streak, streak)
    inbound = messages(in_cycle, start[in_cycle] + in_place * 30 * SECOND)
    anchor_id = inbound["id"].gather(np.cumsum(streak) - 1)

    chosen = chosen_seconds(
        anchor_id,
        campaign["autoSendDelayMinSeconds"].gather(of_campaign[of_lead]),
        campaign["autoSendDelayMaxSeconds"].gather(of_campaign[of_lead]),
    ).to_numpy()
    moved = np.where(rng.random(cycles) < 0.1, rng.integers(60, 7200, cycles), 0)
    run_at = anchor_at + (chosen + moved) * SECOND
    started = run_at + rng.integers(0, 90 * SECOND, cycles)
    finished = started + rng.integers(SECOND, 4 * SECOND, cycles)
    by_drafted = np.flatnonzero(drafted)
    draft = pl.DataFrame(
        {
            "id": uuids(rng, len(by_drafted)),
            "triggerMessageId": anchor_id.gather(by_drafted),
            "channel": pl.Series(CHANNELS).gather(channel[thread[by_drafted]]),
            "createdAt": instants(anchor_at[by_drafted] + 5 * SECOND),
        }
    )
    draft_of = np.full(cycles, -1)
    draft_of[by_drafted] = np.arange(len(by_drafted))

    by_ai = np.flatnonzero(np.isin(answer, [0, 1]))
    parts = rng.integers(1, 3, len(by_ai))
    ai_cycle = np.repeat(by_ai, parts)
    part = np.arange(len(ai_cycle)) - np.repeat(np.cumsum(parts) - parts, parts)
    ai = messages(
        ai_cycle,
        finished[ai_cycle] + part * 2 * SECOND,
        sentBy=pl.Series(["ai"]).new_from_index(0, len(ai_cycle)),
        aiDraftId=draft["id"].gather(draft_of[ai_cycle]),
        aiDraftPartIndex=part.astype(np.int32),
    )
    by_setter = np.flatnonzero(np.isin(answer, [1, 2]))
    late = (rng.lognormal(7.5, 1.8, len(by_setter)) * SECOND).astype(np.int64)
    setter = messages(
        by_setter,
        anchor_at[by_setter] + np.minimum(late, 86_400 * SECOND),
        sentBy=pl.Series(["setter"]).new_from_index(0, len(by_setter)),
        sentByUserId=setters.gather(rng.integers(0, SETTERS, len(by_setter))),
    )
    by_system = np.flatnonzero(answer == 3)
    system = messages(by_system, anchor_at[by_system] + 600 * SECOND)
    columns = ["id", "leadId", "channel", "direction", "sentAt", "sentBy", "sentByUserId"]
    columns += ["aiDraftId", "aiDraftPartIndex"]
    message = (
        pl.concat(
            [inbound.with_columns(direction=pl.lit("inbound"))]
            + [out.with_columns(direction=pl.lit("outbound")) for out in (ai, setter, system)],
            how="diagonal",
        )
        .select(columns)
        .sort("sentAt", maintain_order=True)
    )
    answers_by_ai = (campaign["responseMode"] == "AI_AUTO_SEND").to_numpy()[of_campaign[of_lead]]
    scheduled = np.flatnonzero(drafted & answers_by_ai)
    ran = np.isin(answer, [0, 1])[scheduled]
    job = pl.DataFrame(
        {
            "id": uuids(rng, len(scheduled)),
            "type": pl.Series(["AI_AUTO_SEND_DELAYED"]).new_from_index(0, len(scheduled)),
            "clientId": lead["clientId"].gather(of_lead[scheduled]),
            "leadId": lead["id"].gather(of_lead[scheduled]),
            "messageId": anchor_id.gather(scheduled),
            "draftId": draft["id"].gather(draft_of[scheduled]),
            "runAt": instants(run_at[scheduled]),
            "startedAt": instants(started[scheduled]).set(pl.Series(~ran), None),
            "finishedAt": instants(finished[scheduled]).set(pl.Series(~ran), None),
        }
    )
    return {"Lead": lead, "Message": message, "AIDraft": draft, "BackgroundJob": job}


def generate(folder: Path, leads: int, seed: int) -> None:
    """Write the five exports of `leads` leads into `folder`, about 13 messages a lead."""
    rng = np.random.default_rng(seed)
    campaign = campaigns(rng, uuids(rng, CLIENTS))
    setters = uuids(rng, SETTERS)
    (folder / "EmailCampaign").mkdir(parents=True, exist_ok=True)
    campaign.write_parquet(folder / "EmailCampaign" / "part-0.parquet")
    for number, first in enumerate(range(0, leads, CHUNK_LEADS)):
        tables = chunk(rng, min(CHUNK_LEADS, leads - first), campaign, setters)
        for name, frame in tables.items():
            (folder / name).mkdir(exist_ok=True)
            frame.write_parquet(folder / name / f"part-{number:04d}.parquet")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leads", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generate(given.folder, given.leads, given.seed)
