"""The contracts: every input table and the event, each column described once.

Casts, checks, empty tables, the manifest and the docs are derived from here. Column names are
the app's. Nothing in this module reads or writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: As many characters of an id, and of a value, are told of a row that cannot be used.
SHOWN = 200


class Kind(Enum):
    """How a column's values are read; the value is the DuckDB type they are kept in."""

    TEXT = "varchar"  # opaque, compared by bytes; an empty string is null
    WORD = "varchar, lower-case"  # read ignoring case and surrounding space; empty is null
    INSTANT = "timestamp"  # microseconds, UTC
    INTEGER = "bigint"  # a whole number within 32 bits
    LONG = "bigint, 64 bits"  # a whole number

    @property
    def sql_type(self) -> str:
        """The DuckDB type."""
        return self.value.partition(",")[0]


@dataclass(frozen=True)
class Column:
    """A column of an export. `key` columns must be present and non-null in every usable row.

    `present` ones must be present, but may be null.
    """

    name: str
    kind: Kind
    meaning: str
    key: bool = False
    present: bool = False
    allowed: tuple[str, ...] = ()  # for a WORD: any other value makes the row unusable
    missed: bool = True  # whether its absence from an export is worth a word to the user
    longest: int = 0  # for TEXT: how many characters are kept of it; 0: all
    refers: str = ""  # for an id: what it is an id of, a table of ours or something else


@dataclass(frozen=True)
class Table:
    """An exported table: one row a record, named and keyed as in the app."""

    name: str
    relation: str  # what sql/ calls it
    meaning: str
    columns: tuple[Column, ...]
    required: bool = True  # whether a build cannot do without it
    #: What no event is made from. It is exported and pulled, and read only when it is to be kept:
    #: it never makes a row unusable, or two rows different.
    extras: tuple[Column, ...] = ()
    keeps_extras: bool = False
    #: Words of extras that make a row no record of its kind, which is the reason it is left out.
    left_out: tuple[tuple[Column, str], ...] = ()

    def __hash__(self) -> int:
        """That of its name: tables are keys everywhere, and that of all its columns is slow."""
        return hash(self.name)

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """What is read of exports: the columns, and the extras where they are kept."""
        return self.all_columns if self.keeps_extras else self.columns

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns and the extras."""
        return self.columns + self.extras

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns without which a row is unusable."""
        return tuple(column for column in self.columns if column.key)


def _key(name: str, meaning: str, kind: Kind = Kind.TEXT, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, meaning, key=True, allowed=allowed)


def _extra(
    name: str, meaning: str, kind: Kind = Kind.TEXT, *, longest: int = 0, refers: str = ""
) -> Column:
    return Column(name, kind, meaning, missed=False, longest=longest, refers=refers)


_SOURCE = _extra("source", "what sent or took it, such as `campaign` or `bounce`", Kind.WORD)

MESSAGE = Table(
    "Message",
    "message",
    "One row a message, inbound or outbound.",
    (
        _key("id", "the message"),
        _key("leadId", "the prospect it belongs to"),
        _key("channel", "`sms`, `email`, `linkedin` or any other word"),
        _key("direction", "from or to the lead", Kind.WORD, allowed=("inbound", "outbound")),
        _key("sentAt", "when it was sent", Kind.INSTANT),
        Column("sentBy", Kind.WORD, "`setter`, `ai`; anything else is something else"),
        Column("sentByUserId", Kind.TEXT, "the setter", refers="User"),
        Column("aiDraftId", Kind.TEXT, "the draft that the AI sent", refers="AIDraft"),
        Column("aiDraftPartIndex", Kind.INTEGER, "which part of the draft, from 0"),
        Column(
            "clientId",
            Kind.TEXT,
            "the workspace, in exports that carry it",
            missed=False,
            refers="Client",
        ),
    ),
    extras=(
        _SOURCE,
        _extra("createdAt", "when the app wrote it down", Kind.INSTANT),
    ),
    left_out=((_SOURCE, "bounce"),),  # no message of a person
)

