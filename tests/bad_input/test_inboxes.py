"""Inboxes that are not as timingctl wrote them, wherever an inbox is read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.bad_input.tool import ORDINARY, timingctl

VERSION = "is an inbox of version 2, written by timingctl 0.1.0; this one reads version 1."
DAMAGED = "is a damaged DuckDB database; give another copy."
#: Every command that reads an inbox.
COMMANDS = {
    "build": ("build", "{inbox}", "-o", "{folder}/out.parquet", "-q"),
    "report": ("report", "{inbox}", "-q"),
    "lead": ("lead", "{inbox}", "ann"),
    "explain": ("explain", "{inbox}", "A", "-q"),
    "diff": ("diff", "{inbox}", "{sound}"),
    "windows": ("windows", "{inbox}", "-q"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox as `build` writes it."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "exports").mkdir()
    for name, text in ORDINARY.items():
        (folder / "exports" / name).write_text(text)
    inbox = folder / "inbox.duckdb"
    assert timingctl("build", folder / "exports", "-o", inbox, "-q").code == 0
    return inbox


def refused_by(command: str, inbox: Path, sound: Path) -> str:
    """The one sentence with which a command refuses an inbox, exit code 11, leaving nothing."""
    places = {"inbox": inbox, "sound": sound, "folder": inbox.parent}
    done = timingctl(*(part.format_map(places) for part in COMMANDS[command]))
    assert (done.code, done.out) == (11, ""), done
    assert done.err.count("\n") == 1
    assert sorted(path.name for path in inbox.parent.iterdir()) == [inbox.name]
    return done.err


@pytest.fixture
def spoilt(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / "mine.duckdb"))


@pytest.mark.parametrize("command", COMMANDS)
def test_an_inbox_of_another_version(command: str, spoilt: Path, sound: Path) -> None:
    with duckdb.connect(spoilt) as connection:
        connection.execute('update Build set "inboxVersion" = 2')
    assert VERSION in refused_by(command, spoilt, sound)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_damaged_inbox(command: str, spoilt: Path, sound: Path) -> None:
    text = bytearray(spoilt.read_bytes())
    for place in range(3 * 4096 + 262_144, len(text), 4096):
        text[place] ^= 0xFF
    spoilt.write_bytes(text)
    assert DAMAGED in refused_by(command, spoilt, sound)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_inbox_that_another_program_writes(command: str, spoilt: Path, sound: Path) -> None:
    holding = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('select 1');"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, spoilt], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"open\n"
        said = refused_by(command, spoilt, sound)
        process.communicate()
    assert "is open in another program; close it there, or give a copy." in said


@pytest.mark.parametrize(
    ("statement", "how"),
    [
        ("insert into Build from Build", "Build has 2 rows, not one"),
        ("delete from Build", "Build has 0 rows, not one"),
        ("update Build set options = '{'", "Build cannot be read"),
        ("update Build set tables = '[]'", "Build cannot be read"),
        ('alter table "Wait" drop column "waitMs"', "Wait has no column waitMs of type bigint"),
        ("alter table Message rename to Messages", "Message has no column id of type varchar"),
        ("delete from ResponseTimingEvent",
         "ResponseTimingEvent has 0 rows, and was written with 1"),
        ("insert into Message from Message", "Message has 4 rows, and was written with 2"),
    ],
)  # fmt: skip
def test_an_inbox_that_someone_changed(spoilt: Path, sound: Path, statement: str, how: str) -> None:
    with duckdb.connect(spoilt) as connection:
        connection.execute(statement)
    for command in ("report", "build"):
        said = refused_by(command, spoilt, sound)
        assert said.endswith(
            f"is not as timingctl wrote it: {how}. Build it again from its exports.\n"
        )


@pytest.mark.wide
def test_a_database_of_exports_is_no_inbox_and_is_built_first(sound: Path, tmp_path: Path) -> None:
    exports = tmp_path / "exports.duckdb"
    with duckdb.connect(exports) as connection:
        for name in ORDINARY:
            file = sound.parent / "exports" / name
            connection.execute(f"create table {file.stem} as from read_csv('{file}')")
    of_exports = timingctl("report", exports, "--json", "-q")
    of_inbox = timingctl("report", sound, "--json", "-q")
    assert (of_exports.code, of_exports.out) == (0, of_inbox.out)
    refused = timingctl("diff", exports, sound)
    assert refused.code == 11
    assert "is a DuckDB database, but no inbox: it has no table Build." in refused.err


@pytest.mark.parametrize("name", ["a?b/in.duckdb", "a?b=c.duckdb", "%41 #'.duckdb", "a\n"])
def test_an_inbox_of_any_name_is_read(sound: Path, tmp_path: Path, name: str) -> None:
    inbox = tmp_path / name
    inbox.parent.mkdir(exist_ok=True)
    shutil.copy(sound, inbox)
    assert timingctl("list", inbox, "open", "-q").code == 0
    for log in {f"{inbox.name}.wal", inbox.name.replace("?", ".wal?")} - {inbox.name}:
        inbox.with_name(log).touch()
        refused = timingctl("list", inbox, "open", "-q")
        assert (refused.code, "has changes that are only in" in refused.err) == (11, True), log
        inbox.with_name(log).unlink()


def test_where_duckdb_cannot_write_is_said(sound: Path, tmp_path: Path) -> None:
    asking = tmp_path / "a?b"
    asking.mkdir()
    for command in (
        ("build", sound, "-o", asking / "in.duckdb"),
        ("build", sound, "-o", tmp_path / "e.csv", "--temp-dir", asking, "--memory-limit", "1GB"),
        ("sync", shutil.copy(sound, asking / "in.duckdb"), sound.with_name("exports"), "--full"),
    ):
        done = timingctl(*command)
        assert (done.code, done.out, done.err.count("\n")) == (10, "", 1), done
        assert (
            "DuckDB cannot write a database where a folder or file has a ? in its name" in done.err
        )
    assert list(asking.iterdir()) == [asking / "in.duckdb"]
