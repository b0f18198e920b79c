"""The facts of a message as a document, with a sentence or more for every decision."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from timingctl.attribution import EVENT_SCHEMA
from timingctl.documents import iso
from timingctl.explain import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timingctl.explain import ExplainOptions
    from timingctl.explain.facts import Facts, Intake, Row

_MESSAGE = (
    *("id", "leadId", "clientId", "channel", "direction", "sentAt"),
    *("sentBy", "sentByUserId", "aiDraftId", "aiDraftPartIndex"),
)
_TIMELINE = (
    *("place", "id", "direction", "sentAt", "offsetMs", "sentBy", "sentByUserId"),
    *("aiDraftId", "aiDraftPartIndex", "isAsked", "isAnchor", "setterResponseTo", "aiResponseTo"),
)
_DRAFT = ("draftId", "channel", "createdAt", "aiResponseMessageId", "isPreferred")
_JOB = ("jobId", "type", "draftId", "runAt", "startedAt", "finishedAt", "isPreferred")
_STEPS = ("chosenSeconds", "hash", "absoluteHash", "rangeSeconds", "remainderSeconds")


def unknown(message: str, near: list[str]) -> str:
    """The sentence on a message that does not exist."""
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "is it a message's id?"
    return f"The exports have no message {message!r}; {hint}"


def story(options: ExplainOptions, intake: Intake, facts: Facts | None) -> dict[str, Any]:
    """The document of docs/explain.md."""
    document = {
        "messageId": options.message,
        "setterRule": options.setter_rule,
        "standing": "rejected",
        "because": reasons.rejection(intake, is_used=facts is not None),
        "rejects": [_written(row, row) for row in intake.rejects],
        "anchorId": None,
        "message": None,
        "thread": None,
        "setterResponse": None,
        "aiResponse": None,
        "drafts": [],
        "jobs": [],
        "window": None,
        "delay": None,
        "schedule": None,
        "event": None,
    }
    return document | (_of_used(facts, intake, options) if facts else {})


def _of_used(facts: Facts, intake: Intake, options: ExplainOptions) -> dict[str, Any]:
    told = {
        "standing": reasons.standing(facts),
        "because": [
            *reasons.of_standing(facts, options.setter_rule),
            *reasons.of_ties(facts),
            *reasons.rejection(intake, is_used=True),
        ],
        "message": _written(facts.asked, _MESSAGE),
        "anchorId": facts.anchor_id,
        "thread": _thread(facts, options.context),
        "drafts": [
            {**_written(draft, _DRAFT), "because": reasons.of_draft(facts, draft)}
            for draft in facts.drafts
        ],
        "jobs": [
            {**_written(job, _JOB), "because": reasons.of_job(facts, job)} for job in facts.jobs
        ],
    }
    return told | (_of_event(facts, facts.event, options) if facts.event else {})


def _of_event(facts: Facts, event: Row, options: ExplainOptions) -> dict[str, Any]:
    is_of_period = event["windowSource"] not in {"current", "none"}
    period = (is_of_period and facts.period) or {}
    return {
        "setterResponse": {
            "messageId": event["setterResponseMessageId"],
            "because": reasons.of_setter_response(facts, event, options.setter_rule),
        },
        "aiResponse": {
            "messageId": event["aiResponseMessageId"],
            "because": reasons.of_ai_response(facts, event),
        },
        "window": {
            "source": event["windowSource"],
            "minSeconds": event["aiDelayMinSeconds"],
            "maxSeconds": event["aiDelayMaxSeconds"],
            "campaignId": facts.asked["emailCampaignId"],
            "effectiveFrom": iso(period.get("effectiveFrom")),
            "effectiveTo": iso(period.get("effectiveTo")),
            "because": reasons.of_window(facts, event),
        },
        "delay": _written(facts.steps, _STEPS) if facts.steps else None,
        "schedule": _schedule(event),
        "event": _written(event, EVENT_SCHEMA.names()),
    }


def _thread(facts: Facts, context: int) -> dict[str, Any]:
    """The messages around the asked one, and those that its anchor is about."""
    anchor = pl.lit(facts.anchor_id, pl.String)
    [origin] = facts.thread.filter(pl.col("id") == (facts.anchor_id or facts.asked["id"]))["sentAt"]
    near = (pl.col("place") - facts.asked["place"]).abs() <= context
    told = pl.any_horizontal(
        pl.col(name) == anchor for name in ("id", "setterResponseTo", "aiResponseTo")
    )
    shown = facts.thread.filter(near | told.fill_null(value=False)).with_columns(
        offsetMs=(pl.col("sentAt") - origin).dt.total_milliseconds(),
        direction=pl.when("isInbound").then(pl.lit("inbound")).otherwise(pl.lit("outbound")),
        isAsked=pl.col("id") == facts.asked["id"],
    )
    return {
        "messages": len(facts.thread),
        "leftOut": len(facts.thread) - len(shown),
        "offsetsFrom": facts.anchor_id or facts.asked["id"],
        "timeline": [_written(row, _TIMELINE) for row in shown.to_dicts()],
    }


def _schedule(event: Row) -> dict[str, Any] | None:
    """What became of the chosen delay: where the job was put, and when the answer went out."""
    if event["aiBackgroundJobId"] is None:
        return None
    due = event["aiScheduledRunAt"]
    scheduled_ms = _milliseconds(due) - _milliseconds(event["inboundSentAt"])
    return {
        "scheduledRunAt": iso(due),
        "scheduledMs": scheduled_ms,
        "verdict": reasons.verdict(event, scheduled_ms),
        "startedMs": _between(due, event["aiJobStartedAt"]),
        "finishedMs": _between(due, event["aiJobFinishedAt"]),
        "driftMs": _between(due, event["aiResponseSentAt"]),
        "because": reasons.of_verdict(event, scheduled_ms),
    }


_EPOCH = datetime(1970, 1, 1)
_MS = timedelta(milliseconds=1)


def _milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970, floor, as the app keeps instants."""
    return (instant.replace(tzinfo=None) - _EPOCH) // _MS


def _between(due: datetime, instant: datetime | None) -> int | None:
    return None if instant is None else (instant - due) // _MS


def _written(row: Mapping[str, Any], names: Any) -> dict[str, Any]:
    """The columns of a row as JSON has them."""
    return {
        name: iso(row[name]) if isinstance(row[name], datetime) else row[name] for name in names
    }
