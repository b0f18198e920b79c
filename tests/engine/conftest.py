"""Engines and exports that many tests use: each is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.inboxes import dirty
from tests.engine.servers import sail, spark


@pytest.fixture(scope="session")
def local_sail() -> Iterator[str]:
    """The URL of Sail on one machine."""
    with sail("local") as url:
        yield url


@pytest.fixture(scope="session")
def sail_cluster() -> Iterator[str]:
    """The URL of Sail with a driver and workers."""
    with sail("local-cluster") as url:
        yield url


@pytest.fixture(scope="session")
def apache_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of Apache Spark; skips the test where it is not installed."""
    with spark(tmp_path_factory.mktemp("spark")) as (url, _):
        yield url


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All fixtures and made-up exports in one inbox, with every kind of dirt."""
    return dirty(tmp_path_factory.mktemp("inbox"), 60)
