"""Exports as an engine reads them: fixtures as Parquet, and an inbox with every kind of dirt."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.cases import FIXTURES
from timingctl.arguments import instant
from timingctl.made_up import GenerateOptions, generate
from timingctl.schemas import TABLES, Kind, Table
from timingctl.sql_text import quoted

_TYPES = {Kind.INSTANT: "timestamp", Kind.INTEGER: "bigint"}
#: Columns of text that are no ids.
_WORDS = {"channel", "type", "responseMode", "name"}

#: What is done to exports, a statement each; n is the number of a row.
_DIRT = (
    # Ids and keys that are not there, and words that are none.
    "update Message set id = null where n % 211 = 1",
    "update Message set id = '' where n % 211 = 2",
    "update Message set leadId = null where n % 223 = 3",
    "update Message set channel = '' where n % 227 = 4",
    "update Message set sentAt = null where n % 229 = 5",
    "update Message set direction = 'sideways' where n % 233 = 6",
    "update Message set direction = chr(9) || ' ' || upper(direction) where n % 7 = 0",
    "update Message set direction = chr(11) || direction where n % 13 = 5",
    "update Message set sentBy = 'SETTER ' where sentBy = 'setter' and n % 5 = 0",
    "update Message set sentBy = 'Aİ' where sentBy = 'ai' and n % 5 = 0",  # Turkish
    "update AIDraft set channel = null where n % 101 = 7",
    "update BackgroundJob set runAt = null where n % 103 = 8",
    "update Lead set clientId = null where n % 97 = 9",
    # Words for null, and spellings that lead nowhere.
    "update Message set aiDraftId = 'NULL' where n % 307 = 10",
    "update Message set sentByUserId = ' None ' where n % 311 = 11",
    "update Message set leadId = 'NaN' where n % 313 = 12",
    "update AIDraft set triggerMessageId = upper(triggerMessageId) where n % 53 = 13",
    "update BackgroundJob set draftId = 'nobody' where n % 59 = 14",
    "update Lead set emailCampaignId = 'gone' where n % 61 = 15",
    "update Message set leadId = 'stranger' where n % 317 = 16",
    # Ties: messages at one instant.
    "update Message set sentAt = date_trunc('minute', sentAt) where n % 3 = 0",
    # Rows that stand twice, alike and not.
    "insert into Message select * from Message where n % 41 = 17",
    "insert into Message select * replace (sentAt + interval 1 second as sentAt) from Message "
    "where n % 43 = 18",
    "insert into AIDraft select * from AIDraft where n % 47 = 19",
    "insert into BackgroundJob select * replace ('other' as type) from BackgroundJob "
    "where n % 71 = 20",
    "insert into Lead select * from Lead where n % 73 = 21",
    "insert into EmailCampaign select * from EmailCampaign where n % 2 = 0",
    # Rows that are marked as deleted, by themselves and with their lead.
    "alter table Message add column deletedAt timestamp",
    "update Message set deletedAt = sentAt where n % 79 = 22",
    "alter table Message alter deletedAt type timestamptz using timezone('UTC', deletedAt)",
    "insert into Message select * replace (cast(null as timestamptz) as deletedAt) from Message "
    "where n % 158 = 22",
    "alter table Lead add column _fivetran_active boolean",
    "update Lead set _fivetran_active = n % 83 <> 23",
    # Mails that came back.
    "alter table Message add column source varchar",
    "update Message set source = 'Bounce ' where n % 89 = 24",
    # Numbers as programs write them.
    "alter table Message alter aiDraftPartIndex type double",
    "update Message set aiDraftPartIndex = 0.5 where n % 331 = 25",
    "update Message set aiDraftPartIndex = 'nan' where n % 331 = 26",
    "update Message set aiDraftPartIndex = '-inf' where n % 331 = 27",
    "alter table EmailCampaign alter autoSendDelayMinSeconds type varchar",
    "update EmailCampaign set autoSendDelayMinSeconds = 'few' where n = 3",
    "update EmailCampaign set autoSendDelayMinSeconds = '60.0' where n = 4",
    # Ids that are no UUIDs.
    "update Message set id = 'é😀' || id where n % 17 = 0 and id <> ''",
)
#: The last part of Message: other names, instants with a zone, numbers of 32 bits, and no marks.
_OTHERWISE = """
    id, leadId as lead_id, channel, direction, timezone('UTC', sentAt) as sent_at, sentBy,
    sentByUserId, aiDraftId, try_cast(trunc(aiDraftPartIndex) as integer) as ai_draft_part_index
