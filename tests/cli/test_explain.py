"""`timingctl explain` as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cases import FIXTURES
from tests.cli.test_build import timingctl
from tests.tables import write_exports

TOUR = FIXTURES / "tour"


def test_the_story_of_an_anchor() -> None:
    done = timingctl("explain", TOUR, "msg-006")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:2] == [
        "msg-006: inbound by email, lead ann of client acme, 2026-02-09 10:01:00Z",
        "An anchor: the next message of its thread, msg-007, is outbound.",
    ]
    titles = [line for line in done.stdout.splitlines()[1:] if line and not line.startswith(" ")]
    assert titles == [
        "Thread of 10 messages; offsets from msg-006",
        "Around the anchor", "The lead's wait", "Setter's response", "AI's response",
        "Drafts for it", "Jobs about it", "Sending jobs", "Delay window", "Chosen delay",
        "Schedule", "Event",
    ]  # fmt: skip
    assert "> 0 2026-02-09 10:01:00Z msg-006 lead anchor" in lines
    assert "+6m48s 2026-02-09 10:07:48Z msg-007 AI, part 0 response" in lines
    assert "remainder 1342516714 mod (240 + 1) = 186" in lines
    assert "sent 2026-02-09 10:07:48Z +42.0s (drift)" in lines
    assert "aiChosenDelaySeconds 366" in lines
    assert "setterResponseMs 1740000" in lines


def test_of_many_rows_that_cannot_be_used_the_first_are_told(tmp_path: Path) -> None:
    rows = "\n".join("A | soon | in" for _ in range(7))
    exports = write_exports(tmp_path, {"Message": f"id | sentAt | direction\n{rows}"})
    done = timingctl("explain", exports, "A")
    assert [line.strip() for line in done.stdout.splitlines()] == [
        "A",
        "Left out of every build:",
        *(f"Message.csv, row {row}: unreadable timestamp: sentAt is 'soon'."
          for row in range(1, 6)),
        "And 2 more rows.",
    ]  # fmt: skip


def test_long_ids_keep_the_timeline_within_80_columns(tmp_path: Path) -> None:
    ids = [f"{number:08}-7f0e-4b52-9f0b-1d1c9f1f6a10" for number in range(3)]
    with (tmp_path / "Message.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "leadId", "clientId", "channel", "sentAt", "direction", "sentBy",
                         "sentByUserId"])  # fmt: skip
        for number, id_ in enumerate(ids):
            way = ["outbound", "setter", f"user-{id_}"] if number % 2 else ["inbound", "", ""]
            writer.writerow([id_, "L", "K", "email", f"2026-02-10 10:0{number}:00.123", *way])
    (tmp_path / "AIDraft.csv").write_text("id,triggerMessageId,channel,createdAt\n")
    (tmp_path / "BackgroundJob.csv").write_text(
        "id,type,messageId,draftId,runAt,startedAt,finishedAt\n"
    )
    narrow = timingctl("explain", tmp_path, ids[0], "-q").stdout
    assert max(map(len, narrow.splitlines())) <= 80
    assert " +1m00s 2026-02-10 10:01:00Z 00000001-7f…1f6a10 setter user…1f6a10 response" in narrow
    wide = timingctl("explain", tmp_path, ids[0], "-q", COLUMNS="200").stdout
    assert f"2026-02-10 10:01:00.123Z  {ids[1]}  setter user-{ids[1]}  response" in wide


def test_json_is_one_document() -> None:
    done = timingctl("explain", TOUR, "msg-006", "--json", "--context", "1")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert list(document) == [
        "messageId", "setterRule", "standing", "because", "rejects", "anchorId", "message",
        "thread", "setterResponse", "aiResponse", "drafts", "jobs", "context", "wait",
        "sendingJobs", "window", "delay", "schedule", "event",
    ]  # fmt: skip
    assert [row["id"] for row in document["thread"]["timeline"]] == [
        "msg-005", "msg-006", "msg-007", "msg-009",
    ]  # fmt: skip
    assert len(document["event"]) == 24
    rejected = timingctl("explain", FIXTURES / "unusable_rows", "B", "--json", "-q")
    assert rejected.returncode == 0
    assert list(json.loads(rejected.stdout)) == list(document)


def test_rules_and_windows_are_the_builds() -> None:
    told = timingctl("explain", TOUR, "msg-006", "--setter-rule", "next").stdout
    assert "rule next looks only at msg-007" in told
    case = FIXTURES / "delay_history"
    with (case / "expected.csv").open(newline="", encoding="utf-8") as file:
        expected = next(row for row in csv.DictReader(file) if row["aiDelayMinSeconds"] == "60")
    history = case / "history.csv"
    document = json.loads(
        timingctl("explain", case, expected["id"], "--delay-windows", history, "--json").stdout
    )
    assert document["window"]["source"] == "history"
    assert document["event"]["aiChosenDelaySeconds"] == int(expected["aiChosenDelaySeconds"])


def test_notes_go_to_stderr_unless_quiet() -> None:
    case = FIXTURES / "no_lead_table"
    arguments = ("explain", case, "nothing", "--client", "K3")
    assert timingctl(*arguments).returncode == 11
    tables = ("--table", f"Lead={TOUR}/Lead.csv")
    said = timingctl("explain", TOUR, "msg-006", "--client", "K", *tables)
    assert said.stderr == "Note: --client has no effect: the Lead table names the clients.\n"
    assert timingctl("explain", TOUR, "msg-006", "--client", "K", "-q").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["explain", TOUR, "msg-06"], 11,
         "Error: The exports have no message 'msg-06'; did you mean 'msg-006' or 'msg-016' or "
         "'msg-026'?\n"),
        (["explain", TOUR, "\x1b[31mx\n"], 11,
         "Error: The exports have no message '\\x1b[31mx\\n'; is it a message's id?\n"),
        (["explain", "nowhere", "x"], 11,
         "Error: nowhere does not exist; give a folder of exports.\n"),
        (["explain", TOUR], 2, "Missing argument 'MESSAGE_ID'."),
        (["explain", TOUR, "\udcff"], 2, r"\udcff is no UTF-8; rename it, or write it in UTF-8."),
        (["explain", TOUR, "x", "--context", "-1"], 2, "-1 is not in the range"),
        (["explain", TOUR, "x", "--memory-limit", "lots"], 10, "is no amount of memory"),
    ],
)  # fmt: skip
def test_one_sentence_and_an_exit_code(arguments: list[object], code: int, sentence: str) -> None:
    done = timingctl(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "\x1b" not in done.stderr


def test_hostile_ids_are_escaped_for_people_and_exact_as_data(tmp_path: Path) -> None:
    inbound, outbound, lead = "a'\"\n\x1b[31m[bold]", "b\u202e\\';--", "L\r[/bold]"
    with (tmp_path / "Message.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "leadId", "clientId", "channel", "sentAt", "direction", "sentBy",
                         "sentByUserId"])  # fmt: skip
        writer.writerow([inbound, lead, "K", "e\x07mail", "2026-02-10 10:00:00", "inbound", "", ""])
        writer.writerow([outbound, lead, "K", "e\x07mail", "2026-02-10 10:01:00", "outbound",
                         "setter", "u\x1b]0;x\x07"])  # fmt: skip
    (tmp_path / "AIDraft.csv").write_text("id,triggerMessageId,channel,createdAt\n")
    (tmp_path / "BackgroundJob.csv").write_text(
        "id,type,messageId,draftId,runAt,startedAt,finishedAt\n"
    )
    for message in (inbound, outbound):
        done = timingctl("explain", tmp_path, message, "-q")
        assert (done.returncode, done.stderr) == (0, "")
        assert all(c.isprintable() or c == "\n" for c in done.stdout)
        assert r"a'\"\n\x1b[31m[bold]".replace('\\"', '"') in done.stdout
        document = json.loads(timingctl("explain", tmp_path, message, "-q", "--json").stdout)
        assert document["messageId"] == message
        assert [row["id"] for row in document["thread"]["timeline"]] == [inbound, outbound]


def test_a_database_file_is_a_source_too(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(tmp_path / "inbox.duckdb") as connection:
        for path in TOUR.glob("*.csv"):
            if path.stem != "expected":
                connection.execute(f"create table \"{path.stem}\" as from '{path}'")
    folder = json.loads(timingctl("explain", TOUR, "msg-006", "--json").stdout)
    database = timingctl("explain", tmp_path / "inbox.duckdb", "msg-006", "--json")
    assert json.loads(database.stdout) == folder


def test_help_has_examples() -> None:
    done = timingctl("explain", "--help")
    assert "Examples:\n  timingctl explain exports/ msg-006" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
