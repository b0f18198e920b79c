"""The events by a plain loop: `python python_loop.py EXPORTS OUT`, CSV in and CSV out.

What one would write without any library: dictionaries, a sort a thread, a loop over its messages.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
#: The messages sent from each draft, with their places in the thread.
Replies = Mapping[str, list[tuple[int, Row]]]

NAMES = [
    "id", "clientId", "leadId", "channel", "inboundMessageId", "inboundSentAt",
    "setterResponseMessageId", "setterResponseSentAt", "setterSentByUserId", "setterResponseMs",
    "aiDraftId", "aiResponseMessageId", "aiResponseSentAt", "aiResponseMs", "aiDelayMinSeconds",
    "aiDelayMaxSeconds", "aiChosenDelaySeconds", "aiActualDelaySeconds", "aiScheduledRunAt",
    "aiBackgroundJobId", "aiJobStartedAt", "aiJobFinishedAt", "createdAt", "updatedAt",
]  # fmt: skip
NEVER = datetime.min.replace(tzinfo=UTC)


def rows(exports: Path, table: str) -> list[Row]:
    """The rows of a table as dictionaries, with their instants."""
    found = []
    for path in sorted((exports / table).glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for name in ("sentAt", "createdAt", "runAt", "startedAt", "finishedAt"):
                    if row.get(name):
                        row[name] = datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
                found.append(row)
    return found


def chosen(message_id: str, low: int, high: int) -> int:
    """The delay of an id of ASCII characters inside its window."""
    h = 0
    for character in message_id:
        h = (31 * h + ord(character)) & 0xFFFFFFFF
    if h >= 1 << 31:
        h = (1 << 32) - h
    return low if high <= low else low + h % (high - low + 1)


def place(message: Row) -> tuple[datetime, bool, int, str]:
    """The place in the thread."""
    part = message["aiDraftPartIndex"]
    return (
        message["sentAt"],
        message["direction"] == "inbound",
        -1 if part == "" else int(part),
        message["id"],
    )


def milliseconds(later: datetime, earlier: datetime) -> int:
    """From one instant to another."""
    return (later - earlier) // timedelta(milliseconds=1)


def preferred_draft(
    drafts: Iterable[Row], replies: Replies, anchor: Row, position: int
) -> tuple[Row | None, Row | None]:
    """The anchor's draft and its first message: sent before unsent, later before earlier."""
    best: tuple[bool, datetime, str] | None = None
    found: tuple[Row | None, Row | None] = None, None
    for draft in drafts:
        if draft["channel"] == anchor["channel"]:
            sent = (reply for number, reply in replies.get(draft["id"], ()) if number > position)
            first = next(sent, None)
            rank = first is not None, draft["createdAt"] or NEVER, draft["id"]
            if best is None or rank > best:
                best, found = rank, (draft, first)
    return found


def preferred_job(jobs: Iterable[Row]) -> Row | None:
    """Started before unstarted, later before earlier."""
    return max(
        jobs, key=lambda job: (job["startedAt"] or NEVER, job["runAt"], job["id"]), default=None
    )


def turns(thread: Iterable[Row]) -> Iterator[tuple[Row, int, list[Row]]]:
    """Each anchor of a thread in order, with its place and its turn."""
    anchor: Row | None = None
    position, turn = 0, list[Row]()
    for number, message in enumerate(thread):
        if message["direction"] == "inbound":
            if anchor and turn:
                yield anchor, position, turn
            anchor, position, turn = message, number, []
        elif anchor:
            turn.append(message)
    if anchor and turn:
        yield anchor, position, turn


