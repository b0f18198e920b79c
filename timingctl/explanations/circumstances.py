"""Words for what an inbox says around a message: for the values of AnchorContext, Wait, SendingJob.

A value is a word in a column of sql/inbox; here is a sentence for each. A value without words is an
error. docs/inbox.md says what the values mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.explanations.words import instant
from timingctl.grid import counted, duration

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.explanations.rows import AskedContext, AskedSending, AskedWait

# --- The anchor -------------------------------------------------------------------------------


#: Who sent the first message of the turn: words.FIRST_OUTBOUND_BY.
FIRST_OUTBOUND = {
    "setter": "by a setter",
    "setterUnknown": "by a setter without a user id, so it is no setter's response",
    "ai": "by the AI, from the draft for the anchor",
    "aiOther": "by the AI, but not from the draft for the anchor",
    "campaign": "by a campaign, as its source says",
    "other": "by neither a setter, the AI nor a campaign",
}


def of_context(context: AskedContext) -> list[str]:
    """Who wrote first after the anchor, what came before, and whether the lead wrote back."""
    who = FIRST_OUTBOUND[context["firstOutboundBy"]]
    first = f"First outbound: {context['firstOutboundMessageId']}, {who}"
    turn = counted(context["turnMessages"], "message")
    by = f"{context['turnBySetter']:,} by setters, {context['turnByAi']:,} by the AI"
    streak = counted(context["streakInbounds"], "inbound")
    since = f"{context['streakStartMessageId']}, {instant(context['streakStartSentAt'])}"
    return [
        f"{first}; sent {instant(context['firstOutboundSentAt'])}.",
        f"Its turn has {turn}: {by}.",
        f"The streak that it ends has {streak}, from {since}.",
        _next_inbound(context),
    ]


def _next_inbound(context: AskedContext) -> str:
    if context["nextInboundSentAt"] is None:
        return "The lead has not written since in this thread."
    at = instant(context["nextInboundSentAt"])
    return f"After the turn the lead wrote {context['nextInboundMessageId']}, {at}."


# --- The wait ---------------------------------------------------------------------------------

_ENDED_BY = {"setter": "a setter", "ai": "the AI"}


def of_wait(wait: AskedWait, as_of: datetime) -> list[str]:
    """From when to when the lead waited, and who ended the wait."""
    inbounds = counted(wait["inbounds"], "inbound")
    start = f"From {wait['startMessageId']}, {instant(wait['startSentAt'])}; {inbounds}."
    lasted = duration(wait["waitMs"])
    if wait["endedBy"] is None or wait["endSentAt"] is None:
        return [start, f"Open: by {instant(as_of)} neither a setter nor the AI wrote: {lasted}."]
    end = f"{wait['endMessageId']}, {instant(wait['endSentAt'])}"
    return [start, f"To {end}, by {_ENDED_BY[wait['endedBy']]}: {lasted}."]


# --- Sending jobs -----------------------------------------------------------------------------


#: What became of a job: words.OUTCOMES.
SENT = {
    "sent": "Sent as {sentMessageId}, {sent}.",
    "setterFirst": "Not sent: a setter wrote to the lead first.",
    "newInbound": "Not sent: the lead wrote again first.",
    "otherOutbound": "Not sent: something else was sent in the thread first.",
    "failed": "Not sent: it failed.",
    "due": "Not sent yet: it is due after {asOf}.",
    "unexplained": "Not sent; the exports do not say why.",
}
#: How its delay lies to the chosen one: words.SCHEDULES.
SCHEDULED = {
    "match": "Due at the chosen {chosenDelaySeconds} s (match).",
    "clamped": "Due after the chosen {chosenDelaySeconds} s, half a minute after it was made "
    "(clamped).",
    "opening": "Due after the chosen {chosenDelaySeconds} s, on a whole minute an hour or more "
    "later: the next opening of sending hours (opening).",
    "retried": "Due after the chosen {chosenDelaySeconds} s: it was tried again (retried).",
    "later": "Due after the chosen {chosenDelaySeconds} s; no cause is known (later).",
    "earlier": "Due before the chosen {chosenDelaySeconds} s, inside the window (earlier).",
    "outsideWindow": "Due before the window's lower end (outsideWindow).",
    "noWindow": "No chosen delay to compare with (noWindow).",
    "implausible": "One of its instants is one that no clock gives: no time is told (implausible).",
}


def of_sending(job: AskedSending, as_of: datetime) -> list[str]:
    """What became of a job, how it was scheduled, and how long it queued and sent."""
    sent = instant(job["sentAt"]) if job["sentAt"] else ""
    sentences = [
        SENT[job["outcome"]].format(**job, sent=sent, asOf=instant(as_of)),
        SCHEDULED[job["schedule"]].format(**job),
    ]
    if job["waitedMs"] is not None:
        sentences.append(f"It started {_after(job['waitedMs'])} it was due.")
    if job["sendMs"] is not None:
        sentences.append(f"It sent {_after(job['sendMs'])} it started.")
    return sentences


def _after(ms: int) -> str:
    """How long after or before."""
    return f"{duration(abs(ms))} {'before' if ms < 0 else 'after'}"
