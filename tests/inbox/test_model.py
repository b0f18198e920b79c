"""The inbox held to a slow one on small worlds that love trouble."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inbox import model
from tests.tables import Row, inbox_tables
from tests.worlds import START, World, together, worlds, write_exports
from timingctl.options import BuildOptions
from timingctl.pipeline import build

#: Few builds of many worlds: a build takes long, whatever it holds.
WORLDS = st.lists(worlds(extras=True), min_size=4, max_size=10).map(together)
PER_BUILD = 8
AS_OF = st.sampled_from([timedelta(0), timedelta(seconds=60), timedelta(hours=3)])
KEYS = {"AnchorContext": "inboundMessageId", "Wait": "startMessageId", "SendingJob": "jobId"}


# Worlds that fail are long until the simplest is found.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=max(settings().max_examples // PER_BUILD, 1))
@given(WORLDS, AS_OF)
def test_the_inbox_is_the_models(exports: World, after: timedelta) -> None:
    as_of = START.replace(tzinfo=UTC) + after
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        windows = write_exports(folder, model.COLUMNS, exports)
        output = folder / "inbox.duckdb"
        build(
            BuildOptions(
                source=folder, output=output, delay_windows=windows, as_of=as_of, allow_rejects=True
            )
        )
        found = inbox_tables(output)
    inbox = model.read(*exports)
    expected = {
        "AnchorContext": model.contexts(inbox),
        "Wait": model.waits(inbox, as_of),
        "SendingJob": model.sending_jobs(inbox, as_of),
    }
    for table, key in KEYS.items():
        assert by(key, found[table].to_dicts()) == by(key, expected[table]), table


def by(key: str, rows: list[Row]) -> list[Row]:
    """The rows by their key, instants without their zone, which is UTC."""
    plain = [
        {n: v.replace(tzinfo=None) if isinstance(v, datetime) else v for n, v in row.items()}
        for row in rows
    ]
    return sorted(plain, key=lambda row: str(row[key]))
