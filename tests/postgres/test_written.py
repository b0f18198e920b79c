"""What push says it did is what the table has: triggers, rules, heirs, partitions, views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.postgres.test_push import ID, changed, counts, of_anchor, pushed
from timingctl.errors import DatabaseError
from timingctl.postgres import ddl

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres.server import App

EMPTIED = 'delete from "ResponseTimingEvent";\n'
COUNT = 'select count(*) as n from "ResponseTimingEvent"'


def trigger(app: App, when: str, body: str, table: str = "ResponseTimingEvent") -> None:
    app.run(f"""
        create function "do {when}"() returns trigger language plpgsql
        as $$ begin {body} end $$;
        create trigger "by {when}" {when} on "{table}" for each row execute function "do {when}"();
    """)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("when", "body"),
    [
        ("before insert", "return null;"),
        ("before insert", "if new.\"channel\" = 'sms' then return null; end if; return new;"),
        ("before insert", 'new."setterSentByUserId" := \'another\'; return new;'),
        ("after insert", 'delete from public."ResponseTimingEvent"; return null;'),
        ("before insert", "new.\"inboundMessageId\" := '{ID}a201'; new.\"id\" := 'x'; "
         "if new.\"channel\" = 'sms' then return new; end if; return null;"),
    ],
    ids=["refuses all", "refuses one", "changes a value", "deletes", "moves one"],
)  # fmt: skip
def test_a_trigger_that_comes_between_is_an_error(
    app: App, events: Path, when: str, body: str
) -> None:
    pushed(app, events, create=True)
    app.run(EMPTIED)
    trigger(app, when, body.replace("{ID}", ID))
    for options in ({}, {"dry_run": True}, {"batch_size": 3}):
        with pytest.raises(DatabaseError, match=rf"^\d rows? of .* its triggers \(by {when}\)"):
            pushed(app, events, **options)
        assert app.rows(COUNT) == [{"n": 0}]


def test_a_trigger_that_refuses_an_update_or_a_deletion_is_an_error(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    other = changed(events, setterResponseMs=of_anchor("a005", 7, "setterResponseMs"))
    trigger(app, "before update", "return null;")
    trigger(app, "before delete", "return null;")
    before = app.rows('select * from "ResponseTimingEvent" order by "id"')
    with pytest.raises(DatabaseError, match=r"^1 row of .*\(by before delete, by before update\)"):
        pushed(app, other)
    assert counts(pushed(app, events)) == {"unchanged": 3}
    fewer = events.with_stem("fewer")
    pl.read_parquet(events).filter(pl.col("inboundMessageId") != f"{ID}a005").write_parquet(fewer)
    with pytest.raises(DatabaseError, match=r"^1 row of .* change or refuse rows\.$"):
        pushed(app, fewer, prune=True)
    assert app.rows('select * from "ResponseTimingEvent" order by "id"') == before


def test_a_trigger_that_keeps_the_time_or_writes_elsewhere_is_none_of_ours(
    app: App, events: Path
) -> None:
    pushed(app, events, create=True)
    app.run(EMPTIED + 'create table "Audit" ("id" text);\n')
    trigger(app, "before insert", 'new."updatedAt" := now(); return new;')
    trigger(app, "after update", 'insert into public."Audit" values (new."id"); return null;')
    assert counts(pushed(app, events)) == {"inserted": 3}
    other = changed(events, setterResponseMs=of_anchor("a005", 7, "setterResponseMs"))
    assert counts(pushed(app, other)) == {"updated": 1, "unchanged": 2}
    assert app.rows('select count(*) as n from "Audit"') == [{"n": 1}]


def test_batches_before_a_refused_row_stand(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    app.run(EMPTIED)
    last = pl.read_parquet(events)["inboundMessageId"][-1]
    refusal = f"if new.\"inboundMessageId\" = '{last}' then return null; end if; return new;"
    trigger(app, "before insert", refusal)
    refused = "^1 row of .* all of this transaction is undone.* The batches before stand: 2 of 3"
    with pytest.raises(DatabaseError, match=refused):
        pushed(app, events, batch_size=2)
    assert app.rows(COUNT) == [{"n": 2}]


def test_a_trigger_that_names_no_schema_is_told_what_it_lacks(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    app.run(EMPTIED + 'create table "Audit" ("id" text);\n')
    trigger(app, "after insert", 'insert into "Audit" values (new."id"); return null;')
    with pytest.raises(DatabaseError, match=r'"Audit" does not exist .* SET search_path'):
        pushed(app, events)
    app.run('alter function "do after insert" set search_path = public;\n')
    assert counts(pushed(app, events)) == {"inserted": 3}


OBSTACLES = {
    "a rule": (
        'create rule "away" as on insert to "ResponseTimingEvent" do instead nothing;\n',
        r"has a rule \(away\), by which rows may go elsewhere",
    ),
    "an heir": (
        'create table "Old" () inherits ("ResponseTimingEvent");\n',
        r'has tables that inherit from it \("?public"?\."Old"\)',
    ),
    "a view": (
        'alter table "ResponseTimingEvent" rename to "Base";\n'
        'create view "ResponseTimingEvent" as select * from "Base";\n',
        r"is a view, and push writes into tables alone",
    ),
    "a materialized view": (
        'alter table "ResponseTimingEvent" rename to "Base";\n'
        'create materialized view "ResponseTimingEvent" as select * from "Base";\n',
        r"is a materialized view",
    ),
}


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", sorted(OBSTACLES))
def test_what_would_take_the_rows_elsewhere_is_asked_first(
    app: App, events: Path, name: str
) -> None:
    script, sentence = OBSTACLES[name]
    pushed(app, events, create=True)
    app.run(EMPTIED + script)
    for options in ({}, {"dry_run": True, "create": True}, {"batch_size": 2}):
        with pytest.raises(DatabaseError, match=sentence):
            pushed(app, events, **options)
    assert app.rows(COUNT) == [{"n": 0}]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("sort", ["hash", "list"])
def test_a_partitioned_table_counts_as_any_other(app: App, events: Path, sort: str) -> None:
    table, unique, *_ = ddl.table_statements(None)
    table = table.replace('PRIMARY KEY ("id")', 'PRIMARY KEY ("inboundMessageId")')
    app.run(f'{table} partition by {sort} ("inboundMessageId");\n{unique};\n')
    parts = (
        ["with (modulus 2, remainder 0)", "with (modulus 2, remainder 1)"]
        if sort == "hash"
        else [f"in ('{ID}a002', '{ID}a005')", f"in ('{ID}a101')"]
    )
    for number, part in enumerate(parts):
        app.run(f'create table "part{number}" partition of "ResponseTimingEvent" '
                f"for values {part};\n")  # fmt: skip
    assert counts(pushed(app, events)) == {"inserted": 3}
    before = app.rows('select "inboundMessageId", ctid::text from "ResponseTimingEvent" order by 1')
    assert counts(pushed(app, events, mirror=True, prune=True)) == {"unchanged": 3}
    assert before == app.rows(
        'select "inboundMessageId", ctid::text from "ResponseTimingEvent" order by 1'
    )
    other = changed(events, setterResponseMs=of_anchor("a005", 7, "setterResponseMs"))
    assert counts(pushed(app, other, batch_size=1)) == {"updated": 1, "unchanged": 2}
    fewer = events.with_stem("fewer")
    pl.read_parquet(events).filter(pl.col("inboundMessageId") != f"{ID}a005").write_parquet(fewer)
    assert counts(pushed(app, fewer, prune=True)) == {"unchanged": 2, "pruned": 1}
    app.run(EMPTIED)
    for number in range(len(parts)):
        app.run(f"create function refuse{number}() returns trigger language plpgsql as "
                f"$$ begin return null; end $$;\ncreate trigger refused before insert on "
                f'"part{number}" for each row execute function refuse{number}();\n')  # fmt: skip
    with pytest.raises(DatabaseError, match=r"^3 rows of .* its triggers \(refused\)"):
        pushed(app, events)


def test_a_read_only_default_does_not_leave_half_a_create(app: App, events: Path) -> None:
    app.run(f"alter database {app.name} set default_transaction_read_only = on;\n")
    result = pushed(app, events, create=True)
    assert (counts(result), result.notes) == ({"inserted": 3}, [])
    assert app.rows("select 1 as n from pg_class where relname = $1", ddl.MESSAGE_INDEX)


def test_an_index_that_cannot_be_made_fails_no_push(app: App, events: Path) -> None:
    app.run('alter table "Message" rename to "Base";\n'
            'create view "Message" as select * from "Base";\n')  # fmt: skip
    app.run(";\n".join([*ddl.table_statements(None), ""]))
    result = pushed(app, events, create=True)
    assert counts(result) == {"inserted": 3}
    [note] = result.notes
    assert note.startswith(f"{ddl.MESSAGE_INDEX} was not made: PostgreSQL at ")
    assert "To make it, say CREATE INDEX" in note
