"""The floor: what any build must do, and nothing else. `python floor.py EXPORTS EVENTS OUT`.

A fresh DuckDB process reads the needed columns of the five exports into tables, and writes the
finished events to zstd Parquet. Getting the finished events into that process is no part of the
job: those seconds are printed, to be taken off.
"""

import sys
import time

import duckdb

COLUMNS = {
    "Message": "id, leadId, channel, direction, sentAt, sentBy, sentByUserId, aiDraftId, "
    "aiDraftPartIndex",
    "AIDraft": "id, triggerMessageId, channel, createdAt",
    "BackgroundJob": "id, type, messageId, draftId, runAt, startedAt, finishedAt, clientId, leadId",
    "Lead": "id, clientId, emailCampaignId",
    "EmailCampaign": "id, clientId, name, responseMode, autoSendDelayMinSeconds, "
    "autoSendDelayMaxSeconds",
}

if __name__ == "__main__":
    exports, events, out = sys.argv[1:]
    with duckdb.connect() as db:
        db.execute("set enable_progress_bar = false")
        for table, names in COLUMNS.items():
            db.execute(
                f"create table {table} as select {names} "
                f"from read_parquet('{exports}/{table}/*.parquet')"
            )
        start = time.perf_counter()
        db.execute(f"create table events as from read_parquet('{events}')")
        uncounted = time.perf_counter() - start
        db.execute(f"copy events to '{out}' (format parquet, compression zstd)")
    print(uncounted)
