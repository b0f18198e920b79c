"""The inbox held to a slow one on small worlds that love trouble."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inbox import model
from tests.tables import Row, inbox_tables, windows_of_events_are_told
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


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=max(1, settings().max_examples // (3 * PER_BUILD)))
@given(WORLDS, st.booleans())
def test_an_inbox_of_any_world_is_a_source(exports: World, is_inferred: bool) -> None:
    """What is built from it is the same, and so is what is built of the rows the other way round.

    But for Reject, which says where each row stood. And its windows are those of its events.
    """
    tables, history = exports
    turned: World = {name: rows[::-1] for name, rows in tables.items()}, history
    with tempfile.TemporaryDirectory() as name:
        found = []
        for number, world in enumerate([exports, turned]):
            folder = Path(name) / str(number)
            folder.mkdir()
            windows = write_exports(folder, model.COLUMNS, world).rename(f"{folder}.csv")
            options = BuildOptions(
                source=folder,
                output=Path(f"{folder}.duckdb"),
                delay_windows="infer" if is_inferred else windows,
                allow_rejects=True,
            )
            build(options)
            found.append(digests(options.output))
        again = Path(name) / "again.duckdb"
        build(BuildOptions(source=Path(name) / "0.duckdb", output=again))
        assert digests(again) == found[0]
        windows_of_events_are_told(inbox_tables(again))
    del found[0]["Reject"], found[1]["Reject"]
    assert found[0] == found[1]


def digests(inbox: Path) -> dict[str, str]:
    """Those that the table Build has."""
    found: dict[str, str] = json.loads(inbox_tables(inbox)["Build"]["digests"].item())
    return found


def by(key: str, rows: list[Row]) -> list[Row]:
    """The rows by their key, instants without their zone, which is UTC."""
    plain = [
        {n: v.replace(tzinfo=None) if isinstance(v, datetime) else v for n, v in row.items()}
        for row in rows
    ]
    return sorted(plain, key=lambda row: str(row[key]))
