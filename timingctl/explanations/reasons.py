"""Why it is so: words for the reasons that the relations of sql/explain give.

A reason is a word in a column; here is a sentence for each. A reason without words is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from timingctl.explanations.rows import ThreadMessage, rows
from timingctl.explanations.words import instant, sender
from timingctl.grid import counted
from timingctl.staging.rejects import CONFLICT

if TYPE_CHECKING:
    from timingctl.explanations.document import Reject, Standing
    from timingctl.explanations.facts import Facts, Intake
    from timingctl.explanations.rows import (
        AskedDraft,
        AskedJob,
        AskedSchedule,
        Event,
        SentMessage,
    )

# --- Standing ---------------------------------------------------------------------------------


def standing(facts: Facts) -> Standing:
    """What the message is: anchor, superseded, open or outbound."""
    if not facts.asked["isInbound"]:
        return "outbound"
    if facts.asked["isAnchor"]:
        return "anchor"
    return "open" if facts.anchor_id is None else "superseded"


def of_standing(facts: Facts, setter_rule: str) -> list[str]:
    """Why it is an anchor or none; of an outbound message, what it answers."""
    following = next(iter(facts.after["id"]), None)
    match standing(facts):
        case "anchor":
            return [f"An anchor: the next message of its thread, {following}, is outbound."]
        case "superseded":
            return [
                f"No anchor: the next message of its thread, {following}, is inbound too, and of a "
                f"streak only the last inbound is one. Here that is {facts.anchor_id}."
            ]
        case "open" if following is None:
            return ["Open, so no event: it is the last message of its thread."]
        case "open":
            count = len(facts.after)
            inbounds = "one inbound, which" if count == 1 else f"{count:,} inbounds, which"
            return [f"Open, so no event: only {inbounds} nobody answered, came after it."]
        case _:
            return [*_of_turn(facts), *_of_sender(facts, setter_rule)]


def _of_turn(facts: Facts) -> list[str]:
    anchor = facts.asked["lastInboundId"]
    if anchor is None:
        return ["Outbound, before any inbound of its thread: there is nothing that it answers."]
    return [f"Outbound, in the turn of the anchor {anchor}."]


def _of_sender(facts: Facts, setter_rule: str) -> list[str]:
    """Whether an outbound message is the setter's or the AI's response to an anchor."""
    match facts.asked["sentBy"]:
        case "setter":
            return [*_of_setter(facts, setter_rule), *_of_sent_draft(facts)]
        case "ai":
            return [_of_ai(facts)]
        case word:
            named = f" but by {word!r}" if word else ""
            return [f"Sent by neither a setter nor the AI{named}: it is nobody's response."]


def _of_setter(facts: Facts, setter_rule: str) -> list[str]:
    turn, anchor = facts.asked_turn, facts.asked["lastInboundId"]
    match turn["askedReason"]:
        case "response":
            return [f"It is the setter's response to {anchor}: {_setter_rule(setter_rule)}."]
        case "noUser":
            return ["By a setter, but without a sentByUserId: it is nobody's response."]
        case "noAnchor":
            return []
        case "later":
            response = turn["setterResponseMessageId"]
            return [f"The setter's response to {anchor} is {response}, which came before it."]
    return [
        f"It is no setter's response: under rule next only the message right after {anchor} "
        f"can be, and that is {_opening(facts)}."
    ]


def _opening(facts: Facts, separator: str = ", ") -> str:
    """The first message of the turn, with its sender."""
    [opening] = rows(facts.turn.head(1), ThreadMessage)
    return f"{opening['id']}{separator}by {sender(opening)}"


def _setter_rule(rule: str) -> str:
    if rule == "next":
        return "right after the anchor, by a setter with a user id (rule next)"
    return "the turn's first message by a setter with a user id"


def _of_sent_draft(facts: Facts) -> list[str]:
    draft = facts.asked["aiDraftId"]
    if draft is None:
        return []
    return [f"It names the AI's draft {draft}, but a person sent it: never the AI's response."]


#: By the reasons of named_draft.sql; {trigger…} is what the draft was written for.
_OF_AI = {
    "response": "It is the AI's response to {triggerMessageId}: the first message sent from that "
    "anchor's draft, {aiDraftId}.",
    "noDraft": "By the AI, but it names no draft: it is nobody's response.",
    "unknownDraft": "{whose}, which is none of the usable drafts: it is nobody's response.",
    "noTrigger": "{whose}, which was written for no message: it is nobody's response.",
    "noAnchor": "{whose}, written for {triggerMessageId}, which is no anchor: it is nobody's "
    "response.",
    "otherChannel": "{whose}, which is for {channel} while {triggerMessageId} came by "
    "{triggerChannel}: it is no response to {triggerMessageId}.",
    "otherThread": "{whose}, which was written for {triggerMessageId} in another thread (lead "
    "{triggerLeadId}, {triggerChannel}): it is no response to {triggerMessageId}.",
    "beforeAnchor": "{whose}, but before {triggerMessageId}, which that answers: it is nobody's "
    "response.",
    "laterPart": "{whose}, of which {aiResponseMessageId} was sent first.",
    "otherDraft": "{whose}, but of the drafts for {triggerMessageId} {preferredDraftId} is "
    "preferred.",
}


def _of_ai(facts: Facts) -> str:
    draft, name = facts.named_draft, facts.asked["aiDraftId"]
    words = _OF_AI[draft["reason"]]
    return words.format(**draft, aiDraftId=name, whose=f"By the AI from draft {name}")


def of_ties(facts: Facts) -> list[str]:
    """What decided between the message and others of its thread that have the same instant."""
    asked, id_ = facts.asked, pl.col("id")
    ties = facts.thread.filter(pl.col("sentAt") == asked["sentAt"], id_ != asked["id"])
    is_before = pl.col("place") < asked["place"]
    opposite = ties.filter(
        pl.col("isInbound") != asked["isInbound"], is_before == asked["isInbound"]
    )
    alike = ties.filter(pl.col("isInbound") == asked["isInbound"])
    sentences = []
    if len(opposite):
        which, others = _listed(opposite), "are" if len(opposite) > 1 else "is"
        inbound, outbound = ("it", which) if asked["isInbound"] else (which, "it")
        stands = "stand" if outbound == which and len(opposite) > 1 else "stands"
        sentences.append(
            f"{which} {others} of the same instant: {outbound} {stands} before {inbound}, "
            "because nobody answers in zero time."
        )
    if len(alike):
        verb = "are" if len(alike) > 1 else "is"
        sentences.append(
            f"{_listed(alike)} {verb} of the same instant too: in order of aiDraftPartIndex, "
            f"then id, it is number {1 + len(alike.filter(is_before))} "
            f"of {1 + len(alike)}."
        )
    return sentences


def rejection(intake: Intake, *, is_used: bool) -> list[str]:
    """Why rows with the id are left out of a build, and what became of exact duplicates."""
    count = len(intake.rejects)
    sentences = [
        f"{row['file']}, row {row['row']}: {_of_reject(row, intake)}" for row in intake.rejects[:5]
    ]
    if count > len(sentences):
        sentences.append(f"And {count - len(sentences):,} more rows.")
    if is_used and count:
        sentences.insert(0, f"Other rows with its id are left out ({count:,}):")
    if not is_used:
        sentences.insert(0, "Left out of every build:")
    duplicates = intake.rows - count - 1
    if is_used and duplicates:
        sentences.append(
            f"It stands {duplicates + 1:,} times, alike in all that events need; one is used."
        )
    return sentences


def _of_reject(row: Reject, intake: Intake) -> str:
    if row["reason"] == CONFLICT and intake.contradicted:  # an inbox does not say in what
        return f"{CONFLICT}; they differ in {', '.join(intake.contradicted)}."
    if row["value"] is None or row["reason"] == CONFLICT:
        return f"{row['reason']}."
    return f"{row['reason']}: {row['column']} is {row['value']!r}."


# --- Responses --------------------------------------------------------------------------------


def of_setter_response(facts: Facts, setter_rule: str) -> list[str]:
    """Why this is the setter's response to the anchor, or why there is none."""
    turn = facts.asked_turn
    match turn["responseReason"]:
        case "response":
            return _of_response(facts, turn["setterResponseMessageId"], setter_rule)
        case "notNext":
            return [
                "None: rule next looks only at "
                f"{_opening(facts, ', right after the anchor, which is ')}. Under rule turn it "
                f"would be {turn['firstBySetterId']}."
            ]
        case "noUser":
            nameless = facts.turn.filter(pl.col("sentBy") == "setter")
            return [f"None: {_listed(nameless)} is by a setter, but without a sentByUserId."]
    return [f"None: in the turn is nothing by a setter, only {_listed(facts.turn, senders=True)}."]


