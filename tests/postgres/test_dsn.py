"""Connection strings: what is understood, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from timingctl.errors import SettingsError
from timingctl.postgres.dsn import is_dsn, parse, redacted

SECRET = "p@ss:w'ör\\d %x"  # noqa: S105
ENCODED = "p%40ss%3Aw%27%C3%B6r%5Cd%20%25x"


@pytest.mark.parametrize(
    ("text", "params"),
    [
        (
            "postgresql://u:p@db:5433/app?sslmode=require",
            {"user": "u", "password": "p", "host": "db", "port": "5433", "dbname": "app",
             "sslmode": "require"},
        ),
        (f"postgres://u:{ENCODED}@db/app", {"user": "u", "password": SECRET, "host": "db",
                                             "dbname": "app"}),
        ("postgresql://u:p@ss@db", {"user": "u", "password": "p@ss", "host": "db"}),
        ("postgresql:///app?host=/run/pg", {"dbname": "app", "host": "/run/pg"}),
        ("postgresql://a:1,b:2/app", {"host": "a,b", "port": "1,2", "dbname": "app"}),
        ("postgresql://[::1]:5432/app", {"host": "::1", "port": "5432", "dbname": "app"}),
        ("host=db password='a\\'b c' dbname=app", {"host": "db", "password": "a'b c",
                                                     "dbname": "app"}),
    ],
)  # fmt: skip
def test_libpqs_forms_are_read(text: str, params: dict[str, str]) -> None:
    assert parse(text).params == params


def test_prismas_params_are_understood_or_left_out() -> None:
    dsn = parse(
        "postgresql://u:p@db/app?schema=crm&connection_limit=5&pool_timeout=3&pgbouncer=true"
    )
    assert (dsn.schema, dsn.pooled) == ("crm", True)
    assert set(dsn.params) == {"user", "password", "host", "dbname"}
    assert (parse("postgresql://db/app").schema, parse("postgresql://db/app").pooled) == (
        "public",
        False,
    )
    with pytest.raises(SettingsError, match=r"sslaccept is understood by Prisma alone"):
        parse("postgresql://db/app?sslaccept=strict")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://u:sek/ret@db/app",
        "postgresql://u:sek?ret@db/app",
        "postgresql://u:sek#ret@db/app",
        "postgresql://db:sekret/app",
        "mysql://u:sekret@db/app",
        "password=sekret host",
        "postgresql://u:sekret@db/app?sslmode",
        "",
        " ",
    ],
)
def test_an_unreadable_dsn_is_not_quoted(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    assert "sek" not in str(caught.value)
    assert "ret@" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://u:{ENCODED}@db/app",
        f"postgresql://u:{SECRET}@db/app",
        "--dsn=postgres://u:sek/ret@db/app?schema=x",
        "host=db password='sek ret' user=u",
        "postgresql://u@db/app?password=sekret&schema=x",
    ],
)
def test_redacting_leaves_no_part_of_a_password(text: str) -> None:
    shown = redacted(text)
    assert "***" in shown
    for part in ("sek", "ret", "%40", "ör", "%20x", " %x"):
        assert part not in shown


def test_a_dsn_shows_no_secret_of_its_own() -> None:
    for text in (f"postgresql://u:{ENCODED}@db/app", f"postgresql://u:{SECRET}@db/app"):
        dsn = parse(text)
        assert is_dsn(text)
        assert SECRET not in repr(dsn)
        assert dsn.place == "db:5432"
        assert dsn.scrubbed(f"a {SECRET} b {ENCODED} c") == "a *** b *** c"


@pytest.mark.parametrize(
    ("text", "place", "database"),
    [
        ("postgresql://a:1,b/app", "a:1,b:5432", "app"),
        ("postgresql://u@a,b/", "a:5432,b:5432", "u"),
        ("host=a,b port=1 dbname=app", "a:1,b:1", "app"),
        ("hostaddr=10.0.0.1 dbname=app", "10.0.0.1:5432", "app"),
        ("host=db hostaddr=10.0.0.1 dbname=app", "10.0.0.1:5432", "app"),
        ("service=here", "db:5433", "app"),
        ("service=here port=1 dbname=other", "db:1", "other"),
        ("service=gone", "env:6000", "of_env"),
        ("postgresql://", "env:6000", "of_env"),
    ],
)
def test_a_place_is_what_libpq_goes_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, place: str, database: str
) -> None:
    (tmp_path / "services").write_text("[here]\nhost=db\nport=5433\ndbname=app\n")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    if database == "of_env":
        for name, value in (("HOST", "env"), ("PORT", "6000"), ("DATABASE", "of_env")):
            monkeypatch.setenv(f"PG{name}", value)
    dsn = parse(text)
    assert (dsn.place, dsn.database) == (place, database)


def test_other_arguments_are_left_as_they_are() -> None:
    for text in ("build", "exports/", "postgresql://u@db/app", "--table=Message=a@b.csv"):
        assert redacted(text) == text
