"""Parquet files that are none, are damaged, or hold what no contract can read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bad_input.tool import MESSAGES, build, cases, refused, rejected

FRAME = pl.read_csv(io.StringIO(MESSAGES), infer_schema=False)
UNREADABLE = "Message.parquet cannot be read: {}. Repair or export it again."
NO_PARQUET = UNREADABLE.format("it is no Parquet file, or cut short")


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file, use_pyarrow=True)
    return file.getvalue()


WHOLE = parquet(FRAME)


def spoiled(place: int) -> bytes:
    return WHOLE[:place] + b"\xff" * 60 + WHOLE[place + 60 :]


def encrypted(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("set force_mbedtls_unsafe = 'true'")
        connection.execute("pragma add_parquet_key('k', '0123456789012345')")
        connection.execute(
            f"copy (select 'A' as id) to '{path}' (encryption_config {{footer_key: 'k'}})"
        )


def with_columns(**columns: Any) -> Callable[[Path], object]:
    """The ordinary messages with other columns, each one value, or an Arrow array."""

    def write(path: Path) -> None:
        table = pa.table({name: FRAME[name].to_arrow() for name in FRAME.columns})
        for name, given in columns.items():
            array = given if isinstance(given, pa.Array) else pa.array([given] * len(FRAME))
            kept = [n for n in table.column_names if n != name]
            table = table.select(kept).append_column(name, array)
        pq.write_table(table, path)

    return write


def twice(*names: str) -> Callable[[Path], object]:
    """A file that has its first column twice, under these names."""
    columns = [FRAME["id"].to_arrow(), *(FRAME[name].to_arrow() for name in FRAME.columns)]
    table = pa.Table.from_arrays([*columns[:1], *columns[2:], columns[1]],
                                 names=[names[0], *FRAME.columns[1:], names[1]])  # fmt: skip
    return lambda path: pq.write_table(table, path)


def of_type(column: str, kind: str, wanted: str) -> str:
    way = "text" if wanted == "text" else "text or as that"
    return (
        f"Message.parquet: column {column} is of type {kind}, which is no {wanted}; "
        f"export it as {way}."
    )


@pytest.mark.parametrize(("content", "says"), cases(
    ("empty", b"", NO_PARQUET),
    ("truncated", WHOLE[:-100], NO_PARQUET),
    ("its beginning cut off", WHOLE[100:], UNREADABLE.format("it is damaged")),
    ("CSV in it", MESSAGES, NO_PARQUET),
    ("a ZIP archive", b"PK\x03\x04" + b"x" * 500,
     "Message.parquet is a ZIP archive or an Excel workbook; unpack it, or save its "
     "sheet as CSV."),
    ("spoiled in the middle", spoiled(200), UNREADABLE.format("it is damaged")),
    ("spoiled at the end", spoiled(len(WHOLE) - 300), UNREADABLE.format("it is damaged")),
    ("no footer", b"PAR1" + b"\0" * 50 + WHOLE[-8:], UNREADABLE.format("it is damaged")),
    ("encrypted", encrypted, UNREADABLE.format("it is encrypted")),
    ("no columns", lambda path: pq.write_table(pa.table({}), path),
     UNREADABLE.format("it has no columns")),
    ("a column twice", twice("id", "id"), "Message.parquet has id twice, as id and id; keep one."),
    ("a column twice but for case",
     twice("id", "ID"), "Message.parquet has id twice, as id and ID; keep one."),
    ("a struct as id", with_columns(id=pa.array([{"a": 1}] * 2)),
     of_type("id", "STRUCT(a BIGINT)", "text")),
    ("a list as id", with_columns(id=pa.array([["a"]] * 2)), of_type("id", "VARCHAR[]", "text")),
    ("bytes as id", with_columns(id=b"A"), of_type("id", "BLOB", "text")),
    ("a fraction as id", with_columns(id=1.5), of_type("id", "DOUBLE", "text")),
    ("a boolean as direction",
     with_columns(direction=True), of_type("direction", "BOOLEAN", "text")),
    ("a time of day", with_columns(sentAt=time(1, 2)), of_type("sentAt", "TIME", "timestamp")),
    ("milliseconds beyond microseconds",
     with_columns(sentAt=pa.array([2**62] * 2, pa.timestamp("ms"))),
     UNREADABLE.format("a timestamp lies beyond the year 294246")),
))  # fmt: skip
def test_refused(tmp_path: Path, content: Any, says: str) -> None:
    assert build(tmp_path, {"Message.parquet": content}) == refused(says)


def both(column: str, reason: str, value: object) -> list[str]:
    return [f"{row} {column}: {reason}: {value}" for row in (1, 2)]


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(("content", "rejects"), cases(
    ("NaN", with_columns(aiDraftPartIndex=float("nan")),
     both("aiDraftPartIndex", "unreadable whole number", "nan")),
    ("infinity", with_columns(aiDraftPartIndex=float("inf")),
     both("aiDraftPartIndex", "unreadable whole number", "inf")),
    ("a fraction", with_columns(aiDraftPartIndex=1.5),
     both("aiDraftPartIndex", "unreadable whole number", "1.5")),
    ("beyond 32 bits", with_columns(aiDraftPartIndex=2**40),
     both("aiDraftPartIndex", "unreadable whole number", 2**40)),
    ("beyond 32 bits, in a float of 32",
     with_columns(aiDraftPartIndex=pa.array([2.0**31] * 2, pa.float32())),
     both("aiDraftPartIndex", "unreadable whole number", "2147483600.0")),
    ("year 20000", with_columns(sentAt=pa.array([568971820800000000] * 2, pa.timestamp("us"))),
     both("sentAt", "unreadable timestamp", "20000-01-01 00:00:00")),
    ("infinity as an instant", with_columns(sentAt=pa.array([2**63 - 1] * 2, pa.timestamp("us"))),
     both("sentAt", "unreadable timestamp", "infinity")),
    ("infinity in a time zone",
     with_columns(sentAt=pa.array([2**63 - 1] * 2, pa.timestamp("us", "Asia/Kolkata"))),
     both("sentAt", "unreadable timestamp", "infinity")),
    ("the year before 1 in a time zone",
     with_columns(sentAt=pa.array([-62135596800000001] * 2, pa.timestamp("us", "UTC"))),
     both("sentAt", "unreadable timestamp", "0001-12-31 (BC) 23:59:59.999999+00")),
    ("a key that is null throughout",
     with_columns(sentAt=pa.nulls(2)), both("sentAt", "no sentAt", None)),
    ("an option null throughout", with_columns(aiDraftId=pa.nulls(2)), []),
    ("a whole number as a fraction", with_columns(aiDraftPartIndex=1e7), []),
    ("no rows", parquet(FRAME.clear()), []),
))  # fmt: skip
def test_read(tmp_path: Path, content: Any, rejects: list[str]) -> None:
    built = build(tmp_path, {"Message.parquet": content})
    assert rejected(built) == rejects


@pytest.mark.parametrize(("sent", "notes"), cases(
    ("dates are their midnight", date(2026, 2, 10),
     ["Message.sentAt: 1 of 1 inbound messages were sent at midnight; a program may have cut the "
      "time. Outbound messages at the instant of an inbound of their thread, which answer nothing: "
      "1, such as B."]),
    ("epoch seconds", 1739190896,
     ["Message.sentAt is in seconds since 1970, and read as such.",
      "Message.sentAt: 1 of 1 inbound messages were sent on a whole second; a program may have cut "
      "the rest. Outbound messages at the instant of an inbound of their thread, which answer "
      "nothing: 1, such as B."]),
))  # fmt: skip
def test_read_and_told(tmp_path: Path, sent: Any, notes: list[str]) -> None:
    built = build(tmp_path, {"Message.parquet": with_columns(sentAt=sent)})
    assert rejected(built, *notes) == []


@pytest.mark.wide(but=4)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Kolkata"])
def test_an_instant_of_any_unit_and_zone_is_that_instant(
    tmp_path: Path, unit: str, zone: str | None
) -> None:
    """As pandas, Spark and Arrow write them: in a zone they are UTC all the same."""
    sent = [datetime(2026, 2, 10, 10), datetime(2026, 2, 10, 10, 5)]
    instants = pa.array(sent, pa.timestamp("us")).cast(pa.timestamp(unit, zone))
    built = build(tmp_path, {"Message.parquet": with_columns(sentAt=instants)})
    assert [(row["inboundSentAt"], row["setterResponseMs"]) for row in built.events] == [
        ("2026-02-10T10:00:00.000000Z", 300_000)
    ]
