"""Small worlds of leads, threads, drafts and jobs, made so that events come of them, then spoiled.

A world is what one export of an app could be: rows of text, as a CSV has them. What a tie-break,
a preference or a comparison decides must happen often: instants, parts and ids are of few values.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
Tables = dict[str, list[Row]]
World = tuple[Tables, list[Row]]

START = datetime(2026, 2, 10, 10)
LEADS = ["L1", "L2"]
CHANNELS = ["email", "sms"]
HISTORY_COLUMNS = [
    "campaignId",
    "clientId",
    "minSeconds",
    "maxSeconds",
    "effectiveFrom",
    "effectiveTo",
]
#: What an export may have beside what events are made from.
EXTRAS = {
    "Message": ["source", "createdAt"],
    "AIDraft": ["responseDisposition"],
    "BackgroundJob": ["createdAt", "status", "attempts", "lastError", "clientId", "leadId"],
    "Lead": [],
    "EmailCampaign": ["name"],
}
#: Ids differ in their first letter, by which bytes, UTF-16 and case order them differently; their
#: numbers keep them apart.
LETTERS = ["a", "m", "M", "é", "😀", "６"]
_LETTER = st.sampled_from(LETTERS)
#: Microseconds from one message of a thread to the next.
_GAP = st.sampled_from(
    [0, 0, 1, 999, 1_000, 1_001, 60_000_000, 60_000_000, 75_000_000, 300_000_000]
)
_FAR_GAP = st.sampled_from([*[60_000_000] * 12, 3_600_000_000, 60 * 86_400_000_000])
_FEW = st.integers(0, 3)
_LENGTH = st.sampled_from([1, 1, 2, 3])
_TURN = st.sampled_from([0, 1, 2, 2, 3, 4])
_WHOSE = st.sampled_from(
    ["user", "user", "ai", "ai", "ai", "ai", "nobody", "human", "other", "AI ", "bot", "campaign"]
)
_PART = st.sampled_from(["", "", "0", "1", "2"])
#: By so many seconds, a draft or a job is after its inbound; None: not said.
_CREATED = st.sampled_from([None, 1, 1, 2])
_STARTED = st.sampled_from([None, None, 60, 61, 61, 120, 120.000001])
_RUN = st.sampled_from([60, 60, 61, 120])
_TYPE = st.sampled_from([*["AI_AUTO_SEND_DELAYED"] * 7, "OTHER"])
_LAST = st.integers(0, 5)
_TWIN = st.booleans()
_FOREIGN = st.sampled_from([False, False, True])
_RARE = st.sampled_from([*[False] * 6, True])
#: Rarely an inbound says who sent it, and of which draft.
_CLAIMS = st.sampled_from([*[False] * 5, True])
_SOURCE = st.sampled_from(["", "", "Campaign", "webhook", "campaign"])
#: Rarely what was sent or taken is a mail that came back.
_BOUNCE = st.sampled_from([*[""] * 30, "bounce"])
#: Beside those of _RUN, for what the inbox tells: seconds after the inbound.
_ODD_RUN = st.sampled_from(
    [
        *[None] * 10,
        *(59.999, 60.0005, 60.001, 180, 420, 3_660, 3_720, 7_200, 7_260, 7_260.5, 59),
        *(-86_400, -86_400.001, 365 * 86_400, 365 * 86_400 - 0.001, 40 * 86_400),
    ]
)
_ODD_START = st.sampled_from([*[None] * 9, -86_400.001, 365 * 86_400, 3_661, 59, 0])
#: Seconds from when a job was made to when it is due.
_LEAD_TIME = st.sampled_from([None, None, 28.999999, 29, 30, 31, 31.000001, 60])
_STATUS = st.sampled_from(["", "COMPLETED", "FAILED", "failed", "PENDING"])
_ATTEMPTS = st.sampled_from(["", "1", "2", "0"])
_ERROR = st.sampled_from(["", "", "", "timeout"])
_DISPOSITION = st.sampled_from(["", "positive", "Not interested"])
_CLIENT = st.sampled_from(["K1", "K2", "K2"])
_CAMPAIGN = st.sampled_from(["c1", "c2", "c1", "c2", ""])
_MODE = st.sampled_from(["AI_AUTO_SEND", "AI_AUTO_SEND", "SETTER_MANAGED", ""])
_WINDOW = st.sampled_from(
    [
        ("60", "60"),
        ("60", "61"),
        ("180", "420"),
        ("180", "180"),
        ("0", "0"),
        ("", "420"),
        ("-5", ""),
    ]
)
_SPOILS = st.sampled_from([0, 0, 1, 2])
_PLACE = st.integers(0, 30)
_SPOIL = st.sampled_from(
    [
        *[
            ("Message", "again"),
            ("AIDraft", "again"),
            ("BackgroundJob", "again"),
            ("Lead", "again"),
        ],
        *[("Message", "leadId", "nobody"), ("Message", "sentAt", "soon"), ("Message", "id", "")],
        *[("Message", "direction", "sideways"), ("Message", "direction", " Inbound")],
        *[("Message", "aiDraftPartIndex", "half"), ("Message", "sentBy", "robot")],
        *[("AIDraft", "createdAt", "never"), ("AIDraft", "id", ""), ("AIDraft", "channel", "")],
        *[("BackgroundJob", "runAt", ""), ("BackgroundJob", "draftId", "")],
        *[("BackgroundJob", "startedAt", "x"), ("Lead", "clientId", "")],
        *[("EmailCampaign", "autoSendDelayMinSeconds", "few"), ("EmailCampaign", "again")],
        *[("Message", "other", "channel", "fax"), ("AIDraft", "other", "channel", "fax")],
        *[("BackgroundJob", "other", "draftId", "d"), ("Lead", "other", "clientId", "K9")],
    ]
)


def text(offset: float, base: datetime = START) -> str:
    """So many seconds after an instant, as an export has it."""
    return (base + timedelta(seconds=offset)).isoformat(sep=" ")


HISTORIES: st.SearchStrategy[list[Row]] = st.sampled_from(
    [
        [],
        [{"campaignId": "c1", "minSeconds": "60", "maxSeconds": "90", "effectiveTo": text(60)}],
        [
            {"clientId": "K2", "minSeconds": "5", "maxSeconds": "2000000000"},
            {"campaignId": "c2", "minSeconds": "7", "maxSeconds": "7", "effectiveFrom": text(60)},
            {"campaignId": "c1", "minSeconds": "1", "maxSeconds": "2", "effectiveTo": text(0.001)},
            {"campaignId": "c1", "minSeconds": "60", "maxSeconds": "60", "effectiveFrom": text(60)},
        ],
    ]
)


class _Making:
    """A world in the making: its tables, and what draws."""

    def __init__(self, draw: Any, *, extras: bool) -> None:
        self.draw = draw
        self.extras = extras
        self.tables: Tables = {name: [] for name in EXTRAS}

    def id(self, table: str) -> str:
        """An id that no other row has; which is the greater, nobody knows."""
        return f"{self.draw(_LETTER)}{len(self.tables[table])}"

    def beside(self, name: str, strategy: st.SearchStrategy[Any]) -> Row:
        return {name: self.draw(strategy)} if self.extras else {}

    def message(self, thread: tuple[str, str], sent_at: datetime, **columns: str) -> Row:
        row: Row = {"id": self.id("Message"), "leadId": thread[0], "channel": thread[1]}
        row |= {"sentAt": text(0, sent_at), **columns}
        row |= self.beside("source", _BOUNCE)
        self.tables["Message"].append(row)
        return row

    def draft(self, inbound: Row) -> Row:
        draw, came = self.draw, datetime.fromisoformat(inbound["sentAt"])
        created = draw(_CREATED)
        channel = "sms" if draw(_RARE) else inbound["channel"]
        row: Row = {"id": self.id("AIDraft"), "triggerMessageId": inbound["id"], "channel": channel}
        row |= {"createdAt": "" if created is None else text(created, came)}
        row |= self.beside("responseDisposition", _DISPOSITION)
        self.tables["AIDraft"].append(row)
        twin: Row | None = None
        for _ in range(draw(_FEW)):
            # Half of those that were tried again started when the one before did.
            twin = self.job(inbound, row["id"], came, twin)
        return row

    def job(self, inbound: Row, draft: str, came: datetime, twin: Row | None) -> Row:
        draw = self.draw
        run, started = draw(_RUN), draw(_STARTED)
        about = draw(st.sampled_from(self.tables["Message"])) if draw(_RARE) else inbound
        if self.extras:
            odd, odd_start = draw(_ODD_RUN), draw(_ODD_START)
            run = run if odd is None else odd
            started = started if odd_start is None else odd_start
        row: Row = {"id": self.id("BackgroundJob"), "type": draw(_TYPE)}
        row |= {"messageId": about["id"], "draftId": draft, "runAt": text(run, came)}
        row |= {"startedAt": "" if started is None else text(started, came)}
        row |= {"finishedAt": "" if started is None else text(started + 1, came)}
        if self.extras:
            made = draw(_LEAD_TIME)
            row |= {"createdAt": "" if made is None else text(run - made, came)}
            row |= {"status": draw(_STATUS), "attempts": draw(_ATTEMPTS), "lastError": draw(_ERROR)}
            if draw(_RARE):
                row |= {"leadId": "L2", "clientId": "K7"}
                row |= {"messageId": "gone"} if draw(_RARE) else {}
        if twin is not None and draw(_TWIN):
            row["startedAt"] = twin["startedAt"]
        if twin is not None and draw(_TWIN):
            row["runAt"] = twin["runAt"]
        self.tables["BackgroundJob"].append(row)
        return row

    def answer(self, thread: tuple[str, str], sent_at: datetime, drafts: list[Row]) -> None:
        """An outbound message; by the AI, of a draft of late or of any of the world."""
        draw, whose = self.draw, self.draw(_WHOSE)
        sent: dict[str, str] = {"direction": "outbound"}
        every = self.tables["AIDraft"]
        known = every if not drafts or draw(_FOREIGN) else drafts
        draft = known[draw(_LAST) % len(known)]["id"] if known else ""
        if whose in {"ai", "AI "}:
            sent |= {"sentBy": whose, "aiDraftId": draft, "aiDraftPartIndex": draw(_PART)}
        elif whose in {"user", "nobody", "human"}:
            user = "" if whose == "nobody" else f"u{len(self.tables['Message']) % 3}"
            sent |= {"sentBy": "setter", "sentByUserId": user}
            sent |= {"aiDraftId": draft} if whose == "human" else {}
        else:
            # The AI without a draft, or others, also with the part that the AI would have sent.
            sent |= {"sentBy": {"other": "ai", "campaign": ""}.get(whose, whose)}
            sent |= {"aiDraftPartIndex": draw(_PART)}
            sent |= {"aiDraftId": draft, "sentByUserId": "u9"} if whose == "bot" else {}
        row = self.message(thread, sent_at, **sent)
        if self.extras and not row["source"]:
            row["source"] = draw(_SOURCE)

    def thread(self, lead: str, channel: str) -> None:
        """Rounds of a streak, its drafts and jobs, and a turn."""
        draw, thread, now = self.draw, (lead, channel), START
        if draw(_RARE):
            self.answer(thread, now, [])
        drafts: list[Row] = []
        for _ in range(draw(_LENGTH)):
            came = []
            for _ in range(draw(_LENGTH)):
                now += timedelta(microseconds=draw(_GAP))
                claims = {"sentBy": "ai", "aiDraftId": drafts[-1]["id"]} if drafts else {}
                claims = claims if draw(_CLAIMS) else {}
                came.append(self.message(thread, now, direction="inbound", **claims))
            # Of two at one instant either may be the anchor.
            for inbound in came[-2:]:
                drafts += [self.draft(inbound) for _ in range(draw(_FEW))]
            for _ in range(draw(_TURN)):
                now += timedelta(microseconds=draw(_GAP))
                self.answer(thread, now, drafts[-4:])
            now += timedelta(microseconds=draw(_FAR_GAP))

    def spoil(self) -> None:
        """Spoil a row of a table: a value, or that it stands there twice."""
        draw = self.draw
        name, *how = draw(_SPOIL)
        rows = self.tables[name]
        if not rows:
            return
        row = rows[draw(_PLACE) % len(rows)]
        if how[0] in {"again", "other"}:
            changed = dict([how[1:]]) if how[0] == "other" else {}
            rows.append({**row, **changed})
        else:
            row[how[0]] = how[1]


@st.composite
def worlds(draw: Any, *, extras: bool = False) -> World:
    """The tables and the history of one world; with extras as EXTRAS has them."""
    making = _Making(draw, extras=extras)
    for lead in LEADS:
        row = {"id": lead, "clientId": draw(_CLIENT), "emailCampaignId": draw(_CAMPAIGN)}
        making.tables["Lead"].append(row)
    for campaign in ("c1", "c2"):
        low, high = draw(_WINDOW)
        making.tables["EmailCampaign"].append(
            {
                "id": campaign,
                "responseMode": draw(_MODE),
                "autoSendDelayMinSeconds": low,
                "autoSendDelayMaxSeconds": high,
                "name": f"Campaign {campaign}",
            }
        )
    making.thread("L1", "email")
    for lead, channel in [("L1", "sms"), ("L2", "email")]:
        if draw(_FOREIGN):
            making.thread(lead, channel)
    for _ in range(draw(_SPOILS)):
        making.spoil()
    return making.tables, draw(HISTORIES)


#: What a world calls its own; without it two worlds were one.
_OWN = {
    *("id", "leadId", "aiDraftId", "triggerMessageId", "messageId", "draftId"),
    *("clientId", "campaignId", "emailCampaignId"),
}


def together(several: list[World]) -> World:
    """The tables and the history of several worlds that know nothing of each other."""
    tables: Tables = {name: [] for name in EXTRAS}
    histories: list[Row] = []
    for number, (exports, history) in enumerate(several):
        for name, rows in exports.items():
            tables[name] += [_of_world(number, row) for row in rows]
        histories += [_of_world(number, row) for row in history]
    return tables, histories


def _of_world(number: int, row: Row) -> Row:
    """The row with its own ids; those of the first world are as they were."""
    return {
        name: f"{value}~{number}" if number and value and name in _OWN else value
        for name, value in row.items()
    }


def write_csv(path: Path, names: list[str], rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def write_exports(folder: Path, columns: dict[str, list[str]], world: World) -> Path:
    """Write a world as CSV exports, and give its history of delay windows."""
    tables, history = world
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", columns[name], rows)
    write_csv(folder / "history.csv", HISTORY_COLUMNS, history)
    return folder / "history.csv"
