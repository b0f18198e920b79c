"""A slow, obvious inbox in plain Python: AnchorContext, Wait and SendingJob from docs/inbox.md.

Grain: one row, one loop. Instants of rows are UTC. Nothing here is shared with the tool.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests import model

Row = dict[str, Any]

EXTRAS = {
    "Message": ["source", "createdAt"],
    "AIDraft": ["responseDisposition"],
    "BackgroundJob": ["createdAt", "status", "attempts", "lastError", "clientId", "leadId"],
    "Lead": [],
    "EmailCampaign": ["name"],
}
COLUMNS = {name: [*columns, *EXTRAS[name]] for name, columns in model.COLUMNS.items()}
MINUTE = timedelta(minutes=1)


@dataclass
class Inbox:
    """The used rows of an inbox, and each thread in its order."""

    leads: dict[str, Row]
    campaigns: dict[str, Row]
    drafts: dict[str, Row]
    jobs: list[Row]
    messages: dict[str, Row]
    threads: dict[tuple[str, str], list[Row]]
    events: list[Row]
    history: list[Row]

    def window(self, message: Row) -> tuple[str, tuple[int, int] | None]:
        """Where the window in force at a message comes from, and the window."""
        lead, sent_at = self.leads[message["leadId"]], message["sentAt"]
        known = model.window_of(lead, sent_at, {}, self.history)
        if known is not None:
            return "history", known
        today = model.window_of(lead, sent_at, self.campaigns, [])
        return ("none" if today is None else "current"), today

    def after(self, message: Row) -> list[Row]:
        """What follows a message in its thread."""
        thread = self.threads[message["leadId"], message["channel"]]
        return thread[thread.index(message) + 1 :]


def read(tables: dict[str, list[Row]], history: list[Row]) -> Inbox:
    """Whatever of the tables is used."""
    used = {name: model.usable(name, rows, EXTRAS[name]) for name, rows in tables.items()}
    by_id = {name: {row["id"]: row for row in rows} for name, rows in used.items()}
    people = [message for message in used["Message"] if message["source"] != "bounce"]
    messages = [message for message in people if message["leadId"] in by_id["Lead"]]
    threads = defaultdict(list)
    for message in sorted(messages, key=model.thread_order):
        threads[message["leadId"], message["channel"]].append(message)
    exported = [row for row in tables["Message"] if row.get("source") != "bounce"]
    return Inbox(
        by_id["Lead"],
        by_id["EmailCampaign"],
        by_id["AIDraft"],
        used["BackgroundJob"],
        {message["id"]: message for message in messages},
        threads,
        model.events({**tables, "Message": exported}, "turn", history),
        history,
    )


def contexts(inbox: Inbox) -> list[Row]:
    """What surrounds each anchor."""
    found = []
    for event in inbox.events:
        anchor = inbox.messages[event["inboundMessageId"]]
        thread = inbox.threads[anchor["leadId"], anchor["channel"]]
        after = inbox.after(anchor)
        streak = [anchor]
        for message in reversed(thread[: thread.index(anchor)]):
            if message["direction"] == "outbound":
                break
            streak.append(message)
        turn = []
        for message in after:
            if message["direction"] == "inbound":
                break
            turn.append(message)
        following = next((m for m in after if m["direction"] == "inbound"), None)
        campaign_id = inbox.leads[anchor["leadId"]]["emailCampaignId"]
        campaign = inbox.campaigns.get(campaign_id)
        draft = inbox.drafts.get(event["aiDraftId"])
        found.append(
            {
                "inboundMessageId": anchor["id"],
                "emailCampaignId": campaign_id,
                "campaignName": campaign and campaign["name"],
                "responseMode": campaign and campaign["responseMode"],
                "windowSource": inbox.window(anchor)[0],
                "streakStartMessageId": streak[-1]["id"],
                "streakStartSentAt": streak[-1]["sentAt"],
                "streakInbounds": len(streak),
                "firstOutboundMessageId": turn[0]["id"],
                "firstOutboundSentAt": turn[0]["sentAt"],
                "firstOutboundBy": sent_by(turn[0], draft),
                "turnMessages": len(turn),
                "turnBySetter": len([m for m in turn if m["sentBy"] == "setter"]),
                "turnByAi": len([m for m in turn if m["sentBy"] == "ai"]),
                "nextInboundMessageId": following and following["id"],
                "nextInboundSentAt": following and following["sentAt"],
                "responseDisposition": draft and draft["responseDisposition"],
            }
        )
    return found


def sent_by(message: Row, draft: Row | None) -> str:
    """Who sent the message right after an anchor of which this is the draft."""
    if message["sentBy"] == "setter":
        return "setter" if message["sentByUserId"] else "setterUnknown"
    if message["sentBy"] == "ai":
        return "ai" if draft and message["aiDraftId"] == draft["id"] else "aiOther"
    return "campaign" if "campaign" in (message["source"] or "") else "other"


def waits(inbox: Inbox, as_of: datetime) -> list[Row]:
    """What each lead lived through."""
    found = []
    for (lead_id, channel), thread in inbox.threads.items():
        lead = inbox.leads[lead_id]
        run: list[Row] = []
        for message in [*thread, None]:
            if message is not None and message["direction"] == "inbound":
                run.append(message)
                continue
            if message is not None and message["sentBy"] not in {"setter", "ai"}:
                continue
            if not run:
                continue
            end = message and answer_of_the_instant(message, thread)
            until = end["sentAt"] if end else max(as_of, run[0]["sentAt"])
            found.append(
                {
                    "leadId": lead_id,
                    "channel": channel,
                    "clientId": lead["clientId"],
                    "emailCampaignId": lead["emailCampaignId"],
                    "startMessageId": run[0]["id"],
                    "startSentAt": run[0]["sentAt"],
                    "inbounds": len(run),
                    "lastInboundSentAt": run[-1]["sentAt"],
                    "endMessageId": end and end["id"],
                    "endSentAt": end and end["sentAt"],
                    "endedBy": end and end["sentBy"],
                    "waitMs": model.milliseconds(until, run[0]["sentAt"]),
                    "hasWindow": inbox.window(run[0])[1] is not None,
                }
            )
            run = []
    return found


def answer_of_the_instant(message: Row, thread: list[Row]) -> Row:
    """The setter's message of the instant at which this one was sent, else this one."""
    for other in thread:
        is_outbound = other["direction"] == "outbound" and other["sentAt"] == message["sentAt"]
        if is_outbound and other["sentBy"] == "setter":
            return other
    return message


