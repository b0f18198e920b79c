"""Exports as an engine reads them: fixtures as Parquet, and an inbox with every kind of dirt."""

from __future__ import annotations

from pathlib import Path

import duckdb

from timingctl.arguments import instant
from timingctl.made_up import GenerateOptions, generate
from timingctl.schemas import TABLES, Kind

_CASTS = {Kind.INSTANT: "timestamp", Kind.INTEGER: "bigint"}

#: What is done to made-up exports, a statement each; {n} is the number of a row. The tables are
#: Message, AIDraft, BackgroundJob, Lead and EmailCampaign.
_DIRT = (
    # Ids and keys that are not there, and words that are none.
    "update Message set id = null where n % 211 = 1",
    "update Message set id = '' where n % 211 = 2",
    "update Message set leadId = null where n % 223 = 3",
    "update Message set channel = '' where n % 227 = 4",
    "update Message set sentAt = null where n % 229 = 5",
    "update Message set direction = 'sideways' where n % 233 = 6",
    "update Message set direction = chr(9) || ' ' || upper(direction) where n % 7 = 0",
    "update Message set sentBy = 'SETTER ' where sentBy = 'setter' and n % 5 = 0",
    "update AIDraft set channel = null where n % 101 = 7",
    "update BackgroundJob set runAt = null where n % 103 = 8",
    "update Lead set clientId = null where n % 97 = 9",
    # Words for null, and spellings that do not lead anywhere.
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
    "insert into Message select * replace (cast(null as timestamp) as deletedAt) from Message "
    "where n % 158 = 22",
    "alter table Lead add column _fivetran_active boolean",
    "update Lead set _fivetran_active = n % 83 <> 23",
    # Mails that came back.
    "alter table Message add column mailSource varchar",
    "update Message set mailSource = 'Bounce ' where n % 89 = 24",
    # A number that a program has written with a fraction.
    "alter table Message alter aiDraftPartIndex type double",
    "update Message set aiDraftPartIndex = 0.5 where n % 331 = 25",
    "alter table EmailCampaign alter autoSendDelayMinSeconds type varchar",
    "update EmailCampaign set autoSendDelayMinSeconds = 'few' where n = 3",
    "update EmailCampaign set autoSendDelayMinSeconds = '60.0' where n = 4",
    # Ids that are other than a UUID.
    "update Message set id = 'é😀' || id where n % 17 = 0 and id <> ''",
)


def parquet(folder: Path, out: Path) -> Path:
    """A folder of CSV exports as typed Parquet."""
    out.mkdir(parents=True)
    for table in TABLES:
        file = folder / f"{table.name}.csv"
        if not file.exists():
            continue
        kinds = {column.name: column.kind for column in table.columns}
        rows = duckdb.read_csv(str(file), all_varchar=True, header=True)
        columns = [
            f'try_cast("{name}" as {_CASTS.get(kinds.get(name, Kind.TEXT), "varchar")}) as "{name}"'
            for name in rows.columns
        ]
        read = rows.to_arrow_table()  # as it is: the reader would take the casts over
        typed = duckdb.from_arrow(read).project(", ".join(columns))
        typed.write_parquet(str(out / f"{table.name}.parquet"))
    return out


def dirty(folder: Path, leads: int) -> Path:
    """Made-up exports with every kind of dirt, in files of several shapes."""
    clean = folder / "clean"
    generate(GenerateOptions(clean, leads, 1, instant("2025-01-01"), "parquet", None), None)
    out = folder / "dirty"
    out.mkdir()
    with duckdb.connect() as session:
        session.execute("set preserve_insertion_order = true")
        for table in TABLES:
            names = ", ".join(f'"{c.name}"' for c in table.columns)
            found = duckdb.read_parquet(f"{clean / table.name}/*.parquet").columns
            names = ", ".join(f'"{c.name}"' for c in table.columns if c.name in found)
            session.execute(
                f'create table "{table.name}" as select {names}, row_number() over () as n '
                f"from '{clean / table.name}/*.parquet'"
            )
        for statement in _DIRT:
            session.execute(statement)
        columns = "* exclude (n)"
        for name in ("AIDraft", "BackgroundJob", "Lead", "EmailCampaign"):
            session.execute(f"copy (select {columns} from {name}) to '{out / name}.parquet'")
        parts = out / "messages"
        for year, where in (("old", "n % 3 = 0"), ("new", "n % 3 = 1")):
            place = parts / f"age={year}"
            place.mkdir(parents=True)
            session.execute(
                f"copy (select {columns.replace(')', ', mailSource)')}, mailSource as source "
                f"from Message where {where}) to '{place}/part-0.parquet'"
            )
        # One file without the mark, in other names and types.
        session.execute(
            "copy (select id, leadId as lead_id, channel, direction, "
            "timezone('UTC', sentAt) as sent_at, sentBy, sentByUserId, aiDraftId, "
            "cast(trunc(aiDraftPartIndex) as integer) as ai_draft_part_index "
            f"from Message where n % 3 = 2) to '{parts}/age=new/part-1.parquet'"
        )
    return out
