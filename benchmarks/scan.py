"""DuckDB's scan of the columns that reports need: `python scan.py EVENTS`, Parquet or an inbox.

`explain analyze` reads every value and throws it away; counts, minima and maxima would be answered
from the file's statistics without a look at the values.
"""

import sys

import duckdb

from timingctl.schemas import EVENT_FILE

if __name__ == "__main__":
    columns = ", ".join(column.name for column in EVENT_FILE.columns)
    with duckdb.connect() as db:
        place = "read_parquet(?)"
        if sys.argv[1].endswith(".duckdb"):
            db.execute(f"attach '{sys.argv[1]}' as inbox (read_only)")
            place = "(from inbox.ResponseTimingEvent where ? is not null)"
        db.execute(f"explain analyze select {columns} from {place}", [sys.argv[1]])