def _of_response(facts: Facts, response: str | None, setter_rule: str) -> list[str]:
    [row] = rows(facts.turn.filter(pl.col("id") == response), ThreadMessage)
    before = facts.turn.filter(pl.col("place") < row["place"])
    sentences = [f"{response}: {_setter_rule(setter_rule)}."]
    if len(before):
        sentences.append(f"Before it in the turn came {_listed(before, senders=True)}.")
    if row["aiDraftId"]:
        sentences.append(f"It sends draft {row['aiDraftId']}; a person who does is a setter.")
    return sentences


def of_ai_response(facts: Facts, event: Event) -> list[str]:
    """Why this is the AI's response to the anchor, or why there is none."""
    draft, response = event["aiDraftId"], event["aiResponseMessageId"]
    is_its_own = (pl.col("aiDraftId") == pl.lit(draft, pl.String)).fill_null(value=False)
    strange = facts.turn.filter(pl.col("sentBy") == "ai", ~is_its_own)
    aside = [
        f"{row['id']} in the turn is the AI's too, but "
        + (f"from draft {row['aiDraftId']}." if row["aiDraftId"] else "names no draft.")
        for row in rows(strange.head(3), ThreadMessage)
    ]
    if draft is None:
        return ["None: there is no draft for it on its channel.", *aside]
    if response is None:
        unsent = [_of_unsent(row) for row in facts.sent[:5]]
        return [f"None: the AI did not send draft {draft} in answer.", *unsent, *aside]
    [row] = rows(facts.thread.filter(pl.col("id") == response), ThreadMessage)
    sentences = [f"{response}: the first message that the AI sent from draft {draft}."]
    parts = [other for other in facts.sent if other["reason"] == "part"]
    if parts:
        sentences.append(f"{counted(len(parts), 'more part')} followed.")
    if row["lastInboundId"] != event["inboundMessageId"]:
        sentences.append(f"It stands in a later turn, that of {row['lastInboundId']}.")
    return sentences + aside