def sending_jobs(inbox: Inbox, as_of: datetime) -> list[Row]:
    """How each job was scheduled, and what became of it."""
    return [
        sending_job(job, inbox, as_of)
        for job in inbox.jobs
        if job["type"] == "AI_AUTO_SEND_DELAYED"
    ]


def sending_job(job: Row, inbox: Inbox, as_of: datetime) -> Row:
    inbound = inbox.messages.get(job["messageId"])
    if inbound is not None and inbound["direction"] != "inbound":
        inbound = None
    lead_id = inbound["leadId"] if inbound else job["leadId"]
    lead = inbox.leads.get(lead_id)
    window = inbox.window(inbound)[1] if inbound and lead else None
    chosen = model.chosen(inbound["id"], *window) if inbound and window else None
    sent = sent_of(job, inbound, inbox)
    odd = is_odd([job["runAt"], job["startedAt"], sent["sentAt"] if sent else None], inbound)
    started = job["startedAt"]
    timed = started and inbound and not odd
    return {
        "jobId": job["id"],
        "messageId": job["messageId"],
        "draftId": job["draftId"],
        "leadId": lead_id,
        "clientId": lead["clientId"] if lead else job["clientId"],
        "chosenDelaySeconds": chosen,
        "runAt": job["runAt"],
        "startedAt": started,
        "finishedAt": job["finishedAt"],
        "sentMessageId": sent and sent["id"],
        "sentAt": sent and sent["sentAt"],
        "schedule": "implausible" if odd else schedule(job, inbound, window, chosen),
        "waitedMs": model.milliseconds(started, job["runAt"]) if timed else None,
        "sendMs": (model.milliseconds(sent["sentAt"], started) if sent and timed else None),
        "outcome": "sent" if sent else outcome(job, inbound, inbox, as_of),
    }


def sent_of(job: Row, inbound: Row | None, inbox: Inbox) -> Row | None:
    """The first message that the job sent: the preferred job of its message and draft."""
    if inbound is None or job["draftId"] is None:
        return None
    draft = {"id": job["draftId"]}
    if model.job_of(inbound, draft, inbox.jobs) is not job:
        return None
    for message in inbox.after(inbound):
        is_ai = message["direction"] == "outbound" and message["sentBy"] == "ai"
        if is_ai and message["aiDraftId"] == job["draftId"]:
            return message
    return None


def is_odd(instants: list[datetime | None], inbound: Row | None) -> bool:
    """Whether one is before the inbound by more than a day, or a year or more after it."""
    if inbound is None:
        return False
    early, late = timedelta(days=-1), timedelta(days=365)
    distances = [instant - inbound["sentAt"] for instant in instants if instant is not None]
    return any(distance < early or distance >= late for distance in distances)


def schedule(
    job: Row, inbound: Row | None, window: tuple[int, int] | None, chosen: int | None
) -> str:
    """How the delay of a job lies to the chosen one."""
    if inbound is None or window is None or chosen is None:
        return "noWindow"
    delay = in_milliseconds(job["runAt"]) - in_milliseconds(inbound["sentAt"])
    late = delay - timedelta(seconds=chosen)
    if not late:
        return "match"
    if late < timedelta(0):
        return "outsideWindow" if delay < timedelta(seconds=window[0]) else "earlier"
    made = job["createdAt"]
    if made and timedelta(seconds=29) <= job["runAt"] - made <= timedelta(seconds=31):
        return "clamped"
    if job["runAt"] == job["runAt"].replace(second=0, microsecond=0) and late >= 60 * MINUTE:
        return "opening"
    return "retried" if (job["attempts"] or 0) > 1 else "later"


def in_milliseconds(instant: datetime) -> datetime:
    """As the app keeps it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def outcome(job: Row, inbound: Row | None, inbox: Inbox, as_of: datetime) -> str:
    """Why a job sent nothing: the first that fits."""
    until = job["startedAt"] or job["runAt"]
    heard = [
        message
        for message in inbox.messages.values()
        if inbound
        and message["leadId"] == inbound["leadId"]
        and inbound["sentAt"] < message["sentAt"] <= until
    ]
    outbound = [message for message in heard if message["direction"] == "outbound"]
    if any(message["sentBy"] == "setter" for message in outbound):
        return "setterFirst"
    if len(outbound) < len(heard):
        return "newInbound"
    if inbound and any(message["channel"] == inbound["channel"] for message in outbound):
        return "otherOutbound"
    if job["lastError"] or (job["status"] or "").lower() == "failed":
        return "failed"
    return "due" if job["runAt"] > as_of else "unexplained"
