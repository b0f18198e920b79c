"""The work that is disturbed: build, pull, push and sync, each between two results."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import polars as pl
import pytest
from adbc_driver_postgresql import dbapi

from tests.bad_input.tool import HEADER, timingctl
from tests.faults.tool import State, Work, files_in
from tests.postgres.server import WHEEL, App, Server, fresh_database
from tests.syncing.facts import facts
from timingctl.made_up import GenerateOptions, generate
from timingctl.schemas import TABLES
from timingctl.seals import FOLDER_MANIFEST

EVENTS = "events.parquet"
MANIFEST, REJECTS = f"{EVENTS}.manifest.json", f"{EVENTS}.rejects.ndjson"
LEADS = 300
ROWS = 'select * from "ResponseTimingEvent" order by "inboundMessageId"'


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders of exports; of the first not all rows are usable."""
    first, second = (tmp_path_factory.mktemp("exports") for _ in range(2))
    for seed, folder in enumerate((first, second)):
        generate(GenerateOptions(folder, LEADS, seed))
    unusable = "X,ann,email,sideways,2026-02-10 10:00:00,,,,\n"
    (first / "Message" / "late.csv").write_text(HEADER + unusable)
    return first, second


@pytest.fixture(scope="session")
def built(
    exports: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[State, State]:
    """The files that builds of them leave."""
    return cast("tuple[State, State]", tuple(
        _made(tmp_path_factory.mktemp("built"), "build", folder, "-q") for folder in exports
    ))  # fmt: skip


def _made(folder: Path, *arguments: object) -> State:
    output = folder / EVENTS if arguments[0] == "build" else folder
    done = timingctl(*arguments, "-o", output)
    assert done.code == 0, done.err
    return files_in(folder)


@pytest.fixture(params=["build", "pull", "push", "sync"])
def work(request: pytest.FixtureRequest) -> Work:
    """Each command in turn; the first of its results stands there."""
    found: Work = request.getfixturevalue(f"{request.param}_work")
    return found


@pytest.fixture(params=["build", "pull"])
def filing(request: pytest.FixtureRequest) -> Work:
    """Each command that writes files in turn; the first of its results stands there."""
    found: Work = request.getfixturevalue(f"{request.param}_work")
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder that results go to."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    """The folder for temporary folders."""
    folder = tmp_path / "spill"
    folder.mkdir()
    return folder


@pytest.fixture
def build_work(
    exports: tuple[Path, Path], built: tuple[State, State], out: Path, spill: Path
) -> Work:
    """Builds of the two exports into one file."""
    put(out, built[0])
    return Work(
        [("build", folder, "-o", out / EVENTS, "-q") for folder in exports],
        built, [(EVENTS, REJECTS, MANIFEST)] * 2, lambda: files_in(out), spill,
    )  # fmt: skip


def put(folder: Path, files: State) -> None:
    """Let these files stand in a folder, and no others."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of these tests' own, whose disk may be filled."""
    found = Server(WHEEL)
    try:
        yield found
    finally:
        found.remove()


@pytest.fixture(scope="session")
def apps(server: Server, exports: tuple[Path, Path]) -> Iterator[tuple[App, App]]:
    """A database of the app a folder, the second without campaigns; to be read or copied."""
    with ExitStack() as stack:
        first, second = (stack.enter_context(fresh_database(server.dsn)) for _ in exports)
        for app, folder in zip((first, second), exports, strict=True):
            _load(app, folder)
        second.run('drop table "EmailCampaign";\n')
        yield first, second


def _load(app: App, folder: Path) -> None:
    with dbapi.connect(app.dsn, autocommit=True) as connection, connection.cursor() as cursor:
        for table in TABLES:
            rows = pl.read_parquet(folder / table.name / "*.parquet")
            cursor.adbc_ingest(table.name, rows.to_arrow(compat_level=pl.CompatLevel.oldest()))
            cursor.execute(f'alter table "{table.name}" add primary key ("id")')


@pytest.fixture(scope="session")
def pulled(apps: tuple[App, App], tmp_path_factory: pytest.TempPathFactory) -> tuple[State, State]:
    """The files that pulls of them leave."""
    return cast("tuple[State, State]", tuple(
        _made(tmp_path_factory.mktemp("pulled"), "pull", "--dsn", app.dsn, "-q") for app in apps
    ))  # fmt: skip


@pytest.fixture
def pull_work(apps: tuple[App, App], pulled: tuple[State, State], out: Path, spill: Path) -> Work:
    """Pulls of the two databases into one folder."""
    put(out, pulled[0])
    replaced = (*(f"{table.name}.parquet" for table in TABLES), FOLDER_MANIFEST)
    return Work(
        [("pull", "--dsn", app.dsn, "-o", out, "-q") for app in apps],
        pulled, [replaced] * 2, lambda: files_in(out), spill,
    )  # fmt: skip


@pytest.fixture(scope="session")
def event_files(
    exports: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Two files of events of the first database: the rules for setters differ."""
    rules = "turn", "next"
    folder = tmp_path_factory.mktemp("events")
    for rule in rules:
        output = folder / f"{rule}.parquet"
        assert timingctl("build", exports[0], "-o", output, "--setter-rule", rule).code == 0
    first, second = (folder / f"{rule}.parquet" for rule in rules)
    return first, second


def _push(app: App, events: Path) -> tuple[object, ...]:
    return ("push", events, "--dsn", app.dsn, "--mirror", "-q")


def _table(app: App) -> State:
    return {str(row["inboundMessageId"]): row for row in app.rows(ROWS)}


@pytest.fixture(scope="session")
def pushed(
    server: Server, apps: tuple[App, App], event_files: tuple[Path, Path]
) -> Iterator[tuple[str, State, State]]:
    """A database that the first file was pushed to, and the table after each push."""
    with fresh_database(server.dsn, apps[0].name) as app:
        assert timingctl(*_push(app, event_files[0]), "--create").code == 0
        first = _table(app)
        with fresh_database(server.dsn, app.name) as copy:
            assert timingctl(*_push(copy, event_files[1])).code == 0
            second = _table(copy)
        assert first != second
        yield app.name, first, second


@pytest.fixture
def push_app(server: Server, pushed: tuple[str, State, State]) -> Iterator[App]:
    """A database that the first file was pushed to."""
    with fresh_database(server.dsn, pushed[0]) as app:
        yield app


@pytest.fixture
def push_work(
    push_app: App, event_files: tuple[Path, Path], pushed: tuple[str, State, State], spill: Path
) -> Work:
    """Pushes of the two files into one table."""

    def look() -> State:
        push_app.wait_for("application_name = 'timingctl'", 0)  # the server notices who has died
        return _table(push_app)

    return Work([_push(push_app, file) for file in event_files], pushed[1:], [(), ()], look, spill)


INBOX = "inbox.duckdb"


def _inbox_in(folder: Path) -> State:
    """What stands in a folder: of an inbox what it says, as no two files of DuckDB are alike."""
    return {
        path.name: facts(path) if path.suffix == ".duckdb" else path.read_bytes()
        for path in folder.iterdir()
        if path.is_file()
    }


@pytest.fixture(scope="session")
def synced(
    exports: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Sequence[Path], Path, tuple[State, State]]:
    """Exports, and the same a second later; an inbox of the first; and what it says of each."""
    folder = tmp_path_factory.mktemp("synced")
    later = folder / "later"
    shutil.copytree(exports[0], later, ignore=lambda *_: [FOLDER_MANIFEST])
    for part in (later / "Message").glob("*.parquet"):
        sent = pl.col("sentAt") + pl.duration(seconds=1)
        pl.read_parquet(part).with_columns(sentAt=sent).write_parquet(part)
    inbox, sources = folder / INBOX, (exports[0], later)
    states: list[State] = []
    for source in reversed(sources):
        assert timingctl("sync", inbox, source, "-q").code == 0
        states.insert(0, {INBOX: facts(inbox)})
    return sources, inbox, (states[0], states[1])


@pytest.fixture
def sync_work(
    synced: tuple[Sequence[Path], Path, tuple[State, State]], out: Path, spill: Path
) -> Work:
    """Syncs of one inbox with the two."""
    sources, inbox, states = synced
    shutil.copy(inbox, out / INBOX)
    return Work(
        [("sync", out / INBOX, source, "-q") for source in sources],
        states, [(INBOX,)] * 2, lambda: _inbox_in(out), spill,
    )  # fmt: skip
