"""The file of --delay-windows."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad_input.tool import ORDINARY, build, cases, refused, rejected

HEADER = "campaignId,clientId,minSeconds,maxSeconds,effectiveFrom,effectiveTo\n"
WIDTH = "the row has another number of columns than the header"
OVERLAP = "w.csv: rows 1 and 2 overlap for {}; end one where the other starts."
Content = str | bytes | Callable[[Path], object]


@pytest.mark.wide(but=6)
@pytest.mark.parametrize(("content", "says"), cases(
    ("empty", "", "w.csv is empty: it has no header line."),
    ("a missing column", "campaignId,minSeconds\nspring,1\n",
     "w.csv has no column maxSeconds; it has campaignId, minSeconds."),
    ("a misspelt column", HEADER.replace("minSeconds", "minSecs"),
     "w.csv has no column minSeconds; did you mean minSecs?"),
    ("a doubled column", HEADER.replace("clientId", "campaign_id"),
     "w.csv has campaignId twice, as campaignId and campaign_id; keep one."),
    ("semicolons", HEADER.replace(",", ";"),
     "w.csv separates its columns by ';', not by ','; export it with commas."),
    ("a short row", HEADER + "spring,,1,2\n",
     f"w.csv, row 1 cannot be read: {WIDTH}. Repair or export it again."),
    ("UTF-16", HEADER.encode("utf-16"), "w.csv is UTF-16 text; save it as UTF-8."),
    ("a workbook", b"PK\x03\x04" + b"x" * 50,
     "w.csv is a ZIP archive or an Excel workbook; unpack it, or save its sheet as CSV."),
    ("a pipe", os.mkfifo, "exports/w.csv is a pipe or a device; give a regular file."),
    ("a device", lambda path: path.symlink_to("/dev/zero"),
     "exports/w.csv is a pipe or a device; give a regular file."),
    ("for nobody", HEADER + ",,1,2,,\n",
     "w.csv, row 1: neither campaignId nor clientId; give one."),
    ("no lower end", HEADER + "spring,,,2,,\n",
     "w.csv, row 1, column minSeconds: no minSeconds."),
    ("a fraction", HEADER + "spring,,1,2,,\nsummer,,1.5,2,,\n",
     "w.csv, row 2, column minSeconds: unreadable whole number: '1.5'."),
    ("beyond 32 bits", HEADER + "spring,,0,3000000000,,\n",
     "w.csv, row 1, column maxSeconds: unreadable whole number: '3000000000'."),
    ("control characters", HEADER + 'spring,,"1\x1b[31m\n",2,,\n',
     "w.csv, row 1, column minSeconds: unreadable whole number: '1\\x1b[31m\\n'."),
    ("a date in words", HEADER + "spring,,1,2,soon,\n",
     "w.csv, row 1, column effectiveFrom: unreadable timestamp: 'soon'."),
    ("until infinity", HEADER + "spring,,1,2,,infinity\n",
     "w.csv, row 1, column effectiveTo: unreadable timestamp: 'infinity'."),
    ("in the year 20000", HEADER + "spring,,1,2,,20000-01-01\n",
     "w.csv, row 1, column effectiveTo: unreadable timestamp: '20000-01-01'."),
    ("backwards", HEADER + "spring,,1,2,2026-03-01,2026-02-01\n",
     "w.csv, row 1: effectiveTo is not after effectiveFrom."),
    ("at no time", HEADER + "spring,,1,2,2026-03-01,2026-03-01\n",
     "w.csv, row 1: effectiveTo is not after effectiveFrom."),
    ("an overlap", HEADER + "spring,,1,2,,\nspring,,3,4,2026-02-01,\n", OVERLAP.format("spring")),
    ("two rows of a client", HEADER + ",K,1,2,,\n,K,1,3,,\n", OVERLAP.format("K")),
    ("an overlap for a strange key", HEADER + '"x\n",,1,2,,\n"x\n",,1,3,,\n',
     OVERLAP.format("x\\n")),
))  # fmt: skip
def test_refused(tmp_path: Path, content: Content, says: str) -> None:
    assert build(tmp_path, {"w.csv": content}, "--delay-windows", "{}/w.csv") == refused(says)


def test_a_row_twice_counts_once(tmp_path: Path) -> None:
    twice = HEADER + ",K,1,2,,\n,K,1,2,,\n"
    built = build(tmp_path, {"w.csv": twice}, "--delay-windows", "{}/w.csv")
    assert rejected(built, "w.csv: exact duplicates left out: 1.") == []
    [event] = built.events
    assert (event["aiDelayMinSeconds"], event["aiDelayMaxSeconds"]) == (1, 2)


@pytest.mark.parametrize(("name", "content", "says"), cases(
    ("a nested campaign", "w.json",
     '[{"campaignId": {"id": "spring"}, "minSeconds": 1, "maxSeconds": 2}]',
     "w.json, row 1, column campaignId: nested value: '{\"id\":\"spring\"}'."),
    ("another format", "w.toml", "x = 1",
     "exports/w.toml is none of .parquet, .csv, .tsv, .json, .ndjson, .jsonl "
     "(the text ones also .gz or .zst)."),
    ("Parquet that is none", "w.parquet", "x",
     "w.parquet cannot be read: it is no Parquet file, or cut short. Repair or export it again."),
))  # fmt: skip
def test_other_formats_refused(tmp_path: Path, name: str, content: str, says: str) -> None:
    assert build(tmp_path, {name: content}, "--delay-windows", f"{{}}/{name}") == refused(says)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    built = build(tmp_path, {}, "--delay-windows", "{}/w.csv")
    assert built.code == 2
    assert built.err.endswith("File 'exports/w.csv' does not exist.\n")


@pytest.mark.parametrize(("rows", "window"), cases(
    ("nothing", "", (None, None)),
    ("a campaign that nobody is in", "winter,,1,2,,\n", (None, None)),
    ("below nothing", "spring,,-5,-1,,\n", (-5, -1)),
    ("upside down", "spring,,10,5,,\n", (10, 5)),
    ("up to the instant of the inbound", "spring,,1,2,,2026-02-10 10:00:00\n", (None, None)),
    ("from the instant of the inbound on", "spring,,1,2,2026-02-10 10:00:00,\n", (1, 2)),
))  # fmt: skip
def test_taken(tmp_path: Path, rows: str, window: tuple[int | None, int | None]) -> None:
    assert "ann,K,spring" in ORDINARY["Lead.csv"]
    built = build(tmp_path, {"w.csv": HEADER + rows}, "--delay-windows", "{}/w.csv")
    assert rejected(built) == []
    [event] = built.events
    assert (event["aiDelayMinSeconds"], event["aiDelayMaxSeconds"]) == window
