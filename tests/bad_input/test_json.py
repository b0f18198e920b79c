"""JSON that is cut, nested, doubled, or not of the form that its name says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.bad_input.tool import HEADER, INBOUND, OUTBOUND, build, cases, refused, rejected

NAMES = HEADER.strip().split(",")


def record(row: str, **values: Any) -> str:
    """A row as a JSON object, with other values: what is given as Raw stands there as it is."""
    cells = dict(zip(NAMES, row.strip().split(","), strict=True)) | values
    written = {name: json.dumps(value or None) for name, value in cells.items()}
    return "{" + ", ".join(f'"{name}": {text}' for name, text in written.items()) + "}"


A, B = record(INBOUND), record(OUTBOUND)


def a_with(text: str, instead_of: str = '"A"') -> str:
    """Both records, the first with a raw JSON text instead of its id."""
    return A.replace(instead_of, text, 1) + "\n" + B


def unreadable(why: str, where: str = "Message.ndjson") -> str:
    return f"{where} cannot be read: {why}. Repair or export it again."


NO_JSON = "it is no valid JSON, or cut short"
NO_ARRAY = "it is no JSON array; a file of a record a line is called .ndjson"
OPEN = "Message.json is cut short, or more than an array: it does not end in a ]. Export it again."
ZSTD = pa.Codec("zstd").compress(f"{A}\n{B}\n".encode() * 500, asbytes=True)


@pytest.mark.wide(but=17)
@pytest.mark.parametrize(("name", "content", "says"), cases(
    ("empty", "Message.json", "", "Message.json is empty: it has no JSON array."),
    ("cut in a record", "Message.json", f"[{A}, {B[:30]}", OPEN),
    ("cut between records", "Message.json", f"[{A},\n", OPEN),
    ("cut before the ]", "Message.json", f"[{A}, {B}\n", OPEN),
    ("text after the array", "Message.json", f"[{A}, {B}] more", OPEN),
    ("two arrays", "Message.json", f"[{A}]\n[{B}]",
     unreadable(NO_JSON, "Message.json, record 3")),
    ("a record a line", "Message.json", f"{A}\n{B}\n", unreadable(NO_ARRAY, "Message.json")),
    ("wrapped", "Message.json", f'{{"data": [{A}]}}',
     "Message.json is one object, with its rows below .data; write these alone, as by: "
     "jq '.data' Message.json > rows.json"),
    ("a record a line", "Message.json", f"{A}\n{B}\n", unreadable(NO_ARRAY, "Message.json")),
    ("no comma", "Message.json", f"[{A} {B}]", unreadable(NO_JSON, "Message.json, record 2")),
    ("a number among records", "Message.json", f"[{A}, 1, {B}]",
     unreadable("it is a JSON value, but no object", "Message.json, record 2")),
    ("an array", "Message.ndjson", f"[{A}, {B}]",
     "Message.ndjson is a JSON array; let its name end in .json."),
    ("cut in the last record", "Message.ndjson", f"{A}\n{B[:30]}",
     unreadable(NO_JSON, "Message.ndjson, record 2")),
    ("two records a line", "Message.ndjson", f"{A}{B}\n",
     unreadable(NO_JSON, "Message.ndjson, record 1")),
    ("records over lines", "Message.ndjson", json.dumps(json.loads(A), indent=1),
     unreadable(NO_JSON, "Message.ndjson, record 1")),
    ("commas after records", "Message.ndjson", f"{A},\n{B}\n",
     unreadable(NO_JSON, "Message.ndjson, record 1")),
    ("a comment", "Message.ndjson", f"{A}\n// by hand\n{B}",
     unreadable(NO_JSON, "Message.ndjson, record 2")),
    ("numbers", "Message.ndjson", "1\n2\n",
     "Message.ndjson holds JSON values that are not objects; export records."),
    ("a record without keys", "Message.ndjson", "{}\n",
     "Message.ndjson has no column id; it has none."),
    ("a key that no record has", "Message.ndjson", '{"id": "A", "leadId": "ann"}\n',
     "Message.ndjson has no column channel; it has id, leadId."),
    ("a key twice", "Message.ndjson", a_with('"A", "id": "Z"'),
     unreadable("a record has one key twice", "Message.ndjson, record 1")),
    ("a key in two cases", "Message.ndjson", a_with('"A", "ID": "Z"'),
     "Message.ndjson has id twice, as ID and id; keep one."),
    ("a key in two styles", "Message.ndjson", a_with('"A", "lead_id": "bob"'),
     "Message.ndjson has leadId twice, as leadId and lead_id; keep one."),
    ("a key in another case from a record on", "Message.ndjson",
     f"{A}\n{B.replace('sentAt', 'SentAt')}",
     "Message.ndjson has sentAt twice, as SentAt and sentAt; keep one."),
    ("NUL", "Message.ndjson", a_with('"A\0"'), unreadable(NO_JSON, "Message.ndjson, record 1")),
    ("half a surrogate pair", "Message.ndjson", a_with(r'"A\ud800"'),
     unreadable(NO_JSON, "Message.ndjson, record 1")),
    ("40 MB in a record", "Message.ndjson", a_with(f'"A", "body": "{"x" * 40_000_000}"'),
     unreadable("a record is longer than 16 MB")),
    ("Latin-1", "Message.ndjson", a_with('"\xc4"').encode("latin-1"),
     unreadable("it is not UTF-8 text", "Message.ndjson, record 1")),
    ("UTF-16", "Message.ndjson", a_with('"A"').encode("utf-16"),
     "Message.ndjson is UTF-16 text; save it as UTF-8."),
    ("a byte-order mark", "Message.ndjson", a_with('"A"').encode("utf-8-sig"),
     "Message.ndjson is text with a byte-order mark; save it as UTF-8 without one."),
    ("a web page", "Message.ndjson", "<html>no</html>",
     "Message.ndjson is a web page; it may say why the export failed."),
    ("zstd cut short", "Message.ndjson.zst", ZSTD[:-10],
     unreadable("it is cut short", "Message.ndjson.zst")),
))  # fmt: skip
def test_refused(tmp_path: Path, name: str, content: Any, says: str) -> None:
    assert build(tmp_path, {name: content}) == refused(says)


PART = '"aiDraftPartIndex": null'


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(("content", "rejects"), cases(
    ("an object as id", a_with('{"$oid": "A"}'), ['1 id: nested value: {"$oid":"A"}']),
    ("an array as id", a_with('["A"]'), ['1 id: nested value: ["A"]']),
    ("an object as an optional id", a_with('"aiDraftId": {}', '"aiDraftId": null'),
     ["1 aiDraftId: nested value: {}"]),
    ("an object as sender", a_with('"sentBy": {"is": "ai"}', '"sentBy": null'),
     ['1 sentBy: nested value: {"is":"ai"}']),
    ("an object as timestamp", a_with('{"$date": 1}', '"2026-02-10 10:00:00"'),
     ['1 sentAt: nested value: {"$date":1}']),
    ("epoch milliseconds", a_with("1739190896000", '"2026-02-10 10:00:00"'),
     ["1 sentAt: unreadable timestamp: 1739190896000"]),
    ("NaN as timestamp", a_with("NaN", '"2026-02-10 10:00:00"'),
     ["1 sentAt: unreadable timestamp: NaN"]),
    ("infinity as a number", a_with('"aiDraftPartIndex": -Infinity', PART),
     ["1 aiDraftPartIndex: unreadable whole number: -Infinity"]),
    ("a fraction", a_with('"aiDraftPartIndex": 0.5', PART),
     ["1 aiDraftPartIndex: unreadable whole number: 0.5"]),
    ("a fraction as id", a_with("1.10"), ["1 id: number with a fraction or an exponent: 1.1"]),
    ("an exponent as id", a_with("1e300"), ["1 id: number with a fraction or an exponent: 1e300"]),
    ("a fraction as an optional id", a_with('"aiDraftId": 2.50', '"aiDraftId": null'),
     ["1 aiDraftId: number with a fraction or an exponent: 2.5"]),
    ("100,000 levels as id", a_with("[" * 100_000 + "]" * 100_000),
     [f"1 id: nested value: {'[' * 200}"]),
    ("null as id", a_with("null"), ["1 id: no id: None"]),
    ("no id", a_with('"key": "A"', '"id": "A"'), ["1 id: no id: None"]),
    ("null as record", f"{A}\nnull\n{B}", ["2 id: no id: None"]),
))  # fmt: skip
def test_rejected(tmp_path: Path, content: str, rejects: list[str]) -> None:
    assert rejected(build(tmp_path, {"Message.ndjson": content})) == rejects


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(("name", "content", "anchor"), cases(
    ("text like an object", "Message.ndjson", a_with(r'"{\"a\": 1}"'), '{"a": 1}'),
    ("a number", "Message.ndjson", a_with("17"), "17"),
    ("text like a fraction", "Message.ndjson", a_with('"1.10"'), "1.10"),
    ("a number beyond 64 bits", "Message.ndjson", a_with("1" * 40), "1" * 40),
    ("NUL escaped", "Message.ndjson", a_with(r'"A\u0000B"'), "A\0B"),
    ("a pair of surrogates", "Message.ndjson", a_with(r'"\ud83d\ude00"'), "😀"),
    ("nested, in a foreign key", "Message.ndjson", a_with('"A", "x": {"id": [1]}'), "A"),
    ("a foreign key twice", "Message.ndjson", a_with('"A", "x": 1, "x": 2'), "A"),
    ("a foreign key in two cases", "Message.ndjson", a_with('"A", "x": 1, "X": 2'), "A"),
    ("100,000 levels, in a foreign key", "Message.ndjson",
     a_with('"A", "x": ' + "[" * 100_000 + "]" * 100_000), "A"),
    ("a key of no characters", "Message.ndjson", a_with('"A", "": 1'), "A"),
    ("an array with a byte-order mark", "Message.json", f"\ufeff[{A}, {B}]", "A"),
    ("an array with space after it", "Message.json", f"[{A}, {B}]" + " \n" * 500, "A"),
))  # fmt: skip
def test_read_whole(tmp_path: Path, name: str, content: str, anchor: str) -> None:
    built = build(tmp_path, {name: content})
    assert rejected(built) == []
    assert [event["inboundMessageId"] for event in built.events] == [anchor]


@pytest.mark.parametrize(("name", "content"), [("Message.ndjson", ""), ("Message.json", " [ ] ")])
def test_no_record_is_no_message(tmp_path: Path, name: str, content: str) -> None:
    built = build(tmp_path, {name: content})
    assert (rejected(built), built.events) == ([], [])
