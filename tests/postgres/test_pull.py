"""Pulling: the needed columns of one snapshot, exactly, in files that build reads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from timingctl.errors import DatabaseError
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.progress import Silence
from timingctl.schemas import TABLES
from timingctl.seals import FOLDER_MANIFEST

if TYPE_CHECKING:
    from tests.postgres.server import App
    from timingctl.postgres.pulled import Pulled

ID = "00000000-0000-4000-8000-00000000"
#: The columns that the app's tables lack.
HERE_NOT = {"Message": {"clientId"}}


def pulled(app: App, folder: Path, since: datetime | None = None) -> Pulled:
    return pull(PullOptions(parse(app.dsn), folder, since))


def read(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{table}.parquet")


def test_only_the_needed_columns_leave_the_database(app: App, tmp_path: Path) -> None:
    found = pulled(app, tmp_path)
    assert found.rows == {
        "Message": 9, "AIDraft": 1, "BackgroundJob": 2, "Lead": 3, "EmailCampaign": 2,
    }  # fmt: skip
    assert found.notes == []
    for table in TABLES:
        known = {column.name for column in table.all_columns}
        assert set(read(tmp_path, table.name).columns) == known - HERE_NOT.get(table.name, set())
    assert read(tmp_path, "Message").filter(id=f"{ID}a003").row(0) == (
        f"{ID}a003", "00000000-0000-4000-8000-000000001001", "email", "outbound",
        datetime(2026, 2, 10, 10, 5, 12, 789_000), "ai", None, f"{ID}d001", 0,
        None, None,
    )  # fmt: skip


def test_bookings_and_what_no_event_is_made_from_come_along(app: App, tmp_path: Path) -> None:
    app.run(f"""
        update "Lead" set "appointmentStatus" = 'confirmed',
            "appointmentBookedAt" = '2026-02-12 09:00'
            where "id" = '{ID}1001';
        update "AIDraft" set "status" = 'sent';
        update "BackgroundJob" set "attempts" = 3, "lastError" = repeat('é', 300);
    """)
    assert pulled(app, tmp_path).notes == []
    lead = read(tmp_path, "Lead").filter(id=f"{ID}1001")
    assert lead["appointmentBookedAt"].to_list() == [datetime(2026, 2, 12, 9)]
    assert lead["appointmentStatus"].to_list() == ["confirmed"]
    assert read(tmp_path, "AIDraft")["status"].to_list() == ["sent"]
    jobs = read(tmp_path, "BackgroundJob")
    assert jobs.schema["attempts"] == pl.Int64()
    assert set(jobs["attempts"]) == {3}
    assert set(jobs["lastError"]) == {"é" * 200}


def test_marks_come_along_and_leave_rows_out(app: App, tmp_path: Path) -> None:
    """Of any type and spelling; `infinity` is how some apps say never."""
    app.run(f"""
        alter table "Message" add "deleted_at" timestamptz default 'infinity',
            add "_fivetran_deleted" boolean, add "_fivetran_active" boolean default true;
        alter table "Lead" add "isDeleted" integer default 0;
        alter table "BackgroundJob" add "deletedAt" date;
        update "Message" set "deleted_at" = '2026-02-12 08:00+01' where "id" = '{ID}a004';
        update "Message" set "_fivetran_deleted" = true where "id" = '{ID}a006';
        update "Message" set "_fivetran_active" = false where "id" = '{ID}a102';
        update "Lead" set "isDeleted" = 1 where "id" = '{ID}1003';
        update "BackgroundJob" set "deletedAt" = '2026-02-12' where "id" = '{ID}f002';
    """)
    assert pulled(app, tmp_path).notes == []
    build(BuildOptions(tmp_path, output=tmp_path / "events.parquet"))
    rejects = pl.read_ndjson(tmp_path / "events.parquet.rejects.ndjson")
    assert sorted(rejects.select("id", "column", "reason", "value").rows()) == [
        (f"{ID}1003", "isDeleted", "deleted in the source", "1"),
        (f"{ID}a004", "deletedAt", "deleted in the source", "2026-02-12 07:00:00"),
        (f"{ID}a006", "_fivetran_deleted", "deleted in the source", "true"),
        (f"{ID}a102", "_fivetran_active", "an older version in the source", "false"),
        (f"{ID}a201", "leadId", "lead deleted in the source", f"{ID}1003"),
        (f"{ID}f002", "deletedAt", "deleted in the source", "2026-02-12"),
    ]


@pytest.mark.wide(but=1)
def test_infinity_is_no_instant_and_is_said_as_it_is(app: App, tmp_path: Path) -> None:
    app.run(f"""
        alter table "Lead" alter "createdAt" type timestamptz(3);
        update "Lead" set "createdAt" = 'infinity';
        update "Message" set "sentAt" = 'infinity' where "id" = '{ID}a201';
        update "Message" set "sentAt" = '-infinity' where "id" = '{ID}a101';
        update "Message" set "sentAt" = '4713-01-01 BC' where "id" = '{ID}a001';
        update "BackgroundJob" set "startedAt" = 'infinity' where "id" = '{ID}f001';
    """)
    pulled(app, tmp_path)
    output = tmp_path / "events.parquet"
    extras = build(BuildOptions(tmp_path, output=output, extras=True))
    assert extras["notes"] == [
        "Lead.createdAt: unreadable timestamp (3), such as infinity; taken as null."
    ]
    build(BuildOptions(tmp_path, output=output))
    rejects = pl.read_ndjson(tmp_path / "events.parquet.rejects.ndjson")
    assert sorted(rejects.select("id", "column", "reason", "value").rows()) == [
        (f"{ID}{name}", column, "unreadable timestamp", value)
        for name, column, value in (
            ("a001", "sentAt", "4713-01-01 (BC) 00:00:00"),
            ("a101", "sentAt", "-infinity"),
            ("a201", "sentAt", "infinity"),
            ("f001", "startedAt", "infinity"),
        )
    ]


@pytest.mark.wide(but=1)
def test_timestamptz_uuid_varchar_and_numeric_come_out_alike(app: App, tmp_path: Path) -> None:
    pulled(app, tmp_path / "prisma")
    app.run(
        """
        alter table "Message" alter "id" type uuid using "id"::uuid,
            alter "sentAt" type timestamptz(3) using "sentAt" at time zone 'UTC',
            alter "direction" type varchar(20), alter "aiDraftPartIndex" type numeric;
        alter database {} set timezone = 'Asia/Kolkata';
    """.format(app.dsn.rpartition("/")[2])
    )
    pulled(app, tmp_path / "other")
    manifests = [
        build(BuildOptions(tmp_path / kind, output=tmp_path / f"{kind}.parquet"))
        for kind in ("prisma", "other")
    ]
    assert manifests[0] == manifests[1]
    assert manifests[0]["events"]["total"] == 3


def test_an_optional_table_may_be_missing_and_leaves_no_old_file(app: App, tmp_path: Path) -> None:
    pulled(app, tmp_path)
    app.run('drop table "Lead";\ndrop table "EmailCampaign";\n')
    found = pulled(app, tmp_path)
    assert [note.partition(" has ")[2] for note in found.notes] == [
        "no Lead; pulled without it.",
        "no EmailCampaign; pulled without it.",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "AIDraft.parquet", "BackgroundJob.parquet", "Message.parquet", FOLDER_MANIFEST,
    ]  # fmt: skip


def test_a_required_table_or_column_may_not_be_missing(app: App, tmp_path: Path) -> None:
    app.run('alter table "AIDraft" drop column "channel";\n')
    with pytest.raises(DatabaseError, match=r"^AIDraft of test_\w+ has no column channel\.$"):
        pulled(app, tmp_path)
    app.run('drop table "AIDraft";\ndrop table "BackgroundJob";\n')
    with pytest.raises(DatabaseError, match=r"^There is no AIDraft and no BackgroundJob in the "):
        pulled(app, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_optional_column_may_be_missing(app: App, tmp_path: Path) -> None:
    app.run('alter table "Message" drop column "aiDraftPartIndex";\n')
    assert pulled(app, tmp_path).notes == ["Message has no aiDraftPartIndex; taken as null."]


def test_since_takes_active_leads_with_all_that_belongs_to_them(app: App, tmp_path: Path) -> None:
    since = datetime(2026, 2, 11, tzinfo=UTC)
    assert pulled(app, tmp_path / "some", since).rows == {
        "Message": 6, "AIDraft": 1, "BackgroundJob": 1, "Lead": 1, "EmailCampaign": 1,
    }  # fmt: skip
    pulled(app, tmp_path / "all")
    for folder in ("some", "all"):
        build(BuildOptions(tmp_path / folder, output=tmp_path / f"{folder}.parquet", since=since))
    assert pl.read_parquet(tmp_path / "some.parquet").equals(
        pl.read_parquet(tmp_path / "all.parquet")
    )


def test_since_is_exact_to_the_instant(app: App, tmp_path: Path) -> None:
    last = datetime(2026, 2, 11, 9, 20, tzinfo=UTC)
    assert pulled(app, tmp_path / "at", last).rows["Message"] == 6
    later = last.replace(microsecond=1)
    assert pulled(app, tmp_path / "after", later).rows["Message"] == 0


def test_all_tables_are_of_one_instant(app: App, tmp_path: Path) -> None:
    """What others commit while a pull is under way is in no file."""

    class Writer(Silence):
        def step(self, doing: str) -> None:
            if doing == "Pulling AIDraft":
                app.run('delete from "AIDraft";\ndelete from "Lead";\n')

    found = pull(PullOptions(parse(app.dsn), tmp_path), Writer())
    assert (found.rows["AIDraft"], found.rows["Lead"]) == (1, 3)


def test_rows_hidden_by_row_level_security_are_an_error(app: App, tmp_path: Path) -> None:
    role = f"reader_{app.dsn.rpartition('/')[2]}"
    app.run(f"""
        create role {role} login password 'sekret';
        grant select on all tables in schema public to {role};
        alter table "Message" enable row level security;
    """)
    try:
        with pytest.raises(DatabaseError, match=r"row-level security policy"):
            pull(PullOptions(parse(app.as_user(role, "sekret")), tmp_path))
    finally:
        app.run(f"drop owned by {role};\ndrop role {role};\n")


def test_a_schema_of_its_own(app: App, tmp_path: Path) -> None:
    app.run('create schema "My ""app""";\n')
    for table in TABLES:
        app.run(f'alter table "{table.name}" set schema "My ""app""";\n')
    dsn = parse(app.dsn + "?schema=My%20%22app%22&connection_limit=5")
    assert pull(PullOptions(dsn, tmp_path)).rows["Message"] == 9
