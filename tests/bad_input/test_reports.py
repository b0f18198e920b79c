"""What report, lead and push are given: events, names, leads, exports, instants."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.bad_input.tool import MESSAGES, cases, timingctl, write
from timingctl.clocks.said_times import WORDS

#: Where no server is: a file of events is checked before one is asked.
NO_SERVER = "postgresql://nobody@127.0.0.1:1/none"
UNREACHABLE = "PostgreSQL at 127.0.0.1:1 cannot be reached: Connection refused."
COLUMNS = [
    "id",
    "clientId",
    "leadId",
    "channel",
    "inboundMessageId",
    "inboundSentAt",
    "setterResponseMessageId",
    "setterResponseSentAt",
    "setterSentByUserId",
    "setterResponseMs",
    "aiDraftId",
    "aiResponseMessageId",
    "aiResponseSentAt",
    "aiResponseMs",
    "aiDelayMinSeconds",
    "aiDelayMaxSeconds",
    "aiChosenDelaySeconds",
    "aiActualDelaySeconds",
    "aiScheduledRunAt",
    "aiBackgroundJobId",
    "aiJobStartedAt",
    "aiJobFinishedAt",
    "createdAt",
    "updatedAt",
]
AT, LATER = "2026-02-10T10:00:00.000000Z", "2026-02-10T10:01:00.000000Z"
EVENT = {
    "id": "A", "clientId": "K", "leadId": "ann", "channel": "email", "inboundMessageId": "A",
    "inboundSentAt": AT, "setterResponseMessageId": "B", "setterResponseSentAt": LATER,
    "setterSentByUserId": "u1", "setterResponseMs": "60000", "createdAt": LATER,
    "updatedAt": LATER,
}  # fmt: skip
Content = str | bytes | Callable[[Path], object]
NO_BOOKINGS = (
    "No booking outcomes: give the app's Lead table, with appointmentBookedAt, "
    "by --leads FILE or --exports DIR."
)


def events(*changes: dict[str, str]) -> str:
    """A file of events; each change makes one."""
    rows = [EVENT | change for change in changes or ({},)]
    lines = [",".join(row.get(name, "") for name in COLUMNS) for row in rows]
    return "\n".join([",".join(COLUMNS), *lines, ""])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a sound file of events."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.csv").write_text(events())
    return tmp_path


@pytest.mark.parametrize(("content", "says"), cases(
    ("empty", "", "x.csv is empty: it has no header line."),
    ("a web page", "<html>", "x.csv is a web page; it may say why the export failed."),
    ("semicolons", events().replace(",", ";"),
     "x.csv separates its columns by ';', not by ','; export it with commas."),
    ("a row cut short", events()[:-30],
     "x.csv, row 1 cannot be read: the row has another number of columns than the header. "
     "Repair or export it again."),
    ("a pipe", os.mkfifo, "x.csv is a pipe or a device; give a regular file."),
    ("a device", lambda path: path.symlink_to("/dev/zero"),
     "x.csv is a pipe or a device; give a regular file."),
    ("a link that dangles", lambda path: path.symlink_to("nowhere"),
     "x.csv is a link that leads nowhere."),
    ("two events of one message", events({}, {"leadId": "bob"}),
     "x.csv has two rows with inboundMessageId A; keep one."),
))  # fmt: skip
def test_events_refused_by_every_command(here: Path, content: Content, says: str) -> None:
    write_file(here / "x.csv", content)
    for command in (["report"], ["lead"], ["push", "--dsn", NO_SERVER]):
        words = [*command[:1], "x.csv", *command[1:], *(["ann"] if command == ["lead"] else [])]
        done = timingctl(*words)
        assert (done.code, done.out, done.err) == (11, "", f"Error: {says}\n"), command


def write_file(path: Path, content: Content) -> None:
    match content:
        case str():
            path.write_text(content, encoding="utf-8")
        case bytes():
            path.write_bytes(content)
        case _:
            content(path)


@pytest.mark.parametrize(("content", "says"), cases(
    ("messages", MESSAGES,
     "x.csv is no file of events: it has no clientId, inboundMessageId, inboundSentAt, "
     "setterResponseSentAt, setterSentByUserId, aiResponseSentAt, aiDelayMinSeconds, "
     "aiDelayMaxSeconds, aiChosenDelaySeconds, aiActualDelaySeconds, aiScheduledRunAt. "
     "Give what `timingctl build` wrote, or an export of ResponseTimingEvent."),
    ("a response before its inbound", events({}, {"inboundMessageId": "C",
     "setterResponseSentAt": "2026-02-10T09:59:59Z"}),
     "x.csv, row 2, column setterResponseSentAt: before its inboundSentAt."),
    ("the AI's before", events({"aiResponseSentAt": "2026-02-10T09:59:59Z"}),
     "x.csv, row 1, column aiResponseSentAt: before its inboundSentAt."),
))  # fmt: skip
def test_events_refused_by_a_report(here: Path, content: str, says: str) -> None:
    (here / "x.csv").write_text(content)
    done = timingctl("report", "x.csv")
    assert (done.code, done.out, done.err) == (11, "", f"Error: {says}\n")


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(("change", "says"), cases(
    ("no lead", {"leadId": ""}, "no leadId (1); the first is row 2, column leadId"),
    ("an inbound at no time", {"inboundSentAt": "soon"},
     "unreadable timestamp (1); the first is row 2, column inboundSentAt"),
    ("in the year 20000", {"setterResponseSentAt": "20000-01-01"},
     "unreadable timestamp (1); the first is row 2, column setterResponseSentAt"),
    ("a fractional delay", {"aiDelayMinSeconds": "1.5"},
     "unreadable whole number (1); the first is row 2, column aiDelayMinSeconds"),
    ("a huge delay", {"aiChosenDelaySeconds": "9223372036854775808"},
     "unreadable whole number (1); the first is row 2, column aiChosenDelaySeconds"),
))  # fmt: skip
def test_events_left_out_of_a_report(here: Path, change: dict[str, str], says: str) -> None:
    (here / "x.csv").write_text(events({}, change | {"id": "C", "inboundMessageId": "C"}))
    done = timingctl("report", "x.csv", "--section", "overview")
    note = f"Note: x.csv: unusable rows left out: {says}.\nNote: {NO_BOOKINGS}\n"
    assert (done.code, done.err) == (0, note)
    assert "Events                                   1\n" in done.out
    done = timingctl("lead", "x.csv", "ann")
    assert (done.code, done.err) == (0, f"Note: x.csv: unusable rows left out: {says}.\n")


@pytest.mark.parametrize(("change", "says"), cases(
    ("no lead", {"leadId": ""}, "no leadId (column leadId)"),
    ("an inbound at no time", {"inboundSentAt": "soon"},
     "unreadable timestamp (column inboundSentAt)"),
    ("fractional milliseconds", {"setterResponseMs": "60000.5"},
     "unreadable whole number (column setterResponseMs)"),
    ("milliseconds beyond 64 bits", {"aiResponseMs": "9" * 20},
     "unreadable whole number (column aiResponseMs)"),
    ("milliseconds in words", {"aiResponseMs": "a minute"},
     "unreadable whole number (column aiResponseMs)"),
))  # fmt: skip
def test_events_refused_by_a_push(here: Path, change: dict[str, str], says: str) -> None:
    (here / "x.csv").write_text(events({}, change | {"id": "C", "inboundMessageId": "C"}))
    done = timingctl("push", "x.csv", "--dsn", NO_SERVER)
    assert (done.code, done.err) == (11, f"Error: x.csv, row 2, is no event: {says}.\n")


def test_a_file_without_fault_reaches_the_server(here: Path) -> None:
    assert here
    done = timingctl("push", "e.csv", "--dsn", NO_SERVER)
    assert (done.code, done.err) == (12, f"Error: {UNREACHABLE}\n")


@pytest.mark.parametrize(("content", "says"), cases(
    ("empty", "", "n.csv is empty: it has no header line."),
    ("a misspelt column", "user,name\nu1,Ann\n", "n.csv has no column userId; did you mean user?"),
    ("a doubled column", "userId,name,Name\n", "n.csv has name twice, as name and Name; keep one."),
    ("two names", "userId,name\nu1,Ann\nu1,\x1b[31mBob\n",
     "n.csv: u1 has two names, \\x1b[31mBob and Ann; keep one."),
    ("a short row", "userId,name\nu1\n",
     "n.csv, row 1 cannot be read: the row has another number of columns than the header. "
     "Repair or export it again."),
    ("a pipe", os.mkfifo, "n.csv is a pipe or a device; give a regular file."),
))  # fmt: skip
def test_names_refused(here: Path, content: Content, says: str) -> None:
    write_file(here / "n.csv", content)
    for words in (["report", "e.csv"], ["lead", "e.csv", "ann"]):
        done = timingctl(*words, "--names", "n.csv")
        assert (done.code, done.out, done.err) == (11, "", f"Error: {says}\n")


def test_a_user_without_a_name_is_told(here: Path) -> None:
    (here / "n.csv").write_text("userId,name\nu1,\nu1,Mia\n")
    done = timingctl("lead", "e.csv", "ann", "--names", "n.csv")
    note = "Note: n.csv: unusable rows left out: no name (1); the first is row 1, column name.\n"
    assert (done.code, done.err) == (0, note)


BOOKINGS = (
    "id,appointmentBookedAt,appointmentCanceledAt,appointmentStatus,ghlAppointmentId,"
    "calendlyInviteeUri,calendlyScheduledEventUri\n"
)
UNTOLD = "Note: No booking outcome for 1 lead with a response: not in the lead data.\n"


@pytest.mark.parametrize(("content", "code", "says"), cases(
    ("empty", "", 11, "Error: l.csv is empty: it has no header line.\n"),
    ("without bookings", "id\nann\n", 11,
     "Error: l.csv has no column appointmentBookedAt; export Lead with it.\n"),
    ("no id", BOOKINGS.replace("id", "lead", 1), 11,
     "Error: l.csv has no column id; it has lead, appointmentBookedAt, appointmentCanceledAt, "
     "appointmentStatus, ghlAppointmentId, calendlyInviteeUri, calendlyScheduledEventUri.\n"),
    ("booked at no time", BOOKINGS + "ann,soon,,,,,\nbob,,,,,,\n", 0,
     "Note: l.csv: unusable rows left out: unreadable timestamp (1); the first is row 1, "
     "column appointmentBookedAt.\n" + UNTOLD),
    ("all booked at no time", BOOKINGS + "ann,soon,,,,,\n", 11,
     "Error: The one row of l.csv cannot be used: unreadable timestamp (1), such as l.csv, row 1, "
     "column appointmentBookedAt: 'soon'. Write instants in UTC as 2026-02-10 12:34:56, or with an "
     "offset such as +01:00. To go on without these rows: --allow-rejects.\n"),
    ("words for no appointment", BOOKINGS + "ann,,,,nan,None,<NA>\n", 0,
     "Note: Lead.ghlAppointmentId says 'nan' (1), which is taken as null.\n"
     "Note: Lead.calendlyInviteeUri says 'None' (1), which is taken as null.\n"
     "Note: Lead.calendlyScheduledEventUri says '<NA>' (1), which is taken as null.\n"),
    ("most have no id", BOOKINGS + "ann,,,,,,\n" * 49 + ",,,,,,\n" * 51, 11,
     "Error: 51 of 100 rows of l.csv cannot be used: no id, such as l.csv, row 50, column id. "
     "To go on without these rows: --allow-rejects.\n"),
    ("half have no id", BOOKINGS + "ann,,,,,,\n" * 50 + ",,,,,,\n" * 50, 0,
     "Note: l.csv: unusable rows left out: no id (50); the first is row 51, column id.\n"),
    ("booked twice", BOOKINGS + "ann,2026-02-11,,,,,\nann,2026-02-12,,,,,\n", 0,
     "Note: Lead: ids with different rows left out: 1, such as ann.\n" + UNTOLD),
))  # fmt: skip
def test_leads(here: Path, content: str, code: int, says: str) -> None:
    (here / "l.csv").write_text(content)
    done = timingctl("report", "e.csv", "--leads", "l.csv", "--section", "overview")
    assert (done.code, done.err) == (code, says)


def test_a_word_for_no_appointment_is_none(here: Path) -> None:
    """Pandas writes `nan` where there is none: then nobody booked."""
    (here / "l.csv").write_text(BOOKINGS + "ann,,,,nan,,\n")
    done = timingctl("report", "e.csv", "--leads", "l.csv", "--json")
    [responder] = json.loads(done.out)["responders"]
    assert [responder[name] for name in ("bookedNoTimestamp", "pending", "notBooked")] == [0, 1, 0]


@pytest.mark.parametrize(("names", "code", "says"), cases(
    ("a user called nan", "u1,nan\n", 0,
     "Note: Names.name says 'nan' (1), which is taken as it stands; a program may have written a "
     "null so.\n"),
    ("no user", ",Mia\n,Kim\n", 11,
     "Error: None of 2 rows of n.csv can be used: no userId (2), such as n.csv, row 1, column "
     "userId. To go on without these rows: --allow-rejects.\n"),
))  # fmt: skip
def test_names(here: Path, names: str, code: int, says: str) -> None:
    (here / "n.csv").write_text("userId,name\n" + names)
    done = timingctl("lead", "e.csv", "ann", "--names", "n.csv")
    assert (done.code, done.err) == (code, says)
    assert timingctl("lead", "e.csv", "ann", "--names", "n.csv", "--allow-rejects").code == 0


@pytest.mark.parametrize("command", [
    "report FILE --section responders --format csv", "push FILE --dry-run --dsn " + NO_SERVER,
    "diff FILE e.csv",
])  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_word_for_no_user_is_none(here: Path, command: str, kind: str) -> None:
    """It comes of writing a frame's text with pandas; no responder is called so."""
    file = here / f"e.{kind}"
    file.write_text(events({"setterSentByUserId": "nan"}, {"id": "C", "inboundMessageId": "C"}))
    if kind == "parquet":
        pl.read_csv(file, infer_schema=False).write_parquet(file)
    (here / "e.csv").write_text(file.read_text() if kind == "csv" else events())
    done = timingctl(*command.replace("FILE", file.name).split())
    note = (
        f"Note: {file.name}: ResponseTimingEvent.setterSentByUserId says 'nan' (1), which is taken "
        "as null.\n"
    )
    assert UNREACHABLE in done.err if command.startswith("push") else note in done.err
    assert "nan" not in done.out


