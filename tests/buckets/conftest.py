"""One S3 for all tests of a session, with exports that are only read, and a bucket for each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.bad_input.tool import timingctl
from tests.buckets.bucket import Bucket, environment_of
from tests.buckets.made import Made, exports
from tests.buckets.servers import s3


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the S3 is."""
    with s3() as address:
        yield address


@pytest.fixture
def bucket(address: str, request: pytest.FixtureRequest) -> Bucket:
    """An empty bucket."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:60].strip("-")
    return Bucket.made(address, name)


@pytest.fixture
def environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials for what is called from Python."""
    for name, value in environment_of(address).items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def made(address: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Exports, the events of them and an inbox of them: here, and the same in a bucket."""
    folder = tmp_path_factory.mktemp("made")
    source = exports(folder / "exports")
    built = timingctl("build", source, "-o", folder / "events.parquet", "--json")
    assert timingctl("build", source, "-o", folder / "inbox.duckdb", "-q").code == 0
    bucket = Bucket.made(address, "made")
    bucket.fill(folder, "made")
    for mark in ("made/exports/", "made/exports/messages/", "made/exports/messages_$folder$",
                 "made/exports/Lead_$folder$", "made/exports/messages"):  # fmt: skip
        bucket.put(mark, "")
    return Made(folder, f"{bucket.url}/made", bucket, built)
