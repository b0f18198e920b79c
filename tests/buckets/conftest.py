"""One S3 for all tests of a session, and a bucket of its own for each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.buckets.bucket import Bucket
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
