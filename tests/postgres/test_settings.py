"""The session's settings are ours, whatever the server, the role and the environment say."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.postgres.conftest import SCHEMA, built
from tests.postgres.server import App, fresh_database
from tests.postgres.test_push import ID, changed, counts, pushed
from timingctl.differences import DiffOptions, diff
from timingctl.errors import DatabaseError
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.postgres.push import push
from timingctl.postgres.pushed import PushOptions
from timingctl.postgres.session import connect
from timingctl.postgres.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "postgres.md"
#: What a database is told to be, against every setting of ours.
CONTRARY = {
    "search_path": "public",
    "client_encoding": "'LATIN1'",
    "standard_conforming_strings": "off",
    "quote_all_identifiers": "on",
    "TimeZone": "'Asia/Kolkata'",
    "DateStyle": "'SQL, DMY'",
    "IntervalStyle": "sql_standard",
    "extra_float_digits": "-5",
    "bytea_output": "escape",
    "lc_monetary": "'C.UTF-8'",
    "row_security": "on",
    "session_replication_role": "replica",
    "default_transaction_read_only": "on",
    "statement_timeout": "'1ms'",
    "lock_timeout": "'1ms'",
    "transaction_timeout": "'3s'",
    "idle_in_transaction_session_timeout": "'1ms'",
    "client_connection_check_interval": "'0'",
    "client_min_messages": "debug1",
}


def test_the_page_lists_the_settings() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.*)` \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows == [(setting.name, setting.value, setting.why) for setting in SETTINGS]


def test_no_setting_of_the_database_is_left(
    app: App, events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert CONTRARY.keys() == {setting.name for setting in SETTINGS}
    known = {row["name"] for row in app.rows("select name from pg_settings")} & CONTRARY.keys()
    app.run("".join(
        f"alter database {app.name} set {name} = {CONTRARY[name]};\n" for name in known
    ))  # fmt: skip
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    monkeypatch.setenv("PGOPTIONS", "-c DateStyle=German -c statement_timeout=1ms -c geqo=off")
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")
    ours = {setting.name: setting.value for setting in SETTINGS}
    with connect(parse(app.dsn)) as session, session.transaction("read only", "7min"):
        for name in known:
            [found] = session.rows("select current_setting($1) as value", name)
            assert found["value"] == ours[name] if name != "statement_timeout" else "7min", name
        assert session.rows("select current_setting('geqo') as geqo") == [{"geqo": "off"}]
    assert counts(pushed(app, events, create=True)) == {"inserted": 3}
    pull(PullOptions(parse(app.dsn), tmp_path / "back", events=True))
    back = pl.read_parquet(tmp_path / "back" / "ResponseTimingEvent.parquet")
    assert back.equals(pl.read_parquet(events))
    assert diff(DiffOptions(events, parse(app.dsn))).equal
    assert capfd.readouterr().err == ""


def test_the_options_of_a_service_are_kept_and_its_encoding_is_not(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "services").write_text(
        "[inbox]\nclient_encoding=LATIN1\noptions=-c geqo=off -c DateStyle=German\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    for dsn in (parse(f"{app.dsn}?service=inbox"), parse(app.dsn)):
        with connect(dsn) as session, session.transaction("read only", "1min"):
            names = ("client_encoding", "geqo", "DateStyle")
            found = [session.rows("select current_setting($1) as s", n)[0]["s"] for n in names]
        assert found == ["UTF8", "off", "ISO, YMD"]
        monkeypatch.setenv("PGSERVICE", "inbox")


PLANES = "".join(
    chr(plane * 0x10000 + 0xFFFD) + chr(plane * 0x10000 + 0x0234) for plane in range(17)
)
TEXTS = {
    "ASCII": "plain 1",
    "Latin-1": "mé1 ÿ",
    "Windows-1252": "€ “x” ž",
    "Cyrillic": "Ж",
    "CJK": "語",
    "combining": "e\u0301 \u200d\u202e",
    "emoji, plane 1": "😀",
    "all 17 planes": PLANES,
}
STORED = {
    "UTF8": set(TEXTS),
    "LATIN1": {"ASCII", "Latin-1"},
    "WIN1252": {"ASCII", "Latin-1", "Windows-1252"},
    "SQL_ASCII": set(TEXTS),
}


#: What the environment may say of the encoding.
CLIENTS = [None, "LATIN1"]


@contextmanager
def in_encoding(server_dsn: str, encoding: str) -> Iterator[App]:
    """The app's database in an encoding."""
    template = f"template0 encoding '{encoding}' lc_collate 'C' lc_ctype 'C'"
    with fresh_database(server_dsn, template) as app:
        app.run(SCHEMA)
        yield app


