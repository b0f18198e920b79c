"""A server for the databases that are synced from, and what an inbox says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres.server import WHEEL, App, Server, fresh_database


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of these tests' own."""
    found = Server(WHEEL)
    try:
        yield found
    finally:
        found.remove()


@pytest.fixture
def app(server: Server) -> Iterator[App]:
    """An empty database."""
    with fresh_database(server.dsn) as database:
        yield database
