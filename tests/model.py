"""A slow, obvious build in plain Python, written from docs/definitions.md alone.

Grain: one row, one loop.

Rows are dictionaries of text as a CSV has it (None or "" for null). Nothing here is shared with
the tool, not even the hash.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]

KEYS = {
    "Message": ["id", "leadId", "channel", "direction", "sentAt"],
    "AIDraft": ["id", "channel"],
    "BackgroundJob": ["id", "type", "messageId", "runAt"],
    "Lead": ["id", "clientId"],
    "EmailCampaign": ["id"],
}
COLUMNS = {
    "Message": [*KEYS["Message"], "sentBy", "sentByUserId", "aiDraftId", "aiDraftPartIndex"],
    "AIDraft": [*KEYS["AIDraft"], "triggerMessageId", "createdAt"],
    "BackgroundJob": [*KEYS["BackgroundJob"], "draftId", "startedAt", "finishedAt"],
    "Lead": [*KEYS["Lead"], "emailCampaignId"],
    "EmailCampaign": [
        *KEYS["EmailCampaign"],
        "responseMode",
        "autoSendDelayMinSeconds",
        "autoSendDelayMaxSeconds",
    ],
}
INSTANTS = {"sentAt", "createdAt", "runAt", "startedAt", "finishedAt"}
NUMBERS = {
    "aiDraftPartIndex",
    "attempts",
    "autoSendDelayMinSeconds",
    "autoSendDelayMaxSeconds",
}
EARLIEST = datetime.min.replace(tzinfo=UTC)


def chosen(message_id: str, low: int, high: int) -> int:
    """The deterministic delay."""
    h = 0
    units = message_id.encode("utf-16-le")
    for i in range(0, len(units), 2):
        h = (31 * h + units[i] + 256 * units[i + 1]) % 2**32
    signed = h - 2**32 if h >= 2**31 else h
    span = high - low
    return low if span <= 0 else low + abs(signed) % (span + 1)


def usable(table: str, rows: list[Row], extras: list[str] | None = None) -> list[Row]:
    """The rows that a build may use, typed; one of exact duplicates, none of contradictions."""
    good = [typed for row in rows if (typed := read(table, row, extras)) is not None]
    by_id: dict[str, list[Row]] = defaultdict(list)
    for row in good:
        if row not in by_id[row["id"]]:
            by_id[row["id"]].append(row)
    return [versions[0] for versions in by_id.values() if len(versions) == 1]


def read(table: str, row: Row, extras: list[str] | None = None) -> Row | None:
    """The row with its types, or None when it cannot be used; extras are columns to read, too."""
    typed: Row = {}
    for name in [*COLUMNS[table], *(extras or [])]:
        value: Any = row.get(name) or None
        try:
            if value is not None and name in INSTANTS:
                value = datetime.fromisoformat(value).replace(tzinfo=UTC)
            if value is not None and name in NUMBERS:
                value = int(value)
        except ValueError:
            return None
        if value is not None and name in {"direction", "sentBy", "source"}:
            value = value.strip().lower() or None
        if value is None and name in KEYS[table]:
            return None
        typed[name] = value
    if table == "Message" and typed["direction"] not in {"inbound", "outbound"}:
        return None
    return typed


def thread_order(message: Row) -> tuple[Any, ...]:
    """The order of a thread, which is total."""
    part = message["aiDraftPartIndex"]
    return (
        message["sentAt"],
        message["direction"] == "inbound",
        (part is not None, part or 0),
        message["id"].encode(),
    )


def window_of(
    lead: Row, sent_at: datetime, campaigns: dict[str, Row], history: list[Row]
) -> tuple[int, int] | None:
    """The history of the campaign, of the client, then today's setting."""
    for key in ("campaignId", "clientId"):
        wanted = lead["emailCampaignId"] if key == "campaignId" else lead["clientId"]
        for period in history:
            if key == "clientId" and period.get("campaignId"):
                continue
            if wanted is None or (period.get(key) or None) != wanted:
                continue
            start, end = period.get("effectiveFrom"), period.get("effectiveTo")
            after = not start or sent_at >= datetime.fromisoformat(start).replace(tzinfo=UTC)
            before = not end or sent_at < datetime.fromisoformat(end).replace(tzinfo=UTC)
            if after and before:
                return int(period["minSeconds"]), int(period["maxSeconds"])
    campaign = campaigns.get(lead["emailCampaignId"])
    if campaign is None or campaign["responseMode"] != "AI_AUTO_SEND":
        return None
    low, high = campaign["autoSendDelayMinSeconds"], campaign["autoSendDelayMaxSeconds"]
    return None if low is None or high is None else (low, high)


def milliseconds(later: datetime, earlier: datetime) -> int:
    """Exact, floor."""
    return (later - earlier) // timedelta(milliseconds=1)


