"""CSV files that are something else, are cut short, or lose their columns."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.bad_input.tool import (
    HEADER,
    INBOUND,
    MESSAGES,
    OUTBOUND,
    build,
    cases,
    refused,
    rejected,
)

CSV, GZ, ZST = "Message.csv", "Message.csv.gz", "Message.csv.zst"
CANNOT = "{} cannot be read: {}. Repair or export it again."
WIDTH = "the row has another number of columns than the header"
OPEN_QUOTE = "a quoted field is not closed, or goes on after its closing quote"
LONG_HEADER = "its first line, which must name the columns, is too long or has an open quote"
NO_GZIP, NO_ZSTD = "it is no gzip file, or damaged", "it is no zstd file, or damaged"
NO_TEXT = "Message.csv is no plain text: its first line holds NUL characters."
SAYS = "Message.csv has no column id; its first line must name the columns, and says: "
UTF_16 = "Message.csv is UTF-16 text; save it as UTF-8."
CUT = "it is cut short"
GZIP = gzip.compress(MESSAGES.encode() * 500, mtime=0)
ZSTD = pa.Codec("zstd").compress(MESSAGES.encode() * 500, asbytes=True)


def writing(text: Callable[[], str]) -> Callable[[Path], object]:
    """Something big, made only when its case runs."""
    return lambda path: path.write_text(text(), encoding="utf-8")


def unreadable(why: str, where: str = "Message.csv") -> str:
    return CANNOT.format(where, why)


@pytest.mark.wide(but=16)
@pytest.mark.parametrize(("name", "content", "says"), cases(
    ("empty", CSV, "", "Message.csv is empty: it has no header line."),
    ("blank", CSV, " \n\n", "Message.csv is empty: it has no header line."),
    ("an empty line first", CSV, "\n" + MESSAGES,
     "Message.csv begins with an empty line; the first line must name the columns."),
    ("semicolons", CSV, MESSAGES.replace(",", ";"),
     "Message.csv separates its columns by ';', not by ','; export it with commas."),
    ("bars", CSV, MESSAGES.replace(",", "|"),
     "Message.csv separates its columns by '|', not by ','; export it with commas."),
    ("tabs", CSV, MESSAGES.replace(",", "\t"),
     "Message.csv separates its columns by '\\t', not by ','; let its name end in .tsv."),
    ("commas in a .tsv", "Message.tsv", MESSAGES,
     "Message.tsv separates its columns by ',', not by '\\t'; let its name end in .csv."),
    ("a short row", CSV, MESSAGES + "C,ann\n", unreadable(WIDTH, "Message.csv, row 3")),
    ("a long row", CSV, HEADER + INBOUND.strip() + ",more\n" + OUTBOUND,
     unreadable(WIDTH, "Message.csv, row 1")),
    ("a quote that is not closed", CSV, HEADER + INBOUND + '"B' + OUTBOUND[1:] + INBOUND,
     unreadable(OPEN_QUOTE, "Message.csv, row 2")),
    ("text after a closing quote", CSV,
     HEADER + '"A"x' + INBOUND[1:], unreadable(OPEN_QUOTE, "Message.csv, row 1")),
    ("a quote escaped by a backslash", CSV, HEADER + r'"A\"x"' + INBOUND[1:],
     unreadable(OPEN_QUOTE, "Message.csv, row 1")),
    ("an open quote in the header", CSV, '"' + MESSAGES,
     unreadable("a quoted field of the first line is not closed")),
    ("text after a quote in the header", CSV, '"i"d' + MESSAGES[2:],
     unreadable("a quoted field of the first line goes on after its closing quote")),
    ("an open quote in a long file", CSV, '"' + MESSAGES * 3000, unreadable(LONG_HEADER)),
    ("one line of 20 MB", CSV, writing(lambda: "x" * 20_000_000), unreadable(LONG_HEADER)),
    ("a row of 70 MB", CSV, writing(lambda: f'body,{HEADER}"{"x" * 70_000_000}",{INBOUND}'),
     unreadable("a row is longer than 64 MB", "Message.csv, row 1")),
    ("a comment first", CSV, "# exported by hand\n" + MESSAGES, SAYS + "# exported by hand"),
    ("Excel's sep= line", CSV, "sep=,\n" + MESSAGES, SAYS + "sep=, "),
    ("no header", CSV, INBOUND + OUTBOUND,
     SAYS + "A, ann, email, inbound, 2026-02-10 10:00:00, , , , "),
    ("a header of numbers", CSV, ",".join(map(str, range(5000))) + "\n",
     SAYS + ", ".join(map(str, range(5000)))[:300] + "…"),
    ("control characters in the header", CSV, "\x1b[31m" + MESSAGES[2:],
     "Message.csv has no column id; it has \\x1b[31m, leadId, channel, direction, sentAt, sentBy, "
     "sentByUserId, aiDraftId, aiDraftPartIndex."),
    ("NUL in the header", CSV, "i\0d" + MESSAGES[2:], NO_TEXT),
    ("nothing but NUL", CSV, b"\0" * 1000, NO_TEXT),
    ("UTF-16 without a mark", CSV, MESSAGES.encode("utf-16-le"), NO_TEXT),
    ("UTF-16", CSV, MESSAGES.encode("utf-16"), UTF_16),
    ("UTF-16, big end first", CSV, b"\xfe\xff" + MESSAGES.encode("utf-16-be"), UTF_16),
    ("Latin-1", CSV, MESSAGES.replace("ann,", "Zo\xeb,").encode("latin-1"),
     unreadable("it is not UTF-8 text", "Message.csv, row 1")),
    ("a byte that is no UTF-8", CSV, (HEADER + INBOUND).encode() + b"\xff" + OUTBOUND.encode(),
     unreadable("it is not UTF-8 text", "Message.csv, row 2")),
    ("Latin-1 in the header", CSV, MESSAGES.replace("channel", "k\xe4nal").encode("latin-1"),
     unreadable("its first line is not UTF-8 text")),
    ("a web page", CSV, "<!DOCTYPE html>\n<html><title>403 Forbidden</title>",
     "Message.csv is a web page; it may say why the export failed."),
    ("a web page in capitals", CSV, "\n<HTML><body>502 Bad Gateway",
     "Message.csv is a web page; it may say why the export failed."),
    ("XML", CSV, '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
     "Message.csv is XML; it may say why the export failed."),
    ("JSON", CSV, '{"error": "unauthorized"}',
     "Message.csv is JSON; let its name end in .json for an array, "
     "in .ndjson for a record a line."),
    ("Excel workbook", CSV, b"PK\x03\x04\x14\0" + b"x" * 200,
     "Message.csv is a ZIP archive or an Excel workbook; unpack it, or save its sheet as CSV."),
    ("old Excel workbook", CSV, b"\xd0\xcf\x11\xe0" + b"x" * 200,
     "Message.csv is an Excel workbook; save its sheet as CSV."),
    ("Parquet", CSV, b"PAR1" + b"x" * 200,
     "Message.csv is a Parquet file; let its name end in .parquet."),
    ("SQLite", CSV, b"SQLite format 3\0" + b"\0" * 90,
     "Message.csv is an SQLite database; export its tables as CSV."),
    ("PDF", CSV, b"%PDF-1.7\n", "Message.csv is a PDF document; export the table as CSV."),
    ("gzip without .gz", CSV,
     GZIP, "Message.csv is a gzip file; add .gz to its name, or unpack it."),
    ("zstd without .zst", CSV,
     ZSTD, "Message.csv is a zstd file; add .zst to its name, or unpack it."),
    ("gzip in gzip", GZ, gzip.compress(GZIP),
     "Message.csv.gz is a gzip file; add .gz to its name, or unpack it."),
    ("an empty .gz", GZ, b"", "Message.csv.gz is empty: it has no header line."),
    ("a .gz of nothing", GZ, gzip.compress(b""), "Message.csv.gz is empty: it has no header line."),
    ("a .gz that is none", GZ, MESSAGES, unreadable(NO_GZIP, GZ)),
    ("gzip cut in its header", GZ, GZIP[:12], unreadable(CUT, GZ)),
    ("gzip cut in the middle", GZ, GZIP[:-50], unreadable(CUT, GZ)),
    ("gzip cut before its checksum", GZ, GZIP[:-8], unreadable(CUT, GZ)),
    ("gzip with another checksum", GZ, GZIP[:-8] + b"\0" * 8,
     unreadable(NO_GZIP, GZ)),
    ("gzip with something behind it", GZ, GZIP + b"more",
     unreadable(NO_GZIP, GZ)),
    ("a .zst that is none", ZST, MESSAGES, unreadable(NO_ZSTD, ZST)),
    ("zstd cut short", ZST, ZSTD[:-10], unreadable(CUT, ZST)),
    ("Parquet in gzip", "Message.parquet.gz", GZIP,
     "No Message in exports: Message.parquet.gz is none of .parquet, .csv, .tsv, .json, .ndjson, "
     ".jsonl (the text ones also .gz or .zst)."),
    ("only a workbook", "Message.xlsx", b"PK\x03\x04",
     "No Message in exports: Message.xlsx is none of .parquet, .csv, .tsv, .json, .ndjson, "
     ".jsonl (the text ones also .gz or .zst)."),
))  # fmt: skip
def test_refused(tmp_path: Path, name: str, content: Any, says: str) -> None:
    assert build(tmp_path, {name: content}) == refused(says)


def wide(line: str) -> str:
    return "".join(f"{'x,' * 5000}{row}\n" for row in line.splitlines())


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(("name", "content"), cases(
    ("a byte-order mark", CSV, MESSAGES.encode("utf-8-sig")),
    ("no newline at the end", CSV, MESSAGES.rstrip()),
    ("empty lines at the end", CSV, MESSAGES + "\n\n"),
    ("empty lines between", CSV, MESSAGES.replace("\n", "\n\n").replace("\n\n", "\n", 1)),
    ("lines end in CRLF", CSV, MESSAGES.replace("\n", "\r\n")),
    ("lines end in CR", CSV, MESSAGES.replace("\n", "\r")),
    ("lines end in all three", CSV,
     HEADER.replace("\n", "\r\n") + INBOUND + OUTBOUND.replace("\n", "\r")),
    ("spaces round the names", CSV, HEADER.replace(",", " , ") + INBOUND + OUTBOUND),
    ("quoted names", CSV, HEADER.replace(",", '","').replace("id", '"id', 1).strip() + '"\n'
     + INBOUND + OUTBOUND),
    ("a line break in a name", CSV, '"bo\ndy",' + HEADER + "x," + INBOUND + "y," + OUTBOUND),
    ("SQL in a name", CSV,
     "\"'; drop table message; --\"," + HEADER + "x," + INBOUND + "y," + OUTBOUND),
    ("a foreign name twice", CSV, "body,body," + HEADER + "x,y," + INBOUND + "x,y," + OUTBOUND),
    ("NUL in a foreign column", CSV, "body," + HEADER + "x\0y," + INBOUND + "y," + OUTBOUND),
    ("Latin-1 in a foreign column", CSV,
     ("body," + HEADER + "Zo\xeb," + INBOUND + "y," + OUTBOUND).encode("latin-1")),
    ("5,000 columns more", CSV, wide(MESSAGES)),
    ("a field of 50 MB", CSV,
     writing(lambda: f'body,{HEADER}"{"x" * 50_000_000}",{INBOUND},{OUTBOUND}')),
    ("gzip in two members", GZ,
     gzip.compress(HEADER.encode()) + gzip.compress((INBOUND + OUTBOUND).encode())),
    ("zstd in two frames", ZST, pa.Codec("zstd").compress(HEADER.encode(), asbytes=True)
     + pa.Codec("zstd").compress((INBOUND + OUTBOUND).encode(), asbytes=True)),
))  # fmt: skip
def test_read_whole(tmp_path: Path, name: str, content: Any) -> None:
    """Strange, and read to its last row: both messages, one event."""
    built = build(tmp_path, {name: content})
    assert rejected(built) == []
    assert [event["inboundMessageId"] for event in built.events] == ["A"]
    assert built.events[0]["setterResponseMessageId"] == "B"


def test_a_header_alone_is_no_message(tmp_path: Path) -> None:
    built = build(tmp_path, {"Message.csv": HEADER})
    assert (rejected(built), built.events) == ([], [])
