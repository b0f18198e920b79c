"""DuckDB's scan of the columns that reports need: `python scan.py EVENTS`."""

import sys

import duckdb

from timingctl.schemas import EVENT_FILE

if __name__ == "__main__":
    counts = ", ".join(f"count({column.name})" for column in EVENT_FILE.columns)
    with duckdb.connect() as db:
        db.execute("set enable_progress_bar = false")
        db.execute(f"select {counts} from read_parquet(?)", [sys.argv[1]]).fetchall()
