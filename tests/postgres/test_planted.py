"""What anybody else has made in the database never runs as who pushes, pulls or compares."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import adbc_driver_manager
import polars as pl
import pytest

from tests.postgres.server import App, fresh_database
from tests.postgres.test_push import ID, changed, counts, of_anchor
from timingctl.differences import DiffOptions, diff
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.postgres.push import push
from timingctl.postgres.pushed import PushOptions
from timingctl.syncing.options import SyncOptions
from timingctl.syncing.run import sync

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "sql/postgres").glob("*.sql"), *(ROOT / "timingctl/postgres").glob("*.py")]
#: What the driver calls as it connects, and names that are put into the SQL.
UNSEEN = {"version", "current_schema", "pg_is_in_recovery", "pg_my_temp_schema", "unnest",
          "pg_advisory_lock", "pg_advisory_xact_lock"}  # fmt: skip
#: What might be called; the server knows which of them are functions of its own.
CALLED = UNSEEN | {
    name for path in SOURCES for name in re.findall(r"\b([a-z_]+)\(", path.read_text("utf-8"))
}
TYPES = (
    "text", "varchar", "name", "integer", "bigint", "smallint", "oid", "xid", "regproc", "json",
    "timestamp", "timestamptz", "boolean", "smallint[]", "text[]", '"char"', "regclass",
    'public."Channel"', 'public."Direction"', 'public."ResponseMode"',
)  # fmt: skip
PAIRS = sorted(
    {(one, other) for one in TYPES for other in (one, "text", "integer", "bigint", "unknown")}
    - {(one, "unknown") for one in TYPES}
)
OPERATORS = ("=", "<>", "!=", "<", ">", ">=", "<=", "~", "||")
ENUMS = ('"Channel"', '"Direction"', '"ResponseMode"')
TABLES = (
    "staged_event", "incoming_event", "lost_reference", "changed_event", "obsolete_event",
    "pg_class", "pg_type", "pg_attribute", "pg_namespace", "pg_constraint", "pg_trigger",
    "pg_inherits", "pg_rewrite", "pg_index", "pg_locks", "pg_depend", "pg_settings",
)  # fmt: skip
#: A sequence keeps what a transaction that is rolled back has drawn.
BODY = (
    "language plpgsql as $$ begin perform pg_catalog.nextval('public.ran'); "
    "raise exception 'planted'; end $$"
)


def planted(functions: Iterable[str]) -> Iterator[str]:
    """The statements of who plants."""
    yield "create sequence public.ran"
    for name in functions:
        arguments = [
            "",
            *TYPES,
            *(f"{one}, {other}" for one, other in PAIRS),
            "text, text, boolean",
        ]
        for some in arguments:
            yield f'create function public."{name}"({some}) returns pg_catalog.text {BODY}'
    for one, other in PAIRS:
        yield f"create function public.lie({one}, {other}) returns pg_catalog.bool {BODY}"
        for sign in set(OPERATORS) - {"!="}:
            yield (
                f"create operator public.{sign} "
                f"(leftarg = {one}, rightarg = {other}, function = public.lie)"
            )
    for enum in ENUMS:
        for kind in ("text", "varchar", "json"):
            for source, target in ((f"public.{enum}", kind), (kind, f"public.{enum}")):
                name = f"{source} as {target}".replace('"', "")
                made = f'public."{name}"({source}, integer, boolean)'
                yield f"create function {made} returns {target} {BODY}"
                yield f"create cast ({source} as {target}) with function {made} as implicit"
    for name in TABLES:
        yield f"create table public.{name} (planted pg_catalog.text)"
    for name in ("text", "uuid", "json", "oid", "regclass", "int8", "timestamp"):
        yield (f'create domain public."{name}" as pg_catalog.int4 check (public.lie(value, value))')


@pytest.fixture
def planted_app(server_dsn: str, template: str) -> Iterator[App]:
    """A database where a role that may make things in public, and owns the app's enums, did so."""
    name = f"planter_{secrets.token_hex(6)}"
    App(server_dsn).run(f"create role {name};\n")
    try:
        with fresh_database(server_dsn, template) as app:
            app.run(f"""
                grant create, usage on schema public to {name};
                create type "Channel" as enum ('email', 'sms');
                alter table "Message" alter "channel" type "Channel" using "channel"::"Channel";
            """)
            app.run("".join(f"alter type {enum} owner to {name};\n" for enum in ENUMS))
            app.run(f"alter database {app.name} set search_path = public, pg_catalog;\n")
            functions = safe(app).rows(
                "select distinct proname::text as name from pg_proc "
                "where pronamespace = 'pg_catalog'::regnamespace "
                "and proname = any(string_to_array($1, ',')) order by 1",
                ",".join(CALLED),
            )
            script = "".join(
                f"{statement};\n" for statement in planted(row["name"] for row in functions)
            )
            safe(app).run(f"set role {name};\n{script}")
            yield app
    finally:
        App(server_dsn).run(f"drop role {name};\n")


