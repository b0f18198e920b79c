"""Events in parts, written into a bucket: nobody ever takes some of them for all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from unittest import mock

import polars as pl
import pytest
from pyarrow import fs

import timingctl
from tests.bad_input.tool import cases
from tests.buckets.bucket import Bucket, run_at
from tests.buckets.servers import between
from tests.buckets.test_breaking import at, refuse, stopped_at
from tests.cases import FIXTURES
from timingctl import parts
from timingctl.seals import FOLDER_MANIFEST

#: Events of a part.
ROWS = 2


@dataclass(frozen=True)
class Folders:
    """One build here and, with fewer parts and without rejects, a later one; the first in a bucket.

    `source` and `until` are what the later is built of.
    """

    old: Path
    new: Path
    source: Path
    until: str
    bucket: Bucket

    def build(self, address: str = "", to: str = "events") -> tuple[int, str]:
        """Build the later over what stands in the bucket; returns the exit code and stderr."""
        done = run_at(
            address or self.bucket.address, "build", self.source, "--until", self.until,
            "-o", f"{self.bucket.url}/{to}/", "-q",
        )  # fmt: skip
        assert done.out == ""
        return done.code, done.err

    def state(self, to: str = "events") -> dict[str, bytes]:
        """What stands in the bucket, by name; what is hidden is not looked at."""
        keys = self.bucket.keys(to)
        return {key.removeprefix(f"{to}/"): keys[key] for key in keys if "/." not in key}

    def hidden(self, to: str = "events") -> set[str]:
        """The folders of runs that are left there."""
        return {key.split("/")[1] for key in self.bucket.keys(to) if "/." in key}


def held(folder: Path) -> dict[str, bytes]:
    """What stands in a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module", autouse=True)
def small_parts() -> Iterator[None]:
    with mock.patch.object(parts, "PART_ROWS", ROWS):
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_parts: None) -> tuple[Path, str]:
    """The folder with both builds and their exports."""
    folder = tmp_path_factory.mktemp("made")
    source = shutil.copytree(FIXTURES / "tour", folder / "exports")
    with (source / "BackgroundJob.csv").open("a") as file:
        file.write("odd,SEND_DRAFT,,,never,,\n")
    first = timingctl.build(source, folder / "old", allow_rejects=True)
    until = first.events["inboundSentAt"].sort()[2 * ROWS].isoformat()
    shutil.copyfile(FIXTURES / "tour" / "BackgroundJob.csv", source / "BackgroundJob.csv")
    timingctl.build(source, folder / "new", until=until)
    assert len(held(folder / "new")) < len(held(folder / "old")) - 1
    return folder, until


@pytest.fixture
def folders(made: tuple[Path, str], bucket: Bucket) -> Folders:
    folder, until = made
    bucket.fill(folder / "old", "events")
    return Folders(folder / "old", folder / "new", folder / "exports", until, bucket)


@pytest.mark.usefixtures("environment")
def test_a_round_trip_is_that_of_a_folder(folders: Folders) -> None:
    there = f"{folders.bucket.url}/new/folder"
    built = timingctl.build(folders.source, f"{there}/", until=folders.until)
    assert built.output == there
    assert folders.state("new/folder") == held(folders.new)
    assert folders.build() == (0, "")  # over one with more parts, and rejects
    assert folders.state() == held(folders.new)
    assert not folders.hidden()
    assert built.events.equals(timingctl.read_events(folders.new))
    assert built.rejects.is_empty()
    assert timingctl.diff(there, folders.new).equal
    assert timingctl.report(there).document == timingctl.report(folders.new).document
    pushed = folders.bucket.run("push", f"{there}/", "--dsn", "postgresql://u@127.0.0.1:1/db")
    assert pushed.code == 12  # all was read by then


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("to", ["events", "new"])
def test_at_every_instant_it_is_what_was_there_the_new_or_refused(
    to: str, folders: Folders, tmp_path: Path
) -> None:
    """As a kill would leave it, or a reader in between find it; and a later build mends it."""
    states = []

    def look(_: BaseHTTPRequestHandler) -> bool:
        states.append(folders.state(to))
        return False

    with between(folders.bucket.address, at(rf"(PUT|DELETE) [^.]*/{to}/\w.*", look)) as address:
        assert folders.build(address, to) == (0, "")
    states.append(folders.state(to))
    old, new = map(timingctl.read_events, (folders.old, folders.new))
    found = []
    for number, state in enumerate(states):
        (folder := tmp_path / str(number)).mkdir()
        for name, content in state.items():
            (folder / name).write_bytes(content)
        try:
            events = timingctl.read_events(folder)
        except timingctl.InputError:
            found.append("refused")
        else:
            found.append("old" if events.equals(old) else "new")
            assert events.equals(old) or events.equals(new)
    order = ["old", "refused", "new"] if to == "events" else ["refused", "new"]
    assert set(found) == set(order)
    assert found == sorted(found, key=order.index)

    for name, content in states[2].items():
        folders.bucket.put(f"{to}/{name}", content)
    assert folders.build(to=to) == (0, "")
    assert folders.state(to) == held(folders.new)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("pattern", "cannot"),
    cases(
        ("a part on its way", r"POST .*/new/part-00001\.parquet\?uploads ", "written: PutObject"),
        ("a part", r"PUT .*/events/part-00001\.parquet .*/new/.*", "written: PutObject"),
        ("a part too many", r"DELETE .*/events/part-.* ", "removed: DeleteObject"),
    ),
)  # fmt: skip
def test_what_stood_there_stands_there(pattern: str, cannot: str, folders: Folders) -> None:
    with between(folders.bucket.address, at(pattern, refuse)) as address:
        code, err = folders.build(address)
    asked, right = cannot.split(": ")
    assert code == 10
    assert f"cannot be {asked}: these credentials do not have the right (s3:{right})" in err
    assert folders.state() == held(folders.old)
    assert not folders.hidden()


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("name", "theirs"),
    cases(("a part", "part-00000.parquet", b"a part"), ("a manifest", FOLDER_MANIFEST, b"")),
)
def test_two_at_once_are_told(name: str, theirs: bytes, folders: Folders) -> None:
    """The other puts one of its files where ours stands already; manifests are of one size."""

    def other(_: BaseHTTPRequestHandler) -> bool:
        folders.bucket.put(f"events/{name}", theirs or (folders.new / name).read_bytes().swapcase())
        return False

    with between(folders.bucket.address, at(r"PUT .*/part-00001\.parquet .*/new/.*", other)) as at_:
        assert folders.build(at_) == (
            10,
            f"Error: Another run wrote to {folders.bucket.url}/events at the same time, and parts "
            "of both may stand there: build it again.\n",
        )


