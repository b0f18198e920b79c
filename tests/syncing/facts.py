"""What an inbox says, whoever wrote it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb


def facts(path: Path) -> dict[str, Any]:
    """The digests, the as-of, the counts of events, and the rejects but for where they stood."""
    with duckdb.connect(path, read_only=True) as connection:
        [(digests, as_of, events)] = connection.execute(
            'select digests, "asOfInstant", events from Build'
        ).fetchall()
        rejects = connection.execute(
            'select "table", id, "column", reason, "value" from Reject order by all'
        ).fetchall()
        tables = {
            name: connection.execute(f'select count(*) from "{name}"').fetchall()[0][0]
            for name in json.loads(digests)
        }
    told = {name: one for name, one in json.loads(digests).items() if name != "Reject"}
    return {**told, "asOf": as_of, "events": json.loads(events), "rejects": rejects, **{
        f"rows of {name}": count for name, count in tables.items()
    }}  # fmt: skip
