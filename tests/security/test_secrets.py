"""Passwords and tokens in what people give by mistake: no message, note or file has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.tool import MESSAGES, timingctl, write
from timingctl.errors import InputError
from timingctl.scrubbing import scrubbed

SECRET = "Sw0rdfish"  # noqa: S105
HALVES = ("Sw0rd", "Fish9")

#: Text that holds a secret, whatever else is said of it.
FORMS = {
    "SQLAlchemy": f"postgresql+psycopg2://app:{SECRET}@127.0.0.1:1/db",
    "JDBC": f"jdbc:postgresql://127.0.0.1:1/db?user=app&password={SECRET}",
    "JDBC of Oracle": f"jdbc:oracle:thin:app/{SECRET}@127.0.0.1:1:x",
    "JDBC of SQL Server": f"jdbc:sqlserver://127.0.0.1:1;user=app;password={SECRET}",
    "MySQL": f"mysql://app:{SECRET}@127.0.0.1:1/db",
    "Prisma Accelerate": f"prisma+postgres://127.0.0.1:1/?api_key={SECRET}.x",
    "upper case": f"POSTGRESQL://app:{SECRET}@127.0.0.1:1/db",
    "quotes": f"'postgres://app:{SECRET}@127.0.0.1:1/db'",
    "a variable": f"DATABASE_URL=postgres://app:{SECRET}@127.0.0.1:1/db",
    "a quoted variable": f'DATABASE_URL="postgres://app:{SECRET}@127.0.0.1:1/db"',
    "pairs": f"host=127.0.0.1 port=1 password={SECRET} user=app",
    "quoted pairs": f"host=127.0.0.1 port=1 password='{HALVES[0]} {HALVES[1]}'",
    "a slash and an @": f"mysql://app:{HALVES[0]}/@{HALVES[1]}@127.0.0.1:1/db",
    "a blank": f"mysql://app:{HALVES[0]} {HALVES[1]}@127.0.0.1:1/db",
    "percent-encoded": f"mysql://app:{HALVES[0]}%40%2F{HALVES[1]}@127.0.0.1:1/db",
    "no password": f"https://{SECRET}@127.0.0.1:1/x.csv",
    "no host": f"mysql://app:{SECRET}",
    "a signed URL": f"https://127.0.0.1:1/x.csv?X-Amz-Signature={SECRET}&X-Amz-Credential={SECRET}",
    "a SAS": f"https://127.0.0.1:1/x.csv?sv=1&sig={SECRET}",
    "a coded name": f"https://127.0.0.1:1/x.csv?acc%65ss_token={SECRET}",
    "postgres, cut": f"postgresql://app:{HALVES[0]}/{HALVES[1]}@127.0.0.1:1/db",
}

#: Every place in a command that takes a path, a SOURCE or a DSN; `{}` is what is given there.
PLACES = [
    "build {}", "build exports -o {}", "build exports -o {}.csv",
    "build exports --table Message={}",
    "build exports --table {}", "build exports --delay-windows {}", "build exports --temp-dir {}",
    "build exports --since {}", "build exports --memory-limit {}",
    "build exports --lock-timeout {}",
    "build exports {}", "--config {} build exports", "--debug build {}", "{}", "build --{}",
    "report {}", "report e.csv --exports {}", "report e.csv --leads {}", "report e.csv --names {}",
    "report e.csv --html {}", "report e.csv --html {}.html", "report e.csv --tz {}",
    "report e.csv --business-hours {}", "report e.csv --from {}", "report e.csv --responder {}",
    "lead e.csv ann --names {}", "lead {} ann", "explain {} A",
    "diff {} e.csv", "diff e.csv {}", "diff e.csv e.csv --rows {}",
    "diff e.csv e.csv --rows {}.csv",
    "push {} --dsn postgresql://127.0.0.1:1/db", "push e.csv --dsn {}",
    "pull --dsn {} -o pulled", "pull --dsn postgresql://127.0.0.1:1/db -o {}",
    "windows {}", "windows exports -o {}", "windows exports -o {}.csv",
    "verify {}", "verify exports --temp-dir {}", "generate {}", "generate made --start {}",
]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "exports", {})
    assert timingctl("build", "exports", "-o", "e.csv", "-q").code == 0
    return tmp_path


@pytest.mark.wide(but=5)
@pytest.mark.parametrize("nth", range(len(FORMS)), ids=FORMS)
def test_no_command_shows_a_secret(here: Path, nth: int, thorough: bool) -> None:
    """Each form in every place if there are hours, else in a quarter of them: together in all."""
    before = set(here.rglob("*"))
    shown = {}
    for place in PLACES if thorough else PLACES[nth % 4 :: 4]:
        arguments = [word.replace("{}", [*FORMS.values()][nth]) for word in place.split()]
        done = timingctl(*arguments)
        texts = [done.out, done.err]
        for path in sorted(set(here.rglob("*")) - before):
            texts += [path.relative_to(here).as_posix(), path.read_text() if path.is_file() else ""]
        shown[place] = done.code, " ".join(texts)
    leaks = {place: text for place, (_, text) in shown.items()
             if any(part in text for part in (SECRET, *HALVES))}  # fmt: skip
    assert leaks == {}
    assert 70 not in {code for code, _ in shown.values()}


@pytest.mark.parametrize(("given", "says"), [
    ("postgresql+psycopg2://app:x@h/db",
     "postgresql+psycopg2://***@h/db cannot be read: the scheme postgresql+psycopg2://, which is "
     "for SQLAlchemy, is not read. Give a folder, a DuckDB database, or "
     "postgresql://user:password@host:port/database."),
    ("mysql://app:x@h/db",
     "mysql://***@h/db cannot be read: the scheme mysql:// is not read. Give a folder, a DuckDB "
     "database, or postgresql://user:password@host:port/database."),
    ("hdfs://host/exports",
     "hdfs://host/exports cannot be read: the scheme hdfs:// is not read. Give a folder, a DuckDB "
     "database, or postgresql://user:password@host:port/database."),
    ("POSTGRES://app:x@h/db",
     "POSTGRES://***@h/db is no source: write postgres:// in small letters."),
    ("'postgres://app:x@h/db'",
     "'postgres://app:***@h/db' is no source: give the DSN without the quotes."),
    ("DATABASE_URL=postgres://app:x@h/db",
     "DATABASE_URL=postgres://app:***@h/db is no source: give the DSN without DATABASE_URL= "
     "before it."),
    ("host=h password=x",
     "host=h password=*** is no source: write a DSN as "
     "postgresql://user:password@host:port/database."),
])  # fmt: skip
def test_what_is_meant_as_a_dsn_and_is_not_read(given: str, says: str) -> None:
    done = timingctl("build", given)
    assert (done.code, done.err) == (11, f"Error: {says}\n")


@pytest.mark.parametrize("text", [
    "build", "exports/a=b/c.csv", "http://127.0.0.1:1/Message.csv", "ev:1/e.parquet", "a@b.csv",
    "write postgresql://user:password@host:port/database", "http://[::1]:80/x", "key=abc.csv",
    "s3://bucket/key is not there; ask me@example.org", "C:/exports/a@b.csv", "dt=2026-02-10/x",
])  # fmt: skip
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert scrubbed(text) == text


def test_errors_raised_to_python_are_scrubbed_as_well() -> None:
    from timingctl import build

    with pytest.raises(InputError) as caught:
        build(f"mysql://app:{SECRET}@h/db")
    assert SECRET not in str(caught.value)


def test_a_password_in_an_export_is_data(tmp_path: Path) -> None:
    """Ids are results: they are shown as they are."""
    name = "https://u:p@h"
    write(tmp_path / "exports", {"Message.csv": MESSAGES.replace("A,", f"{name},")})
    done = timingctl("build", tmp_path / "exports", "-o", tmp_path / "e.csv", "-q")
    assert done.code == 0
    assert name in (tmp_path / "e.csv").read_text()
