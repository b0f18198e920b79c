"""What stands where a file is meant: folders, links, pipes, devices; and how files are called."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad_input.tool import (
    HEADER,
    INBOUND,
    MESSAGES,
    ORDINARY,
    build,
    cases,
    refused,
    rejected,
    timingctl,
    write,
)
from timingctl.errors import InputError
from timingctl.exports.contents import check_content
from timingctl.exports.find import export_of

SUFFIXES = ".parquet, .csv, .tsv, .json, .ndjson, .jsonl (the text ones also .gz or .zst)"
PIPE = "{} is a pipe or a device; give a regular file."
LINK = (
    "exports/Message/{} is a link to a folder, and such are not followed; "
    "name the files behind it with --table."
)
Maker = Callable[[Path], object]


def link(target: str) -> Maker:
    return lambda path: path.symlink_to(target)


def folder(**entries: str | Maker) -> Maker:
    """A folder of files and whatever else is made in it; `__` in a name is a point."""

    def make(path: Path) -> None:
        path.mkdir()
        for name, content in entries.items():
            place = path / name.replace("__", ".")
            if isinstance(content, str):
                place.write_text(content)
            else:
                content(place)

    return make


def bound(path: Path) -> None:
    """A socket."""
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def outside(path: Path) -> None:
    """A folder of messages outside the source, and a link to it."""
    (path.parent.parent / "elsewhere").mkdir()
    (path.parent.parent / "elsewhere" / "a.csv").write_text(MESSAGES)
    path.symlink_to(path.parent.parent / "elsewhere")


@pytest.mark.parametrize(("name", "made", "says"), cases(
    ("a folder", "Message.csv", folder(),
     f"exports/Message.csv is a folder without files of {SUFFIXES}."),
    ("a foreign file among the parts", "Message", folder(a__csv=MESSAGES, b__bz2="BZh"),
     f"exports/Message/b.bz2 is none of {SUFFIXES}; move it away, or let its name begin with _."),
    ("a link that dangles", "Message.csv", link("nowhere.csv"),
     "exports/Message.csv is a link that leads nowhere."),
    ("a link to itself", "Message.csv", link("Message.csv"),
     "exports/Message.csv is a link that leads nowhere."),
    ("a link to no folder", "Message", link("nowhere"),
     "exports/Message is a link that leads nowhere."),
    ("a link out of the source", "Message", outside,
     "exports/Message/a.csv leads out of exports; if that is meant, name the file with --table."),
    ("a loop of folders", "Message", folder(a__csv=MESSAGES, more=link(".")), LINK.format("more")),
    ("a link to a folder outside", "Message", folder(a__csv=MESSAGES, more=link("/etc")),
     LINK.format("more")),
    ("a device", "Message.csv", link("/dev/zero"), PIPE.format("exports/Message.csv")),
    ("a pipe", "Message.csv", os.mkfifo, PIPE.format("exports/Message.csv")),
    ("a pipe among the parts", "Message", folder(a__csv=MESSAGES, b__csv=os.mkfifo),
     PIPE.format("exports/Message/b.csv")),
    ("a socket", "Message.csv", bound, PIPE.format("exports/Message.csv")),
    ("a name that is no UTF-8", "Message", folder(**{os.fsdecode(b"a\xff.csv"): MESSAGES}),
     "exports/Message/a\\udcff.csv has a name that is no UTF-8; rename it."),
))  # fmt: skip
def test_refused(tmp_path: Path, name: str, made: Maker, says: str) -> None:
    assert build(tmp_path, {name: made}) == refused(says)


@pytest.mark.wide(but=4)
@pytest.mark.parametrize("name", [
    "a b.csv", "é.csv", "it's \"x\".csv", "100%.csv", "%s.csv", "$HOME.csv", "-o.csv", "~.csv",
    "a[1]*?.csv", "{a,b}.csv", "a\\b.csv", "a\nb.csv", "\x1b[31m.csv", "s3:x.csv", "http:x.csv",
    "a#b?c=d.csv", "'; drop table x; --.csv", "x" * 250 + ".csv",
])  # fmt: skip
def test_any_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    built = build(tmp_path, {"Message": folder(**{name: MESSAGES.replace("A,", "!,")})})
    assert rejected(built) == []
    assert [event["id"] for event in built.events] == ["!"]


def test_a_name_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    write(tmp_path / "exports", {"Message": folder(**{"\x1b[31m.csv": MESSAGES})})
    said = timingctl("build", tmp_path / "exports", "-o", tmp_path / "e.csv", "-v")
    assert said.code == 0
    assert "\x1b" not in said.out + said.err


def test_a_name_is_shown_without_its_control_characters(tmp_path: Path) -> None:
    built = build(tmp_path, {"Message": folder(**{"a\n\x1b[31m.csv": ""})})
    assert built == refused("Message/a\\n\\x1b[31m.csv is empty: it has no header line.")


@pytest.mark.wide
def test_two_thousand_shards_of_one_row(tmp_path: Path) -> None:
    rows = {
        f"part-{number:04}.csv": HEADER + INBOUND.replace("A", f"m{number:04}", 1)
        for number in range(2000)
    }
    rows["part-1234.csv"] += "late,ann,email,inbound,soon,,,,\n"
    built = build(tmp_path, {"Message": folder(**rows)})
    assert [(row["file"], row["row"], row["id"]) for row in built.rejects] == [
        ("Message/part-1234.csv", 2, "late")
    ]


def test_the_spoiled_one_of_many_shards_is_named(tmp_path: Path) -> None:
    parts = {f"{number:03}.csv": MESSAGES for number in range(300)}
    parts["217.csv"] = MESSAGES + "C,ann\n"
    assert build(tmp_path, {"Message": folder(**parts)}) == refused(
        "Message/217.csv, row 3 cannot be read: the row has another number of columns than the "
        "header. Repair or export it again."
    )


@pytest.mark.parametrize(("source", "says"), cases(
    ("nothing", "nowhere", "nowhere does not exist; give a folder of exports."),
    ("a device", "/dev/zero", PIPE.format("/dev/zero")),
    ("a file", "Message.csv",
     "Message.csv is no DuckDB database, but one export; give the folder that it is in, or a "
     "folder with --table for each file that is elsewhere."),
    ("a long name", "x" * 5000, f"{'x' * 5000} does not exist; give a folder of exports."),
    ("a pipe", "pipe", PIPE.format("pipe")),
    ("an empty folder", "empty",
     "empty is empty: no Message, AIDraft or BackgroundJob. "
     "Put e.g. Message.csv there, or give --table Message=FILE."),
))  # fmt: skip
def test_a_source_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Message.csv").write_text(MESSAGES)
    Path("empty").mkdir()
    os.mkfifo("pipe")
    done = timingctl("build", source)
    assert (done.code, done.err) == (11, f"Error: {says}\n")


@pytest.fixture
def powerless() -> list[str]:
    """What starts a program that may not read whatever it likes, as root may."""
    if os.geteuid():
        return []
    tool = shutil.which("setpriv")
    if tool is None:
        pytest.skip("root may read anything, and there is no setpriv to give that up")
    return [tool, "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(("hidden", "mode", "says"), cases(
    ("a file", "exports/Message.csv", 0,
     "exports/Message.csv cannot be read: Permission denied."),
    ("a Parquet file", "exports/Lead.parquet", 0,
     "exports/Lead.parquet cannot be read: Permission denied."),
    ("a folder of parts", "exports/AIDraft", 0,
     "exports/AIDraft cannot be read: Permission denied."),
    ("the source", "exports", 0, "exports cannot be read: Permission denied."),
    ("what stands in the source", "exports", 0o444,
     "exports/AIDraft cannot be read: Permission denied."),
))  # fmt: skip
def test_no_permission(
    tmp_path: Path, powerless: list[str], hidden: str, mode: int, says: str
) -> None:
    """In a process of its own, without the rights of root."""
    part = folder(a__csv=ORDINARY["AIDraft.csv"])
    write(tmp_path / "exports", {"AIDraft": part, "Lead.parquet": b""})
    (tmp_path / hidden).chmod(mode)
    done = subprocess.run(
        [*powerless, sys.executable, "-m", "timingctl", "build", "exports"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    (tmp_path / hidden).chmod(0o700)
    assert (done.returncode, done.stdout, done.stderr) == (11, "", f"Error: {says}\n")


def test_a_real_process_says_the_same_and_ends(tmp_path: Path) -> None:
    write(tmp_path / "exports", {"Message.csv": os.mkfifo})
    done = subprocess.run(
        [sys.executable, "-m", "timingctl", "build", "exports"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    says = f"Error: {PIPE.format('exports/Message.csv')}\n"
    assert (done.returncode, done.stdout, done.stderr) == (11, "", says)


@pytest.mark.parametrize(
    ("name", "content", "command"),
    [
        ("Message (1).csv", "id,leadId\r\r\n", r"tr -d '\r' < 'Message (1).csv' > mended.csv"),
        ("it's.json", '{"it\'s all": [{"id": "A"}]}',
         """jq '.["it'\\''s all"]' 'it'"'"'s.json' > rows.json"""),
    ],
)  # fmt: skip
def test_a_command_that_is_given_can_be_pasted(
    tmp_path: Path, name: str, content: str, command: str
) -> None:
    path = tmp_path / name
    path.write_text(content, newline="")
    with pytest.raises(InputError) as refused:
        check_content(export_of(path))
    assert command in str(refused.value)
