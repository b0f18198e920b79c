"""Whatever looks like the tool's own temporary files, and is not, stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bad_input.tool import Done, timingctl
from tests.postgres.command import run
from timingctl.made_up import GenerateOptions, generate
from timingctl.scratch import scratch_folder
from timingctl.seals import FOLDER_MANIFEST

if TYPE_CHECKING:
    from tests.postgres.server import App

FORGED = {"tool": "timingctl", "version": "1", "pid": 1, "started": "2026-01-01T00:00:00+00:00"}
#: Ends as a killed run does: its folder stays, and the system lifts its lock.
_KILLED = """
import os, pathlib, sys
from timingctl.scratch import scratch_folder
scratch = scratch_folder(pathlib.Path(sys.argv[1]))
made = scratch.__enter__()
print(made.folder, flush=True)
os._exit(9)
"""


def abandoned(place: Path) -> Path:
    """A private folder that a killed run has left in a place, with exports in it."""
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, place], capture_output=True, text=True, check=False
    )
    assert killed.returncode == 9, killed.stderr
    return Path(killed.stdout.strip())


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of a few leads."""
    folder = tmp_path_factory.mktemp("source") / "exports"
    generate(GenerateOptions(folder, 5, format="csv"))
    return folder


@pytest.fixture(scope="session")
def events(source: Path) -> Path:
    """Their events."""
    output = source.parent / "events.parquet"
    assert timingctl("build", source, "-o", output, "-q").code == 0
    return output


