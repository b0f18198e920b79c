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
from timingctl.warehouse import Resources

#: Histories, and the steps of each, with two syncs a step: 6 syncs, 50 or 2,000 in all.
FEW, MANY = 1, 40
SHORT, LONG = 3, 25
#: How often everything is read again. Nothing else finds what was deleted.
FULL = 0.15
#: Several threads only cost more where there is this little to do.
ONE = Resources(threads=1)


@pytest.fixture
def seeds(thorough: bool) -> range:
    return range(MANY if thorough else FEW)


def built(app: App, folder: Path) -> Path:
    """One build of all that the database has now."""
    shutil.rmtree(folder / "pulled", ignore_errors=True)
    pull(PullOptions(parse(app.dsn), folder / "pulled"))
    output = folder / "built.duckdb"
    build(BuildOptions(folder / "pulled", output=output, allow_rejects=True, resources=ONE))
    return output


@pytest.mark.parametrize("steps", [SHORT, pytest.param(LONG, marks=pytest.mark.wide)])
def test_synced_inboxes_are_as_one_build(
    seeds: range, steps: int, server: Server, tmp_path: Path
) -> None:
    """By what the server says of transactions, and for a role that may read columns alone."""
    for seed in seeds:
        with fresh_database(server.dsn) as app:
            _live_through(app, seed, steps, tmp_path)


def _live_through(app: App, seed: int, steps: int, folder: Path) -> None:
    random = Random(seed)
    history = History(app, random)
    history.begin()
    told_by = {"transactions": app.dsn, "timestamps": history.reader()}
    syncs = {
        name: SyncOptions(folder / f"{seed} {name}.duckdb", timedelta(0), parse(dsn), resources=ONE)
        for name, dsn in told_by.items()
    }
    for options in syncs.values():
        sync(options)
    for step in range(steps):
        full, begun = random.random() < FULL, len(history.told)
        history.step(deleting=full)
        expected = facts(built(app, folder))
        for name, options in syncs.items():
            sync(replace(options, full=full))
            found = facts(options.inbox)
            assert found == expected, (seed, name, step, full, history.told[begun:])