#: Why a message that names the anchor's draft is not the AI's response: of sent_message.sql.
_OF_UNSENT = {
    "inbound": "{id} names it, but is inbound.",
    "otherSender": "{id} names it, but was sent by {sender}.",
    "otherLead": "{id} sends it, but to another lead, {leadId}.",
    "otherChannel": "{id} sends it, but by {channel}.",
    "beforeAnchor": "{id} sends it, but before the anchor.",
}


def _of_unsent(row: SentMessage) -> str:
    return _OF_UNSENT[row["reason"]].format(**row, sender=sender(row))


# --- Drafts and jobs --------------------------------------------------------------------------


#: By which key the preferred draft or job and another one differ: of sql/events/ranked_….sql.
_KEYS = {
    "sentBeforeUnsent": "sent before unsent",
    "laterCreatedAt": "later createdAt",
    "startedBeforeUnstarted": "started before unstarted",
    "laterStartedAt": "later startedAt",
    "laterRunAt": "later runAt",
    "greaterId": "greater id",
}


def of_draft(facts: Facts, draft: AskedDraft) -> str:
    """Why a draft written for the message is the event's, or is not."""
    match draft["reason"]:
        case "noAnchor":
            return "for a message that is no anchor"
        case "otherChannel":
            return f"for {draft['channel']}, while the anchor came by {facts.asked['channel']}"
    return _preference(draft)


#: Why a job about the message is no candidate: of asked_job.sql.
_OF_JOB = {
    "noAnchor": "about a message that is no anchor",
    "otherType": "not of type AI_AUTO_SEND_DELAYED",
    "noDraft": "for no draft",
    "otherDraft": "for another draft than the event's",
}


def of_job(job: AskedJob) -> str:
    """Why a job about the message is the event's, or is not."""
    return _OF_JOB.get(job["reason"]) or _preference(job)


