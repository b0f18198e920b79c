"""What is read from a bucket and written to one is what a folder would give, to the byte."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

import timingctl
from tests.bad_input.tool import HEADER, INBOUND, OUTBOUND, write
from tests.bad_input.tool import timingctl as locally
from tests.buckets.bucket import Bucket, environment_of
from timingctl.buckets.chunks import Range, reads, without
from timingctl.buckets.mirror import mirrored
from timingctl.progress import Silence
from timingctl.seals import folder_manifest

_BODY = "what was written to the lead"
_UNUSABLE = "C,ann,email,sideways,2026-02-10 10:02:00,,,,\n"


def _messages(path: Path) -> None:
    """Parquet with bodies between the columns that are read, in many row groups."""
    rows = pl.DataFrame(
        {
            "id": [f"m{n:03}" for n in range(200)],
            "body": [f"{_BODY} {n} {n * n}" for n in range(200)],
            "leadId": ["ann"] * 200,
            "channel": ["sms"] * 200,
            "meta": [{"subject": f"{_BODY} {n}", "n": n} for n in range(200)],
            "direction": ["inbound", "outbound"] * 100,
            "sent_at": [f"2026-02-{1 + n // 20:02} 10:{n % 20:02}:00" for n in range(200)],
            "sentBy": [None, "setter"] * 100,
            "sentByUserId": [None, "mia"] * 100,
            "bodyHtml": [f"<p>{_BODY}</p>"] * 200,
        }
    )
    path.parent.mkdir()
    rows.write_parquet(path, row_group_size=50, compression="uncompressed")


def _packed(path: Path) -> None:
    """CSV in gzip, with a row that is unusable."""
    path.parent.mkdir()
    path.write_bytes(gzip.compress((HEADER + INBOUND + OUTBOUND + _UNUSABLE).encode()))


def _exports(folder: Path) -> Path:
    """Exports as lakes and export tools leave them: partitions, gzip, bodies, copies, oddities."""
    return write(
        folder,
        {
            "Message.csv": None,
            "messages": lambda path: _messages(path / "part-0.parquet"),
            "messages/dt=2026-03-01/part-1.csv.gz": _packed,
            "messages/_SUCCESS": "",
            "Leads (1).csv": "id,clientId\nold,K\n",
            "notes.txt": "of somebody",
        },
    )


def test_a_build_is_the_same_to_the_byte(tmp_path: Path, bucket: Bucket) -> None:
    folder = _exports(tmp_path / "exports")
    source = bucket.fill(folder, "exports")
    here, there = tmp_path / "e.parquet", f"{bucket.url}/out/e.parquet"

    built = locally("build", folder, "-o", here, "--json")
    copied = bucket.run("build", source, "-o", there, "--json")

    assert (copied.code, copied.out) == (built.code, built.out)
    assert copied.err == built.err.replace(str(here), there).replace(str(folder), source)
    assert "Leads (1).csv looks like Lead and is not read" in copied.err
    names = ("", ".manifest.json", ".rejects.ndjson")
    assert bucket.keys("out") == {
        f"out/e.parquet{name}": Path(f"{here}{name}").read_bytes() for name in names
    }


def test_what_people_wrote_does_not_travel(
    tmp_path: Path, bucket: Bucket, environment: None
) -> None:
    folder = _exports(tmp_path / "exports")
    source = bucket.fill(folder, "exports")
    whole = (folder / "messages" / "part-0.parquet").read_bytes()

    with mirrored(tmp_path, Silence()) as mirror:
        copy = (Path(mirror.exports(source)) / "messages" / "part-0.parquet").read_bytes()

    for n in range(60, 90):  # the least and the greatest of each row group stand in the footer
        assert f"{_BODY} {n}".encode() in whole
        assert f"{_BODY} {n}".encode() not in copy
    assert len(copy) == len(whole)
    assert pl.read_parquet(copy, columns=["id", "sent_at"]).equals(
        pl.read_parquet(whole, columns=["id", "sent_at"])
    )


def test_marks_of_folders_are_no_exports(tmp_path: Path, bucket: Bucket) -> None:
    folder = _exports(tmp_path / "exports")
    source = bucket.fill(folder, "exports")
    for mark in ("exports/messages", "exports/messages_$folder$", "exports/Lead_$folder$"):
        bucket.put(mark, "")
    done = bucket.run("build", source, "-o", tmp_path / "e.csv", "-v")
    assert done.code == 0
    assert "folder$" not in done.err
    assert "Copying\n  0 of 6 files, 0 of " in done.err
    assert "\n  6 of 6 files, " in done.err


@pytest.mark.parametrize(
    ("ranges", "asked"),
    [
        pytest.param([(0, 4), (100, 104)], [[(0, 4), (100, 104)]], id="near"),
        pytest.param([(0, 4), (105, 110)], [[(0, 4)], [(105, 110)]], id="far"),
        pytest.param([(0, 2500)], [[(0, 1000)], [(1000, 2000)], [(2000, 2500)]], id="long"),
        pytest.param([(0, 950), (960, 1010)], [[(0, 950)], [(960, 1010)]], id="too long together"),
    ],
)
def test_reads_are_few_and_no_longer_than_they_may_be(
    ranges: list[Range], asked: list[list[Range]]
) -> None:
    assert reads(ranges, most=1000, gap=100) == asked


@pytest.mark.parametrize(
    ("left_out", "kept", "copied"),
    [
        pytest.param([(10, 40), (40, 50)], [], [(0, 10), (50, 100)], id="side by side"),
        pytest.param([(10, 50)], [(30, 60)], [(0, 10), (30, 100)], id="what is read is kept"),
        pytest.param([(10, 500)], [], [(0, 100)], id="a footer that cannot be trusted"),
        pytest.param([(0, 100)], [], [], id="nothing is read"),
    ],
)
def test_what_is_left_out_of_a_file(
    left_out: list[Range], kept: list[Range], copied: list[Range]
) -> None:
    assert without(100, left_out, kept) == copied


def test_a_sealed_file_is_copied_whole(tmp_path: Path, bucket: Bucket) -> None:
    folder = _exports(tmp_path / "exports")
    part = folder / "messages" / "part-0.parquet"
    seal = folder_manifest(["messages/part-0.parquet"], [part])
    source = bucket.fill(folder, "exports")
    bucket.put("exports/timingctl.manifest.json", json.dumps(seal))
    assert bucket.run("build", source, "-o", tmp_path / "e.csv", "-q").code == 0

    bucket.put("exports/messages/part-0.parquet", part.read_bytes() + b" ")
    damaged = bucket.run("build", source, "-o", tmp_path / "e.csv", "-q")

    assert damaged.code == 11
    assert f"is not the file that {source}/timingctl.manifest.json describes" in damaged.err


@pytest.fixture
def environment(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials for what is called from Python."""
    for name, value in environment_of(bucket.address).items():
        monkeypatch.setenv(name, value)


