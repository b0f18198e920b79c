"""The file itself: what it says of its tables, that it is whole, and that it is a source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.cases import FIXTURES
from tests.tables import inbox, inbox_tables, says
from timingctl.errors import InputError
from timingctl.inboxes.contract import EVENTS, INBOX, InboxColumn, InboxTable
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.seals import manifest_path
from timingctl.warehouse import Resources

#: A fixture and the options that it is built with.
CASES: dict[str, dict[str, Any]] = {
    "tour": {},
    "delay_history": {"delay_windows": FIXTURES / "delay_history" / "history.csv"},
    "unusable_rows": {},
    "no_lead_table": {"client": "K9"},
    "no_campaign_table": {},
    "setter_rule_next": {"setter_rule": "next"},
    "headers_only": {},
    "odd_ids": {"since": None},
}


def told(path: Path) -> dict[str, Any]:
    """The one row of Build, its JSON read."""
    [row] = inbox_tables(path)["Build"].to_dicts()
    return {
        name: json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
        for name, value in row.items()
    }


def made(source: Path, output: Path, **options: Any) -> dict[str, Any]:
    build(BuildOptions(source, output=output, allow_rejects=True, **options))
    return told(output)


def test_everything_is_described_in_the_file(tmp_path: Path) -> None:
    made(FIXTURES / "tour", tmp_path / "inbox.duckdb")
    with duckdb.connect(tmp_path / "inbox.duckdb", read_only=True) as connection:
        tables = connection.execute("select table_name, comment from duckdb_tables()").fetchall()
        columns = connection.execute(
            "select table_name, column_name, lower(data_type), comment, is_nullable "
            "from duckdb_columns() where schema_name = 'main' and not internal "
            "order by table_name, column_index"
        ).fetchall()
    assert dict(tables) == {table.name: table.grain for table in INBOX}
    assert columns == [
        (table.name, column.name, column.type, column.says, is_nullable(table, column))
        for table in sorted(INBOX, key=lambda table: table.name)
        for column in table.columns
    ]


def is_nullable(table: InboxTable, column: InboxColumn) -> bool:
    """What may be null is described so; the events' id is made of what may not."""
    return bool(column.null) or (table, column.name) == (EVENTS, "id")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("case", CASES)
def test_the_events_are_those_of_a_file_and_the_inbox_is_a_source(
    case: str, tmp_path: Path
) -> None:
    options = CASES[case]
    first = made(FIXTURES / case, tmp_path / "first.duckdb", **options)
    file = tmp_path / "events.parquet"
    of_file = build(BuildOptions(FIXTURES / case, output=file, allow_rejects=True, **options))
    assert first["digests"][EVENTS.name] == of_file["contentDigest"]
    assert {name: first[name] for name in ("tables", "events", "notes", "options")} == {
        name: of_file[name] for name in ("tables", "events", "notes", "options")
    }
    events = inbox_tables(tmp_path / "first.duckdb")[EVENTS.name]
    instants = pl.selectors.datetime().dt.replace_time_zone("UTC")
    assert events.with_columns(instants).equals(pl.read_parquet(file))
    # Building from it gives the same again, without the options, into either kind of file.
    second = made(tmp_path / "first.duckdb", tmp_path / "second.duckdb")
    assert {**second, "notes": None} == {**first, "notes": None}
    again = build(BuildOptions(tmp_path / "first.duckdb", output=tmp_path / "again.parquet"))
    assert again["contentDigest"] == of_file["contentDigest"]
    assert again["rejectsDigest"] == of_file["rejectsDigest"]
    assert again["tables"] == of_file["tables"]


@pytest.mark.wide
def test_no_digest_depends_on_how_the_rows_stand_or_what_a_run_may_use(tmp_path: Path) -> None:
    found = [made(FIXTURES / "tour", tmp_path / "plain.duckdb")["digests"]]
    for number, suffix in enumerate((".csv", ".ndjson", ".parquet")):
        source = tmp_path / suffix
        source.mkdir()
        for path in sorted((FIXTURES / "tour").glob("*.csv")):
            if path.stem[0].islower():
                continue
            rows = pl.read_csv(path, infer_schema=False).sample(
                fraction=1, shuffle=True, seed=number
            )
            target = source / f"{path.stem}{suffix}"
            match suffix:
                case ".csv":
                    rows.write_csv(target)
                case ".ndjson":
                    rows.write_ndjson(target)
                case _:
                    rows.write_parquet(target)
        limit = "512MB" if suffix == ".csv" else None
        resources = Resources(threads=1 + number, memory_limit=limit, batch_rows=2048)
        output = tmp_path / f"inbox{suffix}.duckdb"
        found.append(made(source, output, resources=resources)["digests"])
    assert found == [found[0]] * 4
    assert set(found[0]) == {table.name for table in INBOX[:-1]}


def test_a_changed_row_changes_the_digest_of_its_table(tmp_path: Path) -> None:
    before = made(FIXTURES / "tour", tmp_path / "before.duckdb")["digests"]
    source = tmp_path / "exports"
    source.mkdir()
    for path in (FIXTURES / "tour").glob("*.csv"):
        text = path.read_text()
        if path.stem == "EmailCampaign":
            text = text.replace("Spring", "Autumn") if "Spring" in text else text + "new,,,,,\n"
        (source / path.name).write_text(text)
    after = made(source, tmp_path / "after.duckdb")["digests"]
    changed = {name for name in before if before[name] != after[name]}
    assert "EmailCampaign" in changed
    assert not changed & {"Message", "AIDraft", "BackgroundJob", "Lead", EVENTS.name}


