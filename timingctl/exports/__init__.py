"""Exports: which files or stored tables hold the rows of each table, and what their columns are.

A source is a folder of files or a DuckDB database. The suffix decides the reader; the name,
whatever its case and style, decides the table. Rows are read in timingctl/staging/.
"""
