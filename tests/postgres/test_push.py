"""Pushing: what is written, what is not, and that a second push writes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.postgres.conftest import SCHEMA, built
from tests.postgres.server import App, fresh_database
from timingctl.arrow import as_rows
from timingctl.attribution import EVENT_SCHEMA
from timingctl.digest import ContentDigest
from timingctl.errors import DatabaseError, InputError, SettingsError
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres import ddl
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.postgres.push import push
from timingctl.postgres.pushed import Pushed, PushOptions
from timingctl.seals import manifest_path

ID = "00000000-0000-4000-8000-00000000"
LEAD_1, LEAD_2 = f"{ID}1001", f"{ID}1002"
VERSIONS = 'select "inboundMessageId", xmin::text, xmax::text from "ResponseTimingEvent" order by 1'


def pushed(app: App, events: Path, **options: Any) -> Pushed:
    return push(PushOptions(events, parse(app.dsn), **options))


def counts(result: Pushed) -> dict[str, int]:
    return {name: count for name, count in result.counts.items() if count}


def changed(events: Path, **columns: pl.Expr) -> Path:
    """The events with other values in some columns, as another file."""
    other = events.with_stem("changed")
    frame = pl.read_parquet(events).with_columns(**columns)
    frame.cast(dict(EVENT_SCHEMA)).write_parquet(other)  # type: ignore[arg-type]
    return other


def of_anchor(message: str, value: Any, otherwise: str) -> pl.Expr:
    anchor = pl.col("inboundMessageId") == f"{ID}{message}"
    return pl.when(anchor).then(pl.lit(value)).otherwise(pl.col(otherwise))


def stored(app: App, message: str, *columns: str) -> list[Any]:
    names = ", ".join(f'"{column}"::text' for column in columns)
    [row] = app.rows(
        f'select {names} from "ResponseTimingEvent" where "inboundMessageId"::text = $1',
        f"{ID}{message}",
    )
    return list(row.values())


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".ndjson"])
def test_what_comes_back_is_the_file(app: App, tmp_path: Path, suffix: str) -> None:
    events = built(app, tmp_path / f"events{suffix}")
    assert counts(pushed(app, events, create=True)) == {"inserted": 3}
    found = pull(PullOptions(parse(app.dsn), tmp_path / "back", events=True))
    assert found.rows["ResponseTimingEvent"] == 3
    back = pl.read_parquet(tmp_path / "back" / "ResponseTimingEvent.parquet")
    assert back.schema == EVENT_SCHEMA
    digest = ContentDigest(EVENT_SCHEMA)
    digest.update(as_rows(back))
    manifest = json.loads((tmp_path / f"events{suffix}.manifest.json").read_text())
    assert str(digest) == manifest["contentDigest"]
    if suffix == ".parquet":
        assert back.equals(pl.read_parquet(events))


@pytest.mark.parametrize("options", [{}, {"batch_size": 1}])
def test_an_event_that_stands_twice_costs_no_other(
    app: App, events: Path, options: dict[str, Any]
) -> None:
    once = pl.read_parquet(events)
    twice = events.with_stem("twice")
    pl.concat([once.head(1), once]).write_parquet(twice)
    result = pushed(app, twice, create=True, **options)
    assert counts(result) == {"inserted": 3}
    assert result.notes == ["twice.parquet: exact duplicates left out: 1."]


def test_a_second_push_changes_no_row_version(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    before = app.rows(VERSIONS)
    assert counts(pushed(app, events)) == {"unchanged": 3}
    assert counts(pushed(app, events, mirror=True, prune=True, create=True)) == {"unchanged": 3}
    assert app.rows(VERSIONS) == before
    later = changed(events, createdAt=pl.col("createdAt").dt.offset_by("1d"),
                    updatedAt=pl.col("updatedAt").dt.offset_by("1d"))  # fmt: skip
    assert counts(pushed(app, later)) == {"unchanged": 3}
    assert app.rows(VERSIONS) == before


def test_an_update_moves_updated_at_alone(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    before = app.rows(VERSIONS)
    day = pl.col("createdAt").dt.offset_by("1d")
    other = changed(events, setterResponseMs=of_anchor("a005", 7, "setterResponseMs"),
                    createdAt=day, updatedAt=day, id=pl.lit("another"))  # fmt: skip
    assert counts(pushed(app, other)) == {"updated": 1, "unchanged": 2}
    assert stored(app, "a005", "id", "setterResponseMs", "createdAt", "updatedAt") == [
        f"{ID}a005", "7", "2026-02-11 09:20:00", "2026-02-12 09:20:00",
    ]  # fmt: skip
    after = app.rows(VERSIONS)
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]


def test_a_null_erases_only_when_mirroring(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    other = changed(events, setterResponseMs=of_anchor("a005", None, "setterResponseMs"),
                    setterSentByUserId=of_anchor("a005", "u2", "setterSentByUserId"))  # fmt: skip
    columns = "setterResponseMs", "setterSentByUserId"
    assert counts(pushed(app, other)) == {"updated": 1, "unchanged": 2}
    assert stored(app, "a005", *columns) == ["1200000", "u2"]
    assert counts(pushed(app, other)) == {"unchanged": 3}
    assert counts(pushed(app, other, mirror=True)) == {"updated": 1, "unchanged": 2}
    assert stored(app, "a005", *columns) == [None, "u2"]


def test_a_dry_run_reports_and_changes_nothing(app: App, events: Path) -> None:
    result = pushed(app, events, create=True, dry_run=True)
    assert result.document() == {
        "inserted": 3, "updated": 0, "unchanged": 0, "pruned": 0, "skipped": 0, "saturated": 0,
        "dryRun": True,
    }  # fmt: skip
    assert not app.rows("select 1 from pg_class where relname like 'ResponseTimingEvent%'")
    assert not app.rows("select 1 from pg_class where relname = $1", ddl.MESSAGE_INDEX)
    pushed(app, events, create=True)
    before = app.rows(VERSIONS)
    app.run(f"delete from \"Lead\" where id = '{LEAD_2}';\n")
    other = changed(events, setterResponseMs=of_anchor("a005", 7, "setterResponseMs"))
    expected = {"updated": 1, "unchanged": 1, "skipped": 1}
    assert counts(pushed(app, other, dry_run=True, batch_size=1)) == expected
    versions = {row["inboundMessageId"]: row["xmin"] for row in before}
    for row in app.rows(VERSIONS):
        assert row["xmin"] == versions[row["inboundMessageId"]]


@pytest.mark.wide(but=1)
def test_pruning_deletes_what_is_no_anchor_any_more(app: App, events: Path, tmp_path: Path) -> None:
    pushed(app, events, create=True)
    app.run(f"""
        insert into "Message" values ('{ID}a0ff', '{LEAD_1}', 'email', 'inbound',
            '2026-02-11 09:10:00', null, null, null, null, '');
        insert into "ResponseTimingEvent" ("id", "clientId", "leadId", "channel",
            "inboundMessageId", "inboundSentAt", "updatedAt")
        select 'of another channel', '{ID}c001', '{LEAD_1}', 'sms', '{ID}a201', now(), now();
    """)
    late = built(app, tmp_path / "late.parquet")
    assert counts(pushed(app, late)) == {"inserted": 1, "unchanged": 2}
    assert counts(pushed(app, late, prune=True, dry_run=True)) == {"unchanged": 3, "pruned": 1}
    assert counts(pushed(app, late, prune=True, batch_size=2)) == {"unchanged": 3, "pruned": 1}
    left = [row["inboundMessageId"][-4:] for row in app.rows(VERSIONS)]
    assert left == ["a002", "a0ff", "a101", "a201"]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_pruning_leaves_anchors_outside_the_files_window(
    app: App, events: Path, tmp_path: Path, suffix: str
) -> None:
    pushed(app, events, create=True)
    some = tmp_path / f"some{suffix}"
    build(BuildOptions(tmp_path / "pulled", output=some, since=datetime(2026, 2, 11, tzinfo=UTC)))
    assert counts(pushed(app, some, prune=True)) == {"unchanged": 1}
    app.run('update "ResponseTimingEvent" set "inboundSentAt" = \'2026-02-12\';\n')
    assert counts(pushed(app, some, prune=True)) == {"updated": 1, "pruned": 1}


def test_pruning_by_a_text_file_needs_its_manifest(app: App, tmp_path: Path) -> None:
    events = built(app, tmp_path / "events.csv")
    (tmp_path / "events.csv.manifest.json").unlink()
    with pytest.raises(SettingsError, match=r"events\.csv\.manifest\.json.* cannot be read"):
        pushed(app, events, create=True, prune=True)


@pytest.mark.wide(but=1)
def test_pruning_by_a_text_file_refuses_the_manifest_of_other_events(
    app: App, events: Path, tmp_path: Path
) -> None:
    text = built(app, tmp_path / "events.csv")
    before = text.read_bytes()
    build(BuildOptions(tmp_path / "pulled", output=text, since=datetime(2026, 2, 11, tzinfo=UTC)))
    text.write_bytes(before)  # as if a build had been killed after the events
    pushed(app, events, create=True)
    with pytest.raises(InputError, match=r"^events\.csv is not the file that .* describes"):
        pushed(app, text)
    manifest = manifest_path(text)  # as versions wrote it that did not seal
    document = json.loads(manifest.read_text())
    del document["fileDigest"]
    manifest.write_text(json.dumps(document))
    with pytest.raises(SettingsError, match=r"events\.csv\.manifest\.json is of other events"):
        pushed(app, text, prune=True)


def test_rows_whose_lead_client_or_message_is_gone_are_skipped(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    app.run(f"""
        delete from "ResponseTimingEvent";
        delete from "Lead" where "id" = '{LEAD_2}';
        delete from "Client" where "id" = '{ID}c002';
        delete from "Message" where "id" = '{ID}a005';
    """)
    result = pushed(app, events, list_skipped=True)
    assert counts(result) == {"inserted": 1, "skipped": 2}
    assert [(lost["inboundMessageId"][-4:], lost["column"], lost["table"], lost["value"])
            for lost in result.skipped] == [
        ("a005", "inboundMessageId", "Message", f"{ID}a005"),
        ("a101", "clientId", "Client", f"{ID}c002"),
        ("a101", "leadId", "Lead", LEAD_2),
    ]  # fmt: skip


def test_skipped_rows_are_in_the_order_of_bytes(server_dsn: str, events: Path) -> None:
    """Whatever the order of the database is: the server needs ICU to have another."""
    [found] = App(server_dsn).rows("select count(*) from pg_collation where collprovider = 'i'")
    if found["count"] <= 1:
        pytest.skip("this server is built without ICU")
    messages = ["a", "B", "a-c", "ab"]
    one = pl.read_parquet(events).head(1)
    rows = [one.with_columns(id=pl.lit(m), inboundMessageId=pl.lit(m)) for m in messages]
    pl.concat(rows).write_parquet(events.with_stem("others"))
    english = "template0 locale_provider icu icu_locale 'en' encoding utf8"
    with fresh_database(server_dsn, english) as app:
        app.run(SCHEMA)
        result = pushed(app, events.with_stem("others"), create=True, list_skipped=True)
    assert [lost["inboundMessageId"] for lost in result.skipped] == sorted(messages)


@pytest.mark.races
def test_a_lead_that_vanishes_while_its_event_is_written_is_skipped(app: App, events: Path) -> None:
    import threading

    pushed(app, events, create=True)
    app.run('delete from "ResponseTimingEvent";\n')
    results: list[Pushed] = []
    pushing = threading.Thread(target=lambda: results.append(pushed(app, events)))
    with app.holding(f'delete from "Lead" where "id" = \'{LEAD_2}\''):
        pushing.start()
        app.wait_for("wait_event_type = 'Lock'")
    pushing.join()
    assert counts(results[0]) == {"inserted": 2, "skipped": 1}


def test_batches_commit_in_steps(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    app.run('delete from "ResponseTimingEvent";\n')
    assert counts(pushed(app, events, batch_size=2)) == {"inserted": 3}
    assert len({row["xmin"] for row in app.rows(VERSIONS)}) == 2
    assert counts(pushed(app, events, batch_size=2)) == {"unchanged": 3}
    with pytest.raises(SettingsError, match=r"pgbouncer=true"):
        push(PushOptions(events, parse(f"{app.dsn}?pgbouncer=true"), batch_size=2))
    assert counts(push(PushOptions(events, parse(f"{app.dsn}?pgbouncer=true")))) == {"unchanged": 3}


LONG = 2**31


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("kind", ["integer", "bigint"])
def test_milliseconds_saturate_in_an_integer_column_alone(
    app: App, events: Path, kind: str
) -> None:
    pushed(app, events, create=True)
    app.run(f'alter table "ResponseTimingEvent" alter "setterResponseMs" type {kind};\n')
    long = changed(events, setterResponseMs=of_anchor("a005", LONG, "setterResponseMs"))
    expected = {"updated": 1, "unchanged": 2, "saturated": 1}
    if kind == "bigint":
        del expected["saturated"]
    assert counts(pushed(app, long)) == expected
    largest = LONG if kind == "bigint" else LONG - 1
    assert stored(app, "a005", "setterResponseMs") == [str(largest)]
    before = app.rows(VERSIONS)
    pushed(app, long)
    assert app.rows(VERSIONS) == before


def test_a_table_of_other_types_is_taken_as_it_is(app: App, events: Path, tmp_path: Path) -> None:
    statements = ddl.table_statements(None)
    ids = ("id", "leadId", "inboundMessageId", "aiDraftId", "setterResponseMessageId")
    for column in ids:
        statements[0] = statements[0].replace(f'"{column}" TEXT', f'"{column}" UUID')
    statements[0] = (
        statements[0].replace("TIMESTAMP(3)", "TIMESTAMPTZ(6)").replace("INTEGER", "BIGINT")
        .replace('"updatedAt"', "\"note\" TEXT NOT NULL DEFAULT 'x', \"updatedAt\"")
    )  # fmt: skip
    app.run(";\n".join(["create type \"Channel\" as enum ('email', 'sms')", *statements, ""]))
    app.run('alter table "ResponseTimingEvent" alter "channel" type "Channel" using null;\n')
    app.run(f"alter database {app.dsn.rpartition('/')[2]} set timezone = 'Asia/Kolkata';\n")
    assert counts(pushed(app, events)) == {"inserted": 3}
    before = app.rows(VERSIONS)
    assert counts(pushed(app, events, mirror=True, prune=True)) == {"unchanged": 3}
    assert app.rows(VERSIONS) == before
    pull(PullOptions(parse(app.dsn), tmp_path / "back", events=True))
    back = pl.read_parquet(tmp_path / "back" / "ResponseTimingEvent.parquet")
    assert back.equals(pl.read_parquet(events))


def test_microseconds_are_rounded_as_the_table_stores_them(app: App, events: Path) -> None:
    fine = changed(events, inboundSentAt=pl.col("inboundSentAt").dt.offset_by("600us"))
    assert counts(pushed(app, fine, create=True)) == {"inserted": 3}
    assert stored(app, "a002", "inboundSentAt") == ["2026-02-10 10:01:00.457"]
    assert counts(pushed(app, fine)) == {"unchanged": 3}


def test_a_foreign_key_of_the_apps_own_is_respected(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    app.run("""
        alter table "ResponseTimingEvent" add foreign key ("aiDraftId") references "AIDraft" ("id")
            deferrable initially deferred, add column "extra" text references "Lead" ("id");
        delete from "ResponseTimingEvent";
        delete from "AIDraft";
    """)
    assert counts(pushed(app, events)) == {"inserted": 2, "skipped": 1}


def test_without_a_table_there_is_no_push(app: App, events: Path) -> None:
    with pytest.raises(
        DatabaseError, match=r"^There is no ResponseTimingEvent .* push --create` makes"
    ):
        pushed(app, events)


def test_a_table_that_lacks_a_column_or_its_unique_index_is_named(app: App, events: Path) -> None:
    pushed(app, events, create=True)
    app.run('drop index "ResponseTimingEvent_inboundMessageId_key";\n')
    with pytest.raises(DatabaseError, match=r"no unique index on inboundMessageId"):
        pushed(app, events)
    app.run('alter table "ResponseTimingEvent" drop column "aiDraftId";\n')
    with pytest.raises(DatabaseError, match=r"has no column aiDraftId"):
        pushed(app, events)


def test_a_file_that_is_not_wholly_events_never_reaches_the_database(
    app: App, events: Path, tmp_path: Path
) -> None:
    nowhere = replace(parse(app.dsn), params={"host": "127.0.0.1", "port": "1"})
    frame = pl.read_parquet(events)
    cases = {
        "has no leadId": frame.drop("leadId"),
        "row 1, is no event: no channel": frame.with_columns(channel=pl.lit("")),
        "two rows with inboundMessageId": pl.concat(
            [frame, frame.with_columns(leadId=pl.lit("another"))]
        ),
    }
    for sentence, wrong in cases.items():
        wrong.write_parquet(tmp_path / "wrong.parquet")
        with pytest.raises(InputError, match=sentence):
            push(PushOptions(tmp_path / "wrong.parquet", nowhere))
    frame.with_columns(setterResponseMs=pl.lit("soon")).write_csv(tmp_path / "wrong.csv")
    with pytest.raises(InputError, match=r"row 1, is no event: unreadable whole number"):
        push(PushOptions(tmp_path / "wrong.csv", nowhere))


def test_values_never_become_sql(app: App, events: Path, tmp_path: Path) -> None:
    nasty = """'"; drop table "Lead"; --\\ $1 {{ columns }} \t😀"""
    odd = changed(events, setterSentByUserId=pl.lit(nasty), aiBackgroundJobId=pl.lit(nasty))
    assert counts(pushed(app, odd, create=True)) == {"inserted": 3}
    pull(PullOptions(parse(app.dsn), tmp_path / "back", events=True))
    back = pl.read_parquet(tmp_path / "back" / "ResponseTimingEvent.parquet")
    assert back.equals(pl.read_parquet(odd))


