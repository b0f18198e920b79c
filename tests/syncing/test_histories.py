"""After any history an inbox that was synced says what one build of the database says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.postgres.server import App, Server, fresh_database
from tests.syncing.facts import facts
from tests.syncing.history import History
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.syncing.options import SyncOptions
from timingctl.syncing.run import sync

#: Histories, and the steps of each: 50 in all, or 2,000.
FEW, MANY, STEPS = 1, 40, 25
#: How often everything is read again. Nothing else finds what was deleted.
FULL = 0.15


@pytest.fixture
def seeds(thorough: bool) -> range:
    return range(MANY if thorough else FEW)


def built(app: App, folder: Path) -> Path:
    """One build of all that the database has now."""
    shutil.rmtree(folder / "pulled", ignore_errors=True)
    pull(PullOptions(parse(app.dsn), folder / "pulled"))
    output = folder / "built.duckdb"
    build(BuildOptions(folder / "pulled", output=output, allow_rejects=True))
    return output


@pytest.mark.parametrize("told_by", ["transactions", "timestamps"])
def test_a_synced_inbox_is_as_one_build(
    told_by: str, seeds: range, server: Server, tmp_path: Path
) -> None:
    """By what the server says of transactions, and for a role that may read columns alone."""
    for seed in seeds:
        with fresh_database(server.dsn) as app:
            _live_through(app, told_by, seed, tmp_path)


def _live_through(app: App, told_by: str, seed: int, folder: Path) -> None:
    random = Random(f"{told_by} {seed}")
    history = History(app, random)
    history.begin()
    inbox = folder / f"{seed}.duckdb"
    dsn = app.dsn if told_by == "transactions" else history.reader()
    options = SyncOptions(inbox, timedelta(0), parse(dsn))
    sync(options)
    for step in range(STEPS):
        full, begun = random.random() < FULL, len(history.told)
        history.step(deleting=full)
        sync(replace(options, full=full))
        expected = facts(built(app, folder))
        assert facts(inbox) == expected, (seed, step, full, history.told[begun:])