AI_DRAFT = Table(
    "AIDraft",
    "ai_draft",
    "One row an answer that the AI wrote, sent or not.",
    (
        _key("id", "the draft"),
        Column("triggerMessageId", Kind.TEXT, "the inbound message it answers", refers="Message"),
        _key("channel", "the channel it was written for"),
        Column("createdAt", Kind.INSTANT, "when it was written"),
    ),
    extras=(
        _extra("status", "what became of it, in the app's words"),
        _extra("autoSendAction", "what the app decided on sending it"),
        _extra("responseDisposition", "how the AI judged what it answers"),
    ),
)

BACKGROUND_JOB = Table(
    "BackgroundJob",
    "background_job",
    "One row a job; those of type `AI_AUTO_SEND_DELAYED` send drafts.",
    (
        _key("id", "the job"),
        _key("type", "what it does"),
        _key("messageId", "the inbound message it is about"),
        Column("draftId", Kind.TEXT, "the draft it sends", refers="AIDraft"),
        _key("runAt", "when it is due, as last scheduled", Kind.INSTANT),
        Column("startedAt", Kind.INSTANT, "when it really started"),
        Column("finishedAt", Kind.INSTANT, "when it really finished"),
        Column("clientId", Kind.TEXT, "the workspace", missed=False, refers="Client"),
        Column("leadId", Kind.TEXT, "the prospect", missed=False, refers="Lead"),
    ),
    extras=(
        _extra("createdAt", "when it was first scheduled", Kind.INSTANT),
        _extra("status", "what became of it, in the app's words"),
        _extra("attempts", "how often it was started", Kind.INTEGER),
        _extra("lastError", "why it failed last: the first 200 characters", longest=200),
    ),
)

#: What the app knows of a lead's appointment.
_APPOINTMENT = (
    _extra("appointmentBookedAt", "when it booked", Kind.INSTANT),
    _extra("appointmentCanceledAt", "when it cancelled", Kind.INSTANT),
    _extra("appointmentStatus", "`canceled`, or anything else", Kind.WORD),
    _extra("ghlAppointmentId", "an appointment, with or without a time", refers="Appointment"),
    _extra("calendlyInviteeUri", "an appointment, with or without a time", refers="Appointment"),
    _extra(
        "calendlyScheduledEventUri", "an appointment, with or without a time", refers="Appointment"
    ),
)

LEAD = Table(
    "Lead",
    "lead",
    "One row a prospect.",
    (
        _key("id", "the lead"),
        _key("clientId", "its workspace"),
        Column("emailCampaignId", Kind.TEXT, "its campaign", refers="EmailCampaign"),
    ),
    required=False,
    extras=(
        _extra("createdAt", "when it came into the app", Kind.INSTANT),
        *_APPOINTMENT,
    ),
)

EMAIL_CAMPAIGN = Table(
    "EmailCampaign",
    "email_campaign",
    "One row a campaign, with its settings of today.",
    (
        _key("id", "the campaign"),
        Column("clientId", Kind.TEXT, "its workspace", missed=False, refers="Client"),
        Column("name", Kind.TEXT, "its name", missed=False),
        Column("responseMode", Kind.TEXT, "`AI_AUTO_SEND` or `SETTER_MANAGED`"),
        Column("autoSendDelayMinSeconds", Kind.INTEGER, "the delay window's lower end"),
        Column("autoSendDelayMaxSeconds", Kind.INTEGER, "the delay window's upper end"),
    ),
    required=False,
)

#: The history file of --delay-windows: the settings that were in force, and when.
DELAY_WINDOW = Table(
    "DelayWindow",
    "delay_window",
    "One row a period in which one delay window was in force for a campaign or a client.",
    (
        Column(
            "campaignId",
            Kind.TEXT,
            "the campaign, or null in a row for a client",
            refers="EmailCampaign",
        ),
        Column(
            "clientId",
            Kind.TEXT,
            "the client; beside a campaign it says nothing more",
            refers="Client",
        ),
        Column(
            "minSeconds", Kind.INTEGER, "its lower end; with no upper one: unknown", present=True
        ),
        Column(
            "maxSeconds", Kind.INTEGER, "its upper end; with no lower one: unknown", present=True
        ),
        Column("effectiveFrom", Kind.INSTANT, "the period's start, included; null: always was"),
        Column("effectiveTo", Kind.INSTANT, "the period's end, excluded; null: still is"),
    ),
)

