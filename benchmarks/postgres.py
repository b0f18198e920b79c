"""A PostgreSQL server of our own with the app's tables in it, for postgres.sql."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.dataset as ds
from adbc_driver_postgresql import dbapi

from benchmarks.events import digest_of
from tests.postgres.server import WHEEL, App, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

SQL = Path(__file__).with_suffix(".sql")
PSQL = WHEEL / "psql"
#: The app's columns that events are made of, and the indexes that the app has.
TABLES = """
    create unlogged table "EmailCampaign" (
        "id" text primary key, "clientId" text, "name" text, "responseMode" text,
        "autoSendDelayMinSeconds" integer, "autoSendDelayMaxSeconds" integer);
    create unlogged table "Lead" (
        "id" text not null, "clientId" text not null, "emailCampaignId" text);
    create unlogged table "Message" (
        "id" text not null, "leadId" text not null, "channel" text not null,
        "direction" text not null, "sentAt" timestamp(3) not null, "sentBy" text,
        "sentByUserId" text, "aiDraftId" text, "aiDraftPartIndex" integer);
    create unlogged table "AIDraft" (
        "id" text not null, "triggerMessageId" text, "channel" text not null,
        "createdAt" timestamp(3));
    create unlogged table "BackgroundJob" (
        "id" text not null, "type" text not null, "messageId" text not null, "draftId" text,
        "runAt" timestamp(3) not null, "startedAt" timestamp(3), "finishedAt" timestamp(3));
"""
INDEXES = """
    alter table "Lead" add primary key ("id");
    alter table "Message" add primary key ("id");
    alter table "AIDraft" add primary key ("id");
    alter table "BackgroundJob" add primary key ("id");
    create index on "Message" ("leadId", "channel", "sentAt");
    create index on "AIDraft" ("triggerMessageId");
    create index on "BackgroundJob" ("messageId");
    vacuum (analyze) "EmailCampaign";
    vacuum (analyze) "Lead";
    vacuum (analyze) "Message";
    vacuum (analyze) "AIDraft";
    vacuum (analyze) "BackgroundJob";
"""
EVENTS = 'select * from "ResponseTimingEvent" order by "clientId", "inboundSentAt", "id"'


def settings() -> dict[str, str]:
    """What one would set on a machine of this size for queries of this kind."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    cores = os.cpu_count() or 1
    return {
        "shared_buffers": f"{memory // 4}MB",
        "effective_cache_size": f"{memory * 3 // 4}MB",
        "work_mem": f"{memory // 24}MB",
        "maintenance_work_mem": f"{memory // 24}MB",
        "max_parallel_workers_per_gather": str(cores),
        "max_parallel_maintenance_workers": str(cores),
        "random_page_cost": "1.1",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "16GB",
        "checkpoint_timeout": "1h",
        "synchronous_commit": "off",
        "autovacuum": "off",  # everything is analyzed by hand
    }


@contextmanager
def served(exports: Path) -> Iterator[str]:
    """The DSN of a server with the Parquet exports loaded, indexed and analyzed."""
    server = Server(WHEEL)
    try:
        administrator = App(server.dsn)
        for name, value in settings().items():
            administrator.rows(f"alter system set {name} = '{value}'")
        administrator.rows("create database bench template template0 encoding 'utf8' locale 'C'")
        server.stop()
        server.start()
        dsn = re.sub("/postgres$", "/bench", server.dsn)
        App(dsn).run(TABLES)
        with dbapi.connect(dsn) as connection, connection.cursor() as cursor:
            for table, columns in re.findall(r'table "(\w+)" \((.*?)\);', TABLES, re.DOTALL):
                rows = ds.dataset(exports / table, format="parquet")
                wanted = re.findall(r'"(\w+)"', columns)
                cursor.adbc_ingest(table, rows.scanner(wanted).to_reader(), mode="append")
            connection.commit()
        App(dsn).run(INDEXES)
        yield dsn
    finally:
        server.remove()


def digest_of_table(dsn: str) -> str:
    """The digest of the events that postgres.sql made."""
    with dbapi.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(EVENTS)
        frames = (pl.DataFrame(batch) for batch in cursor.fetch_record_batch())
        return digest_of(
            frame.with_columns(pl.selectors.datetime().dt.replace_time_zone("UTC"))
            for frame in frames
        )


class Watch:
    """The most memory that a server's processes had at once: their own, and the shared once.

    Read from /proc every fifth of a second, in a thread, while the watch is entered.
    """

    def __init__(self, dsn: str) -> None:
        [checkpointer] = App(dsn).rows(
            "select pid from pg_stat_activity where backend_type = 'checkpointer'"
        )
        self._server = _status(Path("/proc", str(checkpointer["pid"])))["PPid"]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak_mb = 0.0

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            processes = [_status(path) for path in Path("/proc").glob("[0-9]*")]
            ours = [process for process in processes if process.get("PPid") == self._server]
            own = sum(process.get("RssAnon", 0) for process in ours)
            shared = max((process.get("RssShmem", 0) for process in ours), default=0)
            self.peak_mb = max(self.peak_mb, (own + shared) / 1024)
            if self._ended.wait(0.2):
                return


def _status(process: Path) -> dict[str, int]:
    """The numbers of /proc/PID/status, memory in kB; nothing of a process that has ended."""
    try:
        text = (process / "status").read_text()
    except OSError:
        return {}
    return {
        name: int(number) for name, number in re.findall(r"^(\w+):\s+(\d+)", text, re.MULTILINE)
    }