@pytest.mark.parametrize("command", ["report x.csv", "lead x.csv ann"])
def test_events_that_are_all_unusable(here: Path, command: str) -> None:
    (here / "x.csv").write_text(events(*[{"inboundSentAt": "soon"}] * 2))
    done = timingctl(*command.split())
    assert (done.code, done.out) == (11, "")
    assert done.err.startswith(
        "Error: None of 2 rows of x.csv can be used: unreadable timestamp (2), such as x.csv, "
        "row 1, column inboundSentAt: 'soon'. "
    )
    assert done.err.endswith(" To go on without these rows: --allow-rejects.\n")
    done = timingctl(*command.split(), "--allow-rejects")
    assert done.code == (0 if command.startswith("report") else 11)
    assert "x.csv: unusable rows left out: unreadable timestamp (2)" in done.err or done.code


EXPORTED = "id,leadId,channel,direction,sentAt,sentByUserId,clientId\n"


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(("rows", "code", "says"), cases(
    ("of another inbox", f"Z,ann,email,inbound,{AT},,K\n", 0,
     "Note: other: none of 1 anchors of the events are among its messages; it may be of another "
     "inbox or of another time. Open inbounds are counted there."),
    ("of this one", f"A,ann,email,inbound,{AT},,K\n", 0, ""),
    ("a null word", f"A,ann,email,inbound,{AT},undefined,K\n", 0,
     "Note: Message.sentByUserId says 'undefined' (1), which is taken as null."),
    ("all are lost", "A,ann,email,inbound,soon,,K\n", 11,
     "Error: The one row of Message cannot be used: unreadable timestamp (1), such as Message.csv, "
     "row 1, column sentAt: 'soon'."),
    ("no lead of a client", f"A,ann,email,inbound,{AT},,K\nB,ann,sms,inbound,{AT},,L\n", 11,
     "Error: None of 2 rows of Message can be used: lead of several clients (2)"),
))  # fmt: skip
def test_exports(here: Path, rows: str, code: int, says: str) -> None:
    (here / "other").mkdir()
    (here / "other" / "Message.csv").write_text(EXPORTED + rows)
    command = ["report", "e.csv", "--exports", "other", "--section", "overview"]
    done = timingctl(*command)
    assert (done.code, says in done.err) == (code, True), done.err
    assert ("anchors of the events" in done.err) == ("another inbox" in says)
    if code:
        assert timingctl(*command, "--allow-rejects").code == 0


