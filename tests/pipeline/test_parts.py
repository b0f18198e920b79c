"""Events as a folder of parts: the same events, and refused where a part is missing."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import polars as pl
import pyarrow.parquet as pq
import pytest

import timingctl
from tests.bad_input.tool import Done, cases
from tests.bad_input.tool import timingctl as command
from tests.cases import FIXTURES
from timingctl import parts
from timingctl.postgres.events import EventFile
from timingctl.seals import FOLDER_MANIFEST, manifest_path
from timingctl.warehouse import Resources, open_warehouse

TOUR = FIXTURES / "tour"
#: Events of a part, so that TOUR's are in three.
ROWS = 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """TOUR's events in parts, and beside them the same in one file."""
    folder = tmp_path_factory.mktemp("made")
    with mock.patch.object(parts, "PART_ROWS", ROWS):
        timingctl.build(TOUR, folder / "events.parquet")
        assert command("build", TOUR, "-o", f"{folder}/events/", "-q") == Done(0, "", "")
        yield folder


@pytest.fixture
def events(made: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "events"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_are_the_events_of_one_file(events: Path) -> None:
    one = events.with_suffix(".parquet")
    rows = pq.read_table(one)
    numbered = [f"part-{number:05}.parquet" for number in range(-(-len(rows) // ROWS))]
    assert len(numbered) > 2
    assert names(events) == [*numbered, FOLDER_MANIFEST]
    tables = [pq.read_table(events / name) for name in numbered]
    assert [len(table) for table in tables[:-1]] == [ROWS] * (len(numbered) - 1)
    assert pl.concat([pl.DataFrame(table) for table in tables]).equals(pl.DataFrame(rows))
    assert {table.schema.metadata[b"timingctl.asOf"] for table in tables} == {
        rows.schema.metadata[b"timingctl.asOf"]
    }
    here, there = (
        json.loads(path.read_text()) for path in (events / FOLDER_MANIFEST, manifest_path(one))
    )
    assert list(here.pop("fileDigests")) == numbered
    assert here == {**there, "fileDigest": None}


@pytest.mark.wide
def test_commands_read_parts_as_one_file(events: Path) -> None:
    one = events.with_suffix(".parquet")
    assert timingctl.read_events(events).equals(timingctl.read_events(one))
    assert timingctl.diff(events, one).equal
    assert timingctl.diff(one, events).equal
    assert timingctl.report(events).document == timingctl.report(one).document
    lead = timingctl.read_events(one)["leadId"][0]
    assert timingctl.lead(events, lead).document == timingctl.lead(one, lead).document
    with open_warehouse(Resources()) as warehouse:
        file = EventFile(warehouse, events)
        assert file.rows == len(timingctl.read_events(one))
        assert file.windows_from == "infer"
        assert file.window().since == ""


def test_a_build_takes_away_what_an_earlier_one_had_more(events: Path) -> None:
    first = timingctl.read_events(events)["inboundSentAt"][0]
    (events / "rejects.ndjson").write_text('{"table":"Message"}\n')
    built = timingctl.build(TOUR, events, until=first)
    assert names(events) == ["part-00000.parquet", FOLDER_MANIFEST]
    assert built.events.is_empty()
    assert built.rejects.is_empty()


def take_away(folder: Path) -> None:
    (folder / "part-00001.parquet").unlink()


def add(folder: Path) -> None:
    (folder / "part-00009.parquet").write_bytes((folder / "part-00000.parquet").read_bytes())


def damage(folder: Path) -> None:
    path = folder / "part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1])


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize(
    ("spoil", "says"),
    cases(
        ("a part is missing", take_away,
         f"events: part-00001.parquet is a part that {FOLDER_MANIFEST} names and which is not "
         "there. Build the events again, or delete that manifest to read what is there."),
        ("there is one more", add,
         f"events: part-00009.parquet is a part that {FOLDER_MANIFEST} does not name. Build the "
         "events again, or delete that manifest to read what is there."),
        ("one is damaged", damage,
         f"events/part-00001.parquet is not the file that events/{FOLDER_MANIFEST} describes: it "
         "was damaged or replaced. Write it again, or delete that manifest to read it unchecked."),
        ("there are none", empty,
         "events is a folder; give a file, or a folder of parts (part-00000.parquet, …). "
         "Build exports first: timingctl build events -o events.parquet"),
    ),
)  # fmt: skip
def test_parts_that_are_not_whole(
    events: Path, spoil: Callable[[Path], None], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(events)
    monkeypatch.chdir(events.parent)
    done = command("diff", "events", "events.parquet")
    assert (done.code, done.out) == (11, "")
    assert done.err.replace(f"{events.parent}/", "") == f"Error: {says}\n"


def nothing(_: Path) -> None:
    pass


def foreign(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


def not_ours(folder: Path) -> None:
    pl.DataFrame({"id": ["a"]}).write_parquet(folder / "part-00000.parquet")


@pytest.mark.parametrize(
    ("given", "spoil", "code", "says"),
    cases(
        ("no slash", "more", nothing, 2,
         "'more' is none of .parquet, .csv, .ndjson, .duckdb; for a folder of parts write "
         "'more/'."),
        ("no slash, though it is there", "events", nothing, 2,
         "'events' is none of .parquet, .csv, .ndjson, .duckdb; for a folder of parts write "
         "'events/'."),
        ("a file", "events.parquet.manifest.json/", nothing, 2,
         "'events.parquet.manifest.json/' is a folder that ends in .json, as files do; give one "
         "such as events/."),
        ("a suffix", "e.parquet/", nothing, 2,
         "'e.parquet/' is a folder that ends in .parquet, as files do; give one such as events/."),
        ("no name", "./", nothing, 2,
         "'./' is a folder that has no name; give one such as events/."),
        ("the folder above", "..", nothing, 2,
         "'..' is a folder that has no name; give one such as events/."),
        ("a bucket", "s3://bucket/", nothing, 2,
         "'s3://bucket/' is a folder that has no name; give one such as events/."),
        ("no slash, in a bucket", "s3://bucket/events", nothing, 2,
         "'s3://bucket/events' is none of .parquet, .csv, .ndjson, .duckdb; for a folder of parts "
         "write 's3://bucket/events/'."),
        ("nowhere", "no/where/", nothing, 10,
         "no/where cannot be made a folder: no is not there; make it, or give another by -o."),
        ("other things in it", "events/", foreign, 10,
         "events has notes.txt, which is no part of events; give a new folder by -o, or an empty "
         "one."),
        ("exports in it", "events/", not_ours, 10,
         "events has part-00000.parquet, which is no part of events; give a new folder by -o, or "
         "an empty one."),
    ),
)  # fmt: skip
def test_folders_that_are_not_written(
    events: Path, given: str, spoil: Callable[[Path], None], code: int, says: str
) -> None:
    spoil(events)
    before = {path: path.read_bytes() for path in events.iterdir()}
    with contextlib.chdir(events.parent):
        done = command("build", TOUR, "-o", given)
    assert (done.code, done.out) == (code, "")
    assert done.err.endswith(f"{says}\n")
    assert {path: path.read_bytes() for path in events.iterdir()} == before
    assert sorted(events.parent.iterdir()) == [
        events, events.with_suffix(".parquet"), manifest_path(events.with_suffix(".parquet")),
    ]  # fmt: skip


def test_a_part_of_ours_that_is_damaged_is_written_again(events: Path) -> None:
    damage(events)
    (events / "part-00000.parquet").write_bytes(b"")
    assert command("build", TOUR, "-o", f"{events}/", "-q") == Done(0, "", "")
    assert timingctl.diff(events, events.with_suffix(".parquet")).equal


@pytest.mark.parametrize("renames", range(5))
def test_what_was_not_renamed_to_its_end_is_not_read(tmp_path: Path, renames: int) -> None:
    """Of a new folder, whose parts are all right: nobody may take some of them for all."""
    done: list[Path] = []
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if len(done) == renames:
            raise OSError(28, "No space left on device")
        done.append(target)
        return rename(path, target)

    with (
        mock.patch.object(parts, "PART_ROWS", ROWS),
        mock.patch.object(Path, "replace", replace),
        pytest.raises(timingctl.SettingsError, match="No space left on device"),
    ):
        timingctl.build(TOUR, tmp_path / "events")
    if not renames:
        assert names(tmp_path) == []
        return
    with pytest.raises(timingctl.InputError, match="names and which is not there"):
        timingctl.read_events(tmp_path / "events")
    for name in ("report", "lead"):
        found = command(name, tmp_path / "events", *["x"] * (name == "lead"))
        assert (found.code, found.out) == (11, "")
        assert "names and which is not there" in found.err


def test_what_else_stands_there_is_not_looked_at(events: Path) -> None:
    (events / "README.md").write_text("mine")
    one = events.with_suffix(".parquet")
    assert timingctl.diff(events, one).equal
    assert timingctl.report(events).document == timingctl.report(one).document


@pytest.mark.parametrize("output", ["Lead/events.parquet", "Lead/events", "Message/events.csv"])
def test_an_output_among_exports_would_be_read_as_one(tmp_path: Path, output: str) -> None:
    timingctl.generate(tmp_path / "exports", leads=3)
    target = tmp_path / "exports" / output
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(timingctl.SettingsError, match=r"whose files are read as exports"):
        timingctl.build(tmp_path / "exports", target)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("output", ["Message", "leads.csv", "EmailCampaign.ndjson"])
def test_an_output_that_is_called_as_a_table_would_be_read_as_one(
    tmp_path: Path, output: str
) -> None:
    source = shutil.copytree(FIXTURES / "no_campaign_table", tmp_path / "exports")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(timingctl.SettingsError, match=r"is the name of a table"):
        timingctl.build(source, source / output)
    assert sorted(tmp_path.rglob("*")) == before
    timingctl.build(source, source / "events")
    timingctl.build(source, tmp_path / output)


def test_push_takes_a_folder(events: Path) -> None:
    done = command("push", events, "--dsn", "postgresql://u@127.0.0.1:1/db")
    assert (done.code, done.out) == (12, "")


def test_a_build_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(timingctl.InputError):
        timingctl.build(tmp_path, tmp_path / "events")
    assert names(tmp_path) == []
