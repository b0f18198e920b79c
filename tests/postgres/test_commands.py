"""pull, push, schema and build by their stdout, stderr and exit code."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres.command import finish, run, start
from tests.postgres.conftest import GIVEN_DSN
from timingctl.postgres import ddl
from timingctl.postgres.dsn import redacted

if TYPE_CHECKING:
    from tests.postgres.server import App

SECRET = "sek:r%t"  # noqa: S105
ENCODED = "sek%3Ar%25t"


def test_a_folder_that_cannot_be_made_is_told_before_the_database_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = run("pull", "--dsn", "postgresql://127.0.0.1:1/none", "-o", tmp_path / "file/x")
    assert (code, err) == (10, f"Error: {tmp_path}/file/x cannot be made: Not a directory.\n")


def test_pull_build_push(app: App, tmp_path: Path) -> None:
    exports, events = tmp_path / "exports", tmp_path / "events.parquet"
    code, out, err = run("pull", "--dsn", app.dsn, "-o", exports)
    assert (code, err) == (0, "")
    assert out.split() == ["Pulled", "rows", "─" * 20, "Message", "9", "AIDraft", "1",
                           "BackgroundJob", "2", "Lead", "3", "EmailCampaign", "2"]  # fmt: skip
    assert run("build", exports, "-o", events, "-q")[0] == 0
    code, out, err = run("push", events, "--create", "--json", TIMINGCTL_DSN=app.dsn)
    assert (code, err) == (0, "")
    assert json.loads(out) == {"inserted": 3, "updated": 0, "unchanged": 0, "pruned": 0,
                               "skipped": 0, "saturated": 0, "dryRun": False}  # fmt: skip
    assert run("push", events, "-q", DATABASE_URL=f"{app.dsn}?schema=public") == (0, "", "")
    code, out, err = run("push", events, "--dsn", app.dsn, "--dry-run")
    assert (code, err) == (0, "")
    assert out.split()[:3] == ["Would", "be", "rows"]
    assert run("pull", "-q", "--dsn", app.dsn, "-o", exports, "--events") == (0, "", "")
    assert (exports / "ResponseTimingEvent.parquet").exists()
    code, out, err = run("pull", "--dsn", app.dsn, "-o", exports, "--json", "--since", "2027-01-01")
    assert (code, err) == (0, "")
    assert json.loads(out)["rows"]["Message"] == 0


def test_build_from_a_database_is_pull_and_build(app: App, events: Path, tmp_path: Path) -> None:
    app.run('drop table "EmailCampaign";\n')
    assert run("pull", "--dsn", app.dsn, "-o", tmp_path / "pulled")[0] == 0
    assert run("build", tmp_path / "pulled", "-o", events, "-q")[0] == 0
    code, out, err = run("build", app.dsn, "-o", tmp_path / "direct.parquet", "--json")
    assert code == 0
    assert err.endswith(" has no EmailCampaign; pulled without it.\n")
    assert (tmp_path / "direct.parquet").read_bytes() == events.read_bytes()
    manifest = events.with_name("events.parquet.manifest.json").read_text()
    assert out == (tmp_path / "direct.parquet.manifest.json").read_text() == manifest


def test_explain_from_a_database_tells_the_builds_event(app: App, tmp_path: Path) -> None:
    assert run("build", app.dsn, "-o", tmp_path / "events.ndjson", "-q")[0] == 0
    event = json.loads((tmp_path / "events.ndjson").read_text().splitlines()[0])
    code, out, err = run("explain", app.dsn, event["id"], "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["event"] == event
    code, out, err = run("explain", app.dsn, event["leadId"])
    assert (code, out) == (11, "")
    assert err.endswith(f" timingctl lead {shlex.join([redacted(app.dsn), event['leadId']])}\n")


def test_a_missing_table_is_exit_12(app: App, tmp_path: Path) -> None:
    app.run('drop table "AIDraft";\n')
    code, out, err = run("pull", "--dsn", app.dsn, "-o", tmp_path / "out")
    assert (code, out) == (12, "")
    assert err.startswith("Error: There is no AIDraft in the schema public of test_")
    assert err.count("\n") == 1


def test_without_a_dsn_it_is_wrong_usage(tmp_path: Path) -> None:
    code, out, err = run("pull", "-o", tmp_path)
    assert (code, out) == (2, "")
    assert "TIMINGCTL_DSN" in err
    assert "DATABASE_URL" in err


def test_skipped_rows_are_listed_when_verbose(app: App, events: Path) -> None:
    app.run('delete from "Lead" where "id" like \'%1002\';\n')
    code, _, err = run("push", events, "--dsn", app.dsn, "--create", "--dry-run")
    assert (code, err) == (0, "")
    code, _, err = run("push", events, "--dsn", app.dsn, "--create", "-v")
    lines = [line for line in err.splitlines() if line.startswith("Skipped")]
    assert lines == [
        "Skipped 00000000-0000-4000-8000-00000000a101: "
        "its leadId 00000000-0000-4000-8000-000000001002 is not in Lead."
    ]
    assert code == 0


REFUSALS = {
    "unreachable": ("postgresql://u:{secret}@127.0.0.1:1/app", "cannot be reached: "),
    "no such host": ("postgresql://u:{secret}@no-such-host.invalid/app", "cannot be reached: "),
    "wrong password": ("{login}", "refuses the user or password of {role}."),
    "no such role": ("{stranger}", "refuses the user or password of stranger."),
    "no such database": ("{dsn}_none", "has no database test_"),
    "tls refused": ("{dsn}?sslmode=require", "does not connect as sslmode asks: "),
    "unknown parameter": ("{dsn}?colour=red", "does not know (invalid connection option"),
}


@pytest.mark.skipif(GIVEN_DSN is not None, reason="how another server lets people in is its own")
@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_refused_connection_is_one_sentence(app: App, tmp_path: Path, name: str) -> None:
    dsn, sentence = REFUSALS[name]
    role = f"role_{app.dsn.rpartition('/')[2]}"
    app.run(f"create role {role} login password 'right';\n")
    known = {
        "dsn": app.dsn,
        "login": app.as_user(role, ENCODED),
        "stranger": app.as_user("stranger", ENCODED),
        "secret": ENCODED,
        "role": role,
    }
    try:
        code, out, err = run("pull", "-v", "-o", tmp_path / "out", "--dsn", dsn.format(**known))
    finally:
        app.run(f"drop role {role};\n")
    assert (code, out) == (12, "")
    [_, error] = err.splitlines()
    assert error.startswith("Error: ")
    assert sentence.format(**known) in error
    assert "sek" not in err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.races
def test_the_password_is_shown_nowhere(app: App, events: Path, tmp_path: Path) -> None:
    role = f"role_{app.dsn.rpartition('/')[2]}"
    app.run(f"create role {role} superuser login password '{SECRET}';\n")
    dsn = app.as_user(role, ENCODED)
    try:
        said: list[int | str] = [
            *run("pull", "-v", "--dsn", dsn, "-o", tmp_path / "out"),
            *run("push", "-v", events, "--dsn", dsn, "--create"),
            *run("build", "-v", dsn, "-o", tmp_path / "direct.csv"),
            (tmp_path / "direct.csv.manifest.json").read_text(),
            *run("pull", "--dsn", dsn, "-o", tmp_path / "none", "--schema", "none"),
        ]
        with app.holding('lock table "ResponseTimingEvent" in access exclusive mode'):
            pushing = start("push", events, f"--dsn={dsn}", "--mirror")
            app.wait_for("wait_event_type = 'Lock'")
            title = Path(f"/proc/{pushing.pid}/cmdline")
            if title.exists():
                shown = title.read_bytes().decode()
                assert f"--dsn=postgresql://{role}:***@" in shown
                said.append(shown)
            queries = app.rows("select query, application_name from pg_stat_activity")
            said.append(str(queries))
        said += finish(pushing)
    finally:
        app.run(f"reassign owned by {role} to current_user;\ndrop role {role};\n")
    assert [code for code in said if isinstance(code, int)] == [0, 0, 0, 12, 0]
    for text in map(str, said):
        assert SECRET not in text
        assert ENCODED not in text


def test_the_schema_command_prints_what_create_makes(app: App, events: Path) -> None:
    code, out, err = run("schema")
    assert (code, err) == (0, "")
    app.run(out)
    by_script = table_facts(app)
    assert run("push", events, "--dsn", app.dsn, "-q") == (0, "", "")
    app.run(f'drop table "ResponseTimingEvent";\ndrop index "{ddl.MESSAGE_INDEX}";\n')
    assert run("push", events, "--dsn", app.dsn, "--create", "-q") == (0, "", "")
    assert table_facts(app) == by_script
    assert by_script == PRISMA
    assert 'CREATE TABLE "crm"."ResponseTimingEvent" (' in run("schema", "--schema", "crm")[1]


def table_facts(app: App) -> set[str]:
    """Every constraint and index of the table, and its columns, as PostgreSQL writes them."""
    rows = app.rows("""
        select conname || ': ' || pg_get_constraintdef(oid) as fact from pg_constraint
        where conrelid = '"ResponseTimingEvent"'::regclass and contype in ('p', 'u', 'f')
        union all
        select regexp_replace(indexdef, 'public\\.', '') from pg_indexes
        where tablename = 'ResponseTimingEvent' or indexname like 'Message_leadId%'
        union all
        select concat_ws(' ', attname, format_type(atttypid, atttypmod),
            case when attnotnull then 'not null' end, pg_get_expr(adbin, adrelid))
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = '"ResponseTimingEvent"'::regclass and attnum > 0
    """)
    return {row["fact"] for row in rows}


_FOREIGN = 'FOREIGN KEY ("{0}") REFERENCES "{1}"(id) ON UPDATE CASCADE ON DELETE CASCADE'
_TS = "timestamp(3) without time zone"
PRISMA = {
    'ResponseTimingEvent_pkey: PRIMARY KEY (id)',
    "ResponseTimingEvent_clientId_fkey: " + _FOREIGN.format("clientId", "Client"),
    "ResponseTimingEvent_leadId_fkey: " + _FOREIGN.format("leadId", "Lead"),
    "ResponseTimingEvent_inboundMessageId_fkey: " + _FOREIGN.format("inboundMessageId", "Message"),
    'CREATE UNIQUE INDEX "ResponseTimingEvent_pkey" ON "ResponseTimingEvent" USING btree (id)',
    'CREATE UNIQUE INDEX "ResponseTimingEvent_inboundMessageId_key" '
    'ON "ResponseTimingEvent" USING btree ("inboundMessageId")',
    'CREATE INDEX "ResponseTimingEvent_clientId_inboundSentAt_idx" '
    'ON "ResponseTimingEvent" USING btree ("clientId", "inboundSentAt" DESC)',
    'CREATE INDEX "ResponseTimingEvent_leadId_channel_inboundSentAt_idx" '
    'ON "ResponseTimingEvent" USING btree ("leadId", channel, "inboundSentAt" DESC)',
    'CREATE INDEX "ResponseTimingEvent_setterSentByUserId_idx" '
    'ON "ResponseTimingEvent" USING btree ("setterSentByUserId")',
    'CREATE INDEX "ResponseTimingEvent_clientId_aiChosenDelaySeconds_idx" '
    'ON "ResponseTimingEvent" USING btree ("clientId", "aiChosenDelaySeconds")',
    'CREATE INDEX "Message_leadId_channel_sentAt_idx" '
    'ON "Message" USING btree ("leadId", channel, "sentAt" DESC)',
    *(f"{name} text not null" for name in ("id", "clientId", "leadId", "channel",
                                           "inboundMessageId")),
    *(f"{name} text" for name in ("setterResponseMessageId", "setterSentByUserId", "aiDraftId",
                                  "aiResponseMessageId", "aiBackgroundJobId")),
    *(f"{name} integer" for name in ("setterResponseMs", "aiResponseMs", "aiDelayMinSeconds",
                                     "aiDelayMaxSeconds", "aiChosenDelaySeconds",
                                     "aiActualDelaySeconds")),
    *(f"{name} {_TS}" for name in ("setterResponseSentAt", "aiResponseSentAt", "aiScheduledRunAt",
                                   "aiJobStartedAt", "aiJobFinishedAt")),
    f"inboundSentAt {_TS} not null",
    f"createdAt {_TS} not null CURRENT_TIMESTAMP",
    f"updatedAt {_TS} not null",
}  # fmt: skip


def test_only_foreign_keys_to_tables_that_exist_are_made(app: App, events: Path) -> None:
    app.run('drop table "Client";\nalter table "Lead" alter "id" type uuid using "id"::uuid;\n')
    assert run("push", events, "--dsn", app.dsn, "--create", "-q") == (0, "", "")
    facts = table_facts(app)
    assert not any("clientId_fkey" in fact for fact in facts)
    assert "leadId uuid not null" in facts


def test_an_index_on_message_that_was_broken_off_is_made_anew(app: App, events: Path) -> None:
    app.run(ddl.message_index_statement(None) + ";\n")
    app.run(f"""update pg_index set indisvalid = false
        where indexrelid = '"{ddl.MESSAGE_INDEX}"'::regclass;\n""")
    assert run("push", events, "--dsn", app.dsn, "--create", "-q") == (0, "", "")
    assert app.rows(
        f"""select indisvalid from pg_index where indexrelid = '"{ddl.MESSAGE_INDEX}"'::regclass"""
    ) == [{"indisvalid": True}]


@pytest.mark.wide(but=1)
@pytest.mark.races
@pytest.mark.parametrize("option", ["--lock-timeout", "--statement-timeout"])
def test_a_timeout_is_one_sentence_and_changes_nothing(app: App, events: Path, option: str) -> None:
    assert run("push", events, "--dsn", app.dsn, "--create", "-q")[0] == 0
    app.run('delete from "ResponseTimingEvent";\n')
    with app.holding('lock table "ResponseTimingEvent" in share mode'):
        code, out, err = run("push", events, "--dsn", app.dsn, option, "700ms")
    assert (code, out) == (12, "")
    assert option in err
    assert err.count("\n") == 1
    assert app.rows('select * from "ResponseTimingEvent"') == []


@pytest.mark.races
def test_a_pull_that_takes_too_long_leaves_no_file(app: App, tmp_path: Path) -> None:
    with app.holding('lock table "Lead" in access exclusive mode'):
        code, out, err = run(
            "pull", "--dsn", app.dsn, "-o", tmp_path / "out", "--statement-timeout", "700ms"
        )
    assert (code, out, list((tmp_path / "out").iterdir())) == (12, "", [])
    assert "it took longer than --statement-timeout" in err
    assert run("pull", "--dsn", app.dsn, "-o", tmp_path, "--statement-timeout", "soon")[0] == 2
