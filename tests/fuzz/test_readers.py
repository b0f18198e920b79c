"""The readers of exports, events and delay windows under random bytes and random text.

`tests.bad_input.tool` holds every run: an exit code that is documented, no exception, an end within
its patience, nothing left of a build that fails, and counts that add up in one that works.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.bad_input import test_delay_windows, test_reports
from tests.bad_input.tool import HEADER, MESSAGES, build, timingctl

#: A build takes longer than what other properties try: a quarter of their examples.
FEWER = settings(max_examples=max(settings().max_examples // 4, 1))

NAMES = HEADER.strip().split(",")
FRAME = pl.read_csv(io.StringIO(MESSAGES), infer_schema=False)


def as_csv(frame: pl.DataFrame) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")  # so that it quotes either
    writer.writerow(frame.columns)
    writer.writerows(frame.rows())
    return file.getvalue().encode()


def as_tsv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv(separator="\t").encode()


def as_ndjson(frame: pl.DataFrame) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in frame.to_dicts()).encode()


def as_json(frame: pl.DataFrame) -> bytes:
    return json.dumps(frame.to_dicts()).encode()


def as_parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def as_gzip(frame: pl.DataFrame) -> bytes:
    return gzip.compress(as_csv(frame), mtime=0)


def as_zstd(frame: pl.DataFrame) -> bytes:
    return bytes(pa.Codec("zstd").compress(as_ndjson(frame), asbytes=True))


WRITERS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    "csv": as_csv, "tsv": as_tsv, "ndjson": as_ndjson, "json": as_json, "parquet": as_parquet,
    "csv.gz": as_gzip, "ndjson.zst": as_zstd,
}  # fmt: skip
#: Bytes that mean something to one of the formats.
TELLING = [b'"', b"\n", b"\r", b",", b";", b"\t", b"\0", b"\\", b"{", b"}", b"[", b"]", b":",
           b"null", b"NaN", b"1e999", b"\xff", b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", b"PAR1", b"''",
           b"infinity", b"0001-01-01", b"9999-12-31 23:59:59.9999999", b"x" * 5000]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes after some cuts, overwritings, insertions and repetitions."""
    content = whole
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        piece = draw(st.sampled_from(TELLING) | st.binary(max_size=20))
        match draw(st.sampled_from(["cut", "over", "insert", "drop", "again"])):
            case "cut":
                content = content[:place]
            case "over":
                content = content[:place] + piece + content[place + len(piece) :]
            case "insert":
                content = content[:place] + piece + content[place:]
            case "drop":
                content = content[:place] + content[place + length :]
            case _:
                content = content[: place + length] + content[place:]
    return content


@FEWER
@given(st.sampled_from(sorted(WRITERS)).flatmap(
    lambda name: st.tuples(st.just(name), spoiled(WRITERS[name](FRAME)))))  # fmt: skip
def test_spoiled_exports(export: tuple[str, bytes]) -> None:
    suffix, content = export
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder), {f"Message.{suffix}": content})
    assert built.code in {0, 11}
    assert built.code == 0 or built.err.count("\n") == 1


#: Text as every format carries it: CSV cannot tell NULL, \N and nothing from null.
TEXT = st.text(st.characters(codec="utf-8"), max_size=12).map(
    lambda text: None if text in {"", "NULL", r"\N"} else text
)
OTHERS = st.sampled_from(["ndjson", "json", "parquet", "csv.gz", "ndjson.zst"])
CELLS = {
    "id": TEXT,
    "leadId": st.sampled_from(["ann", "ann", "ann "]) | TEXT,
    "channel": st.sampled_from(["email", "sms"]) | TEXT,
    "direction": st.sampled_from(["inbound", "outbound", " Outbound\n"]) | TEXT,
    "sentAt": st.datetimes().map(str) | st.sampled_from(["2026-02-10", "2026-02-10 10:00"]) | TEXT,
    "sentBy": st.sampled_from(["setter", "ai"]) | TEXT,
    "sentByUserId": TEXT,
    "aiDraftId": TEXT,
    "aiDraftPartIndex": st.integers(-(2**33), 2**33).map(str) | TEXT,
}


@FEWER
@given(st.lists(st.fixed_dictionaries(CELLS), max_size=8), OTHERS)
@example([dict.fromkeys(NAMES)], "ndjson")
def test_random_text_is_read_alike_in_every_format(
    rows: list[dict[str, str | None]], other: str
) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String))
    found = []
    for suffix in ("csv", other):
        with tempfile.TemporaryDirectory() as folder:
            built = build(Path(folder), {f"Message.{suffix}": WRITERS[suffix](frame)})
        assert built.code == 0, built.err
        for row in built.rejects:
            row["file"] = "Message"
        found.append(replace(built, err=""))
    assert found[0] == found[1]


@FEWER
@given(
    spoiled((test_delay_windows.HEADER + "spring,,1,2,,2026-02-10\n,K,3,4,2026-01-01,\n").encode())
)
def test_spoiled_delay_windows(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder), {"w.csv": content}, "--delay-windows", "{}/w.csv")
    assert built.code in {0, 11}


WINDOW_CELLS = {
    "campaignId": st.sampled_from(["spring", None, "summer"]) | TEXT,
    "clientId": st.sampled_from(["K", None]) | TEXT,
    "minSeconds": st.integers(-(2**33), 2**33).map(str) | TEXT,
    "maxSeconds": st.integers(-(2**31), 2**31 - 1).map(str),
    "effectiveFrom": st.sampled_from([None, "2026-02-10 10:00:00"])
    | st.datetimes().map(str)
    | TEXT,
    "effectiveTo": st.sampled_from([None, "2026-02-10 10:00:00"]) | st.datetimes().map(str) | TEXT,
}


@pytest.mark.wide
@FEWER
@given(st.lists(st.fixed_dictionaries(WINDOW_CELLS), max_size=4), OTHERS)
def test_random_delay_windows(rows: list[dict[str, str | None]], other: str) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(WINDOW_CELLS, pl.String))
    found = []
    for suffix in ("csv", other):
        with tempfile.TemporaryDirectory() as folder:
            files = {f"w.{suffix}": WRITERS[suffix](frame)}
            built = build(Path(folder), files, "--delay-windows", f"{{}}/w.{suffix}")
        assert built.code in {0, 11}
        found.append((built.code, built.err.replace(suffix, ""), built.events))
    assert found[0] == found[1]


@FEWER
@given(spoiled(test_reports.events({}, {"inboundMessageId": "C"}).encode()))
def test_spoiled_events(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "e.csv")
        file.write_bytes(content)
        for words in (
            ["report", file, "--format", "json"],
            ["report", file],
            ["lead", file, "ann"],
        ):
            assert timingctl(*words).code in {0, 11}
