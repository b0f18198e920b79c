"""A made-up inbox as it stood at an instant: what had not happened by then is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from timingctl.schemas import AI_DRAFT, BACKGROUND_JOB, LEAD, MESSAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: What a lead has of an appointment, but for when it was cancelled.
_BOOKING = (
    "appointmentBookedAt",
    "appointmentStatus",
    "ghlAppointmentId",
    "calendlyInviteeUri",
    "calendlyScheduledEventUri",
)


def as_of(tables: Mapping[str, pl.DataFrame], until: datetime) -> dict[str, pl.DataFrame]:
    """The tables of leads as they stood at an instant: rows of then, saying what was so then.

    An appointment without a time is there with its lead. Of a job that had not started, or not
    finished, nothing tells how it was to go. Rows keep their order.
    """
    instant = pl.lit(until.replace(tzinfo=None), pl.Datetime("us"))
    begun = {
        name: frame.filter(pl.col("createdAt") < instant)
        for name, frame in tables.items()
        if "createdAt" in frame.columns
    }
    message = begun[MESSAGE.name].filter(pl.col("sentAt") < instant)
    return {
        **tables,
        **begun,
        MESSAGE.name: message,
        AI_DRAFT.name: _drafts(begun[AI_DRAFT.name], message),
        BACKGROUND_JOB.name: _jobs(begun[BACKGROUND_JOB.name], instant),
        LEAD.name: _leads(begun[LEAD.name], instant),
    }


def _drafts(draft: pl.DataFrame, message: pl.DataFrame) -> pl.DataFrame:
    """An approved draft waits while nothing of it has been sent."""
    sent = pl.col("id").is_in(message["aiDraftId"].drop_nulls().unique().implode())
    waits = (pl.col("status") == "approved") & ~sent
    return draft.with_columns(status=pl.when(waits).then(pl.lit("pending")).otherwise("status"))


def _jobs(job: pl.DataFrame, instant: pl.Expr) -> pl.DataFrame:
    started, finished = ((pl.col(name) < instant) for name in ("startedAt", "finishedAt"))
    ended = finished.fill_null(False) | (
        pl.col("finishedAt").is_null() & pl.col("startedAt").is_null() & (pl.col("runAt") < instant)
    )
    return job.with_columns(
        startedAt=pl.when(started).then("startedAt"),
        finishedAt=pl.when(finished).then("finishedAt"),
        status=pl.when(ended).then("status").otherwise(pl.lit("PENDING")),
        attempts=pl.when(started | ended).then("attempts").otherwise(pl.lit(0, pl.Int32)),
        lastError=pl.when(ended).then("lastError"),
    )


def _leads(lead: pl.DataFrame, instant: pl.Expr) -> pl.DataFrame:
    booked = pl.col("appointmentBookedAt").is_null() | (pl.col("appointmentBookedAt") < instant)
    canceled_later = pl.col("appointmentCanceledAt") >= instant
    status = pl.when(canceled_later).then(pl.lit("confirmed")).otherwise("appointmentStatus")
    return lead.with_columns(appointmentStatus=status).with_columns(
        *(pl.when(booked).then(name).alias(name) for name in _BOOKING),
        appointmentCanceledAt=pl.when(pl.col("appointmentCanceledAt") < instant).then(
            "appointmentCanceledAt"
        ),
    )
