"""What is read from a bucket and written to one is what a folder would give, to the byte."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import timingctl
from tests.bad_input.tool import timingctl as locally
from tests.buckets.made import BODY, Made
from timingctl.buckets.chunks import Range, reads, without
from timingctl.buckets.mirror import mirrored
from timingctl.errors import SettingsError
from timingctl.progress import Silence
from timingctl.seals import folder_manifest

if TYPE_CHECKING:
    from tests.buckets.bucket import Bucket


def test_a_build_is_the_same_to_the_byte(made: Made, bucket: Bucket) -> None:
    here, there = made.folder / "events.parquet", f"{bucket.url}/out/e.parquet"

    copied = bucket.run("build", f"{made.url}/exports", "-o", there, "--json")

    assert (copied.code, copied.out) == (made.built.code, made.built.out)
    assert copied.err == made.said_of_bucket(made.built.err.replace(str(here), there))
    assert "Leads (1).csv looks like Lead and is not read" in copied.err
    names = ("", ".manifest.json", ".rejects.ndjson")
    assert bucket.keys("out") == {
        f"out/e.parquet{name}": Path(f"{here}{name}").read_bytes() for name in names
    }


def test_what_people_wrote_does_not_travel(tmp_path: Path, made: Made, environment: None) -> None:
    whole = (made.folder / "exports" / "messages" / "part-0.parquet").read_bytes()

    with mirrored(tmp_path, Silence()) as mirror:
        copy = Path(mirror.exports(f"{made.url}/exports")) / "messages" / "part-0.parquet"
        content = copy.read_bytes()

    for n in range(60, 90):  # the least and the greatest of each row group stand in the footer
        assert f"{BODY} {n}".encode() in whole
        assert f"{BODY} {n}".encode() not in content
    assert len(content) == len(whole)
    assert pl.read_parquet(content, columns=["id", "sent_at"]).equals(
        pl.read_parquet(whole, columns=["id", "sent_at"])
    )


def test_a_private_folder_that_is_full_is_named(
    tmp_path: Path, made: Made, environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "touch", full)
    says = rf"^{tmp_path} cannot be written to: No space left on device\. Give another with --temp"
    with pytest.raises(SettingsError, match=says), mirrored(tmp_path, Silence()) as mirror:
        mirror.exports(f"{made.url}/exports")


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


def test_a_sealed_file_is_copied_whole(
    tmp_path: Path, made: Made, bucket: Bucket, environment: None
) -> None:
    part = made.folder / "exports" / "messages" / "part-0.parquet"
    source = bucket.fill(made.folder / "exports", "exports")
    seal = folder_manifest(["messages/part-0.parquet"], [part])
    bucket.put("exports/timingctl.manifest.json", json.dumps(seal))

    with mirrored(tmp_path, Silence()) as mirror:
        copy = Path(mirror.exports(source)) / "messages" / "part-0.parquet"
        assert copy.read_bytes() == part.read_bytes()

    bucket.put("exports/messages/part-0.parquet", part.read_bytes() + b" ")
    damaged = bucket.run("build", source, "-o", tmp_path / "e.csv", "-q")

    assert damaged.code == 11
    assert f"is not the file that {source}/timingctl.manifest.json describes" in damaged.err


def test_from_python(made: Made, bucket: Bucket, environment: None) -> None:
    built = timingctl.build(
        Path(f"{made.url}/exports"),  # a path takes a slash away
        Path(f"{bucket.url}/e.parquet"),
        table={"Message": f"{made.url}/exports/messages/**/*[!S]"},
    )

    local = timingctl.read_events(made.folder / "events.parquet")
    assert built.output == f"{bucket.url}/e.parquet"
    assert built.rejects.height == 1
    assert timingctl.read_events(Path(built.output)).equals(local)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "EVENTS", "--exports", "SOURCE", "--section", "overview", "--json"],
        ["lead", "SOURCE", "ann"],
        ["explain", "SOURCE", "m000", "--json"],
        ["diff", "EVENTS", "INBOX", "--json"],
        ["build", "INBOX", "-o", "OUT/e.csv", "--json"],
    ],
    ids=lambda arguments: f"{arguments[0]} {arguments[1]}",
)  # fmt: skip
def test_commands_say_the_same(arguments: list[str], tmp_path: Path, made: Made) -> None:
    words = {"EVENTS": "events.parquet", "INBOX": "inbox.duckdb", "SOURCE": "exports"}
    given = [one.replace("OUT", str(tmp_path)) for one in arguments]
    here, there = (
        [f"{place}/{words[one]}" if one in words else one for one in given]
        for place in (made.folder, made.url)
    )

    local, copied = locally(*here), made.bucket.run(*there)

    assert (copied.code, copied.out, copied.err) == (
        local.code,
        made.said_of_bucket(local.out),
        made.said_of_bucket(local.err),
    )
