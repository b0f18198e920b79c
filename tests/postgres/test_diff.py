"""Events against the table in the database: of push, or of the app's own making."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.postgres.command import run
from timingctl.differences import Diff, DiffOptions, diff
from timingctl.errors import DatabaseError, InputError
from timingctl.postgres.dsn import parse
from timingctl.postgres.push import push
from timingctl.postgres.pushed import PushOptions

if TYPE_CHECKING:
    from tests.postgres.server import App

ID = "00000000-0000-4000-8000-00000000"


def compared(app: App, events: Path, rows: Path | None = None, **options: object) -> Diff:
    return diff(DiffOptions(events, parse(app.dsn), rows=rows, **options))  # type: ignore[arg-type]


def pushed(app: App, events: Path) -> None:
    push(PushOptions(events, parse(app.dsn), create=True))


def test_what_was_pushed_is_equal(app: App, events: Path) -> None:
    pushed(app, events)
    before = app.rows('select xmin::text, xmax::text from "ResponseTimingEvent"')
    found = compared(app, events)
    assert found.equal
    assert found.document["there"]["events"] == 3
    assert found.document["notCompared"] == ["id", "createdAt", "updatedAt"]
    assert app.rows('select xmin::text, xmax::text from "ResponseTimingEvent"') == before


@pytest.mark.parametrize(
    "change",
    [
        'alter column "inboundMessageId" type uuid using "inboundMessageId"::uuid',
        'alter column "inboundSentAt" type timestamptz(3) using "inboundSentAt" at time zone '
        "'UTC', alter column \"aiResponseMs\" type bigint",
        'drop column "createdAt", drop column "id"',
    ],
    ids=["uuid", "timestamptz and numbers", "without createdAt and id"],
)
def test_other_types_and_missing_columns(app: App, events: Path, change: str) -> None:
    pushed(app, events)
    name = app.dsn.rpartition("/")[2]
    app.run(f"alter database {name} set timezone = 'Asia/Kolkata';\n")
    constraint = '"ResponseTimingEvent_inboundMessageId_fkey"'
    app.run(f'alter table "ResponseTimingEvent" drop constraint {constraint};\n')
    app.run(f'alter table "ResponseTimingEvent" {change};\n')
    assert compared(app, events).equal


def test_the_app_s_own_table(app: App, events: Path, tmp_path: Path) -> None:
    """Ids of its own, created by the clock; the setter's answer after the AI's is not there."""
    pushed(app, events)
    app.run("""
        update "ResponseTimingEvent" set "id" = gen_random_uuid()::text, "createdAt" = now();
        update "ResponseTimingEvent" set "setterResponseMessageId" = null,
            "setterResponseSentAt" = null, "setterSentByUserId" = null, "setterResponseMs" = null
            where "aiResponseSentAt" < "setterResponseSentAt";
        update "ResponseTimingEvent"
            set "aiScheduledRunAt" = "aiScheduledRunAt" + '1 hour'::interval;
        delete from "ResponseTimingEvent" where "channel" = 'sms';
    """)
    found = compared(app, events, tmp_path / "rows.csv")
    assert not found.equal
    counts = [(row["column"], row["reason"]) for row in found.document["differences"]]
    assert counts == [
        (None, "older"),
        ("setterResponseMessageId", "rule-next"),
        ("setterResponseSentAt", "rule-next"),
        ("setterSentByUserId", "rule-next"),
        ("setterResponseMs", "rule-next"),
        ("aiScheduledRunAt", "job-rescheduled"),
    ]
    assert len(pl.read_csv(tmp_path / "rows.csv")) == 6


def test_saturated_and_rounded_on_the_way(app: App, events: Path) -> None:
    """What timestamp(3) and integer cannot hold is told from what differs."""
    pushed(app, events)
    late = pl.read_parquet(events).with_columns(
        setterResponseMs=pl.when(inboundMessageId=f"{ID}a005").then(3_000_000_000).otherwise("setterResponseMs"),
        inboundSentAt=pl.col("inboundSentAt") + pl.duration(microseconds=300),
    )  # fmt: skip
    path = events.with_stem("late")
    late.write_parquet(path)
    app.run('update "ResponseTimingEvent" set "setterResponseMs" = 2147483647 '
            f"where \"inboundMessageId\" = '{ID}a005';\n")  # fmt: skip
    found = compared(app, path)
    assert {(row["column"], row["reason"]) for row in found.document["differences"]} == {
        ("inboundSentAt", "rounded"),
        ("setterResponseMs", "saturated"),
    }


def test_what_is_saturated_alone_is_explained_and_no_difference(app: App, events: Path) -> None:
    late = pl.read_parquet(events).with_columns(
        setterResponseMs=pl.when(inboundMessageId=f"{ID}a005").then(3_000_000_000)
        .otherwise("setterResponseMs")
    )  # fmt: skip
    path = events.with_stem("late")
    late.write_parquet(path)
    pushed(app, path)
    code, out, err = run("diff", path, app.dsn)
    assert (code, err) == (0, "")
    assert "2147483647" in out
    assert "saturated" in out
    code, out, _ = run("diff", path, app.dsn, "--exact", "--json")
    assert (code, json.loads(out)["equal"]) == (1, False)
    app.run('update "ResponseTimingEvent" set "channel" = \'fax\';\n')
    assert run("diff", path, app.dsn, "-q")[0] == 1


def test_the_command(app: App, events: Path) -> None:
    pushed(app, events)
    assert run("diff", events, app.dsn, "-q") == (0, "", "")
    app.run('create schema other;\nalter table "ResponseTimingEvent" set schema other;\n')
    assert run("diff", events, f"{app.dsn}?schema=other", "-q") == (0, "", "")
    code, out, err = run("diff", events, app.dsn, "--schema", "other", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["there"]["name"].startswith("ResponseTimingEvent at 127.0.0.1:")
    code, out, err = run("diff", events, app.dsn)
    assert (code, out) == (12, "")
    assert err.startswith("Error: There is no ResponseTimingEvent in the schema public of test_")


def test_only_the_right_to_read_is_needed(app: App, events: Path) -> None:
    pushed(app, events)
    role = f"reader_{app.dsn.rpartition('/')[2]}"
    app.run(f"create role {role} login password 'sekret';\n")
    dsn = parse(app.as_user(role, "sekret"))
    try:
        with pytest.raises(DatabaseError, match=r'SELECT \("id", .*\) ON "public"."Resp'):
            diff(DiffOptions(events, dsn))
        app.run(f'grant select on "ResponseTimingEvent" to {role};\n')
        assert diff(DiffOptions(events, dsn)).equal
    finally:
        app.run(f"drop owned by {role};\ndrop role {role};\n")


def test_a_table_without_what_is_compared(app: App, events: Path) -> None:
    pushed(app, events)
    app.run('alter table "ResponseTimingEvent" drop column "aiDraftId";\n')
    with pytest.raises(DatabaseError, match=r"has no column aiDraftId\.$"):
        compared(app, events)
    assert compared(app, events, ignored=["aiDraftId"]).equal


def test_two_rows_of_one_anchor_are_an_error(app: App, events: Path) -> None:
    pushed(app, events)
    app.run('drop index "ResponseTimingEvent_inboundMessageId_key";\n')
    app.run('update "ResponseTimingEvent" set "inboundMessageId" = '
            f"'{ID}a002';\n")  # fmt: skip
    with pytest.raises(InputError, match=rf"two rows with inboundMessageId {ID}a002; keep one\.$"):
        compared(app, events)
