"""DuckDB databases as SOURCE, and --table."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.bad_input.tool import (
    MESSAGES,
    ORDINARY,
    Files,
    build,
    cases,
    refused,
    rejected,
    timingctl,
)

SUFFIXES = ".parquet, .csv, .tsv, .json, .ndjson, .jsonl (the text ones also .gz or .zst)"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has the tables, and a good many messages."""
    path = tmp_path_factory.mktemp("database") / "inbox.duckdb"
    with duckdb.connect(path) as connection:
        for name, text in ORDINARY.items():
            file = path.with_name(name)
            file.write_text(text)
            connection.execute(f"create table {file.stem} as from read_csv('{file}')")
        connection.execute(
            "insert into Message by name select 'm' || i as id, 'ann' as leadId, "
            "'sms' as channel, 'inbound' as direction, "
            "timestamp '2026-02-10 07:08:09.012' as sentAt from range(50_000) as r(i)"
        )
    return path


def of_version(database: bytes, version: int) -> bytes:
    """The same database, said to be of another version, with the checksum of that."""
    header = bytearray(database[:4096])
    header[12:20] = struct.pack("<Q", version)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", header[8:]):
        checksum ^= word * 0xBF58476D1CE4E5B9 & (2**64 - 1)
    return struct.pack("<Q", checksum) + bytes(header[8:]) + database[4096:]


def said(source: Path, *options: str) -> tuple[int, str, list[str]]:
    """Exit code and stderr of a build of a source, and what it left."""
    output = source.parent / "out"
    output.mkdir()
    done = timingctl("build", source, "-o", output / "e.csv", "-q", *options)
    return done.code, done.err.replace(f"{source.parent}/", ""), os.listdir(output)  # noqa: PTH208


