"""Syncs with a database: what is read, what is pushed, and what comes in between."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.bad_input.tool import Done, timingctl
from tests.faults.tool import finish, start, wait_until
from tests.postgres.server import App, Server, fresh_database
from tests.syncing.facts import facts
from timingctl.inboxes.contract import DERIVED, EXPORTED, REJECT
from timingctl.inboxes.digests import RowSum, digest_of
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull

SCHEMA = (Path(__file__).parents[1] / "postgres" / "app.sql").read_text(encoding="utf-8")
TWO, THREE = (f"00000000-0000-4000-8000-00000000100{number}" for number in (2, 3))
ANCHOR = "00000000-0000-4000-8000-00000000a005"
#: The lead that nobody has answered is answered, by an instant long past.
ANSWER = (
    'insert into "Message" ("id", "leadId", "channel", "direction", "sentAt", "sentBy", '
    f"\"sentByUserId\", \"body\") values ('m9', '{THREE}', 'sms', 'outbound', "
    "'2026-01-06 08:10:00', 'setter', 'ann', 'private')"
)
EVENTS = 'select * from "ResponseTimingEvent" order by "inboundMessageId"'


@pytest.fixture(scope="module")
def template(server: Server) -> Iterator[str]:
    """The app's database, with the table of events, to be copied."""
    with fresh_database(server.dsn) as found:
        found.run(SCHEMA)
        found.run(timingctl("schema").out)
        yield found.name


@pytest.fixture
def app(server: Server, template: str) -> Iterator[App]:
    with fresh_database(server.dsn, template) as found:
        yield found


@pytest.fixture
def inbox(app: App, tmp_path: Path) -> Path:
    """The app's inbox."""
    output = tmp_path / "inbox.duckdb"
    synced(output, app)
    return output


def ran(inbox: Path, app: App, *options: object) -> Done:
    return timingctl("sync", inbox, "--dsn", app.dsn, *options)


def synced(inbox: Path, app: App, *options: object) -> dict[str, Any]:
    """What a sync says of itself."""
    done = ran(inbox, app, "--json", *options)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def built(app: App, folder: Path) -> dict[str, Any]:
    """What one build of the database says."""
    pull(PullOptions(parse(app.dsn), folder / "pulled"))
    build(BuildOptions(folder / "pulled", output=folder / "built.duckdb"))
    return facts(folder / "built.duckdb")


def test_a_file_that_is_not_there_is_made(app: App, tmp_path: Path) -> None:
    inbox = tmp_path / "new.duckdb"
    said = synced(inbox, app)
    assert (said["created"], said["full"], said["wrote"]) == (True, True, True)
    assert said["events"] == {"added": 3, "changed": 0, "removed": 0, "total": 3}
    assert facts(inbox) == built(app, tmp_path)


@pytest.mark.wide
def test_what_reads_everything_keeps_what_rows_add_up_to(inbox: Path, app: App) -> None:
    """Else the next sync would take the sums of all rows anew."""
    assert _summed(inbox)
    app.rows(ANSWER)
    assert synced(inbox, app, "--full")["wrote"] is True
    assert _summed(inbox)


def _summed(inbox: Path) -> bool:
    """Whether the sums that a file keeps make the digests that it tells."""
    with duckdb.connect(str(inbox), read_only=True) as database:
        [(told, kept)] = database.execute("select digests, sums from Build, Sync").fetchall()
    digests, sums = json.loads(told), json.loads(kept)
    tables = (*EXPORTED, *DERIVED, REJECT)
    return all(
        table.name in sums and digest_of(table, RowSum(*sums[table.name])) == digests[table.name]
        for table in tables
    )


@pytest.mark.wide
def test_only_leads_that_changed_are_read(inbox: Path, app: App, tmp_path: Path) -> None:
    assert synced(inbox, app)["wrote"] is False
    app.rows(ANSWER)
    said = synced(inbox, app)
    assert said["leads"] == {"asked": 1, "affected": 1}
    assert {name: rows["read"] for name, rows in said["tables"].items()} == {
        "Message": 2, "AIDraft": 0, "BackgroundJob": 0, "Lead": 1, "EmailCampaign": 2,
    }  # fmt: skip
    assert said["events"] == {"added": 1, "changed": 0, "removed": 0, "total": 4}
    assert facts(inbox) == built(app, tmp_path)


