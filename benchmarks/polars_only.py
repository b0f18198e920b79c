"""The events by Polars alone: `python polars_only.py EXPORTS OUT`.

Lazy scans, one window over the threads, joins, and a sink. The hash of ids is timingctl's own:
Polars has no expression for it. Nothing is checked, counted or digested.
"""

import sys
from pathlib import Path

import polars as pl

from timingctl.attribution import EVENT_SCHEMA
from timingctl.delay import chosen_seconds

AI_JOB = "AI_AUTO_SEND_DELAYED"


def main(exports: Path, out: Path) -> None:
    """Build the events of Parquet exports into a Parquet file."""
    message, draft, job, lead, campaign = (
        pl.scan_parquet(exports / table / "*.parquet")
        for table in ("Message", "AIDraft", "BackgroundJob", "Lead", "EmailCampaign")
    )
    as_of = message.select(pl.col("sentAt").max()).collect().item()
    threaded = threaded_messages(message)
    answer = threaded.filter(~pl.col("isInbound") & pl.col("turn").is_not_null())
    anchor = threaded.join(answer, left_on="row", right_on="turn", how="semi").select(
        "leadId", "channel", turn="row", inboundMessageId="id", inboundSentAt="sentAt"
    )
    window = campaign.filter(
        (pl.col("responseMode") == "AI_AUTO_SEND")
        & pl.col("autoSendDelayMinSeconds").is_not_null()
        & pl.col("autoSendDelayMaxSeconds").is_not_null()
    ).select(
        emailCampaignId="id",
        aiDelayMinSeconds=pl.col("autoSendDelayMinSeconds").cast(pl.Int64),
        aiDelayMaxSeconds=pl.col("autoSendDelayMaxSeconds").cast(pl.Int64),
    )
    preferred = preferred_drafts(anchor, draft, answer)
    (
        anchor.join(
            lead.select("id", "clientId", "emailCampaignId"), left_on="leadId", right_on="id"
        )
        .join(window, on="emailCampaignId", how="left")
        .join(setter_responses(answer), on="turn", how="left")
        .join(preferred, on="inboundMessageId", how="left")
        .join(preferred_jobs(job, preferred), on="inboundMessageId", how="left")
        .pipe(with_durations)
        .with_columns(createdAt=pl.lit(as_of), updatedAt=pl.lit(as_of))
        .sort("clientId", "inboundSentAt", "inboundMessageId")
        .select(
            pl.col(name).dt.replace_time_zone("UTC") if isinstance(kind, pl.Datetime) else name
            for name, kind in EVENT_SCHEMA.items()
        )
        .sink_parquet(out, compression="zstd", compression_level=1)
    )


def threaded_messages(message: pl.LazyFrame) -> pl.LazyFrame:
    """The messages with `turn`, the `row` of the inbound that they follow; null before the first.

    Computed once and kept, because several queries read it.
    """
    return (
        message.with_row_index("row")
        .with_columns(isInbound=pl.col("direction") == "inbound")
        .with_columns(
            turn=pl.when("isInbound")
            .then("row")
            .forward_fill()
            .over("leadId", "channel", order_by=["sentAt", "isInbound", "aiDraftPartIndex", "id"])
        )
        .collect()
        .lazy()
    )


def setter_responses(answer: pl.LazyFrame) -> pl.LazyFrame:
    """The first message of each turn by a setter with a user id."""
    return (
        answer.filter((pl.col("sentBy") == "setter") & (pl.col("sentByUserId") != ""))
        .sort("sentAt", "aiDraftPartIndex", "id", nulls_last=False)
        .unique("turn", keep="first", maintain_order=True)
        .select(
            "turn",
            setterResponseMessageId="id",
            setterResponseSentAt="sentAt",
            setterSentByUserId="sentByUserId",
        )
    )


def preferred_drafts(
    anchor: pl.LazyFrame, draft: pl.LazyFrame, answer: pl.LazyFrame
) -> pl.LazyFrame:
    """One draft an anchor: sent before unsent, later before earlier; with its first message.

    At one instant outbound stands before inbound, so a message after the anchor is a later one.
    """
    of_anchor = draft.join(
        anchor, left_on=["triggerMessageId", "channel"], right_on=["inboundMessageId", "channel"]
    ).select(
        *("leadId", "channel", "inboundSentAt", "createdAt"),
        aiDraftId="id",
        anchorId="triggerMessageId",
    )
    sent = (
        answer.filter(pl.col("sentBy") == "ai")
        .join(of_anchor, on=["aiDraftId", "leadId", "channel"])
        .filter(pl.col("sentAt") > pl.col("inboundSentAt"))
        .sort("sentAt", "aiDraftPartIndex", "id", nulls_last=False)
        .unique("aiDraftId", keep="first", maintain_order=True)
        .select("aiDraftId", aiResponseMessageId="id", aiResponseSentAt="sentAt")
    )
    return (
        of_anchor.join(sent, on="aiDraftId", how="left")
        .sort(
            pl.col("aiResponseMessageId").is_not_null(), "createdAt", "aiDraftId",
            descending=True, nulls_last=True,
        )
        .unique("anchorId", keep="first", maintain_order=True)
        .select("aiDraftId", "aiResponseMessageId", "aiResponseSentAt", inboundMessageId="anchorId")
        .collect()
        .lazy()
    )  # fmt: skip


def preferred_jobs(job: pl.LazyFrame, preferred: pl.LazyFrame) -> pl.LazyFrame:
    """One job an anchor: started before unstarted, later before earlier."""
    return (
        job.filter(pl.col("type") == AI_JOB)
        .join(
            preferred.select("aiDraftId", "inboundMessageId"),
            left_on=["draftId", "messageId"],
            right_on=["aiDraftId", "inboundMessageId"],
        )
        .sort("startedAt", "runAt", "id", descending=True, nulls_last=True)
        .unique("messageId", keep="first", maintain_order=True)
        .select(
            inboundMessageId="messageId",
            aiScheduledRunAt="runAt",
            aiBackgroundJobId="id",
            aiJobStartedAt="startedAt",
            aiJobFinishedAt="finishedAt",
        )
    )


def with_durations(event: pl.LazyFrame) -> pl.LazyFrame:
    """The events with what follows from their instants, ids and windows."""
    setter_after = pl.col("setterResponseSentAt") - pl.col("inboundSentAt")
    ai_after = pl.col("aiResponseSentAt") - pl.col("inboundSentAt")
    return event.with_columns(
        id="inboundMessageId",
        setterResponseMs=setter_after.dt.total_milliseconds(),
        aiResponseMs=ai_after.dt.total_milliseconds(),
        aiActualDelaySeconds=ai_after.dt.total_seconds(),
        aiChosenDelaySeconds=pl.map_batches(
            ["inboundMessageId", "aiDelayMinSeconds", "aiDelayMaxSeconds"],
            lambda columns: chosen_seconds(*columns),
            return_dtype=pl.Int64,
        ),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
