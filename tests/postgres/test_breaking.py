"""All or nothing: what is left when pushes meet, or the tool or the server dies in between."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import adbc_driver_manager
import polars as pl
import pytest

from tests.postgres.command import finish, run, start
from tests.postgres.conftest import GIVEN_DSN, SCHEMA, built
from tests.postgres.server import WHEEL, App, Server
from timingctl.errors import DatabaseError
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.progress import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.races

LOCKED = 'lock table "ResponseTimingEvent" in share mode'
ROWS = 'select "inboundMessageId", "setterSentByUserId" from "ResponseTimingEvent" order by 1'
WRITING = "wait_event_type = 'Lock' and wait_event = 'relation'"
QUEUEING = "wait_event_type = 'Lock' and wait_event = 'advisory'"


@pytest.fixture
def old(app: App, events: Path) -> Path:
    """A file that was pushed before: one anchor less, and other setters than in `events`."""
    path = events.with_stem("old")
    frame = pl.read_parquet(events).with_columns(setterSentByUserId=pl.lit("old"))
    frame.head(2).write_parquet(path)
    assert run("push", path, "--dsn", app.dsn, "--create", "-q")[0] == 0
    return path


def test_two_pushes_at_once_queue(app: App, old: Path, events: Path) -> None:
    with app.holding(LOCKED):
        first = start("push", events, "--dsn", app.dsn, "--json")
        app.wait_for(WRITING)
        second = start("push", events, "--dsn", app.dsn, "--json", "--lock-timeout", "100ms")
        app.wait_for(QUEUEING)
    done = [finish(process) for process in (first, second)]
    assert [(code, err) for code, _, err in done] == [(0, ""), (0, "")]
    counts = [json.loads(out) for _, out, _ in done]
    assert (counts[0]["inserted"], counts[0]["updated"], counts[1]["unchanged"]) == (1, 2, 3)


@pytest.mark.wide
def test_two_pushes_in_batches_do_not_mingle(app: App, old: Path, events: Path) -> None:
    with app.holding(LOCKED):
        first = start("push", events, "--dsn", app.dsn, "--json", "--batch-size", "1")
        app.wait_for(WRITING)
        second = start("push", old, "--dsn", app.dsn, "--json", "--batch-size", "1")
        app.wait_for(QUEUEING)
    assert finish(first)[0] == finish(second)[0] == 0
    users = [row["setterSentByUserId"] for row in app.rows(ROWS)]
    assert users.count("old") == 2


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_push_leaves_the_table_as_it_was(
    app: App, old: Path, events: Path, number: signal.Signals
) -> None:
    before = app.rows(ROWS)
    with app.holding(LOCKED):
        pushing = start("push", events, "--dsn", app.dsn)
        app.wait_for(WRITING)
        pushing.send_signal(number)
        code, _, err = finish(pushing)
        app.wait_for(WRITING, 0)  # the server has noticed, although it could not go on
    if number == signal.SIGINT:
        assert code == 130
        assert "Interrupted" in err
    assert app.rows(ROWS) == before
    code, out, _ = run("push", events, "--dsn", app.dsn, "--json")
    assert (code, json.loads(out)["updated"]) == (0, 2)


@pytest.mark.wide
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_push_in_batches_killed_at_a_batch_edge_is_finished_by_the_next(
    app: App, old: Path, events: Path, number: int
) -> None:
    last = app.rows(ROWS)[1]["inboundMessageId"]
    row = f"""select 1 from "ResponseTimingEvent" where "inboundMessageId" = '{last}' for update"""
    with app.holding(row):
        pushing = start("push", events, "--dsn", app.dsn, "--batch-size", "1")
        app.wait_for("wait_event_type = 'Lock'")
        pushing.send_signal(number)
        _, _, err = finish(pushing)
        app.wait_for("wait_event_type = 'Lock'", 0)
    if number == signal.SIGINT:
        said = "the batches before stand: 1 of 3 events; push again for the rest."
        assert err.endswith(f"Interrupted; {said}\n")
    assert sorted(row["setterSentByUserId"] for row in app.rows(ROWS)).count("old") == 1
    assert run("push", events, "--dsn", app.dsn, "--batch-size", "1", "-q") == (0, "", "")
    assert "old" not in {row["setterSentByUserId"] for row in app.rows(ROWS)}


def test_a_push_that_an_administrator_cancels_was_not_interrupted(
    app: App, old: Path, events: Path
) -> None:
    before = app.rows(ROWS)
    with app.holding(LOCKED):
        pushing = start("push", events, "--dsn", app.dsn)
        app.wait_for(WRITING)
        app.rows(f"select pg_cancel_backend(pid)::text from pg_stat_activity where {WRITING}")
        code, out, err = finish(pushing)
    assert (code, out) == (12, "")
    assert err.endswith("--statement-timeout, or the server was told to cancel it.\n")
    assert app.rows(ROWS) == before


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    server = Server(WHEEL)
    try:
        yield server
    finally:
        server.remove()


@pytest.mark.wide
@pytest.mark.skipif(GIVEN_DSN is not None, reason="another server is not ours to stop")
def test_a_server_that_stops_in_mid_push_has_the_table_as_it_was(
    own_server: Server, tmp_path: Path
) -> None:
    app = App(own_server.dsn)
    app.run(SCHEMA)
    events = built(app, tmp_path / "events.parquet")
    assert run("push", events, "--dsn", app.dsn, "--create", "-q")[0] == 0
    app.run('update "ResponseTimingEvent" set "setterSentByUserId" = \'old\';\n')
    before = app.rows(ROWS)
    holding = threading.Event()
    stopped = threading.Event()

    def hold() -> None:
        with suppress(adbc_driver_manager.Error), app.holding(LOCKED):
            holding.set()
            stopped.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait()
    pushing = start("push", events, "--dsn", app.dsn)
    app.wait_for(WRITING)
    own_server.stop()
    stopped.set()
    holder.join()
    code, out, err = finish(pushing)
    assert (code, out) == (12, "")
    assert err.startswith("Error: The connection to PostgreSQL at 127.0.0.1:")
    assert err.count("\n") == 1
    own_server.start()
    assert app.rows(ROWS) == before
    code, out, err = run("push", events, "--dsn", app.dsn, "--json")
    assert (code, err, json.loads(out)["updated"]) == (0, "", 3)


@pytest.mark.skipif(GIVEN_DSN is not None, reason="another server is not ours to stop")
def test_a_server_that_stops_in_mid_pull_leaves_no_file(own_server: Server, tmp_path: Path) -> None:
    app = App(own_server.dsn)
    app.run(SCHEMA)

    class Stopper(Silence):
        def step(self, doing: str) -> None:
            if doing == "Pulling Lead":
                own_server.stop()

    with pytest.raises(DatabaseError, match=r"^The connection to PostgreSQL at .* was lost"):
        pull(PullOptions(parse(app.dsn), tmp_path), Stopper())
    assert list(tmp_path.iterdir()) == []
    own_server.start()