"""


def fixture(name: str, out: Path) -> Path:
    """A fixture as typed Parquet."""
    out.mkdir(parents=True)
    with duckdb.connect() as session:
        for table in TABLES:
            file = FIXTURES / name / f"{table.name}.csv"
            if file.exists():
                _load(session, table, f"read_csv('{file}', all_varchar = true, header = true)")
                _write(session, f"from {table.name}", out / f"{table.name}.parquet")
    return out


def dirty(folder: Path, leads: int) -> Path:
    """All fixtures and made-up exports in one inbox with every kind of dirt, in several shapes."""
    clean, out = folder / "clean", folder / "dirty"
    generate(GenerateOptions(clean, leads, 1, instant("2025-01-01")))
    parts = out / "messages"
    for place in ("age=old", "age=new"):
        (parts / place).mkdir(parents=True)
    with duckdb.connect() as session:
        for table in TABLES:
            _together(session, table, clean)
        for statement in _DIRT:
            session.execute(statement)
        for name in ("AIDraft", "BackgroundJob", "Lead", "EmailCampaign"):
            _write(session, f"select * exclude (n) from {name}", out / f"{name}.parquet")
        for number, (place, columns) in enumerate(
            (("age=old", "* exclude (n)"), ("age=new", "* exclude (n)"), ("age=new", _OTHERWISE))
        ):
            rows = f"select {columns} from Message where n % 3 = {number}"
            _write(session, rows, parts / place / f"part-{number}.parquet")
    return out


def _together(session: duckdb.DuckDBPyConnection, table: Table, clean: Path) -> None:
    """Make a table of the made-up rows and those of all fixtures, whose ids say which."""
    made_up = f"from '{clean / table.name}/*.parquet'"
    files = [str(path) for path in sorted(FIXTURES.glob(f"*/{table.name}.csv"))]
    fixtures = (
        f"read_csv({files}, all_varchar = true, header = true, filename = true, "
        "union_by_name = true)"
    )
    ids = [c.name for c in table.columns if c.kind is Kind.TEXT and c.name not in _WORDS]
    _load(session, table, fixtures)
    there = session.sql(f"from {table.name} limit 0").to_arrow_table().column_names
    whose = ", ".join(
        f"parse_path(filename)[-2] || '/' || {name} as {name}" for name in ids if name in there
    )
    session.execute(f"create table fixtures as select * replace ({whose}) from {table.name}")
    names = ", ".join(quoted(column.name) for column in table.columns if column.name in there)
    session.execute(
        f"create or replace table {table.name} as select *, row_number() over () as n "
        f"from (select {names} from (({made_up}) union all by name from fixtures))"
    )
    session.execute("drop table fixtures")


def _load(session: duckdb.DuckDBPyConnection, table: Table, rows: str) -> None:
    """Make a table of rows of text, each column of the type that it has in an app."""
    session.execute(f"create table {table.name} as from {rows}")
    names = session.sql(f"from {table.name} limit 0").to_arrow_table().column_names
    for column in table.columns:
        if column.name in names and column.kind in _TYPES:
            kind = _TYPES[column.kind]
            session.execute(
                f"alter table {table.name} alter {quoted(column.name)} type {kind} "
                f"using try_cast({quoted(column.name)} as {kind})"
            )


def _write(session: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    session.execute(f"copy ({rows}) to '{path}'")