@pytest.mark.parametrize(("ids", "says"), [("B", "1 of 3"), ("BC", ""), ("XY", "none of 3")])
def test_exports_that_have_few_of_the_anchors(here: Path, ids: str, says: str) -> None:
    changes = [{"id": one, "inboundMessageId": one} for one in "ABC"]
    (here / "e.csv").write_text(events(*changes))
    (here / "other").mkdir()
    rows = "".join(f"{one},ann,email,inbound,{AT},,K\n" for one in ids)
    (here / "other" / "Message.csv").write_text(EXPORTED + rows)
    done = timingctl("report", "e.csv", "--exports", "other", "--section", "overview")
    assert done.code == 0
    told = [line for line in done.err.splitlines() if "anchors of the events" in line]
    assert [line.startswith(f"Note: other: {says} anchors") for line in told] == [True] * bool(says)


@pytest.mark.parametrize(("option", "says"), cases(
    ("no leads", "--leads", "nowhere does not exist."),
    ("no names", "--names", "nowhere does not exist."),
    ("no exports", "--exports", "nowhere does not exist; give a folder of exports."),
))  # fmt: skip
def test_files_that_are_not_there(here: Path, option: str, says: str) -> None:
    assert here
    done = timingctl("report", "e.csv", option, "nowhere")
    assert (done.code, done.err) == (11, f"Error: {says}\n")


