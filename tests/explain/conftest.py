"""Exports that stories are told of stay open while one file's tests run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.explain import cases

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def _closed() -> Iterator[None]:
    yield
    cases.close()