@pytest.mark.parametrize(("spoil", "says"), cases(
    ("empty", lambda _: b"", "x.duckdb is no DuckDB database; give one, or a folder of exports."),
    ("CSV", lambda _: MESSAGES.encode(),
     "x.duckdb is no DuckDB database; give one, or a folder of exports."),
    ("truncated", lambda b: b[: len(b) // 2],
     "main.Message cannot be read: the database is damaged. Repair or export it again."),
    ("cut to its header", lambda b: b[:20_000],
     "x.duckdb is a damaged DuckDB database; give another copy."),
    ("a spoiled header", lambda b: b[:100] + b"\xff" + b[101:],
     "x.duckdb is a damaged DuckDB database; give another copy."),
    ("of an older version", lambda b: of_version(b, 50),
     "x.duckdb is a DuckDB database of another version; export its tables."),
    ("of a newer version", lambda b: of_version(b, 5000),
     "x.duckdb is a DuckDB database of another version; export its tables."),
    ("spoiled rows", lambda b: b[:270_000] + bytes(len(b) - 540_000) + b[-270_000:],
     "main.Lead cannot be read: the database is damaged. Repair or export it again."),
))  # fmt: skip
def test_databases_refused(tmp_path: Path, sound: Path, spoil: object, says: str) -> None:
    assert callable(spoil)
    path = tmp_path / "x.duckdb"
    path.write_bytes(spoil(sound.read_bytes()))
    assert said(path) == (11, f"Error: {says}\n", [])


def test_a_database_that_another_program_writes(tmp_path: Path, sound: Path) -> None:
    path = tmp_path / "x.duckdb"
    shutil.copy(sound, path)
    holding = f"import duckdb; c = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        other.stdout.readline()
        says = "x.duckdb is open in another program; close it there, or give a copy."
        assert said(path) == (11, f"Error: {says}\n", [])
        other.communicate(b"\n")
    shutil.rmtree(tmp_path / "out")
    assert said(path)[:2] == (0, "")


@pytest.mark.parametrize(("sql", "says"), cases(
    ("a table twice", "create table messages as from Message",
     "Message could be main.Message or main.messages in x.duckdb; keep one."),
    ("a table lacking", "drop table AIDraft", "No AIDraft among the tables of x.duckdb."),
    ("a required table misspelt", "alter table AIDraft rename to AIDarft",
     "No AIDraft among the tables of x.duckdb. main.AIDarft looks like AIDraft and is not read; if "
     'it is meant: CREATE VIEW "AIDraft" AS FROM "main"."AIDarft";'),
    ("two that look alike", "alter table Lead rename to lead_2025; "
     "create table lead_2026 as from lead_2025",
     "Lead could be main.lead_2025 or main.lead_2026 in x.duckdb; keep one."),
    ("a column of another type", "alter table Lead alter clientId type integer[] using [1]",
     "main.Lead: column clientId is of type INTEGER[], which is no text; "
     "export it as text."),
    ("a view of a file",
     "drop table Lead; create view Lead as select * from read_csv('Lead.csv')",
     "main.Lead cannot be read: "),
))  # fmt: skip
def test_tables_of_a_database_refused(tmp_path: Path, sound: Path, sql: str, says: str) -> None:
    path = tmp_path / "x.duckdb"
    shutil.copy(sound, path)
    (tmp_path / "Lead.csv").write_text(ORDINARY["Lead.csv"])
    with duckdb.connect(path) as connection:
        connection.execute(sql.replace("'Lead.csv'", f"'{tmp_path}/Lead.csv'"))
    code, err, left = said(path)
    assert (code, err[: 7 + len(says)], left) == (11, f"Error: {says}", [])
    assert err.count("\n") == 1


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(("name", "note"), cases(
    ("dated", "lead_2026",
     "main.lead_2026 is read as Lead: no other table of the database has such a name."),
    ("with a schema in the name", "public.Lead",
     "main.public.Lead is read as Lead: no other table of the database has such a name."),
    ("by an export tool", "Lead_202602111200",
     "main.Lead_202602111200 is read as Lead: no other table of the database has such a name."),
    ("misspelt", "Leadd", "main.Leadd looks like Lead and is not read; if it is meant: CREATE VIEW "
     '"Lead" AS FROM "main"."Leadd";'),
    ("a part", "Lead_part1", "main.Lead_part1 looks like Lead and is not read; if it is meant: "
     'CREATE VIEW "Lead" AS FROM "main"."Lead_part1";'),
))  # fmt: skip
def test_a_name_that_only_looks_like_a_table(
    tmp_path: Path, sound: Path, name: str, note: str
) -> None:
    path = Path(shutil.copy(sound, tmp_path / "x.duckdb"))
    with duckdb.connect(path) as connection:
        connection.execute(f'alter table Lead rename to "{name}"')
    code, err, _ = said(path, "--client", "K")
    assert (code, f"Note: {note}\n" in err) == (0, True), err
    shutil.rmtree(tmp_path / "out")
    with duckdb.connect(path) as connection:
        connection.execute(f'create table Lead as from "{name}"')
    code, err, _ = said(path)
    old = f"Note: main.{name} looks like Lead and is not read: main.Lead is."
    assert (code, err) == (0, f"{old} It may be an older or a newer copy.\n")


def test_a_view_of_files_says_to_give_the_files(tmp_path: Path, sound: Path) -> None:
    path = Path(shutil.copy(sound, tmp_path / "x.duckdb"))
    (tmp_path / "Lead.csv").write_text(ORDINARY["Lead.csv"])
    with duckdb.connect(path) as connection:
        connection.execute("drop table Lead")
        connection.execute(f"create view Lead as from read_csv('{tmp_path}/Lead.csv')")
    assert said(path) == (
        11,
        "Error: main.Lead cannot be read: it is a view of other files, which are not read through "
        "a database; give these files as exports, or make a table of the view.\n",
        [],
    )


@pytest.mark.parametrize(("given", "says"), cases(
    ("a glob without a match", "Message={}/none-*.csv",
     "--table: no file matches exports/none-*.csv."),
    ("a bracket that is not closed", "Message={}/[", "--table: no file matches exports/[."),
    ("a folder", "Message={}", "--table: exports is a folder; give exports/* for its files."),
    ("a URL", "Message=http://127.0.0.1:1/Message.csv",
     "--table: no file matches http://127.0.0.1:1/Message.csv."),
    ("NUL", "Message=\0", "--table: no file matches \\x00."),
    ("a device", "Message=/dev/zero", "/dev/zero is a pipe or a device; give a regular file."),
    ("a pipe among the matches", "Message={}/p*",
     "exports/pipe.csv is a pipe or a device; give a regular file."),
    ("a link that dangles", "Message={}/lost.csv",
     "exports/lost.csv is a link that leads nowhere."),
    ("another format", "Message={}/m.xlsx", f"exports/m.xlsx is none of {SUFFIXES}."),
    ("another table's file", "Message={}/Lead.csv",
     "Lead.csv has no column leadId; it has id, clientId, emailCampaignId."),
    ("no table", "Massage={}/Message.csv",
     "'Massage' is no table; the tables are Message, AIDraft, BackgroundJob, Lead, EmailCampaign."),
))  # fmt: skip
def test_table_refused(tmp_path: Path, given: str, says: str) -> None:
    files: Files = {
        "pipe.csv": os.mkfifo,
        "lost.csv": lambda path: path.symlink_to("nowhere"),
        "m.xlsx": "x",
    }
    assert build(tmp_path, files, "--table", given) == refused(says)


def test_one_file_for_two_tables(tmp_path: Path) -> None:
    twice = ("--table", "Message={}/Message.csv", "--table", "AIDraft={}/../exports/M*.csv")
    assert build(tmp_path, {}, *twice) == refused(
        "--table: exports/../exports/Message.csv is given for Message and for AIDraft; "
        "give each its own."
    )


def test_a_file_given_twice_is_read_once_and_every_glob_counts(tmp_path: Path) -> None:
    parts = {f"{name}.csv": MESSAGES.replace("A,", f"{name},").replace("B,", f"{name}!,")
             for name in ("x", "y")}  # fmt: skip
    globs = ("Message={}/x.csv", "messages={}/[x].csv", "MESSAGE={}/y.csv")
    built = build(tmp_path, parts, *(word for given in globs for word in ("--table", given)))
    assert rejected(built) == []
    assert [event["id"] for event in built.events] == ["y"]  # one thread: x, y, then the answers
    manifest = (tmp_path / "out" / "events.ndjson.manifest.json").read_text()
    assert '"rowsRead": 4' in manifest


def test_a_schema_of_any_name_is_read(tmp_path: Path, sound: Path) -> None:
    source = Path(shutil.copy(sound, tmp_path / "inbox.duckdb"))
    with duckdb.connect(source) as connection:
        connection.execute('create schema "a.b"; create table "a.b"."Message" as from main.Message')
        connection.execute("drop table main.Message")
    assert said(source)[:2] == (0, "")
    manifest = json.loads((tmp_path / "out" / "e.csv.manifest.json").read_text())
    assert manifest["tables"]["Message"]["files"] == ["a.b.Message"]


def test_a_view_is_read_once_and_said_to_be_one(tmp_path: Path, sound: Path) -> None:
    source = Path(shutil.copy(sound, tmp_path / "inbox.duckdb"))
    with duckdb.connect(source) as connection:
        connection.execute("alter table Lead rename to Known")
        connection.execute(
            "create view Lead as select id, random()::varchar as clientId, emailCampaignId "
            "from Known cross join range(2)"
        )
    view = (
        "main.Lead is a view, and was read once: one that asks for the time or for random numbers "
        "gives other rows next time."
    )
    code, err, _ = said(source, "--allow-rejects")
    assert (code, err.splitlines()[0]) == (0, f"Note: {view}")
    manifest = json.loads((tmp_path / "out" / "e.csv.manifest.json").read_text())
    assert manifest["notes"][0] == view
    assert manifest["tables"]["Lead"]["rejected"] == {"different rows under one id": 2}


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("cut", [0, 1, 20])
def test_changes_that_are_only_in_a_log_are_refused(
    tmp_path: Path, sound: Path, cut: int, linked: bool
) -> None:
    path = Path(shutil.copy(sound, tmp_path / "inbox.duckdb"))
    leave = f"import duckdb, os; c = duckdb.connect({str(path)!r}); "
    leave += "c.execute('delete from Message where id = \\'A\\''); os._exit(0)"
    subprocess.run([sys.executable, "-c", leave], check=True)
    log = Path(f"{path}.wal")
    log.write_bytes(log.read_bytes()[: log.stat().st_size - cut])
    source = path
    if linked:
        source = tmp_path / "link.duckdb"
        source.symlink_to(path)
    assert said(source) == (
        11,
        f"Error: {source.name} has changes that are only in {log.name}; open it in DuckDB, run "
        "CHECKPOINT and close it. If the log stays, it is cut short: give another copy, or delete "
        "the log to go without those changes.\n",
        [],
    )
    with duckdb.connect(path) as connection:
        connection.execute("checkpoint")
    shutil.rmtree(tmp_path / "out")
    assert log.exists() == (cut > 0)
    log.unlink(missing_ok=True)
    assert said(source)[0] == 0