def safe(app: App) -> App:
    """The same database for what the test itself says."""
    return App(f"{app.dsn}?options=-csearch_path%3Dpg_catalog")


def test_nothing_that_others_planted_runs(planted_app: App, tmp_path: Path) -> None:
    app, dsn = safe(planted_app), parse(planted_app.dsn)
    # What is planted bites whoever looks for names on that path, the driver first of all.
    with pytest.raises(adbc_driver_manager.Error, match="planted"):
        planted_app.rows("select 1")
    assert ran(app)
    app.run("alter sequence public.ran restart;\n")

    pull(PullOptions(dsn, tmp_path / "pulled"))
    pull(PullOptions(dsn, tmp_path / "some", since=datetime(2026, 2, 1, tzinfo=UTC)))
    events = tmp_path / "events.parquet"
    build(BuildOptions(tmp_path / "pulled", output=events))
    syncing = SyncOptions(tmp_path / "inbox.duckdb", dsn=dsn)
    assert sync(syncing).created
    app.run("""update public."Message" set "body" = 'x';\n""")
    assert sync(syncing).leads == 3

    def pushed(file: Path, **options: object) -> dict[str, int]:
        result = push(PushOptions(file, dsn, **options))  # type: ignore[arg-type]
        assert result.notes == []
        return counts(result)

    assert pushed(events, create=True, dry_run=True) == {"inserted": 3}
    assert pushed(events, create=True) == {"inserted": 3}
    app.run("""
        delete from public."ResponseTimingEvent";
        alter table public."ResponseTimingEvent" alter "channel" type public."Channel" using null;
    """)
    assert pushed(events, batch_size=2) == {"inserted": 3}
    other = changed(events, setterResponseMs=of_anchor("a005", None, "setterResponseMs"))
    assert pushed(other, mirror=True) == {"updated": 1, "unchanged": 2}
    assert pushed(events, dry_run=True) == {"updated": 1, "unchanged": 2}
    assert pushed(events) == {"updated": 1, "unchanged": 2}
    fewer = events.with_stem("fewer")
    pl.read_parquet(events).filter(pl.col("inboundMessageId") != f"{ID}a005").write_parquet(fewer)
    assert pushed(fewer, prune=True) == {"unchanged": 2, "pruned": 1}
    assert pushed(events, prune=True) == {"inserted": 1, "unchanged": 2}
    app.run(f"""delete from public."Lead" where "id" = '{ID}1002';\n""")
    assert pushed(events, list_skipped=True) == {"unchanged": 2, "skipped": 1}
    pull(PullOptions(dsn, tmp_path / "pulled", events=True))
    assert not diff(DiffOptions(events, dsn)).equal  # the skipped one went with its lead
    assert not ran(app)


def ran(app: App) -> bool:
    """Whether anything that was planted has run since."""
    [row] = app.rows("select is_called from public.ran")
    return bool(row["is_called"])