@pytest.fixture
def place(
    tmp_path: Path, source: Path, events: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The temporary folder, the current one and that of outputs, all in one, full of lookalikes."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    shutil.copytree(source, folder / "timingctl-exports")
    shutil.copytree(source, folder / f"timingctl-{os.getuid()}")
    (folder / f"timingctl-{os.getuid()}").chmod(0o700)
    shutil.copy(events, folder / "timingctl-events.parquet")
    for name in ("timingctl-notes.txt", "timingctl-a8g0imjb", ".o.parquet.mine.tmp"):
        _user_file(folder / name)
    (folder / "timingctl-2026").mkdir()
    for kind, make in enumerate(_LOOKALIKES):
        make(folder / f".timingctl-{kind:016x}")
    _user_file(folder / f".timingctl-{os.getuid()}-1.lock")
    (folder / f".timingctl-{os.getuid()}-2.lock").symlink_to("timingctl-notes.txt")
    (folder / f".timingctl-{os.getuid()}-3.lock").mkdir()
    (folder / f".timingctl-{os.getuid()}-4.lock").touch()
    yield folder
    for path in folder.rglob("*"):
        if stat.S_ISDIR(path.lstat().st_mode):
            path.chmod(0o700)


def _user_file(path: Path) -> None:
    path.write_text("mine")


def _folder(path: Path, marker: str | None = None) -> None:
    path.mkdir(mode=0o700)
    (path / "room").mkdir()
    (path / "room" / "precious").write_text("mine")
    if marker is not None:
        (path / "marker.json").write_text(marker)


def _forged(path: Path) -> None:
    _folder(path, json.dumps(FORGED | {"folder": path.name, "inode": path.parent.stat().st_ino}))


def _linked(path: Path) -> None:
    _folder(path.with_name("timingctl-precious"))
    path.symlink_to(path.with_name("timingctl-precious"))


def _linked_marker(path: Path) -> None:
    _folder(path)
    (path / "marker.json").symlink_to(_moved_aside(path.parent) / "marker.json")


def _hard_linked_marker(path: Path) -> None:
    _folder(path)
    (path / "marker.json").hardlink_to(_moved_aside(path.parent) / "marker.json")


def _copied(path: Path) -> None:
    shutil.copytree(_moved_aside(path.parent), path)


def _renamed(path: Path) -> None:
    abandoned(path.parent).rename(path)
    (path / "room" / "precious").write_text("mine")


def _moved_aside(place: Path) -> Path:
    """What was a killed run's folder until the user gave it another name."""
    aside = place / "aside"
    return aside if aside.exists() else abandoned(place).rename(aside)


_LOOKALIKES: list[Callable[[Path], object]] = [
    _user_file,
    Path.touch,
    Path.mkdir,
    _folder,
    lambda path: _folder(path, ""),
    lambda path: _folder(path, "{"),
    lambda path: _folder(path, "[" * 2000),
    lambda path: _folder(path, '"timingctl"'),
    lambda path: _folder(path, json.dumps(FORGED)),
    _forged,
    _linked,
    _linked_marker,
    _hard_linked_marker,
    _copied,
    _renamed,
    os.mkfifo,
    lambda path: path.symlink_to("nowhere"),
]


def listed(folder: Path) -> dict[str, tuple[int, int, object]]:
    """All that is below a folder: inode, mode, and the content or what a link says."""
    found: dict[str, tuple[int, int, object]] = {}
    for path in folder.rglob("*"):
        state = path.lstat()
        what: object = None
        if path.is_symlink():
            what = path.readlink()
        elif stat.S_ISREG(state.st_mode):
            what = path.read_bytes()
        found[str(path.relative_to(folder))] = (state.st_ino, state.st_mode, what)
    return found


def left_alone(place: Path, *arguments: object, code: int = 0, new: tuple[str, ...] = ()) -> Done:
    """Hold that a command adds these to a place, and nothing there is another afterwards."""
    before = listed(place)
    done = timingctl(*arguments)
    assert done.code == code, done.err
    after = listed(place)
    added = {name: after.pop(name) for name in after.keys() - before.keys()}
    assert after == before
    assert {Path(name).parts[0] for name in added} == set(new)
    return done


COMMANDS = {
    "build": (
        ("build", "timingctl-exports", "-o", "o.parquet"),
        ("o.parquet", "o.parquet.manifest.json"),
    ),
    "build --temp-dir": (
        ("build", "timingctl-exports", "-o", "o.csv", "--temp-dir", ".", "--memory-limit", "200MB"),
        ("o.csv", "o.csv.manifest.json"),
    ),
    "report": (
        ("report", "timingctl-events.parquet", "--html", "r.html", "--temp-dir", "."),
        ("r.html",),
    ),
    "lead": (("lead", "timingctl-events.parquet", "{lead}"), ()),
    "explain": (("explain", "timingctl-exports", "{message}"), ()),
    "windows": (("windows", "timingctl-exports", "-o", "w.csv"), ("w.csv", "w.csv.manifest.json")),
    "diff": (
        ("diff", "timingctl-events.parquet", "timingctl-events.parquet", "--rows", "d.csv"),
        ("d.csv",),
    ),
    "verify": (("verify", "timingctl-exports", "--temp-dir", "."), ()),
    "generate": (("generate", "made", "--leads", "2"), ("made",)),
    "schema": (("schema",), ()),
}


@pytest.mark.wide(but=1)
@pytest.mark.usefixtures("few_runs")
@pytest.mark.parametrize("command", COMMANDS)
def test_what_only_looks_like_ours_stays(place: Path, source: Path, command: str) -> None:
    arguments, new = COMMANDS[command]
    first = next((source / "Message").iterdir()).read_text().split("\n")[1]
    message, lead, *_ = first.split(",")
    given = [word.format(message=message, lead=lead) for word in arguments]
    left_alone(place, *given, new=new)


def test_what_only_looks_like_ours_stays_where_the_database_is_read_and_written(
    place: Path, apps: tuple[App, App], push_app: App, event_files: tuple[Path, Path]
) -> None:
    tables = ("Message", "AIDraft", "BackgroundJob", "Lead", "EmailCampaign")
    new = (*(f"{table}.parquet" for table in tables), FOLDER_MANIFEST)
    left_alone(place, "pull", "--dsn", apps[0].dsn, "-o", ".", new=new)
    left_alone(place, "push", event_files[1], "--dsn", push_app.dsn, "--mirror")
    left_alone(place, "diff", event_files[1], push_app.dsn, "--exact", code=1)  # saturated
    built = ("o.parquet", "o.parquet.manifest.json", "o.parquet.rejects.ndjson")
    left_alone(place, "build", apps[0].dsn, "-o", "o.parquet", new=built)


def test_what_a_killed_run_left_goes(place: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with scratch_folder(place) as held:  # by a run that lives
        left = [abandoned(folder) for folder in (place, elsewhere)]
        (left[0] / "room" / "spilled").mkdir()
        (left[0] / "room" / "link").symlink_to(place / "timingctl-notes.txt")
        output = elsewhere / "o.parquet"
        assert timingctl("build", "timingctl-exports", "-o", output, "-q").code == 0
        assert held.room.exists()
    assert not any(path.exists() for path in left)
    assert (place / "timingctl-notes.txt").read_text() == "mine"
    assert {path.name for path in elsewhere.iterdir()} == {output.name, "o.parquet.manifest.json"}


def test_a_lock_that_a_killed_run_left_goes(place: Path) -> None:
    left = abandoned(place)
    lock = place / f".timingctl-{os.getuid()}-5.lock"
    lock.hardlink_to(left / "marker.json")
    assert timingctl("build", "timingctl-exports", "-o", "o.parquet", "-q").code == 0
    assert not lock.exists()
    assert not left.exists()


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "{room}", "-o", "o.csv"),
        ("build", "{link}", "-o", "o.csv"),
        ("build", "timingctl-exports", "--table=Message={room}/Message/*.csv", "-o", "o.csv"),
        ("build", "timingctl-exports", "--table", "Message={parent}/.timing*/room/Message/*.csv",
         "-o", "o.csv"),
        ("verify", "timingctl-exports", "{room}"),
        ("report", "timingctl-events.parquet", "--exports", "{room}"),
        ("explain", "{room}", "{message}"),
        ("windows", "{room}", "-o", "{room}/../../w.csv"),
    ],
)  # fmt: skip
def test_a_source_in_what_a_killed_run_left_stays(
    place: Path, source: Path, arguments: tuple[str, ...]
) -> None:
    shutil.rmtree(place / "aside")  # another that the pattern would match
    left = abandoned(place)
    shutil.copytree(source, left / "room", dirs_exist_ok=True)
    (place / "link").symlink_to(left / "room")
    message = next((source / "Message").iterdir()).read_text().split("\n")[1].split(",")[0]
    words = {"room": left / "room", "link": "link", "parent": place, "message": message}
    before = listed(left)
    done = timingctl(*(word.format_map(words) for word in arguments))
    assert listed(left) == before
    assert done.code == 0 or "--table" in arguments, done.err


def test_the_current_folder_stays(
    place: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = abandoned(place)
    monkeypatch.chdir(left / "room")
    assert timingctl("build", source, "-o", place / "o.csv", "-q").code == 0
    assert left.exists()
    monkeypatch.chdir(place)
    monkeypatch.setenv("TIMINGCTL_EXPORTS", str(left))
    with scratch_folder(place):
        assert left.exists()
    monkeypatch.delenv("TIMINGCTL_EXPORTS")
    with scratch_folder(place):
        assert not left.exists()


def test_what_only_looks_like_ours_stays_where_ids_are_read(place: Path) -> None:
    before = listed(place)
    done = run("delay", "a", "--min", "1", "--max", "2", TMPDIR=str(place))
    assert done == (0, "a\t2\n", "")
    assert listed(place) == before
