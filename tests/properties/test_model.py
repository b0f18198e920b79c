"""The build held to the slow model on small worlds that love trouble."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import model
from tests.worlds import World, together, worlds, write_exports
from timingctl.options import BuildOptions
from timingctl.pipeline import build

#: So many worlds one build takes at once, on average.
PER_BUILD = 4
WORLDS = st.lists(worlds(), min_size=2, max_size=6).map(together)


# Worlds that fail are long until the simplest is found.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=max(settings().max_examples // PER_BUILD, 1))
@given(WORLDS, st.sampled_from(["turn", "next"]))
def test_the_build_is_the_model(exports: World, setter_rule: str) -> None:
    tables, history = exports
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        windows = write_exports(folder, model.COLUMNS, exports)
        output = folder / "events.parquet"
        document = build(
            BuildOptions(
                source=folder,
                output=output,
                setter_rule=setter_rule,
                delay_windows=windows,
                allow_rejects=True,  # that tables may lose all of their rows is held elsewhere
            )
        )
        events = pl.read_parquet(output).drop("createdAt", "updatedAt").to_dicts()
        rejects = folder / "events.parquet.rejects.ndjson"
        listed = rejects.read_text().splitlines() if rejects.exists() else []

    assert events == model.events(tables, setter_rule, history)
    rejected = 0
    for table_name, account in document["tables"].items():
        unusable = sum(account["rejected"].values())
        rejected += unusable
        assert account["rowsRead"] == len(tables[table_name])
        assert account["rowsRead"] == account["used"] + unusable + account["exactDuplicates"]
    assert len(listed) == rejected