TABLES = (MESSAGE, AI_DRAFT, BACKGROUND_JOB, LEAD, EMAIL_CAMPAIGN)

_MARK, _MARKED_AT = "true: the row is deleted", "not null: the row is deleted"

#: The columns by which a connector or the app marks a row as deleted instead of removing it. Any
#: table may have them; an INSTANT says when, a WORD whether.
DELETION_MARKS = (
    Column("deletedAt", Kind.INSTANT, f"{_MARKED_AT} (the app)", missed=False),
    Column("isDeleted", Kind.WORD, f"{_MARK} (the app, Salesforce)", missed=False),
    Column("__deleted", Kind.WORD, f"{_MARK} (Debezium)", missed=False),
    Column("_fivetran_deleted", Kind.WORD, f"{_MARK} (Fivetran)", missed=False),
    Column("_ab_cdc_deleted_at", Kind.INSTANT, f"{_MARKED_AT} (Airbyte)", missed=False),
    Column("_sdc_deleted_at", Kind.INSTANT, f"{_MARKED_AT} (Singer, Stitch)", missed=False),
    Column("_peerdb_is_deleted", Kind.WORD, f"{_MARK} (PeerDB)", missed=False),
    Column("__hevo__marked_deleted", Kind.WORD, f"{_MARK} (Hevo)", missed=False),
    Column("dbt_is_deleted", Kind.WORD, f"{_MARK} (dbt snapshots)", missed=False),
)

_OLDER = "the row is an older version"
#: The columns by which a table that keeps every version of a row tells the current ones.
VERSION_MARKS = (
    Column("_fivetran_active", Kind.WORD, f"false: {_OLDER} (Fivetran history mode)", missed=False),
    Column("dbt_valid_to", Kind.INSTANT, f"not null: {_OLDER} (dbt snapshots)", missed=False),
    Column("__END_AT", Kind.INSTANT, f"not null: {_OLDER} (Databricks, SCD type 2)", missed=False),
)
#: All that may leave a row out by itself. Versions first: what an older one says is past.
MARKS = VERSION_MARKS + DELETION_MARKS


class EventType(Enum):
    """The types of an event's columns; the value names the Polars type."""

    TEXT = "String"
    INSTANT = "Datetime"  # microseconds, UTC
    INTEGER = "Int64"


@dataclass(frozen=True)
class EventColumn:
    """A column of ResponseTimingEvent. `null` says what null means; empty: never null."""

    name: str
    type: EventType
    meaning: str
    null: str = ""

    @property
    def kind(self) -> Kind:
        """How its values are read from a file."""
        return Kind.LONG if self.type is EventType.INTEGER else Kind[self.type.name]

    @property
    def says(self) -> str:
        """What it means, and what null means, in one line."""
        return f"{self.meaning}; null: {self.null}" if self.null else self.meaning


_NO_SETTER = "no setter answered in the turn"
_NO_DRAFT = "the AI wrote no draft for the anchor"
_NO_AI = "the AI did not send its draft"
_NO_WINDOW = "no delay window was in force"
_NO_JOB = "no job for the draft"

_TEXT, _INSTANT, _INTEGER = EventType.TEXT, EventType.INSTANT, EventType.INTEGER

