"""How `timingctl build` compares with the floor, both as cold processes, interleaved.

    python benchmarks/generate.py /tmp/exports --leads 129500
    python benchmarks/build_against_floor.py /tmp/exports --rounds 5

The floor computes nothing: a fresh DuckDB process reads the needed columns of the five exports
into tables and writes the finished events to zstd Parquet. Getting the finished events into that
process is no part of either job, so that moment is not counted.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = """
import sys, time, duckdb
exports, events, out = sys.argv[1:]
columns = {
    "Message": "id, leadId, channel, direction, sentAt, sentBy, sentByUserId, aiDraftId, "
               "aiDraftPartIndex",
    "AIDraft": "id, triggerMessageId, channel, createdAt",
    "BackgroundJob": "id, type, messageId, draftId, runAt, startedAt, finishedAt, clientId, leadId",
    "Lead": "id, clientId, emailCampaignId",
    "EmailCampaign": "id, clientId, name, responseMode, autoSendDelayMinSeconds, "
                     "autoSendDelayMaxSeconds",
}
with duckdb.connect() as db:
    db.execute("set enable_progress_bar = false")
    for table, names in columns.items():
        db.execute(f"create table {table} as select {names} "
                   f"from read_parquet('{exports}/{table}/*.parquet')")
    pause = time.perf_counter()
    db.execute(f"create table events as from read_parquet('{events}')")
    pause = time.perf_counter() - pause
    db.execute(f"copy events to '{out}' (format parquet, compression zstd)")
print(pause)
"""


def timed(command: list[str]) -> tuple[float, str]:
    """Seconds of a command from start to end, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Run the rounds and print medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exports", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        events, out = Path(folder, "events.parquet"), Path(folder, "floor.parquet")
        build = [sys.executable, "-m", "timingctl", "build", str(given.exports), "-o", str(events)]
        floor = [sys.executable, "-c", FLOOR, str(given.exports), str(events), str(out)]
        timed([*build, "-q"])
        builds, floors = [], []
        for _ in range(given.rounds):
            builds.append(timed([*build, "-q"])[0])
            seconds, pause = timed(floor)
            floors.append(seconds - float(pause))
    build_s, floor_s = statistics.median(builds), statistics.median(floors)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    print(f"build {build_s:.2f} s ({min(builds):.2f} to {max(builds):.2f})")
    print(f"floor {floor_s:.2f} s ({min(floors):.2f} to {max(floors):.2f})")
    print(f"ratio {build_s / floor_s:.2f} on {os.cpu_count()} cores; largest process {peak:.2f} GB")


if __name__ == "__main__":
    main()