def test_from_python(tmp_path: Path, bucket: Bucket, environment: None) -> None:
    folder = _exports(tmp_path / "exports")
    local = timingctl.build(folder, tmp_path / "e.parquet")

    built = timingctl.build(
        bucket.fill(folder, "exports"),
        f"{bucket.url}/e.parquet",
        table={"Message": f"{bucket.url}/exports/messages/**/part-*"},
    )

    assert built.output == f"{bucket.url}/e.parquet"
    assert built.events.equals(local.events)
    assert built.rejects.drop("file").equals(local.rejects.drop("file"))
    assert timingctl.read_events(f"{bucket.url}/e.parquet").equals(local.events)


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "EVENTS", "--exports", "SOURCE", "--versus", "EVENTS", "--json"],
        ["lead", "SOURCE", "ann"],
        ["explain", "SOURCE", "m000", "--json"],
        ["diff", "EVENTS", "INBOX", "--json"],
        ["list", "INBOX", "neither"],
        ["check", "INBOX", "--rule", "answered >= 1"],
        ["effects", "INBOX", "--json"],
        ["windows", "SOURCE"],
        ["build", "INBOX", "-o", "OUT/e.csv", "--json"],
    ],
    ids=lambda arguments: f"{arguments[0]} {arguments[1]}",
)
def test_every_command_reads_them(
    arguments: list[str], tmp_path: Path, bucket: Bucket, made: Path
) -> None:
    url = bucket.fill(made, "made")
    words = {"EVENTS": "events.csv", "INBOX": "inbox.duckdb", "SOURCE": "exports"}
    here = [str(made / words[one]) if one in words else one for one in arguments]
    there = [f"{url}/{words[one]}" if one in words else one for one in arguments]
    here, there = ([one.replace("OUT", str(tmp_path)) for one in both] for both in (here, there))

    local, copied = locally(*here), bucket.run(*there)

    assert (copied.code, copied.out, copied.err) == (
        local.code,
        local.out.replace(str(made), url),
        local.err.replace(str(made), url),
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports, the events of them and an inbox of them."""
    folder = tmp_path_factory.mktemp("made")
    exports = _exports(folder / "exports")
    for name in ("events.csv", "inbox.duckdb"):
        assert locally("build", exports, "-o", folder / name, "-q").code == 0
    return folder