def events(
    tables: dict[str, list[Row]],
    setter_rule: str = "turn",
    history: list[Row] | None = None,
) -> list[Row]:
    """Every event of the tables, ordered; without createdAt and updatedAt."""
    leads = {lead["id"]: lead for lead in usable("Lead", tables["Lead"])}
    campaigns = {row["id"]: row for row in usable("EmailCampaign", tables["EmailCampaign"])}
    messages = [m for m in usable("Message", tables["Message"]) if m["leadId"] in leads]
    drafts = usable("AIDraft", tables["AIDraft"])
    jobs = usable("BackgroundJob", tables["BackgroundJob"])
    threads = defaultdict(list)
    for message in messages:
        threads[message["leadId"], message["channel"]].append(message)
    found = []
    for (lead_id, channel), thread in threads.items():
        thread.sort(key=thread_order)
        for place, anchor in enumerate(thread[:-1]):
            if anchor["direction"] != "inbound" or thread[place + 1]["direction"] != "outbound":
                continue
            turn = []
            for message in thread[place + 1 :]:
                if message["direction"] == "inbound":
                    break
                turn.append(message)
            setter = setter_response(turn, setter_rule)
            draft, reply = ai_response(anchor, thread[place + 1 :], drafts)
            job = job_of(anchor, draft, jobs)
            lead = leads[lead_id]
            window = window_of(lead, anchor["sentAt"], campaigns, history or [])
            found.append(event(anchor, lead, channel, setter, draft, reply, job, window))
    return sorted(
        found,
        key=lambda e: (
            e["clientId"].encode(),
            e["inboundSentAt"],
            e["inboundMessageId"].encode(),
        ),
    )


def setter_response(turn: list[Row], rule: str) -> Row | None:
    """The first message of the turn by a setter with a user id; under next only the very first."""
    for message in turn if rule == "turn" else turn[:1]:
        if message["sentBy"] == "setter" and message["sentByUserId"]:
            return message
    return None


def ai_response(anchor: Row, later: list[Row], drafts: list[Row]) -> tuple[Row | None, Row | None]:
    """The anchor's preferred draft, and the first message that the AI sent from it."""
    best: tuple[Any, ...] | None = None
    answer: tuple[Row | None, Row | None] = (None, None)
    for draft in drafts:
        if draft["triggerMessageId"] != anchor["id"] or draft["channel"] != anchor["channel"]:
            continue
        reply = None
        for message in later:
            sent = message["direction"] == "outbound" and message["sentBy"] == "ai"
            if sent and message["aiDraftId"] == draft["id"]:
                reply = message
                break
        created = draft["createdAt"]
        rank = (
            reply is not None,
            created is not None,
            created or EARLIEST,
            draft["id"].encode(),
        )
        if best is None or rank > best:
            best, answer = rank, (draft, reply)
    return answer


def job_of(anchor: Row, draft: Row | None, jobs: list[Row]) -> Row | None:
    """The preferred job that sends the draft as an answer to the anchor."""
    if draft is None:
        return None
    ours = [
        job
        for job in jobs
        if job["type"] == "AI_AUTO_SEND_DELAYED"
        and job["messageId"] == anchor["id"]
        and job["draftId"] == draft["id"]
    ]

    def rank(job: Row) -> tuple[Any, ...]:
        started = job["startedAt"]
        return started is not None, started or EARLIEST, job["runAt"], job["id"].encode()

    return max(ours, key=rank, default=None)


def event(  # noqa: PLR0913, PLR0917 - the parts of an event
    anchor: Row,
    lead: Row,
    channel: str,
    setter: Row | None,
    draft: Row | None,
    reply: Row | None,
    job: Row | None,
    window: tuple[int, int] | None,
) -> Row:
    """An event, column by column."""
    sent = anchor["sentAt"]
    return {
        "id": anchor["id"],
        "clientId": lead["clientId"],
        "leadId": lead["id"],
        "channel": channel,
        "inboundMessageId": anchor["id"],
        "inboundSentAt": sent,
        "setterResponseMessageId": setter and setter["id"],
        "setterResponseSentAt": setter and setter["sentAt"],
        "setterSentByUserId": setter and setter["sentByUserId"],
        "setterResponseMs": milliseconds(setter["sentAt"], sent) if setter else None,
        "aiDraftId": draft and draft["id"],
        "aiResponseMessageId": reply and reply["id"],
        "aiResponseSentAt": reply and reply["sentAt"],
        "aiResponseMs": milliseconds(reply["sentAt"], sent) if reply else None,
        "aiDelayMinSeconds": window[0] if window else None,
        "aiDelayMaxSeconds": window[1] if window else None,
        "aiChosenDelaySeconds": chosen(anchor["id"], *window) if window else None,
        "aiActualDelaySeconds": milliseconds(reply["sentAt"], sent) // 1000 if reply else None,
        "aiScheduledRunAt": job and job["runAt"],
        "aiBackgroundJobId": job and job["id"],
        "aiJobStartedAt": job and job["startedAt"],
        "aiJobFinishedAt": job and job["finishedAt"],
    }
