"""How the values of exports are read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.tables import built, in_one, write_exports
from timingctl.options import BuildOptions
from timingctl.pipeline import build

NO_MESSAGES = {"Message": "id | sentAt | direction"}


def of_many(tmp_path: Path, sent_at: Iterable[str]) -> pl.DataFrame:
    """The events of one export with a lead a text, who wrote at that instant and was answered."""
    cases = [
        {
            "Message": "id | leadId | sentAt | direction\n"
            f"A | L | {text} | in\nB | L | 2030-01-01 00:00:00 | out",
            "Lead": "id\nL",
        }
        for text in sent_at
    ]
    return built(tmp_path, in_one(cases))


TIMESTAMPS = [
    ("2026-02-10 12:34:56", datetime(2026, 2, 10, 12, 34, 56)),
    ("2026-02-10 12:34:56.7", datetime(2026, 2, 10, 12, 34, 56, 700_000)),
    ("2026-02-10 12:34:56.789", datetime(2026, 2, 10, 12, 34, 56, 789_000)),
    ("2026-02-10 12:34:56.789123", datetime(2026, 2, 10, 12, 34, 56, 789_123)),
    ("2026-02-10T12:34:56", datetime(2026, 2, 10, 12, 34, 56)),
    ("2026-02-10T12:34:56.789Z", datetime(2026, 2, 10, 12, 34, 56, 789_000)),
    ("2026-02-10 12:34:56Z", datetime(2026, 2, 10, 12, 34, 56)),
    ("2026-02-10 12:34:56+00", datetime(2026, 2, 10, 12, 34, 56)),
    ("2026-02-10 12:34:56.123456+00:00", datetime(2026, 2, 10, 12, 34, 56, 123_456)),
    ("2026-02-10T12:34:56+05:30", datetime(2026, 2, 10, 7, 4, 56)),
    ("2026-02-10 12:34:56.5-08", datetime(2026, 2, 10, 20, 34, 56, 500_000)),
    ("0001-01-01 00:00:00", datetime(1, 1, 1)),
    ("1969-12-31 23:59:59.999999", datetime(1969, 12, 31, 23, 59, 59, 999_999)),
]


def test_timestamps_as_people_export_them(tmp_path: Path) -> None:
    events = of_many(tmp_path, [text for text, _ in TIMESTAMPS])
    found = dict(events.select("id", "inboundSentAt").iter_rows())
    for number, (text, instant) in enumerate(TIMESTAMPS):
        assert found.pop(f"A.{number}") == instant.replace(tzinfo=UTC), text
    assert not found


NO_TIMESTAMPS = [
    "soon",
    "1739190896",
    "2026-02-30 00:00:00",
    "2026-02-10 25:00:00",
    "10/02/2026 12:00",
    "infinity",
    "-infinity",
    "epoch",
    "20000-01-01 00:00:00",
    "0000-12-31 00:00:00",
    "2026-02-10 12:34:56 and more",
]


def test_what_is_no_timestamp_is_rejected_with_its_value(tmp_path: Path) -> None:
    assert of_many(tmp_path, NO_TIMESTAMPS).is_empty()
    lines = (tmp_path / "events.parquet.rejects.ndjson").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "table": "Message",
            "file": "Message.csv",
            "row": 1 + 2 * number,
            "id": f"A.{number}",
            "column": "sentAt",
            "reason": "unreadable timestamp",
            "value": text,
        }
        for number, text in enumerate(NO_TIMESTAMPS)
    ]


INSTANT = datetime(2026, 2, 10, 12, 34, 56, 789_000)


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([INSTANT], dtype=pl.Datetime("ms")),
        pl.Series([INSTANT], dtype=pl.Datetime("us")),
        pl.Series([INSTANT], dtype=pl.Datetime("ns")),
        pl.Series([INSTANT], dtype=pl.Datetime("us")).dt.replace_time_zone("UTC"),
        pl.Series([INSTANT + timedelta(hours=5, minutes=30)], dtype=pl.Datetime("ms"))
        .dt.replace_time_zone("Asia/Kolkata"),
        pl.Series(["2026-02-10 12:34:56.789"]),
        pl.Series(["2026-02-10T12:34:56.789Z"], dtype=pl.Categorical),
    ],
    ids=lambda column: str(column.dtype),
)  # fmt: skip
def test_parquet_timestamps_of_any_unit_and_zone(tmp_path: Path, column: pl.Series) -> None:
    source = write_exports(tmp_path / "exports", NO_MESSAGES)
    (source / "Message.csv").unlink()
    row = {"id": "A", "leadId": "L", "channel": "email", "direction": "inbound"}
    answer = {**row, "id": "B", "direction": "outbound", "sentAt": "2030-01-01"}
    inbound = pl.DataFrame([row]).with_columns(column.alias("sentAt"))
    (source / "Message").mkdir()
    inbound.write_parquet(source / "Message" / "in.parquet")
    pl.DataFrame([answer]).write_csv(source / "Message" / "out.csv")
    build(BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True))
    events = pl.read_parquet(tmp_path / "events.parquet")
    assert events["inboundSentAt"].to_list() == [INSTANT.replace(tzinfo=UTC)]


def test_parquet_uuids_and_integers_as_ids(tmp_path: Path) -> None:
    source = write_exports(tmp_path / "exports", NO_MESSAGES)
    (source / "Message.csv").unlink()
    first, second = uuid.UUID(int=10**37), uuid.UUID(int=10**36)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from (values ('{first}'::uuid, 7, 'inbound', timestamp '2026-02-10'),"
            f"('{second}'::uuid, 7, 'outbound', timestamp '2026-02-11'))"
            " as m(id, leadId, direction, sentAt), (select 'email' as channel))"
            f" to '{source}/Message.parquet'"
        )
    (source / "Lead.csv").write_text("id,clientId\n7,K\n")
    build(BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True))
    events = pl.read_parquet(tmp_path / "events.parquet")
    assert events.select("id", "leadId").rows() == [(str(first), "7")]


@pytest.mark.parametrize("empty", ["", "NULL", r"\N"])
def test_null_as_csv_writers_spell_it(tmp_path: Path, empty: str) -> None:
    source = write_exports(tmp_path / "exports", NO_MESSAGES)
    (source / "Message.csv").write_text(
        "id,leadId,channel,direction,sentAt,sentBy,sentByUserId,aiDraftId,aiDraftPartIndex\n"
        f"A,L,email,inbound,2026-02-10 10:00:00,{empty},{empty},{empty},{empty}\n"
        f"B,L,email,outbound,2026-02-10 10:01:00,setter,{empty},{empty},{empty}\n"
    )
    document = build(
        BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True)
    )
    assert document["tables"]["Message"]["rejected"] == {}
    assert document["events"]["answeredBySetter"] == 0


def test_whole_numbers_as_people_export_them(tmp_path: Path) -> None:
    numbers = ["0", "1.0", "-1", "+2", "1.5", "one", "3000000000"]
    rows = rejected(tmp_path, Message="id | sentAt | direction | aiDraftPartIndex\n" + "\n".join(
        f"A{text} | 10:00:00 | out | {text}" for text in numbers
    ))  # fmt: skip
    assert [(row["value"], row["reason"]) for row in rows] == [
        (text, "unreadable whole number") for text in numbers[4:]
    ]


def rejected(tmp_path: Path, **tables: str) -> list[dict[str, Any]]:
    built(tmp_path, {**NO_MESSAGES, **tables})
    lines = (tmp_path / "events.parquet.rejects.ndjson").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_every_reject_names_table_file_row_id_column_reason_and_value(tmp_path: Path) -> None:
    rows = rejected(
        tmp_path,
        Message="""
            id | leadId | channel | direction | sentAt
            A  | L      | email   | in        | 10:00:00
               | L      | email   | in        | 10:00:00
            B  |        | email   | in        | 10:00:00
            C  | L      |         | in        | 10:00:00
            D  | L      | email   | up        | 10:00:00
            E  | L      | email   | in        |
            F  | nobody | email   | in        | 10:00:00
            G  | L      | email   | in        | 10:00:00
            G  | L      | email   | out       | 10:00:00
        """,
        AIDraft="id | channel\nd | ",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("Message", "Message.csv", 2, None, "id", "no id", None),
        ("Message", "Message.csv", 3, "B", "leadId", "no leadId", None),
        ("Message", "Message.csv", 4, "C", "channel", "no channel", None),
        ("Message", "Message.csv", 5, "D", "direction", "unknown direction", "up"),
        ("Message", "Message.csv", 6, "E", "sentAt", "no sentAt", None),
        ("Message", "Message.csv", 7, "F", "leadId", "lead not in Lead", "nobody"),
        ("Message", "Message.csv", 8, "G", "id", "different rows under one id", "G"),
        ("Message", "Message.csv", 9, "G", "id", "different rows under one id", "G"),
        ("AIDraft", "AIDraft.csv", 1, "d", "channel", "no channel", None),
    ]


def test_rows_are_numbered_within_their_own_shard(tmp_path: Path) -> None:
    source = write_exports(tmp_path / "exports", NO_MESSAGES)
    head = (source / "Message.csv").read_text()
    (source / "Message.csv").unlink()
    (source / "Message").mkdir()
    for number in range(3):
        good = f"A{number},2026-02-10,inbound,L,email,,,,\n"
        bad = f"B{number},soon,inbound,L,email,,,,\n"
        (source / "Message" / f"{number}.csv").write_text(head + good * number + bad)
    build(BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True))
    lines = (tmp_path / "events.parquet.rejects.ndjson").read_text().splitlines()
    places = [(row["file"], row["row"]) for row in map(json.loads, lines)]
    assert places == [("Message/0.csv", 1), ("Message/1.csv", 2), ("Message/2.csv", 3)]


def test_exact_duplicates_are_used_once_and_counted(tmp_path: Path) -> None:
    twice = "id | sentAt | direction\nA | 10:00:00 | in\nA | 10:00:00 | in\nB | 10:01:00 | out"
    source = write_exports(tmp_path / "exports", {"Message": twice})
    document = build(
        BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True)
    )
    table = document["tables"]["Message"]
    assert (table["rowsRead"], table["used"], table["exactDuplicates"]) == (3, 2, 1)
    assert not (tmp_path / "events.parquet.rejects.ndjson").exists()


def test_the_list_of_rejects_goes_when_there_are_none_any_more(tmp_path: Path) -> None:
    assert rejected(tmp_path, AIDraft="id | channel\nd | ")
    built(tmp_path, NO_MESSAGES)
    assert not (tmp_path / "events.parquet.rejects.ndjson").exists()


NO_CAMPAIGNS = "There is no EmailCampaign: no delay window of today is known."


def test_a_parquet_column_without_any_value_is_null(tmp_path: Path) -> None:
    """Pandas and Polars give it the type null."""
    source = write_exports(tmp_path / "exports", {
        "Message": "id | sentAt | direction\nA | 10:00:00 | in\nB | 10:05:00 | out",
    })  # fmt: skip
    (source / "Message.csv").unlink()
    instants = [datetime(2026, 2, 10, 10), datetime(2026, 2, 10, 11)]
    pl.DataFrame(
        {"id": ["A", "B"], "leadId": "L", "channel": "email", "direction": ["inbound", "outbound"],
         "sentAt": instants, "sentBy": None, "sentByUserId": None, "aiDraftId": None,
         "aiDraftPartIndex": None},
    ).write_parquet(source / "Message.parquet")  # fmt: skip
    document = build(
        BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True)
    )
    assert (document["events"]["total"], document["notes"]) == (1, [NO_CAMPAIGNS])


def test_absent_optional_columns_are_null_and_said(tmp_path: Path) -> None:
    source = write_exports(tmp_path / "exports", NO_MESSAGES)
    (source / "Message.csv").write_text("id,leadId,channel,direction,sentAt,sendBy\n")
    document = build(
        BuildOptions(source=source, output=tmp_path / "events.parquet", allow_rejects=True)
    )
    assert document["notes"] == [
        NO_CAMPAIGNS,
        "Message.csv has no sentBy (did you mean sendBy?), sentByUserId, aiDraftId, "
        "aiDraftPartIndex; taken as null.",
    ]


BOUNCES = """
    id | sentAt   | direction | source
    A  | 10:00:00 | in        | reply
    B  | 10:01:00 | in        | Bounce
    C  | 10:02:00 | out       | campaign
