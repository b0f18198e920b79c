"""JSON documents: how they are written, and instants in them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How instants are written in text formats: ISO 8601, microseconds, UTC.
INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%S%.6fZ"


def iso(instant: datetime | None) -> str | None:
    """An instant as ISO 8601 with microseconds and Z."""
    if instant is None:
        return None
    return str(pl.Series([instant]).dt.to_string(INSTANT_FORMAT)[0])


def instant_or_none(text: str | None) -> datetime | None:
    """The instant that `iso` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def as_json(document: Mapping[str, object]) -> str:
    """The document as readable JSON text that ends in a newline."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
