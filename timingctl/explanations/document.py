"""The story as a JSON document: its keys, in order. docs/explain.md says what they mean.

Instants are ISO 8601 with microseconds and Z, `...Ms` whole milliseconds; `because` is for people.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

Standing = Literal["anchor", "superseded", "open", "outbound", "rejected"]
Value: TypeAlias = str | int | None
#: The columns of schemas.EVENT.
Event: TypeAlias = dict[str, Value]


class Reject(TypedDict):
    """One row under the id that is left out of a build, and why."""

    table: str
    file: str
    row: int
    id: str | None
    column: str | None
    reason: str
    value: str | None


class Message(TypedDict):
    """The message as read, with its client."""

    id: str
    leadId: str
    clientId: str
    channel: str
    direction: str
    sentAt: str
    sentBy: str | None
    sentByUserId: str | None
    aiDraftId: str | None
    aiDraftPartIndex: int | None


class TimelineMessage(TypedDict):
    """One message of the thread; ``offsetMs`` counts from the thread's ``offsetsFrom``."""

    place: int
    id: str
    direction: str
    sentAt: str
    offsetMs: int
    sentBy: str | None
    sentByUserId: str | None
    aiDraftId: str | None
    aiDraftPartIndex: int | None
    isAsked: bool
    isAnchor: bool
    setterResponseTo: str | None
    aiResponseTo: str | None


class Thread(TypedDict):
    """How many messages the thread has, and those that are shown, in thread order."""

    messages: int
    leftOut: int
    offsetsFrom: str
    timeline: list[TimelineMessage]


class Response(TypedDict):
    """A response to the anchor; ``messageId`` is null where there is none."""

    messageId: str | None
    because: list[str]


class Draft(TypedDict):
    """One draft for the message."""

    draftId: str
    channel: str
    createdAt: str | None
    aiResponseMessageId: str | None
    isPreferred: bool
    because: str


class Job(TypedDict):
    """One job about the message."""

    jobId: str
    type: str
    draftId: str | None
    runAt: str
    startedAt: str | None
    finishedAt: str | None
    isPreferred: bool
    because: str


class Window(TypedDict):
    """The delay window in force at the anchor; ``effective...`` are those of a period."""

    source: str
    minSeconds: int | None
    maxSeconds: int | None
    campaignId: str | None
    effectiveFrom: str | None
    effectiveTo: str | None
    because: list[str]


class Delay(TypedDict):
    """The steps to the chosen delay; ``remainderSeconds`` is null when max ≤ min."""

    chosenSeconds: int
    hash: int
    absoluteHash: int
    rangeSeconds: int
    remainderSeconds: int | None


class Schedule(TypedDict):
    """What became of the chosen delay; null: did not happen."""

    scheduledRunAt: str
    scheduledMs: int
    verdict: str
    startedMs: int | None
    finishedMs: int | None
    driftMs: int | None
    because: str


class Context(TypedDict):
    """What surrounds the anchor: its row of AnchorContext in an inbox."""

    emailCampaignId: str | None
    campaignName: str | None
    responseMode: str | None
    windowSource: str
    streakStartMessageId: str
    streakStartSentAt: str
    streakInbounds: int
    firstOutboundMessageId: str
    firstOutboundSentAt: str
    firstOutboundBy: str
    turnMessages: int
    turnBySetter: int
    turnByAi: int
    nextInboundMessageId: str | None
    nextInboundSentAt: str | None
    responseDisposition: str | None
    because: list[str]


class Wait(TypedDict):
    """The wait that the inbound belongs to: its row of Wait in an inbox."""

    startMessageId: str
    startSentAt: str
    inbounds: int
    lastInboundSentAt: str
    endMessageId: str | None
    endSentAt: str | None
    endedBy: str | None
    waitMs: int
    hasWindow: bool
    because: list[str]


class SendingJob(TypedDict):
    """One job about the message that sends a draft: its row of SendingJob in an inbox."""

    jobId: str
    draftId: str | None
    chosenDelaySeconds: int | None
    runAt: str
    startedAt: str | None
    finishedAt: str | None
    sentMessageId: str | None
    sentAt: str | None
    schedule: str
    waitedMs: int | None
    sendMs: int | None
    outcome: str
    because: list[str]


class Story(TypedDict):
    """All that is told of a message; what only an anchor has is null for any other."""

    messageId: str
    setterRule: str
    standing: Standing
    because: list[str]
    rejects: list[Reject]
    anchorId: str | None
    message: Message | None
    thread: Thread | None
    setterResponse: Response | None
    aiResponse: Response | None
    drafts: list[Draft]
    jobs: list[Job]
    context: Context | None
    wait: Wait | None
    sendingJobs: list[SendingJob]
    window: Window | None
    delay: Delay | None
    schedule: Schedule | None
    event: Event | None