def test_what_is_deleted_is_found_by_full_which_says_what_was_missed(
    inbox: Path, app: App, tmp_path: Path
) -> None:
    app.rows('delete from "Message" where "id" = $1', ANCHOR)
    assert synced(inbox, app)["wrote"] is False
    said = synced(inbox, app, "--full")
    assert said["missedLeads"] == 1
    assert said["tables"]["Message"] == {"read": 8, "added": 0, "changed": 0, "removed": 1}
    assert facts(inbox) == built(app, tmp_path)
    again = synced(inbox, app, "--full")
    assert (again["wrote"], again["missedLeads"]) == (False, 0)


@pytest.mark.wide
def test_the_first_sync_of_what_build_made_and_one_of_another_database_read_everything(
    app: App, server: Server, template: str, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox.duckdb"
    assert timingctl("build", app.dsn, "-o", inbox).code == 0
    first = synced(inbox, app)
    assert first["full"] is True
    assert first["notes"][0].startswith("Everything was read: ")
    assert synced(inbox, app)["full"] is False
    with fresh_database(server.dsn, template) as other:
        other.rows(ANSWER)
        assert synced(inbox, other)["full"] is True
        assert facts(inbox) == built(other, tmp_path)


def test_a_database_that_the_dsn_leaves_to_libpq_is_told_from_another(
    app: App, server: Server, template: str, tmp_path: Path
) -> None:
    def synced_from(name: str) -> bool:
        done = timingctl("sync", inbox, "--dsn", anywhere, "--json", PGDATABASE=name)
        return bool(json.loads(done.out)["full"])

    inbox, anywhere = tmp_path / "inbox.duckdb", app.dsn.removesuffix(f"/{app.name}")
    assert [synced_from(app.name), synced_from(app.name)] == [True, False]
    with fresh_database(server.dsn, template) as other:
        other.rows(ANSWER)
        assert synced_from(other.name)
        assert facts(inbox) == built(other, tmp_path)


@pytest.mark.wide
def test_the_summary_fits_80_columns(inbox: Path, app: App) -> None:
    app.rows(ANSWER)
    app.rows('update "EmailCampaign" set "autoSendDelayMaxSeconds" = 300')
    done = ran(inbox, app)
    assert max(map(len, done.out.splitlines())) <= 80
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "Message 2 1 0 0" in lines
    assert "Events 4: 1 added, 2 changed, 0 removed" in lines
    assert "Leads 1 read again, 3 made anew" in lines


def test_what_changed_is_pushed_and_nothing_else(inbox: Path, app: App) -> None:
    assert synced(inbox, app, "--push")["pushed"]["inserted"] == 3
    assert synced(inbox, app, "--push")["pushed"] is None
    app.rows(ANSWER)
    versions = 'select "id", xmin::text as v from "ResponseTimingEvent" order by 1'
    before = app.rows(versions)
    said = synced(inbox, app, "--push")
    assert said["pushed"] == {"inserted": 1, "updated": 0, "unchanged": 0, "pruned": 0,
                              "skipped": 0, "saturated": 0}  # fmt: skip
    assert [row for row in app.rows(versions) if row in before] == before


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(("options", "left"), [((), 3), (("--prune",), 2)])
def test_pruning_covers_the_threads_of_leads_that_changed(
    options: tuple[str, ...], left: int, inbox: Path, app: App
) -> None:
    """Also a thread without any event left."""
    synced(inbox, app, "--push")
    app.rows(f'update "Message" set "direction" = \'outbound\' where "leadId" = \'{TWO}\'')
    said = synced(inbox, app, "--push", *options)
    assert said["events"]["removed"] == 1
    assert len(app.rows(EVENTS)) == left


@pytest.mark.wide
def test_a_push_that_fails_is_made_up_by_the_next(inbox: Path, app: App, tmp_path: Path) -> None:
    synced(inbox, app, "--push")
    app.rows(ANSWER)
    app.run('alter table "ResponseTimingEvent" rename to "Hidden";\n')
    done = ran(inbox, app, "--push")
    assert done.code == 12
    assert "There is no ResponseTimingEvent" in " ".join(done.err.split())
    assert facts(inbox) == built(app, tmp_path)
    app.run('alter table "Hidden" rename to "ResponseTimingEvent";\n')
    said = synced(inbox, app, "--push")
    assert (said["wrote"], said["pushed"]["inserted"]) == (False, 1)
    assert synced(inbox, app, "--push")["pushed"] is None


@pytest.mark.wide
def test_what_a_sync_without_push_changed_is_pushed_later(inbox: Path, app: App) -> None:
    synced(inbox, app, "--push")
    app.rows(ANSWER)
    synced(inbox, app, "--full")
    assert synced(inbox, app, "--push")["pushed"]["inserted"] == 1


def test_a_reader_meanwhile_sees_the_file_as_it_was(inbox: Path, app: App) -> None:
    with duckdb.connect(inbox, read_only=True) as reader:
        app.rows(ANSWER)
        assert synced(inbox, app)["events"]["total"] == 4
        assert reader.execute("select count(*) from ResponseTimingEvent").fetchall() == [(3,)]
    with duckdb.connect(inbox, read_only=True) as reader:
        assert reader.execute("select count(*) from ResponseTimingEvent").fetchall() == [(4,)]


def _waiting(inbox: Path, app: App) -> subprocess.Popen[str]:
    """A sync that has stopped itself before the new file is whole."""
    arguments = ("sync", inbox, "--dsn", app.dsn, "-q")
    return start("tests.faults.paused", int(signal.SIGSTOP), "Writing the inbox", *arguments)


@pytest.mark.races
def test_two_syncs_of_a_file_queue(inbox: Path, app: App, tmp_path: Path) -> None:
    app.rows(ANSWER)
    first = _waiting(inbox, app)
    wait_until(lambda: _state(first) == "T")
    late = ran(inbox, app, "--lock-timeout", "300ms")
    assert late.code == 10
    assert "Waited --lock-timeout for another sync of" in " ".join(late.err.split())
    second = start("timingctl", "sync", inbox, "--dsn", app.dsn, "--json")
    assert finish(first).code == 0
    done = finish(second)
    assert (done.code, json.loads(done.out)["events"]["added"]) == (0, 0)
    assert facts(inbox) == built(app, tmp_path)


@pytest.mark.wide
def test_a_build_into_the_same_file_meanwhile_is_not_lost(inbox: Path, app: App) -> None:
    app.rows(ANSWER)
    sync = _waiting(inbox, app)
    wait_until(lambda: _state(sync) == "T")
    assert timingctl("build", app.dsn, "-o", inbox, "--setter-rule", "next").code == 0
    done = finish(sync)
    assert done.code == 11
    assert "was replaced by another run meanwhile; run this again" in " ".join(done.err.split())


def _state(process: subprocess.Popen[str]) -> str:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.wide
@pytest.mark.races
def test_a_watch_syncs_again_and_ends_by_sigterm(inbox: Path, app: App) -> None:
    watch = start("timingctl", "sync", inbox, "--dsn", app.dsn, "--json", "--watch", "1s")
    app.rows(ANSWER)
    wait_until(lambda: facts(inbox)["events"]["total"] == 4)
    watch.send_signal(signal.SIGTERM)
    done = finish(watch)
    assert (done.code, done.err) == (0, "")


@pytest.mark.wide
@pytest.mark.races
def test_a_watch_outlives_a_database_that_is_away(inbox: Path, app: App, server: Server) -> None:
    watch = start("timingctl", "sync", inbox, "--dsn", app.dsn, "--json", "--watch", "1s")
    assert watch.stdout is not None
    assert watch.stderr is not None
    while watch.stdout.readline() != "}\n":  # the first time it has to be there
        pass
    others = App(server.dsn)
    others.rows(f"alter database {app.name} with allow_connections false")
    assert "Trying again in 1s." in watch.stderr.readline()
    others.rows(f"alter database {app.name} with allow_connections true")
    app.rows(ANSWER)
    wait_until(lambda: facts(inbox)["events"]["total"] == 4)
    watch.send_signal(signal.SIGTERM)
    assert finish(watch).code == 0


def test_nobody_sees_the_password(inbox: Path, app: App) -> None:
    app.run("create role secretive login password 'hunter2';\n")
    dsn = app.as_user("secretive", "hunter2")
    done = timingctl("sync", inbox, "--dsn", dsn, "-v")
    assert done.code == 12
    assert "hunter2" not in done.out + done.err
    with duckdb.connect(inbox, read_only=True) as connection:
        assert "hunter2" not in str(connection.execute("from Sync").fetchall())
