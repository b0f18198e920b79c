"""Killed, terminated or interrupted: what was there stands, or what was asked for does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.conftest import put
from tests.faults.tool import (
    INTERRUPTED,
    Work,
    alone_in,
    finish,
    says_that_it_waits,
    start,
)
from tests.postgres.server import App, Server, fresh_database

pytestmark = pytest.mark.races

#: Points of a run, in order; the last is where it begins to replace what was there.
POINTS = {
    "build": ("Reading Message", "insert into import_message", "Writing events", "rename"),
    "pull": ("Pulling Message", "Pulling Lead", "rename"),
    "sync": ("Reading Message", "Copying the inbox", "Replacing what changed", "rename"),
    "push": ("Reading next.parquet", "Staging events", "Writing ResponseTimingEvent", "Committing"),
}
SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture
def instants(thorough: bool) -> int:
    """At how many instants of a run it is killed."""
    return 30 if thorough else 4


@pytest.mark.wide(but=1)
def test_killed_at_random_instants(work: Work, instants: int) -> None:
    begun = time.monotonic()
    assert finish(work.start(1)).code == 0
    length = time.monotonic() - begun
    random_ = random.Random(instants)
    for instant in range(instants):
        old, new = (1, 0) if instant % 2 == 0 else (0, 1)
        process = work.start(new)
        with suppress(subprocess.TimeoutExpired):
            process.wait((instant + random_.random()) / instants * length)
        process.kill()
        finish(process)
        assert work.seen() in work.seen_on_the_way(old, new)
        work.completes(new)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("filing", "new"), [("build", 0), ("build", 1), ("pull", 1)], indirect=["filing"]
)
def test_killed_between_two_renames(filing: Work, new: int, out: Path, thorough: bool) -> None:
    """Before every other, unless there are hours; of a build before each, in one of two orders."""
    states = filing.seen_on_the_way(1 - new, new)
    steps = [*zip(filing.replaced[new], states[:-1], strict=True)]
    for name, state in steps if thorough else steps[new::2]:
        put(out, filing.results[1 - new])
        filing.stands(1 - new)
        does = "rename" if name in filing.results[new] else "remove"
        with filing.paused(f"{does} {name}", new) as process:
            process.kill()
            finish(process)
        assert filing.seen() == state
        filing.completes(new)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("nth", range(len(SIGNALS)))
def test_a_signal_undoes_what_is_not_done(work: Work, nth: int, thorough: bool) -> None:
    """Each of the signals at every other point, unless there are hours: together at all."""
    points = POINTS[work.command]
    number = list(SIGNALS)[nth]
    for point in points if thorough else points[nth :: len(SIGNALS)]:
        done = work.signalled(number, point, 1)
        assert (done.code, done.out, done.err) == (SIGNALS[number], "", INTERRUPTED), point
        is_replaced = point == points[-1] and work.command != "push"
        work.stands(1 if is_replaced else 0)
    work.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_wait_for_another_run(
    filing: Work, out: Path, number: signal.Signals
) -> None:
    with alone_in(out):
        process = filing.start(1)
        says_that_it_waits(process, os.getpid())
        process.send_signal(number)
        done = finish(process)
    assert (done.code, done.err) == (SIGNALS[number], INTERRUPTED)
    filing.stands(0)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_wait_for_the_servers_locks(
    push_work: Work, push_app: App, number: signal.Signals
) -> None:
    with push_app.holding('lock table "ResponseTimingEvent" in share mode'):
        process = push_work.start(1)
        push_app.wait_for("wait_event_type = 'Lock'")
        process.send_signal(number)
        done = finish(process)
        assert (done.code, done.err) == (SIGNALS[number], INTERRUPTED)
    push_work.stands(0)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_wait_for_rows(
    pull_work: Work, slow_app: App, out: Path, number: signal.Signals
) -> None:
    arguments = ("pull", "--dsn", slow_app.dsn, "-o", out, "-q")
    process = start("timingctl", *arguments, **pull_work.environment())
    slow_app.wait_for("wait_event = 'PgSleep'")
    process.send_signal(number)
    done = finish(process)
    assert (done.code, done.err) == (SIGNALS[number], INTERRUPTED)
    pull_work.stands(0)


@pytest.fixture
def slow_app(server: Server, apps: tuple[App, App]) -> Iterator[App]:
    """A database whose leads take an hour to come."""
    with fresh_database(server.dsn, apps[0].name) as app:
        app.run(
            'alter table "Lead" rename to "RealLead";\n'
            'create view "Lead" as select r.* from "RealLead" as r cross join pg_sleep(3600);\n'
        )
        yield app
