"""JSON documents: how they are written, and instants in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: How instants are written in text formats: ISO 8601, microseconds, UTC.
INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%S%.6fZ"


def iso(instant: datetime | None) -> str | None:
    """An instant as ISO 8601 with microseconds and Z."""
    if instant is None:
        return None
    return str(pl.Series([instant]).dt.to_string(INSTANT_FORMAT)[0])


def as_json(document: Mapping[str, object]) -> str:
    """The document as readable JSON text that ends in a newline."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
