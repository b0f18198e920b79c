"""The contract of the inbox file: its tables, each column described once.

Instants are microseconds, UTC, as DuckDB's TIMESTAMP without a zone: so no session's time zone
changes what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.arrow import arrow_schema
from timingctl.inboxes.words import FIRST_OUTBOUND_BY, OUTCOMES, SCHEDULES, WINDOW_SOURCES
from timingctl.schemas import EVENT, TABLES, Kind
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    import pyarrow as pa

#: What tables and columns are: raised when a reader of before would take them for something else.
INBOX_VERSION = 1


@dataclass(frozen=True)
class InboxColumn:
    """A column: its DuckDB type, what it means, and what null means; empty: never null."""

    name: str
    type: str
    meaning: str
    null: str = ""
    values: tuple[str, ...] = ()  # of a word: all that it may be

    @property
    def says(self) -> str:
        """What it means, what its values are, and what null means, in one line."""
        values = f": {', '.join(self.values)}" if self.values else ""
        return f"{self.meaning}{values}" + (f"; null: {self.null}" if self.null else "")


@dataclass(frozen=True)
class InboxTable:
    """A table: its grain, and its columns in order."""

    name: str
    grain: str
    columns: tuple[InboxColumn, ...]

    @property
    def arrow(self) -> pa.Schema:
        """Its columns as Arrow has them."""
        return arrow_schema({column.name: column.type for column in self.columns})


_ABSENT = "not known, or the exports do not say"
_NO_WINDOW = "no delay window was in force"

#: The exports as they were used: every column of their contracts, named alike.
EXPORTED = tuple(
    InboxTable(
        table.name,
        table.meaning,
        tuple(
            InboxColumn(
                column.name, column.kind.sql_type, column.meaning, "" if column.key else _ABSENT
            )
            for column in table.all_columns
        ),
    )
    for table in TABLES
)

EVENTS = InboxTable(
    "ResponseTimingEvent",
    "One row an anchor: an inbound message that was answered.",
    tuple(InboxColumn(c.name, c.kind.sql_type, c.meaning, c.null) for c in EVENT),
)

_TEXT, _INSTANT = Kind.TEXT.sql_type, Kind.INSTANT.sql_type
_NUMBER, _FLAG = Kind.LONG.sql_type, "boolean"
_NO_CAMPAIGN = "the lead has no campaign"
_OPEN = "nobody has answered"
_UNSENT = "it sent nothing"
_UNTIMED = "it has not started, no clock gives its instants, or its message is not known"

CONTEXT = InboxTable(
    "AnchorContext",
    "One row an anchor that has an event: what surrounds it.",
    (
        InboxColumn("inboundMessageId", _TEXT, "the anchor, as in ResponseTimingEvent"),
        InboxColumn("emailCampaignId", _TEXT, "the lead's campaign today", _NO_CAMPAIGN),
        InboxColumn("campaignName", _TEXT, "its name", _ABSENT),
        InboxColumn("responseMode", _TEXT, "its mode today", _ABSENT),
        InboxColumn(
            "windowSource", _TEXT, "where the delay window comes from", values=WINDOW_SOURCES
        ),
        InboxColumn(
            "streakStartMessageId", _TEXT, "the first inbound of the streak that the anchor ends"
        ),
        InboxColumn("streakStartSentAt", _INSTANT, "when that came"),
        InboxColumn("streakInbounds", _NUMBER, "how many inbounds the streak has"),
        InboxColumn("firstOutboundMessageId", _TEXT, "the message right after the anchor"),
        InboxColumn("firstOutboundSentAt", _INSTANT, "when that was sent"),
        InboxColumn("firstOutboundBy", _TEXT, "who sent it", values=FIRST_OUTBOUND_BY),
        InboxColumn("turnMessages", _NUMBER, "outbound messages of the turn"),
        InboxColumn("turnBySetter", _NUMBER, "of those by a setter, with a user id or without"),
        InboxColumn("turnByAi", _NUMBER, "of those by the AI"),
        InboxColumn(
            "nextInboundMessageId", _TEXT, "the thread's next inbound", "the lead has not written"
        ),
        InboxColumn("nextInboundSentAt", _INSTANT, "when that came", "the lead has not written"),
        InboxColumn("responseDisposition", _TEXT, "of the event's draft, as exported", _ABSENT),
    ),
)

WAIT = InboxTable(
    "Wait",
    "One row a wait: a run of inbounds of a thread until a setter or the AI answers.",
    (
        InboxColumn("leadId", _TEXT, "the lead that waits"),
        InboxColumn("channel", _TEXT, "the thread's channel"),
        InboxColumn("clientId", _TEXT, "the lead's client"),
        InboxColumn("emailCampaignId", _TEXT, "the lead's campaign today", _NO_CAMPAIGN),
        InboxColumn("startMessageId", _TEXT, "the first inbound of the run"),
        InboxColumn("startSentAt", _INSTANT, "when that came: the wait starts"),
        InboxColumn("inbounds", _NUMBER, "how many inbounds the run has"),
        InboxColumn("lastInboundSentAt", _INSTANT, "when the last of them came"),
        InboxColumn("endMessageId", _TEXT, "the message that answers", _OPEN),
        InboxColumn("endSentAt", _INSTANT, "when that was sent: the wait ends", _OPEN),
        InboxColumn("endedBy", _TEXT, "who sent it", _OPEN, values=("setter", "ai")),
        InboxColumn(
            "waitMs", _NUMBER, "milliseconds from start to end, floor; of an open one to the as-of"
        ),
        InboxColumn("hasWindow", _FLAG, "whether a delay window was in force at its start"),
    ),
)

SENDING_JOB = InboxTable(
    "SendingJob",
    "One row a job of type AI_AUTO_SEND_DELAYED: how it was scheduled and what became of it.",
    (
        InboxColumn("jobId", _TEXT, "the job"),
        InboxColumn("messageId", _TEXT, "the inbound message that it is about"),
        InboxColumn("draftId", _TEXT, "the draft that it sends", _ABSENT),
        InboxColumn("leadId", _TEXT, "the inbound message's lead, else the job's", _ABSENT),
        InboxColumn("clientId", _TEXT, "the lead's client, else the job's", _ABSENT),
        InboxColumn(
            "chosenDelaySeconds", _NUMBER, "the delay chosen for the message",
            "no delay window was in force, or the message is not known",
        ),
        InboxColumn("runAt", _INSTANT, "when it was due, as last scheduled"),
        InboxColumn("startedAt", _INSTANT, "when it started", "it has not"),
        InboxColumn("finishedAt", _INSTANT, "when it finished", "it has not"),
        InboxColumn("sentMessageId", _TEXT, "the first message that it sent", _UNSENT),
        InboxColumn("sentAt", _INSTANT, "when that was sent", _UNSENT),
        InboxColumn(
            "schedule", _TEXT, "how its delay lies to the chosen one, and why it is later",
            values=SCHEDULES,
        ),
        InboxColumn("waitedMs", _NUMBER, "milliseconds from runAt to startedAt, floor", _UNTIMED),
        InboxColumn(
            "sendMs", _NUMBER, "milliseconds from startedAt to sentAt, floor",
            f"{_UNSENT}; or {_UNTIMED}",
        ),
        InboxColumn("outcome", _TEXT, "what became of it", values=OUTCOMES),
    ),
)  # fmt: skip

DELAY_WINDOW = InboxTable(
    "DelayWindow",
    "One row a period of a campaign, or of a client, and the delay window in force.",
    (
        InboxColumn("campaignId", _TEXT, "the campaign", "the row is for a client"),
        InboxColumn("clientId", _TEXT, "the client", "the row is for a campaign"),
        InboxColumn("minSeconds", _NUMBER, "the window's lower end", _NO_WINDOW),
        InboxColumn("maxSeconds", _NUMBER, "the window's upper end", _NO_WINDOW),
        InboxColumn("effectiveFrom", _INSTANT, "the period's start, included", "always was"),
        InboxColumn("effectiveTo", _INSTANT, "the period's end, excluded", "still is"),
        InboxColumn("source", _TEXT, "where it comes from", values=WINDOW_SOURCES),
        InboxColumn("jobs", _NUMBER, "how many jobs prove it", "it was not inferred"),
    ),
)

REJECT = InboxTable(
    "Reject",
    "One row that could not be used.",
    (
        InboxColumn("table", _TEXT, "its table"),
        InboxColumn("file", _TEXT, "the export that it stands in"),
        InboxColumn("row", _NUMBER, "its place there, from 1"),
        InboxColumn("id", _TEXT, "its id: the first 200 characters", "it has none"),
        InboxColumn("column", _TEXT, "the column that makes it unusable"),
        InboxColumn("reason", _TEXT, "why"),
        InboxColumn("value", _TEXT, "what stands there: the first 200 characters", "nothing"),
    ),
)

BUILD = InboxTable(
    "Build",
    "One row the build that wrote the file. JSON is kept as text.",
    (
        InboxColumn("inboxVersion", _NUMBER, "which contract the tables follow"),
        InboxColumn("version", _TEXT, "the timingctl that wrote them"),
        InboxColumn(
            "asOfInstant", _INSTANT, "as of when open waits are told", "there is no message"
        ),
        InboxColumn("options", _TEXT, "JSON: the options that may change the result"),
        InboxColumn("tables", _TEXT, "JSON: what became of the rows of each table that was given"),
        InboxColumn("absent", _TEXT, "JSON: by table the columns that no export had"),
        InboxColumn("windows", _TEXT, "JSON: the history of delay windows"),
        InboxColumn("events", _TEXT, "JSON: counts of events"),
        InboxColumn("rows", _TEXT, "JSON: how many rows each table has"),
        InboxColumn("digests", _TEXT, "JSON: what each table holds, whatever the order of rows"),
        InboxColumn("notes", _TEXT, "JSON: what the build said of the exports"),
    ),
)

#: What is made of the exports, beside the events.
DERIVED = (CONTEXT, WAIT, SENDING_JOB, DELAY_WINDOW)
#: All tables, in the order in which they are described.
INBOX = (*EXPORTED, EVENTS, *DERIVED, REJECT, BUILD)

SYNC = InboxTable(
    "Sync",
    "One row: what the last sync knew, in a file that was synced.",
    (
        InboxColumn("place", _TEXT, "the database and schema that was read", "exports were read"),
        InboxColumn("readAt", _INSTANT, "when, by the server's clock", "exports were read"),
        InboxColumn(
            "transaction", _NUMBER, "the oldest that had not ended then", "exports were read"
        ),
        InboxColumn("pushedTo", _TEXT, "where all events were pushed to", "they were not"),
        InboxColumn("columns", _TEXT, "JSON: what was read, by table", "exports were read"),
        InboxColumn("sums", _TEXT, "JSON: what the rows of each table add up to", "not known"),
    ),
)

UNPUSHED = InboxTable(
    "UnpushedLead",
    "One row a lead whose events have changed since they were pushed.",
    (InboxColumn("leadId", _TEXT, "the lead"),),
)

#: What a file that was synced has beside: no digest counts it.
SYNC_TABLES = (SYNC, UNPUSHED)


def at(table: InboxTable, database: str) -> str:
    """Where a table stands in an attached database, as SQL."""
    return f"{quoted(database)}.main.{quoted(table.name)}"