def test_exports_with_unusable_rows_are_told(here: Path) -> None:
    write(here / "exports", {
        "Message.csv": MESSAGES + MESSAGES.splitlines()[2].replace("ann", "bob") + "\n"
        + "C,ann,email,inbound,soon,,,,\n",
    })  # fmt: skip
    done = timingctl("report", "e.csv", "--exports", "exports", "--section", "overview")
    assert (done.code, done.err) == (0, (
        "Note: No booking outcomes: Lead.csv has no column appointmentBookedAt; "
        "export Lead with it, and give it by --leads FILE or --exports DIR.\n"
        "Note: Message.csv: unusable rows left out: unreadable timestamp (1); "
        "the first is row 4, column sentAt.\n"
        "Note: Message: ids with different rows left out: 1, such as B.\n"
    ))  # fmt: skip


@pytest.mark.parametrize("words", [
    ["report"], ["effects"], ["lead"], ["list", "open"], ["check", "--rule", "response.n >= 0"],
])  # fmt: skip
def test_exports_that_are_built_first_tell_what_is_left_out(here: Path, words: list[str]) -> None:
    write(here / "exports", {"Message.csv": MESSAGES + "C,ann,email,inbound,soon,,,,\n"})
    command, *rest = words
    done = timingctl(command, "exports", *(["ann"] if command == "lead" else rest))
    assert done.code == 0
    assert "Note: Message: unusable rows left out: unreadable timestamp (1); a build" in done.err


