"""A server a test session, a database of the app a test.

All is tried on PostgreSQL 18; on 15, where it is installed, what pull reads and push writes in
`make test-wide`, and with `--hypothesis-profile long` the rest.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.postgres.server import DEBIAN, WHEEL, App, Server, fresh_database
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull

if TYPE_CHECKING:
    from collections.abc import Iterator

GIVEN_DSN = os.environ.get("POSTGRES_TEST_DSN")
SERVERS = (
    [pytest.param(None, id="given")]
    if GIVEN_DSN
    else [pytest.param(folder, id=name, marks=marks)
          for name, folder, marks in (("18", WHEEL, ()), ("15", DEBIAN, pytest.mark.wide))
          if folder.is_dir()]
)  # fmt: skip
_ON_EVERY_SERVER = {"test_pull.py", "test_push.py"}
SCHEMA = Path(__file__).with_name("app.sql").read_text(encoding="utf-8")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is tried on one server alone."""
    if config.getoption("--hypothesis-profile") != "long":
        here = Path(__file__).parent
        items[:] = [item for item in items if item.path.parent != here or not _is_extra(item)]


def _is_extra(test: pytest.Item) -> bool:
    return "[15" in test.name and test.path.name not in _ON_EVERY_SERVER


@pytest.fixture(scope="session", params=SERVERS)
def server_dsn(request: pytest.FixtureRequest) -> Iterator[str]:
    """The superuser's DSN of each server."""
    if GIVEN_DSN:
        yield GIVEN_DSN
        return
    server = Server(request.param)
    try:
        yield server.dsn
    finally:
        server.remove()


@pytest.fixture(scope="session")
def template(server_dsn: str) -> Iterator[str]:
    """The app's database, to be copied."""
    with fresh_database(server_dsn) as app:
        app.run(SCHEMA)
        yield urlsplit(app.dsn).path.removeprefix("/")


@pytest.fixture
def app(server_dsn: str, template: str) -> Iterator[App]:
    """The app's database, without ResponseTimingEvent."""
    with fresh_database(server_dsn, template) as database:
        yield database


@pytest.fixture(scope="session")
def built_once(server_dsn: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what was pulled of the app's database, and the events built from it."""
    folder = tmp_path_factory.mktemp("built")
    with fresh_database(server_dsn, template) as database:
        built(database, folder / "events.parquet")
    return folder


@pytest.fixture
def events(built_once: Path, tmp_path: Path) -> Path:
    """The events of the app, built from what was pulled."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "events.parquet"


def built(app: App, output: Path) -> Path:
    """Pull and build."""
    pull(PullOptions(parse(app.dsn), output.parent / "pulled"))
    build(BuildOptions(output.parent / "pulled", output=output))
    return output