"""


def test_what_came_back_is_no_message(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": BOUNCES})
    assert events["id"].to_list() == ["A"]
    manifest = json.loads((tmp_path / "events.parquet.manifest.json").read_text())
    assert manifest["tables"]["Message"]["rejected"] == {"bounce": 1}
    assert manifest["options"]["keepBounces"] is False


def test_unless_it_is_to_be_kept(tmp_path: Path) -> None:
    assert built(tmp_path, {"Message": BOUNCES}, keep_bounces=True)["id"].to_list() == ["B"]


def test_a_source_that_is_no_text_says_nothing(tmp_path: Path) -> None:
    source = write_exports(tmp_path / "exports", {"Message": BOUNCES})
    message = pl.read_csv(source / "Message.csv").with_columns(source=pl.lit(3))
    message.write_parquet(source / "Message.parquet")
    (source / "Message.csv").unlink()
    build(BuildOptions(source, output=tmp_path / "events.parquet"))
    assert pl.read_parquet(tmp_path / "events.parquet")["id"].to_list() == ["B"]


@pytest.mark.parametrize("space", [" ", "\t", "\r\n", "\f", "\v"])
def test_space_of_any_kind_around_a_word_is_no_part_of_it(tmp_path: Path, space: str) -> None:
    source = write_exports(tmp_path / "exports", {"Message": BOUNCES})
    message = pl.read_csv(source / "Message.csv").with_columns(
        source=pl.col("source") + space,
        isDeleted=pl.Series([f"{space}false", "no", f"true{space}"]),
    )
    message.write_csv(source / "Message.csv")
    options = BuildOptions(source, output=tmp_path / "events.parquet", allow_rejects=True)
    document = build(options)
    assert document["tables"]["Message"]["rejected"] == {"bounce": 1, "deleted in the source": 1}
