"""The build on a Spark Connect engine: Apache Spark or Sail, on one machine or on many.

Staging and sql/events run there, each relation a Parquet folder in scratch; the tail is the tool's
own: attribution, digest, writer and manifest, as on one machine and with the same bytes.
"""