def test_no_events_are_no_work(app: App, events: Path, tmp_path: Path) -> None:
    pl.read_parquet(events).clear().write_parquet(tmp_path / "none.parquet")
    assert counts(pushed(app, tmp_path / "none.parquet", create=True, prune=True)) == {}


def rewriting(result: Pushed) -> list[str]:
    return [note for note in result.notes if "aiChosenDelaySeconds" in note]


@pytest.mark.wide(but=1)
def test_another_window_rewrites_history_and_is_told(app: App, tmp_path: Path) -> None:
    events = built(app, tmp_path / "events.parquet")
    assert rewriting(pushed(app, events, create=True)) == []
    assert rewriting(pushed(app, events)) == []
    chosen, low = "aiChosenDelaySeconds", "aiDelayMinSeconds"
    known = pl.read_parquet(events)[chosen].count()
    assert known > 0
    other = changed(events, **{chosen: pl.col(chosen) + 1, low: pl.col(low) + 1})
    told = (
        f"{chosen} of {known} of 3 events that the table had: their delay window is another "
        f"({known}). `timingctl diff` shows them."
    )
    assert rewriting(pushed(app, other, dry_run=True)) == [f"Push would change {told}"]
    assert rewriting(pushed(app, other)) == [f"Push changed {told}"]
    same_window = changed(events, **{chosen: pl.col(chosen) + 2, low: pl.col(low) + 1})
    assert rewriting(pushed(app, same_window)) == [
        f"Push changed {told}".replace("their delay window is", "the same delay window gave")
    ]