def _preference(row: AskedDraft | AskedJob) -> str:
    """By which key the preferred candidate and another one differ."""
    if row["reason"] == "only":
        return "the only one"
    why = _KEYS[row["reason"]]
    return f"preferred ({why})" if row["isPreferred"] else f"not preferred ({why})"


# --- Window and schedule ----------------------------------------------------------------------


def of_window(facts: Facts, event: Event) -> list[str]:
    """Where the delay window came from, or why there is none."""
    lookup = [f"{facts.history.capitalize()}: {_of_period(facts)}."]
    sentences = lookup if facts.history else []
    match event["windowSource"]:
        case "none":
            return [*sentences, _no_window(facts)]
        case "current":
            return [
                *sentences,
                f"The setting of campaign {facts.asked['emailCampaignId']} today; whether it was "
                "in force then is not known.",
            ]
        case _:
            return sentences


def _of_period(facts: Facts) -> str:
    period, by_jobs = facts.period, facts.history == "inferred"
    if period is None:
        no_job = "no job of its campaign or its client speaks for a window"
        return no_job if by_jobs else "no period for its campaign or its client then"
    unknown = "the jobs prove none" if by_jobs else "not known"
    is_known = period["minSeconds"] is not None
    whose = "campaign" if period["isCampaign"] else "client"
    since = f"from {instant(period['effectiveFrom'])}" if period["effectiveFrom"] else ""
    until = f"until {instant(period['effectiveTo'])}" if period["effectiveTo"] else ""
    when = " ".join(filter(None, [since, until])) or ("always" if is_known else "at any time")
    return f"{'in force' if is_known else unknown} for the {whose} {period['key']} {when}"


def _no_window(facts: Facts) -> str:
    name, campaign = facts.asked["emailCampaignId"], facts.campaign
    if not facts.has_leads:
        return "None: without a Lead table no lead has a campaign."
    if name is None:
        return f"None: lead {facts.asked['leadId']} has no campaign."
    if not facts.has_campaigns:
        return f"None: there is no EmailCampaign table to look up campaign {name} in."
    if campaign is None:
        return f"None: campaign {name} is not among the usable rows of EmailCampaign."
    mode = campaign["responseMode"] or "not given"
    return f"None: {_NO_WINDOW[str(campaign['noWindow'])].format(name=name, mode=mode)}."


#: By the reasons of sql/staging/campaign_window.sql.
_NO_WINDOW = {
    "responseMode": "the responseMode of campaign {name} is {mode}, not AI_AUTO_SEND",
    "bothEnds": "campaign {name} lacks autoSendDelayMinSeconds and autoSendDelayMaxSeconds",
    "minSeconds": "campaign {name} lacks autoSendDelayMinSeconds",
    "maxSeconds": "campaign {name} lacks autoSendDelayMaxSeconds",
}

#: How the job's runAt lies to the chosen delay: of sql/macros/schedule_verdict.sql.
_VERDICTS = {
    "noWindow": "; without a window nothing to compare with.",
    "match": ", exactly the chosen delay.",
    "later": ", later than the chosen {chosen} s; the sending jobs say why, where that is known.",
    "earlier": ", earlier than the chosen {chosen} s: this window was hardly the one in force.",
    "outsideWindow": ", below the window's lower end: this window was not the one in force.",
}


def of_verdict(event: Event, schedule: AskedSchedule) -> str:
    """The delay check's verdict in a sentence."""
    seconds = f"{schedule['scheduledMs'] / 1000:.3f}".rstrip("0").rstrip(".")
    words = _VERDICTS[schedule["verdict"]].format(chosen=event["aiChosenDelaySeconds"])
    return f"runAt − inboundSentAt = {seconds} s{words}"


# --- Words ------------------------------------------------------------------------------------


def _listed(messages: pl.DataFrame, *, senders: bool = False) -> str:
    """The messages by their ids, the first three of many."""
    names = [
        f"{row['id']} by {sender(row)}" if senders else row["id"]
        for row in rows(messages.head(3), ThreadMessage)
    ]
    if len(messages) > len(names):
        names.append(f"{len(messages) - len(names):,} more")
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
