"""Syncs with databases whose tables, or rows, are not as an app should have them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.bad_input.tool import cases, timingctl
from tests.syncing.facts import facts
from tests.syncing.history import SCHEMA
from tests.syncing.test_exports import exports
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.syncing.options import SyncOptions
from timingctl.syncing.run import sync
from timingctl.warehouse import Resources

if TYPE_CHECKING:
    from tests.postgres.server import App
    from timingctl.syncing.document import Synced

#: An app that lets messages name no lead.
LENIENT = SCHEMA.replace('"leadId" text not null', '"leadId" text')
ROWS = """
insert into "Lead" ("id", "clientId") values ('ann', 'K'), ('bob', 'K');
insert into "Message" ("id", "leadId", "channel", "direction", "sentAt") values
    ('A', 'ann', 'email', 'inbound', '2026-02-10 10:00'),
    ('B', 'bob', 'email', 'inbound', '2026-02-10 11:00');
"""
#: Something of bob's, so that there is something to sync.
BOB = 'update "Message" set "sentBy" = \'x\' where "id" = \'B\';\n'
LONG = (
    'insert into "Message" ("id", "leadId", "channel", "direction", "sentAt") values '
    "(repeat('x', 300), 'ann', 'email', 'sideways', '2026-02-10 10:00');\n"
)
#: Jobs give ann to two clients.
CLAIMED = """
drop table "Lead";
insert into "BackgroundJob" ("id", "type", "messageId", "leadId", "clientId", "runAt") values
    ('one', 'x', 'A', 'ann', 'K', '2026-02-10 12:00'),
    ('two', 'x', 'A', 'ann', 'L', '2026-02-10 12:00'),
    ('three', 'x', 'B', 'bob', 'K', '2026-02-10 12:00');
"""
#: Several threads only cost more where there is this little to do.
ONE = Resources(threads=1)
CAMPAIGNS = 'create table "EmailCampaign" ("id" text primary key, "responseMode" text);\n'


def _synced(inbox: Path, app: App) -> Synced:
    return sync(SyncOptions(inbox, dsn=parse(app.dsn), resources=ONE))


def _built(app: App, folder: Path) -> dict[str, object]:
    shutil.rmtree(folder / "pulled", ignore_errors=True)
    pull(PullOptions(parse(app.dsn), folder / "pulled"))
    build(
        BuildOptions(
            folder / "pulled", output=folder / "built.duckdb", allow_rejects=True, resources=ONE
        )
    )
    return facts(folder / "built.duckdb")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("before", "after", "is_whole"),
    cases(
        ("messages name no lead, or no more", "",
         "update \"Message\" set \"leadId\" = null where \"id\" = 'A';\n"
         "update \"Message\" set \"leadId\" = '' where \"id\" = 'B';\n"
         'insert into "Message" ("id", "channel", "direction", "sentAt") '
         "values ('N', 'email', 'inbound', '2026-02-10 12:00');\n", False),
        ("ids are of the app's own type",
         "create type \"MsgId\" as enum ('A', 'B');\n"
         'alter table "Message" alter "id" type "MsgId" using "id"::"MsgId";\n', BOB, False),
        ("a long id cannot be used", LONG, BOB, False),
        ("a lead of several clients", CLAIMED, BOB, False),
        ("a column comes with a value", 'alter table "Message" drop column "source";\n',
         "alter table \"Message\" add column \"source\" text default 'campaign';\n", True),
        ("a column goes", "update \"Message\" set \"sentByUserId\" = 'ann';\n",
         'alter table "Message" drop column "sentByUserId";\n', True),
        ("a table goes", "", 'drop table "EmailCampaign";\n', True),
        ("a table comes", 'drop table "EmailCampaign";\n', CAMPAIGNS, True),
    ),
)  # fmt: skip
def test_it_says_what_one_build_says(
    before: str, after: str, is_whole: bool, app: App, tmp_path: Path
) -> None:
    """What no transaction says of rows, such as a new column's value, is found by reading all."""
    app.run(LENIENT + ROWS + before)
    inbox = tmp_path / "inbox.duckdb"
    _synced(inbox, app)
    app.run(after)
    assert _synced(inbox, app).full is is_whole
    assert facts(inbox) == _built(app, tmp_path)
    assert _synced(inbox, app).full is False


def test_a_database_that_was_set_back_is_read_whole(app: App, tmp_path: Path) -> None:
    app.run(LENIENT + ROWS)
    inbox = tmp_path / "inbox.duckdb"
    _synced(inbox, app)
    with duckdb.connect(inbox) as connection:
        connection.execute('update Sync set "transaction" = 1000000000000')
    assert [_synced(inbox, app).full for _ in range(2)] == [True, False]


@pytest.mark.wide
def test_after_exports_the_database_is_read_whole(app: App, tmp_path: Path) -> None:
    """Also where these have what no database can: an id with a NUL, a row without an id."""
    app.run(LENIENT + ROWS)
    inbox = tmp_path / "inbox.duckdb"
    _synced(inbox, app)
    newer = exports(tmp_path / "newer")
    messages = newer / "Message.csv"
    messages.write_text(messages.read_text() + "N\0,ann,email,sideways,2026-02-10 10:00:00,,,,\n"
                        ",ann,email,inbound,2026-02-10 10:00:00,,,,\n")  # fmt: skip
    said = [timingctl("sync", inbox, newer, "--json", "--allow-rejects") for _ in range(2)]
    assert [json.loads(done.out)["rejected"] for done in said] == [2, 2]
    assert [json.loads(done.out)["wrote"] for done in said] == [True, False]
    assert _synced(inbox, app).full is True
    assert facts(inbox) == _built(app, tmp_path)


@pytest.mark.wide
def test_what_build_made_is_read_whole_once(app: App, tmp_path: Path) -> None:
    app.run(LENIENT + ROWS)
    _built(app, tmp_path)
    inbox = tmp_path / "built.duckdb"
    assert [_synced(inbox, app).full for _ in range(2)] == [True, False]


def test_a_table_option_is_for_exports(app: App, tmp_path: Path) -> None:
    done = timingctl("sync", tmp_path / "i.duckdb", "--dsn", app.dsn, "--table", "Lead=x.csv")
    assert done.code == 10
    assert "--table names files of SOURCE, and a database is read" in done.err
