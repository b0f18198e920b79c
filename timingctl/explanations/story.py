"""The facts of a message as a document, with a sentence or more for every decision."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, cast

import polars as pl

from timingctl.attribution import EVENT_SCHEMA
from timingctl.documents import iso
from timingctl.explanations import circumstances, reasons
from timingctl.explanations.document import (
    Context,
    Draft,
    Job,
    Message,
    Response,
    Schedule,
    SendingJob,
    Story,
    Thread,
    TimelineMessage,
    Wait,
    Window,
)
from timingctl.scrubbing import scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timingctl.explanations import ExplainOptions
    from timingctl.explanations.document import Value
    from timingctl.explanations.facts import Facts, Intake
    from timingctl.explanations.rows import Event
    from timingctl.explanations.surroundings import Surroundings

Told = TypeVar("Told")


def unknown(message: str, near: list[str]) -> str:
    """The sentence on a message that does not exist."""
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "is it a message's id?"
    return f"The exports have no message {message!r}; {hint}"


def lead(options: ExplainOptions) -> str:
    """The sentence on a lead whose id was given for that of a message."""
    asked = shlex.join([scrubbed(options.named or str(options.source)), options.message])
    return f"{options.message} is a lead, not a message; see it by: timingctl lead {asked}"


def story(options: ExplainOptions, intake: Intake, facts: Facts | None) -> Story:
    """The document of docs/explain.md."""
    document = Story(
        messageId=options.message,
        setterRule=options.rule,
        standing="rejected",
        because=reasons.rejection(intake, is_used=facts is not None),
        rejects=intake.rejects,
        anchorId=None,
        message=None,
        thread=None,
        setterResponse=None,
        aiResponse=None,
        drafts=[],
        jobs=[],
        context=None,
        wait=None,
        sendingJobs=[],
        window=None,
        delay=None,
        schedule=None,
        event=None,
    )
    if facts:
        _tell_message(document, facts, options)
    if facts and facts.event:
        _tell_event(document, facts, facts.event)
    return document


def _tell_message(document: Story, facts: Facts, options: ExplainOptions) -> None:
    document["standing"] = reasons.standing(facts)
    document["because"] = [
        *reasons.of_standing(facts, options.rule),
        *reasons.of_ties(facts),
        *document["because"],
    ]
    document["anchorId"] = facts.anchor_id
    document["message"] = _written(facts.asked, Message)
    document["thread"] = _thread(facts, options.context)
    document["drafts"] = [
        _written({**draft, "because": reasons.of_draft(facts, draft)}, Draft)
        for draft in facts.drafts
    ]
    document["jobs"] = [
        _written({**job, "because": reasons.of_job(job)}, Job) for job in facts.jobs
    ]
    _tell_surroundings(document, facts.around)


def _tell_surroundings(document: Story, around: Surroundings) -> None:
    if around.context:
        because = circumstances.of_context(around.context)
        document["context"] = _written({**around.context, "because": because}, Context)
    if around.wait:
        because = circumstances.of_wait(around.wait, around.as_of)
        document["wait"] = _written({**around.wait, "because": because}, Wait)
    document["sendingJobs"] = [
        _written({**job, "because": circumstances.of_sending(job, around.as_of)}, SendingJob)
        for job in around.jobs
    ]


def _tell_event(document: Story, facts: Facts, event: Event) -> None:
    document["setterResponse"] = Response(
        messageId=facts.asked_turn["setterResponseMessageId"],
        because=reasons.of_setter_response(facts, document["setterRule"]),
    )
    document["aiResponse"] = Response(
        messageId=event["aiResponseMessageId"], because=reasons.of_ai_response(facts, event)
    )
    document["window"] = _window(facts, event)
    document["delay"] = facts.delay
    if facts.schedule:
        because = reasons.of_verdict(event, facts.schedule)
        document["schedule"] = _written({**facts.schedule, "because": because}, Schedule)
    document["event"] = _as_json(event, EVENT_SCHEMA.names())


def _window(facts: Facts, event: Event) -> Window:
    is_of_period = event["windowSource"] not in {"current", "none"}
    period = facts.period if is_of_period else None
    return Window(
        source=event["windowSource"],
        minSeconds=event["aiDelayMinSeconds"],
        maxSeconds=event["aiDelayMaxSeconds"],
        campaignId=facts.asked["emailCampaignId"],
        effectiveFrom=iso(period and period["effectiveFrom"]),
        effectiveTo=iso(period and period["effectiveTo"]),
        because=reasons.of_window(facts, event),
    )


def _thread(facts: Facts, context: int) -> Thread:
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
    return Thread(
        messages=len(facts.thread),
        leftOut=len(facts.thread) - len(shown),
        offsetsFrom=facts.anchor_id or facts.asked["id"],
        timeline=[_written(row, TimelineMessage) for row in shown.to_dicts()],
    )


def _written(row: Mapping[str, object], kind: type[Told]) -> Told:
    """The keys of the kind, as JSON has them."""
    return cast("Told", _as_json(row, kind.__annotations__))


def _as_json(row: Mapping[str, object], names: Iterable[str]) -> dict[str, Value]:
    values = ((name, row[name]) for name in names)
    return {
        name: iso(value) if isinstance(value, datetime) else cast("Value", value)
        for name, value in values
    }
