"""The rows of sql/explain, by their columns; what a column means stands in the relation's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, TypeVar, cast

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

Row = TypeVar("Row")


class Sender(TypedDict):
    """Who sent a message."""

    sentBy: str | None
    sentByUserId: str | None


class ThreadMessage(Sender):
    """timeline_message.sql."""

    id: str
    place: int
    isInbound: bool
    isBySetter: bool
    sentAt: datetime
    aiDraftId: str | None
    aiDraftPartIndex: int | None
    lastInboundId: str | None
    isAnchor: bool
    setterResponseTo: str | None
    aiResponseTo: str | None


class AskedMessage(ThreadMessage):
    """asked_message.sql, with the message's place in its thread."""

    messageNumber: int
    leadId: str
    leadNumber: int
    clientId: str
    emailCampaignId: str | None
    channel: str
    channelNumber: int
    direction: str


class AskedTurn(TypedDict):
    """asked_turn.sql."""

    setterResponseMessageId: str | None
    firstBySetterId: str | None
    responseReason: str
    askedReason: str


class AskedDraft(TypedDict):
    """asked_draft.sql."""

    draftId: str
    channel: str
    createdAt: datetime | None
    aiResponseMessageId: str | None
    isPreferred: bool
    reason: str


class SentMessage(Sender):
    """sent_message.sql."""

    id: str
    leadId: str
    channel: str
    reason: str


class AskedJob(TypedDict):
    """asked_job.sql."""

    jobId: str
    type: str
    draftId: str | None
    runAt: datetime
    startedAt: datetime | None
    finishedAt: datetime | None
    isPreferred: bool
    reason: str


class NamedDraft(TypedDict):
    """named_draft.sql."""

    channel: str | None
    triggerMessageId: str | None
    triggerLeadId: str | None
    triggerChannel: str | None
    aiResponseMessageId: str | None
    preferredDraftId: str | None
    reason: str


class LeadCampaign(TypedDict):
    """lead_campaign.sql."""

    responseMode: str | None
    noWindow: str | None


class AskedSchedule(TypedDict):
    """asked_schedule.sql."""

    scheduledRunAt: datetime
    scheduledMs: int
    verdict: str
    startedMs: int | None
    finishedMs: int | None
    driftMs: int | None


class AskedContext(TypedDict):
    """asked_context.sql: a row of AnchorContext."""

    emailCampaignId: str | None
    campaignName: str | None
    responseMode: str | None
    windowSource: str
    streakStartMessageId: str
    streakStartSentAt: datetime
    streakInbounds: int
    firstOutboundMessageId: str
    firstOutboundSentAt: datetime
    firstOutboundBy: str
    turnMessages: int
    turnBySetter: int
    turnByAi: int
    nextInboundMessageId: str | None
    nextInboundSentAt: datetime | None
    responseDisposition: str | None


class AskedWait(TypedDict):
    """asked_wait.sql: a row of Wait."""

    startMessageId: str
    startSentAt: datetime
    inbounds: int
    lastInboundSentAt: datetime
    endMessageId: str | None
    endSentAt: datetime | None
    endedBy: str | None
    waitMs: int
    hasWindow: bool


class AskedSending(TypedDict):
    """asked_sending.sql: a row of SendingJob."""

    jobId: str
    draftId: str | None
    chosenDelaySeconds: int | None
    runAt: datetime
    startedAt: datetime | None
    finishedAt: datetime | None
    sentMessageId: str | None
    sentAt: datetime | None
    schedule: str
    waitedMs: int | None
    sendMs: int | None
    outcome: str


class Event(TypedDict):
    """The event's columns of which something is told; the row has all of schemas.EVENT."""

    inboundMessageId: str
    aiDraftId: str | None
    aiResponseMessageId: str | None
    aiDelayMinSeconds: int | None
    aiDelayMaxSeconds: int | None
    aiChosenDelaySeconds: int | None
    windowSource: str


class Period(TypedDict):
    """One row of DelayWindows.history."""

    isCampaign: bool
    key: str
    minSeconds: int | None
    maxSeconds: int | None
    effectiveFrom: datetime | None
    effectiveTo: datetime | None


def rows(frame: pl.DataFrame, kind: type[Row]) -> list[Row]:
    """The rows of a small frame, by the columns of the kind."""
    return cast("list[Row]", frame.select(*kind.__annotations__).to_dicts())


def first(frame: pl.DataFrame, kind: type[Row]) -> Row | None:
    """The first row of a frame, by the columns of the kind; null if it has none."""
    return next(iter(rows(frame.head(1), kind)), None)