#: ResponseTimingEvent: grain one anchor, in the order of the output's columns.
EVENT = (
    EventColumn("id", _TEXT, "= inboundMessageId"),
    EventColumn("clientId", _TEXT, "the lead's client"),
    EventColumn("leadId", _TEXT, "the lead"),
    EventColumn("channel", _TEXT, "the thread's channel"),
    EventColumn("inboundMessageId", _TEXT, "the anchor"),
    EventColumn("inboundSentAt", _INSTANT, "when the anchor came"),
    EventColumn("setterResponseMessageId", _TEXT, "the setter's first message", _NO_SETTER),
    EventColumn("setterResponseSentAt", _INSTANT, "when it was sent", _NO_SETTER),
    EventColumn("setterSentByUserId", _TEXT, "who sent it", _NO_SETTER),
    EventColumn("setterResponseMs", _INTEGER, "milliseconds from the anchor, floor", _NO_SETTER),
    EventColumn("aiDraftId", _TEXT, "the draft for the anchor, sent or not", _NO_DRAFT),
    EventColumn("aiResponseMessageId", _TEXT, "the first message sent from it", _NO_AI),
    EventColumn("aiResponseSentAt", _INSTANT, "when that was sent", _NO_AI),
    EventColumn("aiResponseMs", _INTEGER, "milliseconds from the anchor, floor", _NO_AI),
    EventColumn("aiDelayMinSeconds", _INTEGER, "the window's lower end", _NO_WINDOW),
    EventColumn("aiDelayMaxSeconds", _INTEGER, "the window's upper end", _NO_WINDOW),
    EventColumn("aiChosenDelaySeconds", _INTEGER, "the delay chosen inside it", _NO_WINDOW),
    EventColumn("aiActualDelaySeconds", _INTEGER, "seconds from the anchor, floor", _NO_AI),
    EventColumn("aiScheduledRunAt", _INSTANT, "when the job was due", _NO_JOB),
    EventColumn("aiBackgroundJobId", _TEXT, "the job that sends the draft", _NO_JOB),
    EventColumn("aiJobStartedAt", _INSTANT, "when it started", _NO_JOB + ", or not started"),
    EventColumn("aiJobFinishedAt", _INSTANT, "when it finished", _NO_JOB + ", or not finished"),
    EventColumn("createdAt", _INSTANT, "the build's as-of instant"),
    EventColumn("updatedAt", _INSTANT, "the build's as-of instant"),
)


#: The optional ids of an event, and what they are ids of.
_REFERENCES = {
    "setterResponseMessageId": "Message",
    "setterSentByUserId": "User",
    "aiDraftId": "AIDraft",
    "aiResponseMessageId": "Message",
    "aiBackgroundJobId": "BackgroundJob",
}

#: What every event needs: whose it is, and its anchor.
EVENT_KEYS = ("clientId", "leadId", "channel", "inboundMessageId", "inboundSentAt")


def event_file(relation: str, names: Collection[str], keys: Collection[str] = EVENT_KEYS) -> Table:
    """These columns of the event, in its order, as a file of events carries them."""
    columns = tuple(
        Column(
            c.name,
            c.kind,
            c.meaning,
            key=c.name in keys,
            missed=False,
            refers=_REFERENCES.get(c.name, ""),
        )
        for c in EVENT
        if c.name in names
    )
    return Table("ResponseTimingEvent", relation, "One row an anchor.", columns)


#: What reports read of a file of events: of `timingctl build`, or of the app's own table. The
#: durations in milliseconds are not among it: they follow from the instants.
EVENT_FILE = event_file(
    "event",
    (
        *EVENT_KEYS,
        "setterResponseSentAt",
        "setterSentByUserId",
        "aiResponseSentAt",
        "aiDelayMinSeconds",
        "aiDelayMaxSeconds",
        "aiChosenDelaySeconds",
        "aiActualDelaySeconds",
        "aiScheduledRunAt",
        "createdAt",
    ),
)

#: What reports read of Lead: whether and when the lead booked an appointment.
LEAD_BOOKING = Table(
    "Lead",
    "lead_booking",
    "One row a prospect, with its booking.",
    (
        _key("id", "the lead"),
        *(replace(column, missed=True) for column in _APPOINTMENT),
    ),
)

#: The file of --names: what people are called.
SETTER_NAME = Table(
    "Names",
    "setter_name",
    "One row a setter.",
    (_key("userId", "the setter, as sentByUserId has it"), _key("name", "what to call them")),
)