def test_a_folder_that_changes_while_it_is_looked_at_is_told(folders: Folders) -> None:
    """The other's manifest is longer, so that what is read of it is no document."""

    def other(_: BaseHTTPRequestHandler) -> bool:
        folders.bucket.put(f"events/{FOLDER_MANIFEST}", b" " * 100 + seal)
        return False

    seal = (folders.new / FOLDER_MANIFEST).read_bytes()
    with between(folders.bucket.address, at(rf"GET .*/events/{FOLDER_MANIFEST} ", other)) as at_:
        assert folders.build(at_) == (
            10,
            f"Error: {folders.bucket.url}/events changed while it was looked at; run this again "
            "when nothing writes to it.\n",
        )
    assert not folders.hidden()


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("asked", [r"GET .*delimiter=.*", rf"GET .*/events/{FOLDER_MANIFEST} "])
def test_what_may_not_be_alone_is_told(asked: str, folders: Folders) -> None:
    def is_new(request: BaseHTTPRequestHandler) -> bool:
        return folders.state() == held(folders.new) and refuse(request)

    with between(folders.bucket.address, at(asked, is_new)) as address:
        code, err = folders.build(address)
    assert code == 10
    assert "these credentials do not have the right" in err
    assert "The events stand there; whether another run wrote to " in err
    assert folders.state() == held(folders.new)
    assert not folders.hidden()


def test_a_stop_leaves_what_stood_there(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = r"PUT .*/new/part-00001\.parquet\?partNumber.*"
    target = f"{folders.bucket.url}/events/"
    said = stopped_at(
        pattern, folders.bucket, monkeypatch, lambda: timingctl.build(folders.source, target)
    )
    assert re.fullmatch(r"|s3://.*/events/\.timingctl-\w+/ may be left, .*", said)
    assert folders.state() == held(folders.old)


@pytest.mark.wide
def test_parts_of_ours_are_known_without_a_manifest(folders: Folders) -> None:
    folders.bucket.files.delete_file(f"{folders.bucket.name}/events/{FOLDER_MANIFEST}")
    assert folders.build() == (0, "")
    assert folders.state() == held(folders.new)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", ["part-00002.parquet", "notes.txt", "more/notes.txt"])
def test_what_is_not_ours_is_not_replaced(name: str, folders: Folders, tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a"]}).write_parquet(tmp_path / "foreign.parquet")
    folders.bucket.put(f"events/{name}", (tmp_path / "foreign.parquet").read_bytes())
    folders.bucket.files.delete_file(f"{folders.bucket.name}/events/{FOLDER_MANIFEST}")
    before = folders.state()
    assert folders.build() == (
        10,
        f"Error: {folders.bucket.url}/events has {Path(name).parts[0]}, which is no part of "
        "events; give a new folder by -o, or an empty one.\n",
    )
    assert folders.state() == before
    assert not folders.hidden()


@pytest.mark.wide(but=1)
@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("name", ["README.md", "more/part-00000.parquet"])
def test_what_else_stands_there_is_not_looked_at(name: str, folders: Folders) -> None:
    folders.bucket.put(f"events/{name}", "mine")
    there = f"{folders.bucket.url}/events"
    assert timingctl.diff(there, folders.old).equal
    assert timingctl.report(there).document == timingctl.report(folders.old).document


@pytest.mark.usefixtures("environment")
def test_parts_that_are_all_missing_are_told(folders: Folders) -> None:
    for name in folders.state():
        if name != FOLDER_MANIFEST:
            folders.bucket.files.delete_file(f"{folders.bucket.name}/events/{name}")
    with pytest.raises(timingctl.InputError, match=r"part-00000\.parquet .* is not there"):
        timingctl.report(f"{folders.bucket.url}/events")


@pytest.mark.parametrize("output", ["Lead/", "Lead/new/", "Lead/events.csv"])
def test_an_output_that_is_called_as_a_table_leaves_no_trace(output: str, bucket: Bucket) -> None:
    def entries() -> list[str]:
        found = bucket.files.get_file_info(fs.FileSelector(bucket.name, recursive=True))
        return [info.path for info in found]

    bucket.fill(FIXTURES / "tour", "exports")
    before = entries()
    done = bucket.run("build", f"{bucket.url}/exports", "-o", f"{bucket.url}/exports/{output}")
    assert done.code == 10
    assert "would be read as exports, since Lead is the name of a table" in done.err
    assert entries() == before


def test_a_file_of_the_name_is_no_folder(folders: Folders) -> None:
    folders.bucket.put("file", "mine")
    assert folders.build(to="file") == (
        10,
        f"Error: {folders.bucket.url}/file is no folder; move it away, or give another by -o.\n",
    )
    assert folders.bucket.get("file") == b"mine"
