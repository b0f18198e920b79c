"""The inbox file: one DuckDB database with the exports as they were used, and all that follows.

`contract` says what its tables are, `windows` which delay windows were in force, `write` makes the
file, `digests` says what its tables hold, `read` opens it again.
"""
