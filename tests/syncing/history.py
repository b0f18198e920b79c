"""Random histories of an app's database: what people, the AI and the app's makers do to its rows.

A step is one transaction, of one of the deeds below; `delete` removes rows, of which no timestamp
and no transaction is left to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.postgres.server import App

#: The app's tables, without enums and keys, so that rows may be wrong and refer to nothing.
SCHEMA = """
create table "EmailCampaign" (
    "id" text primary key, "clientId" text, "name" text, "responseMode" text,
    "autoSendDelayMinSeconds" integer, "autoSendDelayMaxSeconds" integer
);
create table "Lead" (
    "id" text primary key, "clientId" text not null, "emailCampaignId" text,
    "createdAt" timestamp(3), "appointmentBookedAt" timestamp(3), "updatedAt" timestamptz
);
create table "Message" (
    "id" text primary key, "leadId" text not null, "channel" text not null,
    "direction" text not null, "sentAt" timestamp(3) not null, "sentBy" text,
    "sentByUserId" text, "aiDraftId" text, "aiDraftPartIndex" integer, "body" text,
    "source" text, "createdAt" timestamp(3), "updatedAt" timestamptz, "deletedAt" timestamptz
);
create table "AIDraft" (
    "id" text primary key, "triggerMessageId" text, "channel" text not null,
    "createdAt" timestamp(3), "responseDisposition" text, "updatedAt" timestamptz
);
create table "BackgroundJob" (
    "id" text primary key, "type" text not null, "messageId" text not null, "draftId" text,
    "clientId" text, "leadId" text, "runAt" timestamp(3) not null, "startedAt" timestamp(3),
    "finishedAt" timestamp(3), "createdAt" timestamp(3), "status" text, "attempts" integer,
    "lastError" text, "updatedAt" timestamptz
);
"""
_CLIENTS = ("acme", "bits")
_CAMPAIGNS = ("spring", "summer", "autumn")
_LEADS = tuple(f"lead{number}" for number in range(6))
_CHANNELS = ("email", "email", "sms")
_START = datetime(2026, 2, 10, 9)
_SENDING = "AI_AUTO_SEND_DELAYED"


@dataclass
class History:
    """A database, and the chance by which things happen to it."""

    app: App
    random: Random
    told: list[str] = field(default_factory=list)
    _number: int = 0
    _now: datetime = _START

    def begin(self) -> None:
        """Make the tables and a few rows."""
        self.app.run(SCHEMA)
        for campaign in _CAMPAIGNS:
            self._write("EmailCampaign", id=campaign, clientId=self._pick(_CLIENTS), name=campaign,
                        responseMode="AI_AUTO_SEND", autoSendDelayMinSeconds=60,
                        autoSendDelayMaxSeconds=180)  # fmt: skip
        for lead in _LEADS[:4]:
            self._write("Lead", id=lead, clientId=self._pick(_CLIENTS),
                        emailCampaignId=self._pick((*_CAMPAIGNS, None)))  # fmt: skip
        for _ in range(12):
            self.new_message()
        for _ in range(4):
            self.new_draft()

    def step(self, *, deleting: bool) -> None:
        """One deed, or a few."""
        deeds: list[Callable[[], None]] = [
            *([self.new_message] * 6), *([self.new_draft] * 4), *([self.run_job] * 3),
            *([self.late_message] * 2), self.edit_message, self.move_message, self.hand_over,
            self.mark_deleted, self.change_lead, self.change_lead, self.book, self.new_lead,
            self.change_campaign, self.move_run, self.edit_draft, self.lost_job,
        ]  # fmt: skip
        for _ in range(self._pick((1, 1, 2, 4))):
            deed = self.delete if deleting and self.random.random() < 0.5 else self._pick(deeds)
            deed()

    def reader(self) -> str:
        """The DSN of a role that may read the columns, and so ask nothing of transactions."""
        role = f"reader_{self.app.name}"
        self.app.run(f"create role {role} login password 'secret';\n")
        for table in ("EmailCampaign", "Lead", "Message", "AIDraft", "BackgroundJob"):
            rows = self.app.rows(
                "select attname::text as name from pg_attribute "
                f"where attrelid = '\"{table}\"'::regclass and attnum > 0"
            )
            names = ", ".join(f'"{row["name"]}"' for row in rows)
            self.app.run(f'grant select ({names}) on "{table}" to {role};\n')
        return self.app.as_user(role, "secret")

    def new_message(self) -> None:
        """Somebody writes."""
        self._now += timedelta(milliseconds=self._pick((0, 1, 30_000, 61_000, 600_000)))
        self._message(self._now)

    def late_message(self) -> None:
        """A message is written down late."""
        self._message(self._now - timedelta(minutes=self._pick((1, 5, 60, 6_000))))

    def new_draft(self) -> None:
        """The AI writes for an inbound, has a job for it, and may send it."""
        found = self._row("Message", "direction = 'inbound'")
        if found is None:
            return
        draft = self._id("draft")
        self._write("AIDraft", id=draft, triggerMessageId=found["id"], channel=found["channel"],
                    responseDisposition=self._pick(("answer", None)))  # fmt: skip
        due = found["sentAt"] + timedelta(seconds=self._pick((61, 90, 119, 180, 4_000)))
        self._write("BackgroundJob", id=self._id("job"), type=self._pick((_SENDING,) * 5 + ("x",)),
                    messageId=found["id"], draftId=draft, runAt=due,
                    leadId=self._pick((found["leadId"], None, *_LEADS)),
                    clientId=self._pick((None, *_CLIENTS)))  # fmt: skip
        if self.random.random() < 0.6:
            self._write("Message", id=self._id("m"), leadId=found["leadId"],
                        channel=found["channel"], direction="outbound", sentBy="ai",
                        aiDraftId=draft, sentAt=due + timedelta(seconds=2))  # fmt: skip

    def run_job(self) -> None:
        """A job is run, or run again."""
        found = self._row("BackgroundJob")
        if found is None:
            return
        late = timedelta(seconds=self._pick((0, 1, 600)))
        failed = self.random.random() < 0.3
        self._change("BackgroundJob", found["id"], startedAt=found["runAt"] + late,
                     finishedAt=None if failed else found["runAt"] + late,
                     attempts=(found["attempts"] or 0) + 1,
                     lastError="no" if failed else None)  # fmt: skip

    def move_run(self) -> None:
        """A job is put off."""
        found = self._row("BackgroundJob")
        if found:
            self._change("BackgroundJob", found["id"], runAt=self._now + timedelta(hours=1))

    def lost_job(self) -> None:
        """A job about a message that is not there, or not yet."""
        self._write("BackgroundJob", id=self._id("job"), type=_SENDING, runAt=self._now,
                    messageId=f"m{self._number + self._pick((1, 2, 3))}",
                    leadId=self._pick((None, *_LEADS)))  # fmt: skip

    def edit_message(self) -> None:
        """What a message says of itself changes."""
        found = self._row("Message")
        draft = self._row("AIDraft")
        if found and draft:
            how = self._pick(("sentBy", "user", "draft", "direction", "source"))
            values: dict[str, Any] = {
                "sentBy": {"sentBy": self._pick(("setter", "ai", None))},
                "user": {"sentByUserId": self._pick(("ann", "bob", None))},
                "draft": {"aiDraftId": draft["id"], "sentBy": "ai"},
                "direction": {"direction": self._pick(("inbound", "outbound", "sideways"))},
                "source": {"source": self._pick(("campaign", "bounce", None))},
            }[how]
            self._change("Message", found["id"], **values)

    def move_message(self) -> None:
        """A message turns out to be of another instant."""
        found = self._row("Message")
        if found:
            back = timedelta(minutes=self._pick((-30, -1, 1, 90)))
            self._change("Message", found["id"], sentAt=found["sentAt"] - back)

    def hand_over(self) -> None:
        """A message goes to another lead, who may not be there."""
        found = self._row("Message")
        if found:
            self._change("Message", found["id"], leadId=self._pick((*_LEADS, "nobody")))

    def mark_deleted(self) -> None:
        """A message is marked as deleted, or as not."""
        found = self._row("Message")
        if found:
            self._change("Message", found["id"], deletedAt=self._pick((None, self._now)))

    def edit_draft(self) -> None:
        """A draft turns out to be for another message."""
        draft, message = self._row("AIDraft"), self._row("Message")
        if draft and message:
            self._change("AIDraft", draft["id"], triggerMessageId=message["id"])

    def change_lead(self) -> None:
        """A lead gets another client or campaign."""
        found = self._row("Lead")
        if found:
            self._change("Lead", found["id"], clientId=self._pick(_CLIENTS),
                         emailCampaignId=self._pick((*_CAMPAIGNS, None)))  # fmt: skip

    def book(self) -> None:
        """A lead books."""
        found = self._row("Lead")
        if found:
            self._change("Lead", found["id"], appointmentBookedAt=self._now)

    def new_lead(self) -> None:
        """A lead, who may have messages already."""
        there = {row["id"] for row in self.app.rows('select "id" from "Lead"')}
        for lead in sorted(set(_LEADS) - there)[:1]:
            self._write("Lead", id=lead, clientId=self._pick(_CLIENTS),
                        emailCampaignId=self._pick((*_CAMPAIGNS, None)))  # fmt: skip

    def change_campaign(self) -> None:
        """A campaign gets another delay window or mode."""
        low = self._pick((60, 90, None))
        self._change("EmailCampaign", self._pick(_CAMPAIGNS), autoSendDelayMinSeconds=low,
                     autoSendDelayMaxSeconds=self._pick((180, 240)),
                     responseMode=self._pick(("AI_AUTO_SEND", "SETTER_MANAGED")))  # fmt: skip

    def delete(self) -> None:
        """A row goes."""
        table = self._pick(("Message", "Message", "AIDraft", "BackgroundJob", "Lead"))
        found = self._row(table)
        if found:
            self._say(f'delete from "{table}" where "id" = $1', found["id"])

    def _message(self, sent: datetime) -> None:
        inbound = self.random.random() < 0.5
        self._write(
            "Message", id=self._id("m"), leadId=self._pick(_LEADS), channel=self._pick(_CHANNELS),
            direction="inbound" if inbound else "outbound", sentAt=sent,
            sentBy=None if inbound else self._pick(("setter", "setter", "ai", None)),
            sentByUserId=None if inbound else self._pick(("ann", "bob", None)),
            source=self._pick((None, None, "campaign")),
        )  # fmt: skip

    def _pick(self, some: Any) -> Any:
        return self.random.choice(some)

    def _id(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}{self._number}"

    def _row(self, table: str, condition: str = "true") -> dict[str, Any] | None:
        rows = self.app.rows(f'select * from "{table}" where {condition} order by "id"')
        return self._pick(rows) if rows else None

    def _write(self, table: str, **values: Any) -> None:
        written = ', "createdAt"' if table != "EmailCampaign" else ""
        now = ", now()" if written else ""
        names = ", ".join(f'"{name}"' for name in values)
        self._say(f'insert into "{table}" ({names}{written}) values '
                  f"({', '.join(map(_literal, values.values()))}{now})")  # fmt: skip

    def _change(self, table: str, key: str, **values: Any) -> None:
        written = ', "updatedAt" = now()' if table != "EmailCampaign" else ""
        sets = ", ".join(f'"{name}" = {_literal(value)}' for name, value in values.items())
        self._say(f'update "{table}" set {sets}{written} where "id" = $1', key)

    def _say(self, sql: str, *params: str) -> None:
        self.told.append(sql + (f"  -- {params[0]}" if params else ""))
        self.app.rows(sql, *params)


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    return f"'{value}'"