@pytest.fixture(params=list(STORED))
def encoded(request: pytest.FixtureRequest, server_dsn: str) -> Iterator[tuple[App, str]]:
    """The app's database in each encoding."""
    with in_encoding(server_dsn, request.param) as app:
        yield app, request.param


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("encoding", STORED)
def test_text_of_every_plane_comes_back_or_is_refused(
    server_dsn: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    thorough: bool,
) -> None:
    """Whatever the environment says: one of what it may say, or with hours any of it."""
    nth = list(STORED).index(encoding) % len(CLIENTS)
    for client in CLIENTS if thorough else [CLIENTS[nth]]:
        with in_encoding(server_dsn, encoding) as app, monkeypatch.context() as patch:
            if client:
                patch.setenv("PGCLIENTENCODING", client)
            folder = tmp_path / str(client)
            folder.mkdir()
            comes_back_or_is_refused(app, encoding, folder)


def comes_back_or_is_refused(app: App, encoding: str, tmp_path: Path) -> None:
    utf8 = App(f"{app.dsn}?client_encoding=UTF8")
    events = built(app, tmp_path / "events.parquet")
    pushed(app, events, create=True)
    for name in sorted(TEXTS.keys() - STORED[encoding]):
        before = utf8.rows('select xmin::text from "ResponseTimingEvent" order by 1')
        with pytest.raises(DatabaseError, match=rf'no equivalent in encoding "{encoding}"'):
            pushed(app, changed(events, setterSentByUserId=pl.lit(TEXTS[name])))
        assert utf8.rows('select xmin::text from "ResponseTimingEvent" order by 1') == before
    stored = "".join(text for name, text in TEXTS.items() if name in STORED[encoding])
    for column, text in (("id", TEXTS["ASCII"]), ("setterSentByUserId", stored)):
        other = changed(events, **{column: pl.lit(text) + pl.col("inboundMessageId")})
        pushed(app, other)
        assert counts(pushed(app, other)) == {"unchanged": 3}
        pull(PullOptions(parse(app.dsn), tmp_path / "back", events=True))
        back = pl.read_parquet(tmp_path / "back" / "ResponseTimingEvent.parquet")
        ignored = "id" if column == "id" else ""
        assert back.drop(ignored, strict=False).equals(
            pl.read_parquet(other).drop(ignored, strict=False)
        )
    [first, *_] = utf8.rows(
        'select "setterSentByUserId" as found from "ResponseTimingEvent" '
        'order by "inboundMessageId"'
    )
    assert first["found"] == f"{stored}{ID}a002"  # not what two wrong turns make right


@pytest.mark.wide(but=1)
def test_ids_that_are_not_ascii_are_found_in_every_encoding(
    encoded: tuple[App, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Foreign keys to ids such as mé1: neither skipped nor doubled."""
    app, _ = encoded
    utf8 = App(f"{app.dsn}?client_encoding=UTF8")
    utf8.run("""
        insert into "Lead" values ('mé-lead', '00000000-0000-4000-8000-00000000c001', null);
        insert into "Message" values ('mé1', 'mé-lead', 'email', 'inbound', '2026-02-10 10:00:00',
            null, null, null, null, '');
    """)
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    push_options = PushOptions(built(app, tmp_path / "events.parquet"), parse(app.dsn), create=True)
    assert counts(push(push_options)) == {"inserted": 3}
    utf8.run("""insert into "Message" values ('mé2', 'mé-lead', 'email', 'outbound',
        '2026-02-10 11:00:00', 'setter', 'Zoë', null, null, '');\n""")
    events = built(app, tmp_path / "events.parquet")
    assert counts(pushed(app, events)) == {"inserted": 1, "unchanged": 3}
    assert counts(pushed(app, events)) == {"unchanged": 4}
    message = pl.read_parquet(tmp_path / "pulled" / "Message.parquet")
    assert {"mé1", "mé2"} <= set(message["id"])


def test_bytes_that_are_not_utf8_are_not_pulled(server_dsn: str, tmp_path: Path) -> None:
    template = "template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'"
    with fresh_database(server_dsn, template) as app:
        app.run(SCHEMA)
        app.run("""update "Message" set "sentBy" = convert_from('\\xe9', 'SQL_ASCII')
            where "direction" = 'outbound';\n""")
        with pytest.raises(
            DatabaseError, match=r"text is not in the encoding .*: invalid .* 0xe9\.$"
        ):
            pull(PullOptions(parse(app.dsn), tmp_path))
        assert list(tmp_path.iterdir()) == []