def test_a_build_that_fails_leaves_the_inbox_as_it_was(tmp_path: Path) -> None:
    output = tmp_path / "inbox.duckdb"
    made(FIXTURES / "tour", output)
    before = output.read_bytes()
    with pytest.raises(InputError, match=r"listed in inbox.duckdb, table Reject"):
        build(BuildOptions(FIXTURES / "unusable_rows", output=output, strict=True))
    with pytest.raises(InputError, match="No client for"):
        build(BuildOptions(FIXTURES / "no_lead_table", output=output))
    assert output.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["inbox.duckdb"]


def test_who_reads_the_old_file_is_not_disturbed(tmp_path: Path) -> None:
    output = tmp_path / "inbox.duckdb"
    made(FIXTURES / "tour", output)
    count = f"select count(*) from {EVENTS.name}"
    with duckdb.connect(output, read_only=True) as reader:
        before = reader.execute(count).fetchall()
        made(FIXTURES / "streak", output)
        assert reader.execute(count).fetchall() == before
    with duckdb.connect(output, read_only=True) as reader:
        assert reader.execute(count).fetchall() != before


def test_what_could_not_be_used_is_listed(tmp_path: Path) -> None:
    output = tmp_path / "inbox.duckdb"
    made(FIXTURES / "unusable_rows", output)
    file = tmp_path / "events.parquet"
    build(BuildOptions(FIXTURES / "unusable_rows", output=file, allow_rejects=True))
    listed = pl.read_ndjson(tmp_path / "events.parquet.rejects.ndjson")
    order = ["table", "file", "row"]
    assert inbox_tables(output)["Reject"].sort(order).equals(listed.sort(order))


def test_nothing_stands_beside_it_and_what_stood_there_is_gone(tmp_path: Path) -> None:
    output = tmp_path / "inbox.duckdb"
    manifest_path(output).write_text('{\n  "tool": "timingctl"\n}')
    made(FIXTURES / "unusable_rows", output)
    assert [path.name for path in tmp_path.iterdir()] == ["inbox.duckdb"]


def test_a_source_may_not_be_replaced(tmp_path: Path) -> None:
    output = tmp_path / "inbox.duckdb"
    made(FIXTURES / "tour", output)
    with pytest.raises(Exception, match="is an input; give another output by -o"):
        build(BuildOptions(output, output=output))


def test_rows_that_differ_in_what_no_event_needs_are_told(tmp_path: Path) -> None:
    """One of a null is one that differs; what differs nowhere is an exact duplicate, and no more.

    A second version of a lead costs none of its messages.
    """
    found = inbox(tmp_path, {
        "Message": "id | sentAt | direction\nA | 10:00:00 | in\nb | 10:05:00 | out",
        "Lead": """
            id | clientId | appointmentBookedAt | appointmentStatus
            L  | K        | 2026-02-15 10:00:00 | active
            L  | K        | 2026-02-13 10:00:00 | active
            M  | K        |                     | active
            M  | K        | 2026-02-12 10:00:00 | active
            N  | K        | 2026-02-11 10:00:00 | active
            N  | K        | 2026-02-11 10:00:00 | active
        """,
    })  # fmt: skip
    assert [note for note in told(tmp_path / "inbox.duckdb")["notes"] if "differ" in note] == [
        "Lead: 2 ids, such as L, have rows that differ in appointmentBookedAt alone, which no "
        "event needs; of each id the row with the least values is kept."
    ]
    says(found["Lead"].select("id", day=pl.col("appointmentBookedAt").dt.day()), """
        id | day
        L  | 13
        M  | 12
        N  | 11
    """)  # fmt: skip
    assert len(found["ResponseTimingEvent"]) == 1


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("is_kept", [False, True])
def test_a_mail_that_came_back_is_listed_unless_it_is_kept(tmp_path: Path, is_kept: bool) -> None:
    """What was asked for is asked for again where the inbox is a source."""
    found = inbox(tmp_path, {
        "Message": """
            id | sentAt   | direction | source | sentBy
            A  | 10:00:00 | in        |        |
            B  | 10:01:00 | in        | bounce |
            c  | 10:05:00 | out       |        | setter
        """,
        "BackgroundJob": "id | messageId | runAt\nj1 | B | 10:04:00",
    }, keep_bounces=is_kept)  # fmt: skip
    build(BuildOptions(tmp_path / "inbox.duckdb", output=tmp_path / "again.duckdb"))
    anchor, inbounds, reject = ("B", 2, "") if is_kept else ("A", 1, "\nMessage | B | bounce")
    for tables in (found, inbox_tables(tmp_path / "again.duckdb")):
        says(tables["AnchorContext"], f"inboundMessageId | streakInbounds\n{anchor} | {inbounds}")
        says(tables["Wait"], f"startMessageId | inbounds\nA | {inbounds}")
        says(tables["Reject"], f"table | id | reason{reject}")
        says(tables["SendingJob"], f"leadId | outcome\n{'L' if is_kept else ''} | unexplained")