NO_INSTANT = "{!r} is no instant; write 2026-02-10 or 2026-02-10T12:34:56Z.\n"
NO_MOMENT = f"{{!r}} is no instant; write 2026-02-10, 2026-02-10T12:34:56Z, or {WORDS}.\n"


@pytest.mark.parametrize(("words", "code", "says"), cases(
    ("the year 20000", ["build", ".", "--since", "20000-01-01"], 2,
     NO_INSTANT.format("20000-01-01")),
    ("before the year 1", ["build", ".", "--as-of", "0001-01-01T00:00:00+05:00"], 2,
     NO_INSTANT.format("0001-01-01T00:00:00+05:00")),
    ("after the year 9999", ["report", "e.csv", "--to", "9999-12-31T23:59:59-05:00"], 2,
     NO_MOMENT.format("9999-12-31T23:59:59-05:00")),
    ("before the year 1 there", ["report", "e.csv", "--from", "0001-01-01", "--tz", "Asia/Tokyo"],
     10, "0001-01-01 00:00:00 in Asia/Tokyo is no instant of the years 1 to 9999.\n"),
    ("no time zone", ["report", "e.csv", "--tz", "Mars/Olympus"], 10,
     "'Mars/Olympus' is no time zone; give a name such as Europe/Berlin, or UTC.\n"),
    ("an output that is no UTF-8", ["build", ".", "-o", os.fsdecode(b"\xff.csv")], 2,
     "\\udcff.csv is no UTF-8; rename it, or write it in UTF-8.\n"),
    ("a lead that is no UTF-8", ["lead", "e.csv", os.fsdecode(b"\xff")], 2,
     "\\udcff is no UTF-8; rename it, or write it in UTF-8.\n"),
))  # fmt: skip
def test_options_refused(here: Path, words: list[str], code: int, says: str) -> None:
    assert here
    done = timingctl(*words)
    assert (done.code, done.out) == (code, "")
    assert done.err.endswith(says)


def test_the_same_event_twice_counts_once(here: Path) -> None:
    write_file(here / "x.csv", events({}, {}))
    done = timingctl("report", "x.csv", "--json", "--section", "overview")
    assert done.code == 0
    assert "Note: x.csv: exact duplicates left out: 1.\n" in done.err
    write_file(here / "y.csv", events({}))
    once = timingctl("report", "y.csv", "--json", "--section", "overview")
    assert done.out.replace("x.csv", "y.csv").split('"notes"')[0] == once.out.split('"notes"')[0]