def main(exports: Path, out: Path) -> None:
    """Build the events of CSV exports into a CSV file."""
    messages = rows(exports, "Message")
    leads = {lead["id"]: lead for lead in rows(exports, "Lead")}
    campaigns = {campaign["id"]: campaign for campaign in rows(exports, "EmailCampaign")}
    drafts: dict[str, list[Row]] = defaultdict(list)
    jobs: dict[tuple[str, str], list[Row]] = defaultdict(list)
    threads: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows(exports, "AIDraft"):
        drafts[row["triggerMessageId"]].append(row)
    for row in rows(exports, "BackgroundJob"):
        if row["type"] == "AI_AUTO_SEND_DELAYED":
            jobs[row["messageId"], row["draftId"]].append(row)
    for message in messages:
        threads[message["leadId"], message["channel"]].append(message)
    as_of = max(message["sentAt"] for message in messages)
    events = []
    for thread in threads.values():
        thread.sort(key=place)
        replies: dict[str, list[tuple[int, Row]]] = defaultdict(list)
        for number, message in enumerate(thread):
            if message["sentBy"] == "ai" and message["aiDraftId"]:
                replies[message["aiDraftId"]].append((number, message))
        for anchor, position, turn in turns(thread):
            draft, reply = preferred_draft(drafts[anchor["id"]], replies, anchor, position)
            job = preferred_job(jobs[anchor["id"], draft["id"]]) if draft else None
            row = {"createdAt": as_of, "updatedAt": as_of}
            row |= of_anchor(anchor, turn, draft, reply)
            row |= of_lead(anchor, leads[anchor["leadId"]], campaigns)
            row |= of_job(job)
            events.append(row)
    events.sort(key=lambda row: (row["clientId"], row["inboundSentAt"], row["id"]))
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, NAMES, restval="")
        writer.writeheader()
        for row in events:
            for name, value in row.items():
                if isinstance(value, datetime):
                    row[name] = f"{value:%Y-%m-%dT%H:%M:%S.%f}Z"
            writer.writerow(row)


def of_anchor(anchor: Row, turn: Iterable[Row], draft: Row | None, reply: Row | None) -> Row:
    """What the thread says; what is null is left out."""
    row = {
        "id": anchor["id"],
        "leadId": anchor["leadId"],
        "channel": anchor["channel"],
        "inboundMessageId": anchor["id"],
        "inboundSentAt": anchor["sentAt"],
    }
    for message in turn:
        if message["sentBy"] == "setter" and message["sentByUserId"]:
            row["setterResponseMessageId"] = message["id"]
            row["setterResponseSentAt"] = message["sentAt"]
            row["setterSentByUserId"] = message["sentByUserId"]
            row["setterResponseMs"] = milliseconds(message["sentAt"], anchor["sentAt"])
            break
    if draft:
        row["aiDraftId"] = draft["id"]
    if reply:
        row["aiResponseMessageId"] = reply["id"]
        row["aiResponseSentAt"] = reply["sentAt"]
        row["aiResponseMs"] = milliseconds(reply["sentAt"], anchor["sentAt"])
        row["aiActualDelaySeconds"] = row["aiResponseMs"] // 1000
    return row


def of_lead(anchor: Row, lead: Row, campaigns: Mapping[str, Row]) -> Row:
    """The client, and the delay that the campaign's window of today gives the anchor."""
    row = {"clientId": lead["clientId"]}
    campaign = campaigns.get(lead["emailCampaignId"])
    if campaign and campaign["responseMode"] == "AI_AUTO_SEND":
        low = int(campaign["autoSendDelayMinSeconds"])
        high = int(campaign["autoSendDelayMaxSeconds"])
        row["aiDelayMinSeconds"], row["aiDelayMaxSeconds"] = low, high
        row["aiChosenDelaySeconds"] = chosen(anchor["id"], low, high)
    return row


def of_job(job: Row | None) -> Row:
    """What the job says."""
    if job is None:
        return {}
    return {
        "aiScheduledRunAt": job["runAt"],
        "aiBackgroundJobId": job["id"],
        "aiJobStartedAt": job["startedAt"],
        "aiJobFinishedAt": job["finishedAt"],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
